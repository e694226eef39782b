"""The membranes' differential equations, written from their papers and solved to 1e-12: for the simulator."""

from .adaptive import MEMBRANES as _ADAPTIVE
from .gated import MEMBRANES as _GATED
from .oscillators import MEMBRANES as _OSCILLATORS
from .solution import Current, Membrane, Solution, solve

MEMBRANES = {**_GATED, **_OSCILLATORS, **_ADAPTIVE}

__all__ = ["MEMBRANES", "Current", "Membrane", "Solution", "solve"]

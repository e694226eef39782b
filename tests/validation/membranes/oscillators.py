"""Dimensionless models of excitability. Time is in ms."""

from .gated import upward
from .solution import Membrane


# Hindmarsh & Rose 1984, Proc. R. Soc. Lond. B 221:87, eq. 3.2.
def _hr_slopes(s, J, p):
    x, y, z = s
    return [
        y - p["a"] * x**3 + p["b"] * x**2 - z + J,
        p["c"] - p["d"] * x**2 - y,
        p["r"] * (p["s"] * (x - p["x_rest"]) - z),
    ]


# FitzHugh 1961, Biophys. J. 1:445, eq. 3 in the form V' = V - V^3/3 - w + I, tau w' = V + a - b w.
def _fhn_slopes(s, J, p):
    V, w = s
    return [V - V**3 / 3.0 - w + J, (V + p["a"] - p["b"] * w) / p["tau"]]


MEMBRANES = {
    "hindmarsh_rose": Membrane(
        ("V_m", "y", "z"),
        {"a": 1.0, "b": 3.0, "c": 1.0, "d": 5.0, "r": 0.01, "s": 4.0, "x_rest": -1.6, "V_th": 1.0, "I_e": 0.0},
        _hr_slopes,
        upward(),
        initial=lambda p: [p["x_rest"], p["c"] - p["d"] * p["x_rest"] ** 2, 0.0],
    ),
    "fitzhugh_nagumo": Membrane(
        ("V_m", "w"),
        {"a": 0.7, "b": 0.8, "tau": 12.5, "V_th": 1.8, "I_e": 0.0},
        _fhn_slopes,
        upward(),
        initial=lambda p: [0.0, 0.0],
    ),
}

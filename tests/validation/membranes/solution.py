"""Trajectories and spike times of one neuron by scipy's Dormand-Prince method of order 8, from event to event."""

from dataclasses import dataclass, field
from typing import Callable

import numpy as np
from scipy.integrate import solve_ivp

TOLERANCE = 1e-12  # relative and absolute, of every step


@dataclass
class Membrane:
    """A neuron as its paper has it. `slopes(y, J, p)` is dy/dt under the current J, y[0] the potential. It spikes where
    `above(y, p)` becomes positive. `reset(y, p)` is what a spike makes of y: nothing where the equations themselves
    bring the potential down. In the refractory time `t_ref` of p the potential rests and all else goes on."""

    states: tuple
    params: dict
    slopes: Callable
    above: Callable
    reset: Callable = None
    initial: Callable = None  # the states at the start, of p
    ceiling: str = None  # on a grid: the parameter that a potential above counts as in the slopes

    def with_params(self, **changes):
        unknown = set(changes) - set(self.params)
        if unknown:
            raise KeyError(f"no parameters {unknown}")
        return {**self.params, **changes}


@dataclass
class Current:
    """A current that is constant from each of the times to the next, and a conductance g that reverses at E_rev."""

    times: list = field(default_factory=lambda: [0.0])
    amplitudes: list = field(default_factory=lambda: [0.0])
    g: float = 0.0
    E_rev: float = 0.0

    def pieces(self, duration):
        """(begin, end, amplitude) of each constant piece."""
        times, amplitudes = list(self.times), list(self.amplitudes)
        if times[0] > 0:
            times, amplitudes = [0.0, *times], [0.0, *amplitudes]
        ends = [*times[1:], duration]
        return [(b, min(e, duration), a) for b, e, a in zip(times, ends, amplitudes) if b < duration]


@dataclass
class Solution:
    """States at the times asked for, one column each, and the spike times."""

    states: np.ndarray
    spikes: np.ndarray


def solve(membrane, duration, at=(), current=None, init=None, tolerance=TOLERANCE, grid=None, **params):
    """A Solution. `params` and `init` change those of the membrane; I_e adds to the current. At the time of a spike the
    states are those after it, at the beginning of a piece of current those before it acts: as in the simulator. With
    `grid`, in ms, spikes and resets wait for its next point, as they do there."""
    p = membrane.with_params(**params)
    y = dict(zip(membrane.states, membrane.initial(p)))
    y.update(init or {})
    run = _Run(membrane, p, np.array([y[s] for s in membrane.states], float), np.asarray(at, float), tolerance, grid)
    current = current or Current()
    run.take(0.0)
    for begin, end, amplitude in current.pieces(duration):
        run.piece(begin, end, lambda V, a=amplitude: a + p.get("I_e", 0.0) + current.g * (current.E_rev - V))
    return Solution(run.states, np.array(run.spikes))


class _Run:
    def __init__(self, membrane, p, y, at, tolerance, grid):
        self.membrane, self.p, self.y, self.at, self.tolerance, self.grid = membrane, p, y, at, tolerance, grid
        self.t_ref = p.get("t_ref", 0.0)
        self.free = 0.0  # end of the refractory time
        self.spikes = []
        self.states = np.full((len(at), len(y)), np.nan)

    def take(self, t):
        self.states[np.abs(self.at - t) < 1e-9] = self.y

    def piece(self, begin, end, drive):
        """From begin to end under one drive. An end is part of the piece, a beginning is not."""
        t = begin
        while t < end - 1e-12:
            resting = self.free > t + 1e-12
            stop = min(end, self.free) if resting else end
            t = self.smooth(t, stop, drive, resting)

    def smooth(self, begin, end, drive, resting):
        """Until the next spike, or the end; the time of that."""
        membrane, p = self.membrane, self.p

        def crossing(_, y):
            return membrane.above(y, p)

        crossing.direction = 1
        crossing.terminal = membrane.reset is not None
        done = self.integrate(begin, end, drive, None if resting else crossing, resting)
        reached = done.t[-1]
        if resting:
            return reached
        if done.status == 0:
            self.spikes.extend(self.stamp(done.t_events[0]))
            return reached
        if self.grid and self.stamp(reached) > reached:
            reached = self.integrate(reached, self.stamp(reached), drive, None, False).t[-1]
        self.spikes.append(reached)
        self.y = np.asarray(membrane.reset(self.y, p), float)
        self.free = reached + self.t_ref
        self.take(reached)
        return reached

    def stamp(self, t):
        """The time that a spike at t gets."""
        return np.ceil(np.asarray(t) / self.grid - 1e-9) * self.grid if self.grid else t

    def integrate(self, begin, end, drive, event, resting):
        """Takes the states from begin to end, or to a terminal event; scipy's result."""
        ceiling = np.inf
        if self.grid and self.membrane.ceiling:
            ceiling = self.p[self.membrane.ceiling]

        def slope(_, y):
            V = min(y[0], ceiling)
            dy = np.array(self.membrane.slopes([V, *y[1:]], drive(V), self.p), float)
            if resting:
                dy[0] = 0.0
            return dy

        done = solve_ivp(slope, (begin, end), self.y, "DOP853", events=event, dense_output=True,
                         rtol=self.tolerance, atol=self.tolerance)
        if done.status < 0:
            raise RuntimeError(done.message)
        rows = np.flatnonzero((self.at > begin + 1e-9) & (self.at < done.t[-1] + 1e-9))
        if len(rows):
            self.states[rows] = done.sol(np.minimum(self.at[rows], done.t[-1])).T
        self.y = done.y[:, -1].copy()
        return done

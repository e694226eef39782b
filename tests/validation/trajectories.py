"""Trajectories of the membranes against a solution of 1e-12: each method converges to it, and with its order."""

import unittest
from dataclasses import dataclass, field

import numpy as np

from membranes import MEMBRANES, Current, solve
from simulated import ValidationTest, network, simulate

COARSE, FINE = [0.1, 0.05, 0.025], [0.0125, 0.00625, 0.003125]  # ms
EVERY = 0.2  # ms: on all grids
DURATION = 20.0
# The reference is good to its tolerance times the steps that it takes and what the dynamics makes of an error.
KNOWN_TO = 1e-9
# With p(dt) the order that two step sizes show, 2 p(dt / 2) - p(dt) is the method's up to a term of order dt^2.
ORDER = 0.06


@dataclass
class Case:
    """Not `whole`: compared until 1 ms before the first spike. Methods of order 1 are late at a spike by more than its
    upstroke lasts, so that their error there is not in proportion to dt."""

    model: str
    method: str
    order: int
    steps: list
    params: dict = field(default_factory=dict)
    g: float = 0.0  # conductance of a receptor with E_rev 0 that stays open
    whole: bool = True

    @property
    def name(self):
        return f"{self.model}_{self.method}_{'g' if self.g else 'i'}"

    def population(self):
        population = {"size": 1, "model": self.model, "params": self.params, "integrator": self.method}
        if self.g:
            population["receptors"] = {"open": {"model": "exponential", "tau": 1e15, "E_rev": 0.0}}
            population["init"] = {"open.g": self.g}
        return population

    def reference(self):
        """Times and potentials."""
        membrane = MEMBRANES[self.model]
        at = np.arange(round(DURATION / EVERY) + 1) * EVERY
        solution = solve(membrane, DURATION, at, Current(g=self.g), **self.params)
        if not self.whole:
            at = at[at < self.calm(solution.spikes)]
        return at, solution.states[: len(at)]

    @staticmethod
    def calm(spikes):
        """The time up to which there is no upstroke."""
        return spikes[0] - 1.0 if len(spikes) else DURATION + EVERY


CASES = [
    Case("hh", "exponential_euler", 1, FINE, {"I_e": 10.0}, whole=False),
    Case("hh", "exponential_midpoint", 2, FINE, {"I_e": 10.0}),
    Case("hh", "rk4", 4, FINE, {"I_e": 10.0}),
    Case("hh", "rk4", 4, FINE, {"I_e": 2.0}, g=0.2),
    Case("traub_hh", "exponential_euler", 1, FINE, {"I_e": 300.0}, whole=False),
    Case("traub_hh", "exponential_midpoint", 2, FINE, {"I_e": 300.0}),
    Case("traub_hh", "exponential_midpoint", 2, FINE, {"I_e": 0.0}, g=10.0),
    Case("traub_hh", "rk4", 4, FINE, {"I_e": 300.0}),
    Case("traub_hh", "rk4", 4, FINE, {"I_e": 0.0}, g=10.0),
    Case("wang_buzsaki", "exponential_euler", 1, FINE, {"I_e": 2.0}, whole=False),
    Case("wang_buzsaki", "exponential_midpoint", 2, FINE, {"I_e": 2.0}),
    Case("wang_buzsaki", "rk4", 4, FINE, {"I_e": 2.0}),
    Case("wang_buzsaki", "rk4", 4, FINE, {"I_e": 0.5}, g=0.02),
    Case("morris_lecar", "euler", 1, COARSE, {"I_e": 100.0}),
    Case("morris_lecar", "exponential_euler", 1, COARSE, {"I_e": 100.0}),
    Case("morris_lecar", "exponential_midpoint", 2, COARSE, {"I_e": 100.0}),
    Case("morris_lecar", "rk2", 2, COARSE, {"I_e": 100.0}),
    Case("morris_lecar", "heun", 2, COARSE, {"I_e": 100.0}),
    Case("morris_lecar", "rk4", 4, COARSE, {"I_e": 100.0}, g=0.5),
    Case("pinsky_rinzel", "exponential_euler", 1, FINE, {"I_e": 1.5}, whole=False),
    # min(Ca / 250, 1) and the rates of c have kinks, past which a method of order 4 is one of order 2.
    Case("pinsky_rinzel", "rk2", 2, FINE, {"I_e": 1.5}),
    Case("pinsky_rinzel", "rk2", 2, FINE, {"I_e": 0.2, "I_d": 0.5, "p": 0.3}, g=0.03),
    Case("hindmarsh_rose", "exponential_euler", 1, FINE, {"I_e": 2.0}, whole=False),
    Case("hindmarsh_rose", "rk4", 4, FINE, {"I_e": 2.0}),
    Case("hindmarsh_rose", "rk4", 4, FINE, {"I_e": 3.0}, g=0.2),
    Case("fitzhugh_nagumo", "exponential_euler", 1, COARSE, {"I_e": 0.8}),
    Case("fitzhugh_nagumo", "rk4", 4, COARSE, {"I_e": 0.8}),
    Case("fitzhugh_nagumo", "rk4", 4, COARSE, {"I_e": 1.0}, g=0.3),
    Case("exp_if", "rk4", 4, COARSE, {"I_e": -8.0, "tau": 0.6}, g=0.1),
    # With one variable, whose decay it knows, exponential Euler is of order 2.
    Case("exp_if", "exponential_euler", 2, COARSE, {"I_e": 5.0}, whole=False),
    Case("adex", "rk4", 4, COARSE, {"I_e": -8.0, "tau": 2.0, "tau_w": 2.0}),
    Case("adex", "exponential_euler", 1, COARSE, {"I_e": 10.0}, g=0.1, whole=False),
    Case("aeif", "rk4", 4, COARSE, {"I_e": 200.0, "C_m": 30.0, "tau_w": 3.0, "a": 40.0}, g=10.0, whole=False),
    Case("aeif", "exponential_euler", 1, COARSE, {"I_e": 700.0, "a": 40.0}, whole=False),
    Case("quadratic_if", "rk4", 4, COARSE, {"I_e": 3.0, "tau": 0.8}, g=0.05, whole=False),
    Case("quadratic_if", "exponential_euler", 2, COARSE, {"I_e": 10.0}, whole=False),
    Case("adaptive_quadratic_if", "rk4", 4, COARSE, {"I_e": 10.0, "tau": 1.5, "tau_w": 2.0}, g=0.05, whole=False),
    Case("adaptive_quadratic_if", "exponential_euler", 1, COARSE, {"I_e": 10.0}, whole=False),
    Case("izhikevich", "rk4", 4, COARSE, {"I_e": 1.0}, g=0.05, whole=False),
    Case("izhikevich", "exponential_euler", 1, COARSE, {"I_e": 3.0}, whole=False),
    Case("gif", "heun", 2, COARSE, {"I_e": 1.2, "a": 0.02}),
    Case("gif", "heun", 2, COARSE, {"I_e": 0.3}, g=0.01),
    Case("alif", "heun", 2, COARSE, {"I_e": 5.0}, g=0.05),
]


def errors(cases, dt):
    """The largest error of each case at a step size: of its potential, in units of the potential."""
    populations = {case.name: case.population() for case in cases}
    results = simulate(network(DURATION, populations, dt, [(name, "V_m") for name in populations]))
    largest = []
    for case in cases:
        at, states = case.reference()
        V = results.trace(case.name)[:: round(EVERY / dt), 0][: len(at)]
        largest.append(np.abs(V - states[:, 0]).max())
    return np.array(largest)


class Orders(ValidationTest):
    def check(self, steps):
        cases = [case for case in CASES if case.steps is steps]
        largest = np.array([errors(cases, dt) for dt in steps])
        orders = np.log2(largest[:-1] / largest[1:])
        limits = 2 * orders[1] - orders[0]
        for case, error, order, limit in zip(cases, largest.T, orders.T, limits):
            with self.subTest(case.name):
                self.assertGreater(error[-1], KNOWN_TO, f"errors {error} say nothing of the order")
                self.assert_within(limit / case.order, 1.0, ORDER, f"orders {order} of errors {error}: order")

    def test_coarse(self):
        self.check(COARSE)

    def test_fine(self):
        self.check(FINE)


class SinglePrecision(ValidationTest):
    def test_against_double(self):
        """Before the first upstroke, which makes any difference grow, a step moves the potential by an ulp of its
        largest value at most, and the membrane forgets what it was moved by: the sum over all steps is a bound."""
        for steps, dt in [(COARSE, 0.1), (FINE, 0.0125)]:
            cases = [case for case in CASES if case.steps is steps]
            populations = {case.name: case.population() for case in cases}
            traces = [(name, "V_m") for name in populations]
            double = simulate(network(DURATION, populations, dt, traces))
            single = simulate(network(DURATION, populations, dt, traces, "single"))
            for case in cases:
                with self.subTest(case.name):
                    exact = solve(MEMBRANES[case.model], DURATION, (), Current(g=case.g), **case.params)
                    count = round(min(DURATION, case.calm(exact.spikes)) / dt)
                    self.assertGreater(count, 5)
                    expected = double.trace(case.name)[: count + 1, 0]
                    ulp = float(np.spacing(np.float32(np.abs(expected).max())))
                    self.assert_close(single.trace(case.name)[: count + 1, 0], expected, count * ulp)


if __name__ == "__main__":
    unittest.main()

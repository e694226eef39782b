"""Spikes, resets, refractory times and adaptation of the integrate-and-fire membranes. Their equations are solved in
two ways: with spikes on the simulator's grid, which the simulator has to give exactly, and without a grid."""

import unittest
from dataclasses import dataclass

import numpy as np

from membranes import MEMBRANES, solve
from simulated import ValidationTest, network, neuron, simulate

DT = 0.1
TOLERANCE = 1e-10
DURATION = 200.0
# The tolerance is for each of DURATION / DT steps, relative to 1 + |x|. Between spikes no membrane here is unstable but
# in its upstroke, which makes an error of the potential e^3 times as large at most.
CLOSE = 20 * TOLERANCE * DURATION / DT


@dataclass
class Case:
    model: str
    params: dict
    states: tuple = ()
    name: str = ""


BURSTING = {"I_e": 210.0, "C_m": 200.0, "g_L": 10.0, "E_L": -58.0, "V_th": -50.0, "V_peak": -30.0, "V_reset": -46.0,
            "a": 2.0, "tau_w": 120.0, "b": 100.0}
GIF_STATES = ("V_m", "V_th", "I1", "I2")
CASES = [
    Case("lif", {"I_e": 500.0}, ("V_m",)),
    Case("exp_if", {"I_e": 12.0, "t_ref": 3.0}, ("V_m",)),
    Case("adex", {"I_e": 60.0, "t_ref": 1.5, "b": 5.0}, ("V_m", "w")),
    Case("aeif", {"I_e": 900.0, "t_ref": 2.0, "V_peak": -30.0}, ("V_m", "w")),
    Case("aeif", BURSTING, ("V_m", "w"), name="bursts"),
    Case("quadratic_if", {"I_e": 12.0, "t_ref": 1.0}, ("V_m",)),
    Case("adaptive_quadratic_if", {"I_e": 25.0, "t_ref": 0.5, "b": 2.0}, ("V_m", "w")),
    Case("izhikevich", {"I_e": 10.0}, ("V_m", "u")),
    Case("izhikevich", {"I_e": 12.0, "c": -55.0, "d": 4.0, "t_ref": 1.0}, ("V_m", "u"), name="rest"),
    Case("gif", {"I_e": 2.5, "a": 0.005, "A1": 1.0, "A2": -0.1}, GIF_STATES),
    Case("gif", {"I_e": 2.0, "A1": 10.0, "A2": -0.6, "R1": 0.5, "V_th_inf": -65.0}, GIF_STATES, "lowest"),
    Case("alif", {"I_e": 25.0, "tau_a": 100.0}, ("V_m", "a")),
]


def label(case):
    return case.model + case.name


def has_exact_step(case):
    return case.model in ("lif", "gif", "alif")


class Resets(ValidationTest):
    @classmethod
    def setUpClass(cls):
        populations, traces = {}, []
        for case in CASES:
            population = neuron(case.model, **case.params)
            if not has_exact_step(case):
                population.update(integrator="rkf45", tolerance=TOLERANCE)
            populations[label(case)] = population
            traces += [(label(case), s) for s in case.states]
        cls.results = simulate(network(DURATION, populations, DT, traces))

    def test_on_the_grid(self):
        """Every spike in its step, and every state after each step."""
        at = np.arange(round(DURATION / DT) + 1) * DT
        for case in CASES:
            with self.subTest(label(case)):
                exact = solve(MEMBRANES[case.model], DURATION, at, grid=DT, tolerance=1e-11, **case.params)
                steps = self.results.spikes(label(case))[0]
                self.assertGreater(len(steps), 4)
                self.assertEqual(steps.tolist(), np.rint(exact.spikes / DT).astype(int).tolist())
                for state in case.states:
                    expected = exact.states[:, MEMBRANES[case.model].states.index(state)]
                    scale = 1 + np.abs(expected).max()
                    self.assert_close(self.results.trace(label(case), state)[:, 0], expected, CLOSE * scale)

    def test_without_a_grid(self):
        """A spike waits for the end of its step, and the next ones with it: by a step each, and by as much again for
        what the adaptation takes up while the potential is above the threshold."""
        for case in CASES:
            with self.subTest(label(case)):
                times = DT * self.results.spikes(label(case))[0]
                exact = solve(MEMBRANES[case.model], DURATION, tolerance=TOLERANCE, **case.params).spikes
                count = min(len(times), len(exact))
                self.assertLess(abs(len(times) - len(exact)), 3)
                late = times[:count] - exact[:count]
                self.assertGreaterEqual(late.min(), -1e-6)
                self.assertTrue((late <= 2 * DT * np.arange(1, len(late) + 1)).all(), f"late by {late} ms")


class Defaults(ValidationTest):
    def test_spikes(self):
        """The default method, at the default dt: none of ten spikes is more than a step from where it belongs."""
        populations = {label(case): neuron(case.model, **case.params) for case in CASES}
        results = simulate(network(DURATION, populations, DT))
        for case in CASES:
            with self.subTest(label(case)):
                exact = solve(MEMBRANES[case.model], DURATION, grid=DT, tolerance=TOLERANCE, **case.params)
                count = min(10, len(exact.spikes))
                steps = results.spikes(label(case))[0][:count]
                self.assert_close(steps, np.rint(exact.spikes[:count] / DT), 1)


if __name__ == "__main__":
    unittest.main()

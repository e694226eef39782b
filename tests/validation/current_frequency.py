"""Firing rate against current: closed forms, quadratures, and for the others solutions of their equations."""

import math
import unittest

import numpy as np
from scipy.integrate import quad

from membranes import MEMBRANES, solve
from simulated import ValidationTest, network, neuron, simulate

DT = 0.1
PRECISE = {"integrator": "rkf45", "tolerance": 1e-10}


def intervals(model, currents, duration, init=None, **params):
    """Steps between the spikes of a neuron for each current."""
    populations = {}
    for k, I in enumerate(currents):
        populations[f"n{k}"] = {**neuron(model, init=dict(init or {}), I_e=I, **params), **PRECISE}
    results = simulate(network(duration, populations, DT))
    return [np.diff(results.spikes(name)[0]) for name in populations]


def time_to_threshold(slope, begin, end):
    """The integral of dV / V' in pieces, so that its peaks are not missed."""
    edges = np.linspace(begin, end, 200)
    pieces = zip(edges[:-1], edges[1:])
    return sum(quad(lambda V: 1.0 / slope(V), a, b, epsabs=1e-13, epsrel=1e-13)[0] for a, b in pieces)


class OneVariable(ValidationTest):
    """All intervals of a membrane of one variable are the same: the time from V_reset to V_th, in whole steps."""

    def check(self, model, currents, period, t_ref=0.0, **params):
        p = {**MEMBRANES[model].params, **params}
        found = intervals(model, currents, 2000, t_ref=t_ref, **params)
        for I, steps in zip(currents, found):
            expected = round(t_ref / DT) + math.ceil(period(p, I) / DT)
            self.assertEqual(set(steps), {expected}, f"{model} at {I} pA")

    def test_exp_if(self):
        def period(p, I):
            def slope(V):
                upstroke = p["Delta_T"] * math.exp((V - p["V_T"]) / p["Delta_T"])
                return (p["V_rest"] - V + upstroke + p["R"] * I) / p["tau"]

            return time_to_threshold(slope, p["V_reset"], p["V_th"])

        self.check("exp_if", [1.7, 2.0, 3.0, 5.0, 10.0, 40.0], period, t_ref=1.5)
        rheobase = 65.0 - 59.9 - 3.48  # at the minimum of V', where V = V_T
        for steps in intervals("exp_if", [rheobase - 0.01], 1000):
            self.assertEqual(len(steps), 0)

    def test_quadratic_if(self):
        """tau / (c e) (atan((V_th - m) / e) - atan((V_reset - m) / e)), m the parabola's middle, c e^2 its height."""

        def period(p, I):
            middle, half = (p["V_rest"] + p["V_c"]) / 2, (p["V_c"] - p["V_rest"]) / 2
            e = math.sqrt(p["R"] * I / p["c"] - half**2)
            angle = math.atan((p["V_th"] - middle) / e) - math.atan((p["V_reset"] - middle) / e)
            return p["tau"] / (p["c"] * e) * angle

        self.check("quadratic_if", [4.0, 4.5, 6.0, 10.0, 30.0, 100.0], period, t_ref=2.0)
        rheobase = 0.07 * 7.5**2
        for steps in intervals("quadratic_if", [rheobase - 0.01], 1000):
            self.assertEqual(len(steps), 0)


class ManyVariables(ValidationTest):
    def check_periods(self, model, currents, duration, settled, init=None, **params):
        """Periods of the limit cycle: means over whole cycles, known to a step over their number."""
        rates = []
        for I, steps in zip(currents, intervals(model, currents, duration, init, **params)):
            exact = solve(MEMBRANES[model], duration, init=init, tolerance=1e-8, I_e=I, **params).spikes
            self.assertEqual(len(steps) + 1, len(exact), f"{model} at {I}")
            cycles = len(exact) - 1 - settled
            self.assertGreater(cycles, 2)
            period = (exact[-1] - exact[settled]) / cycles
            self.assert_within(DT * steps[settled:].mean(), period, DT / cycles, f"{model}, period in ms at {I}")
            rates.append(1000 / period)
        self.assertTrue((np.diff(rates) > 0).all())
        return rates

    def check_silent(self, model, currents, duration, most, **params):
        for I, steps in zip(currents, intervals(model, currents, duration, **params)):
            self.assertLessEqual(len(steps) + 1, most, f"{model} at {I}")

    def test_hh(self):
        """With the paper's leak, spiking begins at a rate far from 0, near 6.3 uA/cm2 (Rinzel & Miller 1980)."""
        rest = {"V_m": -65.0, "m": 0.0529, "h": 0.5961, "n": 0.3177}
        rates = self.check_periods("hh", [6.5, 10.0, 20.0], 200, 3, rest, g_L=0.3)
        self.assertGreater(rates[0], 45)
        self.check_silent("hh", [6.1], 200, 2, init=rest, g_L=0.3)

    def test_wang_buzsaki(self):
        """Rates begin at 0, near 0.16 uA/cm2, and rise to hundreds of Hz (Wang & Buzsaki 1996, figure 1B)."""
        rates = self.check_periods("wang_buzsaki", [0.3, 1.0, 5.0, 10.0], 300, 1)
        self.assertLess(rates[0], 25)
        self.assertGreater(rates[-1], 250)
        self.check_silent("wang_buzsaki", [0.15], 300, 1)

    def test_izhikevich(self):
        """Regular spiking. On the grid a spike waits for the end of its step: the solution has to wait as well,
        and then the intervals are the same."""
        currents = [4.5, 6.0, 10.0, 20.0]
        for I, steps in zip(currents, intervals("izhikevich", currents, 600)):
            exact = solve(MEMBRANES["izhikevich"], 600, grid=DT, tolerance=1e-11, I_e=I).spikes
            self.assertEqual(steps.tolist(), np.diff(np.rint(exact / DT)).tolist())
        # V' and u' are 0 together up to (5 - b)^2 / (4 * 0.04) - 140 = 4, but rest is lost to an oscillation before,
        # where 0.08 V + 5 = a.
        V = (0.02 - 5.0) / 0.08
        onset = 0.2 * V - (0.04 * V * V + 5 * V + 140)
        self.check_silent("izhikevich", [onset - 0.05], 600, 1)


if __name__ == "__main__":
    unittest.main()

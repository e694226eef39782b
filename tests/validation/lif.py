"""The `lif` neuron with its receptors: rate against current, the scheme's own recursion, and convergence to the solution
of the differential equation."""

import math
import unittest

import numpy as np
from scipy.integrate import solve_ivp

from simulated import ValidationTest, network, neuron, simulate

C_M, G_L, E_L = 200.0, 10.0, -60.0
TAU_M = C_M / G_L
MEMBRANE = {"C_m": C_M, "g_L": G_L, "E_L": E_L, "V_th": 1000.0, "V_reset": -60.0}
ARRIVALS = [1.0, 3.0, 3.0, 8.0]  # ms: on every grid used here
WEIGHT = 40.0
DURATION = 20.0
EXACT = 1e-9


def run_receptor(kind, dt, tau, E_rev=None):
    """Potential of a neuron with one receptor that gets the arrivals."""
    receptor = {"model": kind, "tau": tau, **({} if E_rev is None else {"E_rev": E_rev})}
    inputs = [{"type": "spikes", "target": "n", "receptor": "s", "times": ARRIVALS, "weight": WEIGHT}]
    populations = {"n": neuron("lif", receptors={"s": receptor}, **MEMBRANE)}
    return simulate(network(DURATION, populations, dt, [("n", "V_m")], inputs=inputs)).trace("n")[:, 0]


def shape(kind, t, tau):
    """The receptor's g at a time after one spike of weight 1, from its closed form."""
    if kind == "exponential":
        return np.exp(-t / tau)
    return math.e * t / tau * np.exp(-t / tau)


def total(kind, t, tau):
    """The receptor's g, all arrivals up to and including t."""
    return WEIGHT * sum(shape(kind, t - s, tau) for s in ARRIVALS if s <= t + 1e-9)


def recursion(kind, dt, tau):
    """A current held at its mean over each step (by Simpson's rule in ten parts, good to 1e-10 of it), and the membrane
    exact for it."""
    V, weights = [E_L], np.array([1, *[4, 2] * 9, 4, 1]) / 60
    for k in range(round(DURATION / dt)):
        arrived = [s for s in ARRIVALS if s <= k * dt + 1e-9]
        points = k * dt + dt * np.arange(21) / 20
        mean = WEIGHT * sum((weights * shape(kind, points - s, tau)).sum() for s in arrived)
        V_inf = E_L + mean / G_L
        V.append(V_inf + (V[-1] - V_inf) * math.exp(-dt / TAU_M))
    return np.array(V)


def solution(kind, tau, E_rev=None):
    """Potential at every whole ms of the differential equation itself, integrated from arrival to arrival."""
    V, begin = [E_L], 0
    for end in [*sorted({int(s) for s in ARRIVALS}), int(DURATION)]:
        arrived = [s for s in ARRIVALS if s <= begin]

        def slope(t, y):
            g = WEIGHT * sum(shape(kind, t - s, tau) for s in arrived)
            current = g if E_rev is None else g * (E_rev - y[0])
            return [(-G_L * (y[0] - E_L) + current) / C_M]

        at = np.arange(begin + 1, end + 1)
        V.extend(solve_ivp(slope, (begin, end), [V[-1]], "DOP853", at, rtol=1e-12, atol=1e-12).y[0])
        begin = end
    return np.array(V)


class Currents(ValidationTest):
    def test_recursion(self):
        for kind in ["exponential", "alpha"]:
            self.assert_close(run_receptor(kind, 0.1, 3.0), recursion(kind, 0.1, 3.0), EXACT)


class Convergence(ValidationTest):
    def check_second_order(self, kind, E_rev):
        """The largest error goes down with dt^2; extrapolation to dt = 0 leaves what is of higher order."""
        exact = solution(kind, 5.0, E_rev)
        errors = [run_receptor(kind, dt, 5.0, E_rev)[:: round(1 / dt)] - exact for dt in [0.1, 0.05, 0.025]]
        largest = np.array([np.abs(error).max() for error in errors])
        orders = np.log2(largest[:-1] / largest[1:])
        self.assertTrue((np.abs(orders - 2) < 0.05).all(), f"{kind}: orders {orders} of errors {largest}")
        self.assertLess(np.abs(4 * errors[2] - errors[1]).max() / 3, 0.05 * largest[2])

    def test_current(self):
        for kind in ["exponential", "alpha"]:
            self.check_second_order(kind, None)

    def test_conductance(self):
        for kind, E_rev in [("exponential", 0.0), ("exponential", -80.0), ("alpha", 0.0)]:
            self.check_second_order(kind, E_rev)

    def test_constant_conductance(self):
        """A conductance that does not decay: the potential goes exponentially to the weighted mean of the reversals.
        The step's rational approximation of exp(-x) is too large by x^6 / 7200, here below 1e-10 of 30 mV."""
        V = run_receptor("exponential", 0.1, 1e15, 0.0)
        t = 0.1 * np.arange(len(V))
        expected, begin, V_begin, g = np.full(len(t), E_L), 0.0, E_L, 0.0
        for end in [*sorted(set(ARRIVALS)), DURATION]:
            V_inf, tau = G_L * E_L / (G_L + g), C_M / (G_L + g)
            inside = (t > begin + 1e-9) & (t < end + 1e-9)
            expected[inside] = V_inf + (V_begin - V_inf) * np.exp(-(t[inside] - begin) / tau)
            V_begin = V_inf + (V_begin - V_inf) * math.exp(-(end - begin) / tau)
            begin, g = end, WEIGHT * sum(s <= end for s in ARRIVALS)
        self.assert_close(V, expected, 1e-8)

    def test_single_precision(self):
        """At -60 mV an ulp is 2^-18 mV; the membrane's memory of roundings is tau_m / dt = 200 steps of two roundings;
        weights are rounded to 2^-32 of the largest sum, which is less."""
        receptor = {"model": "exponential", "tau": 3.0}
        inputs = [{"type": "spikes", "target": "n", "receptor": "s", "times": ARRIVALS, "weight": WEIGHT}]
        populations = {"n": neuron("lif", receptors={"s": receptor}, **MEMBRANE)}
        config = network(DURATION, populations, 0.1, [("n", "V_m")], "single", inputs=inputs)
        V = simulate(config).trace("n")[:, 0]
        self.assert_close(V, recursion("exponential", 0.1, 3.0), 200 * 2 * 0.5 * 2.0**-18)


class RateAgainstCurrent(ValidationTest):
    def test_intervals(self):
        """t_ref + tau ln((V_inf - V_reset) / (V_inf - V_th)), its second part rounded up to whole steps."""
        currents = [201.0, 205.0, 220.0, 260.0, 350.0, 500.0, 1000.0]
        params = {**MEMBRANE, "V_th": -40.0, "V_reset": -58.0, "t_ref": 5.0}
        populations = {f"n{i}": neuron("lif", I_e=I, **params) for i, I in enumerate(currents)}
        populations["below"] = neuron("lif", I_e=199.9, **params)
        results = simulate(network(1000, populations))
        for i, I in enumerate(currents):
            V_inf = E_L + I / G_L
            rise = TAU_M * math.log((V_inf + 58.0) / (V_inf + 40.0))
            intervals = np.diff(results.spikes(f"n{i}")[0])
            self.assertEqual(set(intervals), {50 + math.ceil(rise / 0.1)}, f"{I} pA")
        self.assertEqual(len(results.spikes("below")[0]), 0)


if __name__ == "__main__":
    unittest.main()

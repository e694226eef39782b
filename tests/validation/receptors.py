"""Receptors against closed forms and against solutions of their equations of tolerance 1e-12."""

import math
import unittest

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar

from simulated import ValidationTest, network, neuron, simulate

ARRIVALS = [1.0, 3.0, 3.0, 3.4, 8.0]  # ms: on every grid used here; two in one step, one within a pulse
DURATION = 20.0
EXACT = 1e-12
MEMBRANE = {"C_m": 200.0, "g_L": 10.0, "E_L": -60.0, "V_th": 1000.0, "V_reset": -60.0}

NMDA = {"tau_decay": 100.0, "tau_rise": 2.0, "alpha": 0.5}
AMPA = {"alpha": 0.98, "beta": 0.18, "T": 0.5, "T_dur": 0.5}
GABA = {"alpha": 0.53, "beta": 0.18, "T": 1.0, "T_dur": 1.0}
BIO_NMDA = {"alpha1": 2.0, "beta1": 0.01, "alpha2": 1.0, "beta2": 0.5, "T": 1.0, "T_dur": 0.5}


def run(model, states, dt=0.1, weight=None, precision="double", duration=DURATION, times=ARRIVALS, init=None, **params):
    """Traces of a neuron's potential and of states of its one receptor, which gets spikes."""
    spikes = {"type": "spikes", "target": "n", "receptor": "r", "times": times}
    if weight is not None:
        spikes["weight"] = weight
    populations = {"n": neuron("lif", receptors={"r": {"model": model, **params}}, init=init, **MEMBRANE)}
    traces = [("n", "V_m"), *[("n", f"r.{s}") for s in states]]
    results = simulate(network(duration, populations, dt, traces, precision, inputs=[spikes]))
    return [results.trace("n", variable)[:, 0] for _, variable in traces]


def steps(dt, duration=DURATION):
    return dt * np.arange(round(duration / dt) + 1)


def block(V, Mg=1.2):
    """Jahr & Stevens 1990."""
    return 1 / (1 + Mg / 3.57 * np.exp(-0.062 * V))


def transmitter(t, T, T_dur):
    """[T] just after a time: there for T_dur after the latest spike."""
    since = [t - s for s in ARRIVALS if s <= t + 1e-9]
    return T if since and min(since) < T_dur - 1e-9 else 0.0


def solve(slope, y0, arrive, edges=()):
    """The state after the arrivals at every 0.1 ms, integrated from one event to the next. `slope(t0)` is that of the
    stretch that begins at t0; `arrive(y, n)` adds n spikes."""
    grid = steps(0.1)
    events = sorted({0.0, DURATION, *ARRIVALS, *[round(e, 9) for e in edges if e < DURATION]})
    y, out = np.array(y0, float), np.empty((len(grid), len(y0)))
    out[0] = y
    for begin, end in zip(events, events[1:]):
        inside = grid[(grid > begin + 1e-9) & (grid < end - 1e-9)]
        at = np.append(inside, end)
        solution = solve_ivp(slope(begin), (begin, end), y, "DOP853", at, rtol=3e-14, atol=1e-14, max_step=0.5)
        first = len(grid[grid <= begin + 1e-9])
        out[first : first + len(inside)] = solution.y.T[:-1]
        y = arrive(solution.y[:, -1], sum(abs(s - end) < 1e-9 for s in ARRIVALS))
        if abs(grid - end).min() < 1e-9:
            out[np.abs(grid - end).argmin()] = y
    return out.T


def pulse_ends(T_dur):
    return [s + T_dur for s in ARRIVALS]


def nmda_solution(weight, g_max=0.0):
    """V, s, x of the membrane with the receptor."""
    p = NMDA

    def slope(_):
        return lambda t, y: [
            (-10 * (y[0] + 60) - g_max * y[1] * block(y[0]) * y[0]) / 200,
            p["alpha"] * y[2] * (1 - y[1]) - y[1] / p["tau_decay"],
            -y[2] / p["tau_rise"],
        ]

    return solve(slope, [-60.0, 0, 0], lambda y, n: y + [0, 0, n * weight])


def kinetic_solution(p, E_rev, g_max=0.0):
    """V, s."""

    def slope(begin):
        T = transmitter(begin, p["T"], p["T_dur"])
        return lambda t, y: [
            (-10 * (y[0] + 60) + g_max * y[1] * (E_rev - y[0])) / 200,
            p["alpha"] * T * (1 - y[1]) - p["beta"] * y[1],
        ]

    return solve(slope, [-60.0, 0], lambda y, n: y, pulse_ends(p["T_dur"]))


def bio_nmda_solution(p, g_max=0.0):
    """V, s, x."""

    def slope(begin):
        T = transmitter(begin, p["T"], p["T_dur"])
        return lambda t, y: [
            (-10 * (y[0] + 60) - g_max * y[1] * block(y[0]) * y[0]) / 200,
            p["alpha1"] * y[2] * (1 - y[1]) - p["beta1"] * y[1],
            p["alpha2"] * T * (1 - y[2]) - p["beta2"] * y[2],
        ]

    return solve(slope, [-60.0, 0, 0], lambda y, n: y, pulse_ends(p["T_dur"]))


class ReceptorTest(ValidationTest):
    def check_order(self, run_with, exact, order):
        """The largest error goes down with dt^order; extrapolation leaves what is of higher order."""
        errors = [run_with(dt)[:: round(0.1 / dt)] - exact for dt in [0.1, 0.05, 0.025]]
        largest = np.array([np.abs(error).max() for error in errors])
        orders = np.log2(largest[:-1] / largest[1:])
        self.assertTrue((np.abs(orders - order) < 0.1).all(), f"orders {orders} of errors {largest}")
        extrapolated = (2**order * errors[2] - errors[1]) / (2**order - 1)
        self.assertLess(np.abs(extrapolated).max(), 0.05 * largest[2])


class DualExponential(ReceptorTest):
    def test_closed_form(self):
        """The difference of two exponentials, scaled to its maximum as a search finds it."""
        for decay, rise in [(10.0, 1.0), (5.0, 4.0), (2.0, 7.0)]:

            def shape(t):
                return np.where(t < 0, 0, np.exp(-t / max(decay, rise)) - np.exp(-t / min(decay, rise)))

            peak = -minimize_scalar(lambda t: -shape(t), bounds=(0, 30), method="bounded", options={"xatol": 1e-9}).fun
            expected = 3.0 * sum(shape(steps(0.1) - s) for s in ARRIVALS) / peak
            _, g = run("dual_exponential", ["g"], weight=3.0, tau_decay=decay, tau_rise=rise)
            self.assert_close(g, expected, 20 * EXACT)

    def test_equal_times(self):
        """The alpha function where the two are the same, and no jump next to it: its slope in log(tau_rise) is below 1."""
        alpha = sum(
            np.where(t > 0, math.e * t / 5 * np.exp(-t / 5), 0) for t in (steps(0.1) - s for s in ARRIVALS)
        )
        for rise, tolerance in [(5.0, 20 * EXACT), (5.0 * (1 + 1e-15), 20 * EXACT), (5.0 * (1 - 1e-8), 5e-8)]:
            _, g = run("dual_exponential", ["g"], weight=1.0, tau_decay=5.0, tau_rise=rise)
            self.assert_close(g, alpha, tolerance)


class Nmda(ReceptorTest):
    def test_gate(self):
        """x exactly, s to second order; the order also where spikes are strong."""
        for weight in [1.0, 20.0]:
            _, s, x = nmda_solution(weight)
            self.check_order(lambda dt: run("nmda", ["s"], dt, weight, **NMDA, g_max=0.0)[1], s, 2)
            self.assert_close(run("nmda", ["x"], 0.1, weight, **NMDA, g_max=0.0)[1], x, 100 * EXACT)

    def test_membrane(self):
        """With the conductance and its block, which the membrane sees as it is at the start of a step: first order."""
        V = nmda_solution(1.0, 150.0)[0]
        self.assertGreater(V.max(), -40.0)  # the block changes by a factor of 3
        self.check_order(lambda dt: run("nmda", [], dt, 1.0, **NMDA, g_max=150.0)[0], V, 1)

    def test_membrane_without_block(self):
        """The mean of the gate over each step: second order."""

        def slope(_):
            p = NMDA
            return lambda t, y: [
                (-10 * (y[0] + 60) - 20.0 * y[1] * y[0]) / 200,
                p["alpha"] * y[2] * (1 - y[1]) - y[1] / p["tau_decay"],
                -y[2] / p["tau_rise"],
            ]

        V = solve(slope, [-60.0, 0, 0], lambda y, n: y + [0, 0, n])[0]
        self.check_order(lambda dt: run("nmda", [], dt, 1.0, **NMDA, g_max=20.0, Mg=0.0)[0], V, 2)

    def test_saturation(self):
        """Spikes in every step: x has mean w tau_rise / dt over a step, and s goes to alpha x / (alpha x + 1 / tau_decay),
        from below and above, and is never above 1."""
        times = [round(0.1 * k, 1) for k in range(1, 10001)]
        for weight in [0.001, 0.01, 0.1, 1.0, 1e6]:
            for start in [0.0, 1.0]:
                s = run("nmda", ["s"], 0.1, weight, duration=1000, times=times, init={"r.s": start}, **NMDA)[1]
                opening = NMDA["alpha"] * weight * NMDA["tau_rise"] / 0.1
                expected = opening / (opening + 1 / NMDA["tau_decay"])
                # After 1000 ms, and as x settles, exp(-(1 / tau_decay) 990) of the way is left at most.
                self.assert_within(s[-1], expected, math.exp(-9.9), f"weight {weight} from {start}")
                self.assertLessEqual(s.max(), 1.0)
                self.assertGreaterEqual(s.min(), 0.0)

    def test_single_precision_saturates_too(self):
        times = [round(0.1 * k, 1) for k in range(1, 2001)]
        s = run("nmda", ["s"], 0.1, 1e4, "single", 200, times, **NMDA)[1]
        self.assertLessEqual(s.max(), 1.0)
        self.assert_within(s[-1], 1.0, 2.0**-23, "s")  # 1 / (alpha x tau_decay) is 1e-7

    def test_block(self):
        """The current of open channels at each potential, out of the change of the potential in one step: the membrane is
        so large that the change is a hundredth of the difference; what is lost of 16 digits is 2."""
        for Mg in [0.0, 1.0, 1.2]:
            V = np.linspace(-120, 60, 37)
            populations = {
                f"n{i}": neuron(
                    "lif",
                    receptors={"r": {"model": "nmda", "g_max": 10.0, "E_rev": 100.0, "Mg": Mg}},
                    init={"V_m": float(v), "r.s": 1.0},
                    **{**MEMBRANE, "g_L": 1e-300, "C_m": 100.0},
                )
                for i, v in enumerate(V)
            }
            results = simulate(network(0.1, populations, 0.1, [(p, "V_m") for p in populations]))
            after = np.array([results.trace(p)[1, 0] for p in populations])
            g = -np.log((100 - after) / (100 - V)) * 100.0 / 0.1
            mean = (1 - math.exp(-0.1 / 100)) / (0.1 / 100)  # of s, which closes from 1 with tau_decay
            self.assert_close(g / 10.0, mean * block(V, Mg), 1e-11)


class Kinetic(ReceptorTest):
    """Pulses that fill whole steps, parts of steps, and less than one step; arrivals that prolong a pulse."""

    def check(self, model, defaults, T_dur):
        p = {**defaults, "T_dur": T_dur}
        _, s = kinetic_solution(p, 0.0)
        self.assert_close(run(model, ["s"], **p, g_max=0.0)[1], s, 100 * EXACT)

    def test_gate(self):
        for T_dur in [0.5, 1.0, 0.55, 0.04, 2.0]:
            self.check("ampa_kinetic", AMPA, T_dur)
            self.check("gaba_kinetic", GABA, T_dur)

    def test_defaults_and_membrane(self):
        for model, defaults, E_rev in [("ampa_kinetic", AMPA, 0.0), ("gaba_kinetic", GABA, -80.0)]:
            V, s = kinetic_solution(defaults, E_rev, 30.0)
            self.assert_close(run(model, ["s"])[1], s, 100 * EXACT)
            self.check_order(lambda dt: run(model, [], dt, g_max=30.0)[0], V, 2)

    def test_saturation(self):
        """Transmitter that never leaves: s goes to alpha T / (alpha T + beta) and stays there."""
        times = [round(0.5 * k, 1) for k in range(1, 201)]
        s = run("ampa_kinetic", ["s"], duration=100, times=times)[1]
        steady = 0.98 * 0.5 / (0.98 * 0.5 + 0.18)
        self.assert_close(s[500:1000], np.full(500, steady), math.exp(-0.67 * 49))


class BioNmda(ReceptorTest):
    def test_gates(self):
        """x exactly, s to second order. Where a pulse ends within a step the error depends on where: it then goes down by a
        factor of at least 2^3 in place of 2^4 over two halvings."""
        for T_dur in [0.5, 0.55, 0.04]:
            p = {**BIO_NMDA, "T_dur": T_dur}
            _, s, x = bio_nmda_solution(p)
            self.assert_close(run("bio_nmda", ["x"], **p, g_max=0.0)[1], x, 100 * EXACT)
            if T_dur == 0.5:
                self.check_order(lambda dt: run("bio_nmda", ["s"], dt, **p, g_max=0.0)[1], s, 2)
            coarse, fine = (run("bio_nmda", ["s"], dt, **p, g_max=0.0)[1][:: round(0.1 / dt)] for dt in [0.1, 0.025])
            self.assertLess(np.abs(fine - s).max(), np.abs(coarse - s).max() / 8)

    def test_defaults_and_membrane(self):
        V, _, x = bio_nmda_solution(BIO_NMDA, 20.0)
        self.assert_close(run("bio_nmda", ["x"])[1], x, 100 * EXACT)
        self.check_order(lambda dt: run("bio_nmda", [], dt, g_max=20.0)[0], V, 1)


if __name__ == "__main__":
    unittest.main()

"""Continuous coupling: what arrives at a receptor is the weighted sum of the sources' states, a delay ago."""

import unittest

import numpy as np

from simulated import ValidationTest, network, neuron, simulate


def gate(**params):
    """A gate without a current of its own: to be sent."""
    return {"model": "nmda", "g_max": 0.0, **params}


def population(size, **params):
    """Neurons that fire irregularly, each with the gate of its own synapses; two graded receptors."""
    receptors = {
        "gate": gate(),
        "pulse": {"model": "ampa_kinetic", "g_max": 0.0},
        "slow": {"model": "graded_nmda"},
        "fast": {"model": "graded"},
    }
    init = {"V_m": {"uniform": {"low": -60.0, "high": -50.0}}, "gate.s": {"uniform": {"low": 0.0, "high": 1.0}}}
    membrane = {"C_m": 200.0, "g_L": 10.0, "E_L": -60.0, "V_th": -50.0, "V_reset": -60.0, "t_ref": 2.0, "I_e": 130.0}
    return neuron("lif", size, receptors, init, **{**membrane, **params})


def signal(source, target, receptor, state, weight, delay):
    return {
        **{"source": source, "target": target, "receptor": receptor, "signal": state},
        **{"rule": "all_to_all", "weight": weight, "delay": delay},
    }


def own(p, receptor, delay):
    return {"source": p, "target": p, "receptor": receptor, "rule": "one_to_one", "delay": delay}


class Sums(ValidationTest):
    def run_network(self, precision="double"):
        populations = {"a": population(37), "b": population(600, I_e={"uniform": {"low": 90.0, "high": 140.0}})}
        projections = [own(p, r, 0.7) for p in populations for r in ["gate", "pulse"]]
        projections += [
            signal("a", "b", "slow", "gate.s", 0.02, 0.5),
            signal("b", "b", "slow", "gate.s", 0.003, 2.3),
            signal("b", "a", "slow", "gate.s", 0.001, 0.6),
            signal("b", "a", "fast", "pulse.s", -0.05, 0.5),
            signal("a", "a", "fast", "pulse.s", 0.3, 20.0),
        ]
        states = ["gate.s", "pulse.s", "slow.g", "fast.g"]
        traces = [(p, s) for p in populations for s in states]
        return simulate(network(60, populations, 0.1, traces, precision, projections=projections))

    def check(self, results, tolerance):
        def arriving(source, state, delay):
            sums = results.trace(source, state).sum(axis=1)
            late = np.zeros_like(sums)
            late[delay:] = sums[: len(sums) - delay]
            return late

        slow_b = 0.02 * arriving("a", "gate.s", 5) + 0.003 * arriving("b", "gate.s", 23)
        slow_a = 0.001 * arriving("b", "gate.s", 6)
        fast_a = -0.05 * arriving("b", "pulse.s", 5) + 0.3 * arriving("a", "pulse.s", 200)
        for p, variable, expected in [("b", "slow.g", slow_b), ("a", "slow.g", slow_a), ("a", "fast.g", fast_a)]:
            self.assertGreater(expected.max() - expected.min(), 0.05)
            got = results.trace(p, variable)
            self.assert_close((got - expected[:, None]).ravel(), np.zeros(got.size), tolerance)
        self.assertFalse(results.trace("b", "fast.g").any())
        self.assertGreater(len(results.spikes("a")[0]) + len(results.spikes("b")[0]), 500)

    def test_double(self):
        """Sums of at most 637 numbers up to 1, each kept to 2^-50 here and rounded in the test's own sum."""
        self.check(self.run_network(), 1e-12)

    def test_single(self):
        """The sums are those of the states as they are; only the result, below 8, is rounded to single precision."""
        self.check(self.run_network("single"), 8 * 2.0**-24)


class Mean(ValidationTest):
    def test_graded_current(self):
        """One source whose gate decays exactly exponentially drives the current of a linear membrane:
        C_m V' = -g_L (V - E_L) + w exp(-(t - d) / tau), held at the mean of its values at both ends of each step."""
        source = neuron("lif", 1, {"gate": gate(tau_decay=7.0)}, {"gate.s": 1.0}, V_th=1000.0)
        target = neuron("lif", 1, {"in": {"model": "graded"}}, C_m=200.0, g_L=10.0, E_L=-60.0, V_th=1000.0)
        projections = [signal("s", "n", "in", "gate.s", 90.0, 1.5)]
        results = simulate(network(30, {"s": source, "n": target}, 0.1, [("n", "V_m")], projections=projections))
        V, decay = [-60.0], np.exp(-0.1 / 20.0)
        g = [90.0 * np.exp(-(k - 15) * 0.1 / 7.0) if k >= 15 else 0.0 for k in range(301)]
        for k in range(300):
            current = (g[k] + g[k + 1]) / 2
            V_inf = -60.0 + current / 10.0
            V.append(V_inf + (V[-1] - V_inf) * decay)
        self.assert_close(results.trace("n")[:, 0], V, 1e-11)


if __name__ == "__main__":
    unittest.main()

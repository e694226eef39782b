"""Sources, relays and delays: exact periods, exact multiplicities, statistics of Poisson processes."""

import os
import tempfile
import unittest

import h5py
import numpy as np
from scipy import stats

from simulated import ValidationTest, network, neuron, simulate

DT = 0.1


def ring(delays, model, weight, duration):
    """Populations of one neuron, each onto the next after its delay in steps; a spike at 0.1 ms starts the first.
    `weight` is a dictionary: parrots take none."""
    n = len(delays)
    populations = {f"n{i}": neuron(model) for i in range(n)}
    receptor = "spikes"
    projections = [
        {
            "source": f"n{i}",
            "target": f"n{(i + 1) % n}",
            "receptor": receptor,
            "rule": "one_to_one",
            "delay": f"{d} * {DT} ms",
            **weight,
        }
        for i, d in enumerate(delays)
    ]
    start = {"type": "spikes", "target": "n0", "receptor": receptor, "times": [DT], **weight}
    return network(duration, populations, DT, projections=projections, inputs=[start])


class Datasets(ValidationTest):
    def test_weights_and_delays_of_each_target(self):
        """One spike at 1 ms through one synapse each: the potential jumps by the file's weight after the file's delay."""
        weights, delays = np.arange(1.0, 11.0), 0.4 + 0.1 * np.arange(1, 11)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "synapses.h5")
            with h5py.File(path, "w") as file:
                file["w"], file["d"] = weights, delays
            populations = {
                "s": {"size": 10, "model": "spike_times", "params": {"times": [1.0]}},
                "a": {"size": 10, "model": "iaf_psc_delta", "params": {"V_th": 100.0}},
            }
            synapses = {"weight": {"hdf5": f"{path}:/w"}, "delay": {"hdf5": f"{path}:/d"}}
            projections = [{"source": "s", "target": "a", "rule": "one_to_one", **synapses}]
            results = simulate(
                {
                    "simulation": {"duration": 3.0, "dt": DT},
                    "populations": populations,
                    "projections": projections,
                    "record": {
                        "spikes": ["a"],
                        "traces": [{"population": "a", "variables": ["V_m"], "every": DT, "precision": "double"}],
                    },
                }
            )
        jump = results.trace("a") + 70.0
        np.testing.assert_array_equal(np.argmax(jump > 0.5, axis=0), np.round((1.0 + delays) / DT))
        np.testing.assert_allclose(jump.max(axis=0), weights, rtol=0, atol=1e-12)


class Rings(ValidationTest):
    def check(self, delays, config, duration):
        """Neuron i fires at 1 + (sum of the delays before it) + k (sum of all), and at no other step."""
        results = simulate(config)
        period, last = sum(delays), round(duration / DT)
        for i in range(len(delays)):
            expected = np.arange(1 + sum(delays[:i]), last + 1, period)
            self.assertEqual(list(results.spikes(f"n{i}")[0]), list(expected), f"neuron {i} of {delays}")

    def test_parrots(self):
        for delays in [[1], [1, 2, 3], [7, 13, 1, 64, 65], [3000, 1, 255, 256, 257], [3000, 2999]]:
            self.check(delays, ring(delays, "parrot", {}, 1500), 1500)

    def test_neurons(self):
        """A jump of 20 mV fires the neuron at its arrival; the period is longer than the refractory time."""
        for delays in [[15, 7, 30], [3000, 21]]:
            self.check(delays, ring(delays, "iaf_psc_delta", {"weight": 20}, 1500), 1500)


class Parrots(ValidationTest):
    def test_repeat_with_multiplicity(self):
        """20 spikes a step on average; one synapse onto one parrot, three onto another."""
        populations = {"source": neuron("poisson", 50, rate=200_000.0)}
        populations |= {name: neuron("parrot", 50) for name in ["once", "thrice"]}
        projections = [
            {"source": "source", "target": name, "rule": "one_to_one", "delay": 0.7}
            for name in ["once", "thrice", "thrice", "thrice"]
        ]
        results = simulate(network(100, populations, DT, projections=projections))
        counts = {name: self.counts(results, name) for name in populations}
        self.assertGreater(counts["source"].sum(), 900_000)
        self.assertTrue((counts["once"][:, 7:] == counts["source"][:, :-7]).all())
        self.assertTrue((counts["thrice"][:, 7:] == 3 * counts["source"][:, :-7]).all())

    @staticmethod
    def counts(results, name):
        steps, ids = results.spikes(name)
        counts = np.zeros((50, 1000), int)
        np.add.at(counts, (ids.astype(int), steps - 1), 1)
        return counts

    def test_given_times(self):
        """Each neuron its own list; a repeated time is two spikes; times are rounded to the grid."""
        times = [[0.1, 5.0], [5.0, 5.0, 7.24], []]
        results = simulate(network(10, {"source": {"size": 3, "model": "spike_times", "params": {"times": times}}}))
        steps, ids = results.spikes("source")
        self.assertEqual(sorted(zip(ids, steps)), [(0, 1), (0, 50), (1, 50), (1, 50), (1, 72)])


class PoissonProcesses(ValidationTest):
    """Each test is a significance test at 0.001, with a fixed seed."""

    SIZE, STEPS, RATE = 400, 50_000, 40.0

    @classmethod
    def setUpClass(cls):
        populations = {
            "slow": neuron("poisson", cls.SIZE, rate=cls.RATE),
            "window": neuron("poisson", 500, rate=1000.0, start=100.0, stop=200.0),
            "fast": neuron("poisson", 20, rate=35_000.0),
        }
        cls.results = simulate(network(cls.STEPS * DT, {"slow": populations.pop("slow")}, DT, seed=11))
        cls.short = simulate(network(300, populations, DT, seed=12))

    def binned(self, width):
        """Spikes per neuron and bin of a number of steps."""
        steps, ids = self.results.spikes("slow")
        counts = np.zeros((self.SIZE, self.STEPS // width), int)
        np.add.at(counts, (ids.astype(int), (steps - 1) // width), 1)
        return counts

    def test_counts_per_bin(self):
        """2000 bins of 2.5 ms by 400 neurons: mean and variance 0.1, and the whole distribution."""
        counts = self.binned(25).ravel()
        mean = self.RATE * 2.5e-3
        n = len(counts)
        self.assert_within(counts.mean(), mean, 3.3 * np.sqrt(mean / n), "mean")
        self.assert_within(counts.var(), mean, 3.3 * np.sqrt((mean + 2 * mean**2) / n), "variance")
        observed = np.bincount(np.minimum(counts, 3), minlength=4)
        expected = n * np.append(stats.poisson.pmf(range(3), mean), stats.poisson.sf(2, mean))
        self.assertGreater(stats.chisquare(observed, expected).pvalue, 0.001)

    def test_large_counts(self):
        steps, ids = self.short.spikes("fast")
        counts = np.zeros((20, 3000), int)
        np.add.at(counts, (ids.astype(int), steps - 1), 1)
        observed = np.bincount(np.minimum(counts.ravel(), 10), minlength=11)
        expected = counts.size * np.append(stats.poisson.pmf(range(10), 3.5), stats.poisson.sf(9, 3.5))
        self.assertGreater(stats.chisquare(observed, expected).pvalue, 0.001)

    def test_intervals_are_exponential(self):
        """Kolmogorov-Smirnov, with each spike put at a random place of its step: on the grid intervals are discrete.
        Only intervals that begin in the first 4 s, and all of those, so that long ones are not missed."""
        steps, ids = self.results.spikes("slow")
        times = (steps - np.random.default_rng(5).random(len(steps))) * DT
        order = np.lexsort((times, ids))
        times, ids = times[order], ids[order]
        same = (ids[1:] == ids[:-1]) & (times[:-1] < 4000)
        intervals = np.diff(times)[same]
        self.assertGreater(len(intervals), 60_000)
        self.assertGreater(stats.kstest(intervals, "expon", args=(0, 1000 / self.RATE)).pvalue, 0.001)

    def test_neurons_are_independent(self):
        """Correlations of 400 neurons in bins of 10 ms: their mean is 0, their spread 1 / sqrt(bins). Successive bins
        of one neuron the same."""
        counts = self.binned(100)
        bins = counts.shape[1]
        pairs = np.corrcoef(counts)[np.triu_indices(self.SIZE, 1)]
        self.assert_within(pairs.mean(), 0, 3.3 / np.sqrt(bins * len(pairs)), "mean correlation")
        self.assert_within(pairs.std() * np.sqrt(bins), 1, 3.3 / np.sqrt(2 * len(pairs)) + 1 / bins, "spread")
        scaled = counts - counts.mean()
        serial = (scaled[:, 1:] * scaled[:, :-1]).mean() / scaled.var()
        self.assert_within(serial, 0, 3.3 / np.sqrt(counts.size), "serial correlation")

    def test_window(self):
        steps, _ = self.short.spikes("window")
        self.assertEqual((steps.min(), steps.max()), (1001, 2000))
        self.assert_within(len(steps), 50_000, 3.3 * np.sqrt(50_000), "spikes in the window")


if __name__ == "__main__":
    unittest.main()

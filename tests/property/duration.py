"""The length of a run, and where it ends, changes nothing before its end; the seed changes everything drawn."""

import os
import unittest

import numpy as np

from networks import MEMBRANES, NETWORKS, ZOO
from results import ResultsTest, spikes, traces


class Time(ResultsTest):
    def check_prefix(self, whole, part, last):
        """`part` is what happened in `whole` up to step `last`, and something happened after it."""
        ours, theirs = spikes(whole), spikes(part)
        self.assertEqual(sorted(ours), sorted(theirs))
        for name, fired in ours.items():
            before = fired[fired[:, 0] <= last]
            self.assertEqual(theirs[name].tolist(), before.tolist(), name)
        self.assertGreater(sum(len(s) for s in ours.values()), 1.2 * sum(len(s) for s in theirs.values()))
        for name, frames in traces(part).items():
            self.assertGreater(len(traces(whole)[name]), len(frames))
            self.assertEqual(traces(whole)[name][: len(frames)].tobytes(), frames.tobytes(), name)

    def test_longer_and_shorter(self):
        for network in NETWORKS[:4]:
            with self.subTest(network.name):
                settings = [*network.settings, "simulation.duration=50 ms"]
                whole = self.simulate(network.config, f"{network.name}-whole", settings=settings)
                settings[-1] = "simulation.duration=25 ms"
                part = self.simulate(network.config, f"{network.name}-part", settings=settings)
                self.check_prefix(whole, part, 250)

    def test_until(self):
        """In the middle of an exchange interval of ten steps, on another number of ranks."""
        settings = ["variables.d_min=1 ms"]
        whole = self.simulate(ZOO.config, "whole", settings=settings)
        part = self.simulate(ZOO.config, "part", "--until", "23.7 ms", settings=settings, ranks=2)
        self.check_prefix(whole, part, 237)
        short = self.simulate(ZOO.config, "short", settings=[*settings, "simulation.duration=23.7 ms"])
        self.assert_same(short, part)

    def test_again(self):
        self.assert_same(self.simulate(ZOO.config, "once"), self.simulate(ZOO.config, "again"))

    def test_resolved_config(self):
        """What run.yaml says is all that the config said."""
        for network in [ZOO, MEMBRANES]:
            first = self.simulate(network.config, network.name)
            resolved = self.simulate(os.path.join(first, "run.yaml"), f"{network.name}-resolved")
            self.assert_same(first, resolved)

    def test_seed(self):
        one, other = (spikes(self.simulate(ZOO.config, f"seed{s}", settings=[f"simulation.seed={s}"])) for s in [1, 2])
        drawn = ["mixed", "conductances", "alphas", "bare", "psc_exp", "psc_alpha", "psc_delta", "noise", "echo"]
        for name in drawn:
            self.assertGreater(len(one[name]), 20, name)
            self.assertFalse(np.array_equal(one[name], other[name]), name)
        self.assertEqual(one["clock"].tolist(), [[10, 0], [20, 1], [20, 1], [21, 1], [77, 0], [480, 0]])
        self.assertEqual(other["clock"].tolist(), one["clock"].tolist())


if __name__ == "__main__":
    unittest.main()

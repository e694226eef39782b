"""Decision making (configs/decision_making.yaml) against Wang 2002."""

import os
import unittest

import numpy as np

from simulated import ValidationTest, simulate

CONFIG = os.path.join(os.environ["RANVIER_CONFIGS"], "decision_making.yaml")


def run(seed=1, scale=1.0, duration=1600, **variables):
    """Results of one trial of a network with `scale` times 2000 neurons."""
    settings = {"simulation.seed": seed, "simulation.duration": duration, "variables.scale": scale}
    settings.update({f"variables.{name}": value for name, value in variables.items()})
    return simulate(CONFIG, *[a for name, value in settings.items() for a in ("--set", f"{name}={value}")])


def rate(results, population, begin, end, neurons):
    """Mean rate in Hz between two times in ms."""
    steps = results.spikes(population)[0]
    return ((steps > begin * 10) & (steps <= end * 10)).sum() / neurons / (end - begin) * 1000


def winner(results, scale):
    """The difference of the rates of A and B at the end of the stimulus."""
    a, b = (rate(results, p, 800, 1100, 240 * scale) for p in "AB")
    return a - b


class Rates(ValidationTest):
    def test_spontaneous(self):
        """Without evidence: pyramidal cells at about 3 Hz and interneurons at about 9 Hz (Wang 2002, Brunel & Wang 2001)."""
        results = run(mu=0, sigma=0)
        for population, neurons, low, high in [("others", 1120, 1, 5), ("A", 240, 1, 5), ("inh", 400, 6, 13)]:
            mean = rate(results, population, 200, 1600, neurons)
            self.assertTrue(low <= mean <= high, f"{population}: {mean} Hz")

    def test_choice(self):
        """The stronger evidence wins; its group goes to 20 to 50 Hz and, when the stimulus is over, on at about 20 Hz, while
        the other falls below its spontaneous rate of 3 Hz (figures 2 and 3)."""
        results = run(coherence=0.512)
        for begin, end, low, high in [(800, 1100, 20, 50), (1200, 1600, 12, 28)]:
            first, second = (rate(results, p, begin, end, 240) for p in "AB")
            self.assertTrue(low <= first <= high, f"A: {first} Hz from {begin} ms")
            self.assertLess(second, 3.0, f"B: from {begin} ms")


class Psychometric(ValidationTest):
    def test_accuracy(self):
        """Of half the size. Without coherence either group may win. The more coherence, the surer the better one does:
        at 51 % in all trials of both directions, which chance gives with probability 2^-10."""
        scale, seeds = 0.5, range(1, 6)
        chosen = {}
        for coherence in [-0.512, -0.064, 0.0, 0.064, 0.512]:
            differences = [winner(run(s, scale, 1100, coherence=coherence), scale) for s in seeds]
            chosen[coherence] = np.mean([d > 0 for d in differences])
        self.assertEqual((chosen[-0.512], chosen[0.512]), (0.0, 1.0), chosen)
        self.assertTrue((np.diff([chosen[c] for c in sorted(chosen)]) >= 0).all(), chosen)
        self.assertTrue(0 < chosen[0.0] < 1, chosen)


if __name__ == "__main__":
    unittest.main()

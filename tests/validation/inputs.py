"""Inputs to neurons: windows and steps of currents to the step, the statistics of noise and of Poisson input."""

import math
import unittest

import numpy as np

from simulated import ValidationTest, network, neuron, simulate

DT, C_M, TAU_M, E_L = 0.1, 250.0, 10.0, -70.0
DECAY = math.exp(-DT / TAU_M)


def silent(size=1, **params):
    """A linear membrane that never fires."""
    return neuron("iaf_psc_delta", size, V_th=1e6, **params)


def currents_of(V):
    """The current of each step that leads from one potential to the next, exactly."""
    return (V[1:] - E_L - (V[:-1] - E_L) * DECAY) / (1 - DECAY) * C_M / TAU_M


def run(duration, inputs, size=1, **params):
    """Potentials of a silent population under inputs."""
    inputs = [{"target": "n", **entry} for entry in inputs]
    config = network(duration, {"n": silent(size, **params)}, DT, [("n", "V_m")], seed=21, inputs=inputs)
    return simulate(config).trace("n")


class Currents(ValidationTest):
    def test_windows_and_steps(self):
        """An amplitude acts in the steps (start, stop]; a step lasts until the next; currents add up."""
        dc = {"type": "dc", "amplitude": 100.0, "start": 2.0, "stop": 5.0}
        steps = {"type": "step_current", "times": [1.0, 3.0, 6.0], "amplitudes": [50.0, -20.0, 0.0]}
        expected = np.zeros(100)
        expected[20:50] += 100
        expected[10:30] += 50
        expected[30:60] -= 20
        self.assert_close(currents_of(run(10, [dc, steps])[:, 0]), expected, 1e-8)

    def test_noise(self):
        """Normal values, held for 5 steps, of 200 neurons in 2000 intervals; moments within 3.3 standard errors."""
        noise = {"type": "noise_current", "mean": 30.0, "std": 80.0, "dt": 0.5}
        current = currents_of(run(1000, [noise], 200))
        held = current.reshape(-1, 5, 200)
        self.assert_close(held.ptp(axis=1).ravel(), np.zeros(2000 * 200), 1e-6)
        draws = (held[:, 0] - 30.0) / 80.0
        n = draws.size
        for power, moment, variance in [(1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)]:
            tolerance = 3.3 * math.sqrt(variance / n)
            self.assert_within((draws**power).mean(), moment, tolerance, f"moment {power}")
        self.assert_within((draws[1:] * draws[:-1]).mean(), 0, 3.3 / math.sqrt(n), "successive values")
        self.assert_within((draws[:, 1:] * draws[:, :-1]).mean(), 0, 3.3 / math.sqrt(n), "neighbours")


class PoissonInput(ValidationTest):
    def test_shot_noise(self):
        """Campbell: mean J lambda dt / (1 - a), variance J^2 lambda dt / (1 - a^2) on the grid, a = exp(-dt / tau_m).
        Samples 50 ms apart are independent but for exp(-5)."""
        J, rate = 0.2, 5000.0
        poisson = {"type": "poisson", "receptor": "spikes", "rate": rate, "weight": J}
        V = run(1000, [poisson], 500)[1000::500] - E_L
        per_step = rate * DT / 1000
        mean, variance = J * per_step / (1 - DECAY), J**2 * per_step / (1 - DECAY**2)
        self.assert_within(V.mean(), mean, 3.3 * math.sqrt(variance / V.size), "mean")
        self.assert_within(V.var(), variance, 3.3 * variance * math.sqrt(2 / V.size), "variance")
        correlation = np.corrcoef(V.T)[np.triu_indices(V.shape[1], 1)].mean()
        self.assert_within(correlation, 0, 3.3 / math.sqrt(V.shape[0] * V.shape[1] ** 2 / 2), "correlation of neurons")


class NoisyPoisson(ValidationTest):
    """Counts of parrots, by step: the rate is common to all neurons of a population and is drawn anew every 5 steps, which
    the groups of four steps, for which counts are drawn, do not divide."""

    NEURONS, HOLD, START, DRAWS = 200, 5, 3, 399

    def counts(self, rate, std, seed=5):
        """Of two populations: [draw, step within it, neuron]."""
        populations = {p: {"size": self.NEURONS, "model": "parrot"} for p in "ab"}
        entry = {"type": "noisy_poisson", "rate": rate, "std": std, "dt": 0.5, "start": 0.3, "stop": 199.8}
        inputs = [{**entry, "target": ["a", "b"]}]
        results = simulate(network(200, populations, 0.1, seed=seed, inputs=inputs))
        both = []
        for p in "ab":
            steps, ids = results.spikes(p)
            self.assertGreater(steps.min(), self.START)
            self.assertLessEqual(steps.max(), self.START + self.DRAWS * self.HOLD)
            counts = np.zeros((self.DRAWS * self.HOLD, self.NEURONS))
            np.add.at(counts, (steps - self.START - 1, ids), 1)
            both.append(counts.reshape(self.DRAWS, self.HOLD, self.NEURONS))
        return both

    def test_rates(self):
        """Mean and variance of the number of spikes under one draw: those of Poisson numbers with a normal mean. 3.3
        standard errors."""
        rate, std = 20000.0, 5000.0
        seconds = self.NEURONS * self.HOLD * DT / 1000
        mean, variance = rate * seconds, rate * seconds + (std * seconds) ** 2
        totals = [c.sum(axis=(1, 2)) for c in self.counts(rate, std)]
        n = self.DRAWS
        for total in totals:
            self.assert_within(total.mean(), mean, 3.3 * math.sqrt(variance / n), "mean")
            self.assert_within(total.var(), variance, 3.3 * variance * math.sqrt(2 / n), "variance")
            self.assert_within(np.corrcoef(total[1:], total[:-1])[0, 1], 0, 3.3 / math.sqrt(n), "successive draws")
        self.assert_within(np.corrcoef(*totals)[0, 1], 0, 3.3 / math.sqrt(n), "two populations")

    def test_common_and_held(self):
        """Under one draw neurons and steps differ as independent Poisson numbers do; from draw to draw much more."""
        rate, std = 20000.0, 5000.0
        counts = self.counts(rate, std)[0]
        by_step = counts.sum(axis=2)
        poisson = 2 * rate * self.NEURONS * DT / 1000
        n = self.DRAWS
        for q in range(self.HOLD - 1):
            squares = ((by_step[:, q + 1] - by_step[:, q]) ** 2).mean()
            # Of a difference that is normal with a variance that varies by std / rate: 3 (1 + 1 / 16) - 1.
            self.assert_within(squares, poisson, 3.3 * poisson * math.sqrt(2.2 / n), f"within a draw, {q}")
        across = ((by_step[1:, 0] - by_step[:-1, -1]) ** 2).mean()
        expected = poisson + 2 * (std * self.NEURONS * DT / 1000) ** 2
        self.assert_within(across, expected, 3.3 * expected * math.sqrt(3 / n), "across draws")
        halves = counts[:, :, :100].sum(axis=(1, 2)), counts[:, :, 100:].sum(axis=(1, 2))
        self.assertGreater(np.corrcoef(*halves)[0, 1], 0.95)

    def test_negative_rates_are_zero(self):
        """Mean of max(0, x) of a normal x."""
        rate, std = 1000.0, 8000.0
        z = rate / std
        density, below = math.exp(-z * z / 2) / math.sqrt(2 * math.pi), 0.5 * math.erfc(-z / math.sqrt(2))
        mean = std * density + rate * below
        square = (rate**2 + std**2) * below + rate * std * density
        seconds = self.NEURONS * self.HOLD * DT / 1000
        variance = mean * seconds + (square - mean**2) * seconds**2
        total = self.counts(rate, std)[0].sum(axis=(1, 2))
        self.assert_within(total.mean(), mean * seconds, 3.3 * math.sqrt(variance / self.DRAWS), "mean")
        silent = (total == 0).mean()
        self.assert_within(silent, 1 - below, 3.3 * math.sqrt(below * (1 - below) / self.DRAWS), "share without spikes")


if __name__ == "__main__":
    unittest.main()

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


if __name__ == "__main__":
    unittest.main()

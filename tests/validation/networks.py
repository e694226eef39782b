"""Networks: mean rates against published figures."""

import math
import os
import unittest

import numpy as np

from simulated import ValidationTest, simulate

CONFIGS = os.environ["RANVIER_CONFIGS"]


def config(name):
    return os.path.join(CONFIGS, f"{name}.yaml")


class Brunel(ValidationTest):
    def test_rate_and_irregularity(self):
        """32.05 Hz in another simulator, to 1 %. A plain NumPy program of the same network, with other random numbers,
        gives 32.00 Hz and a CV of the excitatory intervals of 0.178 between 100 and 500 ms: one network each, so 5 %."""
        results = simulate(config("brunel"), "--until", "500 ms")
        self.assert_within(results.all_rate(), 32.05, 0.32, "rate")
        steps, ids = results.spikes("exc")
        late = steps > 1000
        order = np.lexsort((steps[late], ids[late]))
        steps, ids = steps[late][order], ids[late][order]
        intervals = np.diff(steps)[ids[1:] == ids[:-1]]
        self.assert_within(intervals.std() / intervals.mean(), 0.178, 0.05 * 0.178, "CV of intervals")


class Coba(ValidationTest):
    def test_rates(self):
        """21.9 +- 1.3 Hz over 5 runs at 4000 neurons, 21.6 at 8000; means of five seeds differ by less than three
        standard errors of their difference."""
        for scale, published in [(1, 21.9), (2, 21.6)]:
            rates = [
                simulate(config("coba"), "--set", f"variables.scale={scale}", "--set", f"simulation.seed={s}").all_rate()
                for s in range(1, 6)
            ]
            error = math.sqrt((1.3**2 / scale + np.var(rates, ddof=1)) / 5)
            self.assert_within(np.mean(rates), published, 3 * error, f"scale {scale}: {rates}")


class Microcircuit(ValidationTest):
    def test_rates_at_a_tenth(self):
        """Downscaling keeps means approximately: 25 % or 0.4 Hz per population, 5 % over all (van Albada 2015)."""
        results = simulate(config("microcircuit"), "--set", "variables.scale=0.1")
        published = {"L23E": 0.9, "L23I": 2.8, "L4E": 4.5, "L4I": 5.7, "L5E": 7.5, "L5I": 8.6, "L6E": 1.1, "L6I": 7.8}
        for population, rate in published.items():
            self.assert_within(results.rate(population), rate, max(0.4, 0.25 * rate), population)
        self.assert_within(results.all_rate(), 3.24, 0.05 * 3.24, "all")


if __name__ == "__main__":
    unittest.main()

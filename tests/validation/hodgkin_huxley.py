"""Networks of Hodgkin-Huxley neurons: rates against published figures, and the way of a pulse through five areas."""

import os
import unittest

import numpy as np

from simulated import ValidationTest, simulate

CONFIGS = os.environ["RANVIER_CONFIGS"]
DT = 0.1


def config(name):
    return os.path.join(CONFIGS, f"{name}.yaml")


class Cobahh(ValidationTest):
    def test_rate(self):
        """Simulators give 35 to 40 Hz. Networks of 4000 neurons differ by 2 Hz, of 16,000 by half as much."""
        results = simulate(config("cobahh"), "--set", "variables.scale=4", "--until", "1 s", "--precision", "single")
        for population in ["exc", "inh"]:
            self.assert_within(results.rate(population), 37.5, 2.5, population)


class VisualAreas(ValidationTest):
    AREAS = ["V1", "V2", "V4", "TEO", "TEpd"]
    # From each area to the next: white matter in mm, which spikes pass at 3.5 mm/ms, to a tenth of the delay and in
    # whole steps. Of some 100,000 delays none is more than five standard deviations shorter.
    DISTANCES = [9.3, 9.4, 9.8, 10.7]
    PULSE = 100.0, 115.0

    @staticmethod
    def run_areas(*arguments):
        return simulate(config("visual_areas"), "--set", "variables.scale=0.25", *arguments)

    def first_spikes(self, results, area):
        """Times at which excitatory neurons of an area spike first, and the share of them that does."""
        steps, ids = results.spikes(f"{area}_e")
        _, first = np.unique(ids, return_index=True)
        return DT * steps[first], len(first) / 800

    def test_the_pulse_travels_up(self):
        results = self.run_areas()
        before = self.PULSE[0]
        shares = []
        for area, distance in zip(self.AREAS, [None, *self.DISTANCES]):
            times, share = self.first_spikes(results, area)
            shares.append(share)
            self.assertGreater(times.min(), before, area)
            if distance:
                self.assertGreater(times.min(), before + distance / 3.5 * 0.5 - DT / 2, area)
                # A volley waits for its synapses, and for the membranes to charge: less than 5 ms, a quarter of
                # their time constant at rest.
                travelled = np.median(times) - median
                self.assertGreater(travelled, distance / 3.5, area)
                self.assertLess(travelled, distance / 3.5 + 5.0, area)
            before, median = times.min(), np.median(times)
        self.assertGreater(min(shares[:2]), 0.99)
        self.assertTrue((np.diff(shares) <= 0).all(), f"shares {shares} do not fall on the way")
        self.assertGreater(shares[-1], 0.25)

    def test_silence_without(self):
        """No area is active without the pulse, and none but V1 without connections between areas."""
        quiet = self.run_areas("--set", "variables.pulse=0")
        apart = self.run_areas("--set", "variables.long_range=0")
        for area in self.AREAS:
            self.assertEqual(self.first_spikes(quiet, area)[1], 0)
            self.assertEqual(self.first_spikes(apart, area)[1], 1 if area == "V1" else 0)


if __name__ == "__main__":
    unittest.main()

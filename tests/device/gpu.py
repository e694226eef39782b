"""--device gpu gives the same bits as --device cpu. Skipped as a whole where there is no GPU to use."""

import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "property"))

from backend import skip_without_gpu  # noqa: E402
from networks import NETWORKS, ZOO  # noqa: E402
from results import ResultsTest, final_state, spikes  # noqa: E402

COBA = os.path.join(HERE, "..", "..", "configs", "coba.yaml")
SHORT = ["variables.scale=0.5", "simulation.duration=100 ms"]


class SameBits(ResultsTest):
    """All networks that must not depend on the number of ranks must not depend on the device either."""

    def device_of(self, output):
        with open(os.path.join(output, "summary.json")) as file:
            return json.load(file)["device"]

    def check(self, network, precision):
        options = ["--precision", precision]
        gpu = self.simulate(network.config, "gpu", *options, "--device", "gpu", settings=network.settings)
        cpu = self.simulate(network.config, "cpu", *options, "--device", "cpu", settings=network.settings)
        self.assertTrue(self.device_of(gpu).startswith("gpu ("), self.device_of(gpu))
        self.assertTrue(self.device_of(cpu).startswith("cpu ("), self.device_of(cpu))
        self.assertGreaterEqual(sum(len(s) for s in spikes(gpu).values()), network.spikes)
        self.assert_same(gpu, cpu)

    def test_restart_on_the_other_device(self):
        """The spikes of COBA stay on the device between collections; the zoo has signals, which do not."""
        for name, config, settings in [("coba", COBA, SHORT), ("zoo", ZOO.config, [])]:
            settings = [*settings, "checkpoint.keep=1"]
            whole = self.simulate(config, f"{name}-whole", "--device", "cpu", settings=settings)
            for devices in [("cpu", "gpu", "cpu"), ("gpu", "cpu", "gpu")]:
                output = f"{name}-{devices[0]}"
                for number, device in enumerate(devices):
                    part = ["--device", device] + (["--restart", output] if number > 0 else [])
                    part += ["--until", ["15.7 ms", "33.2 ms"][number]] if number < 2 else []
                    parts = self.simulate(config, output, *part, settings=settings)
                self.assert_same(whole, parts)
                self.assertEqual(final_state(parts), final_state(whole))

    def test_ranks_that_share_a_gpu(self):
        cpu = self.simulate(ZOO.config, "cpu", "--device", "cpu")
        for ranks in [2, 3]:
            gpu = self.simulate(ZOO.config, f"gpu-{ranks}", "--device", "gpu", ranks=ranks)
            self.assert_same(gpu, cpu)


def add_tests():
    for network in NETWORKS:
        for precision in ["double", "single"]:
            name = f"test_{network.name}_{precision}"
            setattr(SameBits, name, lambda self, n=network, p=precision: self.check(n, p))


skip_without_gpu()
add_tests()
if __name__ == "__main__":
    unittest.main()

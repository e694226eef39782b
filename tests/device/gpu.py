"""--device gpu: the same bits as --device cpu where there is a GPU, a clear refusal where there is none."""

import glob
import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "property"))

from networks import NETWORKS, ZOO  # noqa: E402
from results import ResultsTest, final_state, spikes  # noqa: E402

BACKEND = os.environ["RANVIER_GPU_BACKEND"] == "ON"
PRESENT = bool(glob.glob("/dev/nvidia[0-9]*"))
COBA = os.path.join(HERE, "..", "..", "configs", "coba.yaml")
SHORT = ["--set", "variables.scale=0.5", "--set", "simulation.duration=100 ms"]


@unittest.skipUnless(BACKEND and PRESENT, "there is no GPU, or this build has no use for one")
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
        for name, config, settings in [("coba", COBA, SHORT[1::2]), ("zoo", ZOO.config, [])]:
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


class Device(ResultsTest):
    def test_refused_without_a_backend(self):
        done = self.command("run", COBA, *SHORT, "--device", "gpu", "--output", "results")
        if BACKEND and PRESENT:
            self.assertEqual(done.returncode, 0, done.stderr)
            return
        self.assertNotEqual(done.returncode, 0)  # Kokkos itself ends a program that finds no device
        self.assertFalse(os.path.exists(os.path.join(self.folder, "results")))
        if not BACKEND:
            reason = "ranvier: --device gpu: this build has no GPU backend (Kokkos was built without CUDA); use --device cpu"
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(reason, done.stderr.splitlines()[:1][0])

    @unittest.skipIf(BACKEND and not PRESENT, "this binary starts only where there is a GPU")
    def test_auto(self):
        version = self.command("--version").stdout
        self.assertEqual("CUDA" in version, BACKEND, version)
        done = self.command("run", COBA, *SHORT, "--device", "auto", "--output", "results")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("gpu (" if BACKEND else "cpu (", done.stdout)


def add_tests():
    for network in NETWORKS:
        for precision in ["double", "single"]:
            name = f"test_{network.name}_{precision}"
            setattr(SameBits, name, lambda self, n=network, p=precision: self.check(n, p))


add_tests()
if __name__ == "__main__":
    unittest.main()

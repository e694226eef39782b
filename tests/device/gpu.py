"""--device gpu: the same bits as --device cpu where there is a GPU, a clear refusal where there is none."""

import glob
import os
import subprocess
import tempfile
import unittest

RANVIER = os.environ["RANVIER"]
BACKEND = os.environ["RANVIER_GPU_BACKEND"] == "ON"
PRESENT = bool(glob.glob("/dev/nvidia[0-9]*"))
COBA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "coba.yaml")
SHORT = ["--set", "variables.scale=0.5", "--set", "simulation.duration=100 ms"]
TRACES = 'record.traces=[{population: exc, variables: [V_m, ampa.g], ids: "0-19", precision: double}]'


class Gpu(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def ranvier(self, *arguments):
        return subprocess.run([RANVIER, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=300)

    def simulate(self, output, *options):
        done = self.ranvier("run", COBA, "--output", output, *SHORT, "--set", TRACES, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def check_same(self, precision):
        self.assertIn("gpu (", self.simulate(f"{precision}-gpu", "--device", "gpu", "--precision", precision))
        self.assertIn("cpu (", self.simulate(f"{precision}-cpu", "--device", "cpu", "--precision", precision))
        same = self.ranvier("diff", f"{precision}-gpu", f"{precision}-cpu")
        self.assertEqual(same.returncode, 0, same.stdout + same.stderr)
        self.assertRegex(same.stdout, r"spikes.h5: same: [1-9]\d{2,} spikes of 2 populations")

    def check_refused(self, reason):
        done = self.ranvier("run", COBA, *SHORT, "--device", "gpu")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual([line for line in done.stderr.splitlines() if reason in line], done.stderr.splitlines()[:1])
        self.assertFalse(os.path.exists(os.path.join(self.folder, "results")))

    def test_gpu(self):
        if not BACKEND:
            self.check_refused(
                "ranvier: --device gpu: this build has no GPU backend (Kokkos was built without CUDA); use --device cpu"
            )
        elif PRESENT:
            for precision in ["double", "single"]:
                self.check_same(precision)
        else:
            # Kokkos itself ends a program that finds no device.
            self.assertNotEqual(self.ranvier("run", COBA, *SHORT, "--device", "gpu").returncode, 0)

    def test_auto_is_the_cpu_without_a_backend(self):
        done = self.ranvier("--version")
        self.assertEqual("CUDA" in done.stdout, BACKEND, done.stdout)
        if not BACKEND:
            self.assertIn("cpu (", self.simulate("auto", "--device", "auto"))


if __name__ == "__main__":
    unittest.main()

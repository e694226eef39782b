"""What --device chooses, and what it says where that cannot be had."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "property"))

from backend import BACKEND, PRESENT  # noqa: E402
from results import ResultsTest  # noqa: E402

COBA = os.path.join(HERE, "..", "..", "configs", "coba.yaml")
SHORT = ["--set", "variables.scale=0.5", "--set", "simulation.duration=100 ms"]

# A delay of 6.5 s at 0.1 ms: a ring of 65,001 sums of 8 bytes for each neuron. No host memory is taken for it.
LARGE = {
    "simulation": {"duration": "1 ms", "dt": "0.1 ms", "seed": 1, "precision": "double"},
    "populations": {"a": {"size": 2000000, "model": "iaf_psc_delta"}},
    "projections": [
        {"source": "a", "target": "a", "receptor": "spikes", "rule": "fixed_total_number", "N": 1, "weight": "1 mV",
         "delay": "6500 ms"}
    ],
    "output": "results",
}  # fmt: skip


class Choice(ResultsTest):
    def run_coba(self, *options, ranks=0):
        return self.command("run", COBA, *SHORT, *options, "--output", "results", ranks=ranks)

    def assert_refused(self, done, code, reason):
        """One message for all ranks, before anything is written."""
        self.assertEqual(done.returncode, code, done.stderr)
        told = [line for line in done.stderr.splitlines() if line.startswith("ranvier: ")]
        self.assertEqual(len(told), 1, done.stderr)
        self.assertIn(reason, told[0])
        self.assertFalse(os.path.exists(os.path.join(self.folder, "results")))

    def test_version_says_what_the_build_has(self):
        version = self.command("--version").stdout
        self.assertEqual("CUDA" in version, BACKEND, version)

    def test_auto(self):
        for options in [["--device", "auto"], []]:
            done = self.run_coba(*options)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("gpu (" if BACKEND and PRESENT else "cpu (", done.stdout)
            self.assertEqual(done.stderr, "")

    def test_cpu(self):
        done = self.run_coba("--device", "cpu")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("cpu (", done.stdout)

    @unittest.skipIf(BACKEND, "this build has code for GPUs")
    def test_gpu_without_a_backend(self):
        reason = "--device gpu: this build has no GPU backend (Kokkos was built without CUDA); use --device cpu"
        for ranks in [0, 2]:
            self.assert_refused(self.run_coba("--device", "gpu", ranks=ranks), 2, reason)

    @unittest.skipIf(not BACKEND or PRESENT, "this build has no code for GPUs, or there is one")
    def test_gpu_without_a_gpu(self):
        for ranks in [0, 2]:
            self.assert_refused(self.run_coba("--device", "gpu", ranks=ranks), 1, "--device gpu: there is no ")

    @unittest.skipUnless(BACKEND and PRESENT, "there is no GPU, or this build has no code for one")
    def test_gpus_that_are_hidden(self):
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
        self.addCleanup(os.environ.pop, "CUDA_VISIBLE_DEVICES")
        self.assert_refused(self.run_coba("--device", "gpu"), 1, "--device gpu: there is no GPU")
        done = self.run_coba("--device", "auto")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("cpu (", done.stdout)

    @unittest.skipUnless(BACKEND and PRESENT, "there is no GPU, or this build has no code for one")
    def test_memory_that_is_too_small(self):
        done = self.command("run", self.write("large.yaml", LARGE), "--device", "gpu")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("does not fit the memory of the GPU", done.stderr)
        self.assertNotIn("terminate called", done.stderr)


if __name__ == "__main__":
    unittest.main()

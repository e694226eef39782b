"""scripts/plot: what it writes beside the curves."""

import os
import subprocess
import unittest

import h5py

from ranvier_command import CommandTest

PLOT = os.path.join(os.environ["RANVIER_SCRIPTS"], "plot")


class Plot(CommandTest):
    def legend(self, *options):
        """The texts of the picture: matplotlib writes each as a comment of an SVG."""
        done = subprocess.run([PLOT, "results", "-o", "plot.svg", *options], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path("plot.svg")) as file:
            return [line.strip()[5:-4] for line in file if line.strip().startswith("<!-- ")]

    def test_mean_rate_is_over_the_time_that_was_recorded(self):
        """A trace whose last frame stands for times beyond the end of the run does not lengthen it."""
        self.write(
            "net.yaml",
            """
            simulation: {duration: 150 ms, dt: 0.1 ms}
            populations:
              n: {size: 10, model: iaf_psc_exp, params: {I_e: 1000}}
            record: {spikes: [n], traces: [{population: n, variables: [V_m], every: 100 ms}]}
            output: results
            """,
        )
        self.assertEqual(self.ranvier("run", "net.yaml").code, 0)
        with h5py.File(self.path("results/spikes.h5")) as file:
            times = file["spikes/n/timestamps"][:]
        self.assertEqual(len(times), 220)
        self.assertIn("n  146.7 Hz", self.legend())  # 22 spikes in 150 ms
        self.assertIn("n  146.7 Hz", self.legend("--from", "0", "--to", "200"))
        late = ((times >= 100) & (times <= 200)).sum() / 10 / 0.05
        self.assertIn(f"n  {late:.1f} Hz", self.legend("--from", "100", "--to", "200"))


if __name__ == "__main__":
    unittest.main()

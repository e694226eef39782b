"""What `ranvier validate` says of the memory of a network is what the network takes, to 5 %.

By structure, for rank 0 of one and of three ranks, in both precisions. Buffers of spikes on their way grow with the
activity and are not foretold.
"""

import json
import os
import re
import subprocess
import sys
import unittest

from networks import CONFIGS, HERE, MEMBRANES, ZOO
from results import ResultsTest

BYTES = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}
STRUCTURES = ["rings", "state", "synapses", "tables"]
SMALL = {"microcircuit": ["variables.scale=0.1"]}


class Memory(ResultsTest):
    def foretold(self, config, settings, ranks):
        sets = [word for setting in settings for word in ("--set", setting)]
        done = self.command("validate", config, "--ranks", str(ranks), *sets)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = re.findall(r"memory of (\w+) +([\d.]+) (\w+)", done.stdout)
        return {name: float(number) * BYTES[unit] for name, number, unit in lines}

    def taken(self, config, settings, ranks):
        with open(os.path.join(self.simulate(config, "run", settings=settings, ranks=ranks), "summary.json")) as file:
            return json.load(file)["by_rank"][0]["memory_bytes"]

    def expect_as_foretold(self, config, settings=()):
        for precision in ("double", "single"):
            for ranks in (1, 3):
                given = [*settings, "simulation.duration=1 ms", f"simulation.precision={precision}"]
                before, after = self.foretold(config, given, ranks), self.taken(config, given, ranks)
                self.assertLessEqual(set(STRUCTURES), set(before))
                for structure in STRUCTURES:
                    with self.subTest(os.path.basename(config), precision=precision, ranks=ranks, structure=structure):
                        self.assertAlmostEqual(before[structure] / after[structure], 1.0, delta=0.05)

    def test_shipped_configs(self):
        names = [file.removesuffix(".yaml") for file in sorted(os.listdir(CONFIGS)) if file.endswith(".yaml")]
        self.assertGreater(len(names), 5)
        for name in names:
            self.expect_as_foretold(os.path.join(CONFIGS, f"{name}.yaml"), SMALL.get(name, []))

    def test_networks_of_many_models(self):
        self.expect_as_foretold(ZOO.config)
        self.expect_as_foretold(MEMBRANES.config)

    def test_many_projections_with_delays_of_their_own(self):
        generator = os.path.join(HERE, "..", "..", "scaling", "networks", "areas.py")
        text = subprocess.run([sys.executable, generator], capture_output=True, text=True, check=True).stdout
        config = self.write("areas.yaml", text)
        self.expect_as_foretold(config)
        self.assertLess(self.taken(config, ["simulation.duration=1 ms"], 1)["synapses"] / 6.4e6, 3.0)


if __name__ == "__main__":
    unittest.main()

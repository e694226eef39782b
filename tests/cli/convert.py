"""`ranvier convert` from the outside: what it says, what it leaves behind, and what it refuses."""

import os
import resource
import unittest

import h5py
import numpy as np

from ranvier_command import NETWORK, CommandTest

FILES = [
    "circuit_config.json",
    "components",
    "edge_types.csv",
    "edges.h5",
    "network.yaml",
    "node_types.csv",
    "nodes.h5",
]


class Networks(CommandTest):
    def test_says_what_came_of_it(self):
        self.write("net.yaml", NETWORK)
        for ranks in [0, 3]:
            result = self.ranvier("convert", "net.yaml", "--output", f"files-{ranks}", ranks=ranks)
            self.assertEqual((result.code, result.message()), (0, []), result.err)
            with h5py.File(self.path(f"files-{ranks}/edges.h5")) as file:
                edges = len(file["edges/exc_to_exc_ampa/source_node_id"])
            lines = result.out.splitlines()
            self.assertEqual(lines[0], f"tiny: 80 neurons, {edges} synapses -> files-{ranks}")
            self.assertRegex(lines[1], r"^  nodes\.h5 .* kB, edges\.h5 .* kB; .* s, at most .* MB per rank$")
            self.assertEqual(
                lines[2], "  no simulation_config.json, because SONATA cannot express: model ranvier:lif"
            )
            self.assertEqual(lines[3], f"  to simulate this network: ranvier run files-{ranks}/network.yaml")
            self.assertEqual(sorted(os.listdir(self.path(f"files-{ranks}"))), FILES)

    def test_set_and_precision(self):
        self.write("net.yaml", NETWORK)
        sets = ["--set", "populations.exc.size=7", "--precision", "single"]
        self.assertEqual(self.ranvier("convert", "net.yaml", "--output", "files", *sets).code, 0)
        with h5py.File(self.path("files/nodes.h5")) as file:
            self.assertEqual(len(file["nodes/exc/node_id"]), 7)
            self.assertEqual(file["provenance"].attrs["precision"], "single")
        with open(self.path("files/network.yaml")) as file:
            self.assertIn("precision: single", file.read())


class Circuits(CommandTest):
    def test_as_yaml(self):
        self.write("net.yaml", NETWORK.replace("lif", "iaf_psc_exp").replace("ampa, rule", "ex, rule").replace("1 nS", "1 pA"))
        with open(self.path("net.yaml")) as file:
            lines = [line for line in file if not any(word in line for word in ["params", "receptors", "ampa"])]
        self.write("net.yaml", "".join(lines))
        self.assertEqual(self.ranvier("convert", "net.yaml", "--output", "files").code, 0)
        result = self.ranvier("convert", "files/simulation_config.json", "--output", "circuit.yaml")
        self.assertEqual((result.code, result.err), (0, ""))
        # The sign of each weight chooses between two receptors: a projection each.
        self.assertEqual(result.out, "simulation_config: 1 populations, 2 projections -> circuit.yaml\n")
        self.assertEqual(self.ranvier("validate", "circuit.yaml").code, 0)
        sets = ["--set", "simulation.seed=77", "--precision", "single"]
        self.assertEqual(self.ranvier("convert", "files/simulation_config.json", "--output", "set.yaml", *sets).code, 0)
        with open(self.path("set.yaml")) as file:
            self.assertIn("seed: 77, precision: single", file.read())
        self.write("wrong.json", '{"run": {"tstop": 1, "dt": 0.1}, "network": "nowhere.json"}')
        result = self.ranvier("convert", "wrong.json", "--output", "wrong.yaml")
        self.assertEqual((result.code, len(result.message())), (2, 1), result.err)
        self.assertIn("nowhere.json", result.err)
        self.assertFalse(os.path.exists(self.path("wrong.yaml")))


class Spikes(CommandTest):
    def test_own_spikes(self):
        self.write("net.yaml", NETWORK)
        self.assertEqual(self.ranvier("run", "net.yaml").code, 0)
        result = self.ranvier("convert", "results/spikes.h5", "--output", "spikes.txt")
        self.assertEqual((result.code, result.err), (0, ""))
        with h5py.File(self.path("results/spikes.h5")) as file:
            times, ids = file["spikes/exc/timestamps"][:], file["spikes/exc/node_ids"][:]
        self.assertEqual(result.out, f"{len(times)} spikes -> spikes.txt\n")
        with open(self.path("spikes.txt")) as file:
            lines = file.read().splitlines()
        # repr() is the shortest text of a number that reads back as the same.
        expected = [f"{repr(float(t)).removesuffix('.0')} exc {i}" for t, i in zip(times, ids)]
        self.assertEqual(lines, expected)

    def test_foreign_spikes_in_the_order_of_the_file(self):
        with h5py.File(self.path("new.h5"), "w") as file:
            for name, times, ids in [("b c", [7.25, 0.1], [3, 2**40]), ("a", [1e-3], [0])]:
                group = file.create_group(f"spikes/{name}")
                group["timestamps"], group["node_ids"] = times, np.array(ids, np.int64)
        self.assertEqual(self.ranvier("convert", "new.h5", "--output", "new.txt").code, 0)
        with open(self.path("new.txt")) as file:
            self.assertEqual(file.read(), f"0.001 a 0\n7.25 b_c 3\n0.1 b_c {2**40}\n")
        with h5py.File(self.path("old.h5"), "w") as file:
            file["spikes/timestamps"], file["spikes/gids"] = np.array([2.5, 3.0], "f4"), np.array([1, 0], "u4")
        self.assertEqual(self.ranvier("convert", "old.h5", "--output", "old.txt").code, 0)
        with open(self.path("old.txt")) as file:
            self.assertEqual(file.read(), "2.5 - 1\n3 - 0\n")

    def test_more_than_one_piece(self):
        count = 300_000
        with h5py.File(self.path("many.h5"), "w") as file:
            file["spikes/n/timestamps"], file["spikes/n/node_ids"] = np.arange(count) / 8, np.arange(count)[::-1]
        self.assertEqual(self.ranvier("convert", "many.h5", "--output", "many.txt").code, 0)
        text = np.loadtxt(self.path("many.txt"), usecols=(0, 2))
        self.assertTrue(np.array_equal(text[:, 0], np.arange(count) / 8))
        self.assertTrue(np.array_equal(text[:, 1], np.arange(count)[::-1]))


class Mistakes(CommandTest):
    def check(self, arguments, code, *told, ranks=0, **options):
        result = self.ranvier("convert", *arguments, ranks=ranks, **options)
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(len(result.message()), 1, result.err)
        for text in told:
            self.assertIn(text, result.message()[0])

    def test_inputs_that_are_none(self):
        self.check(["nowhere.yaml", "--output", "x"], 2, "nowhere.yaml: there is no such file", ranks=2)
        self.check([".", "--output", "x"], 2, ".: is a folder; give a network (YAML)")
        self.write("net.yaml", NETWORK.replace("rule: pair", "rule: pear"))
        for ranks in [0, 2]:
            self.check(["net.yaml", "--output", "x"], 2, "net.yaml:", "Did you mean 'pairwise_bernoulli'?", ranks=ranks)
        self.assertFalse(os.path.exists(self.path("x")))

    def test_files_without_spikes(self):
        with h5py.File(self.path("other.h5"), "w") as file:
            file["numbers"] = [1, 2]
        self.check(["other.h5", "--output", "x.txt"], 1, "'other.h5' has no group '/spikes'")
        self.check(["other.h5", "--output", "x.txt", "--precision", "single"], 2, "--precision is for networks only")
        self.check(["other.h5", "--output", "x.txt", "--set", "a=1"], 2, "--set is for networks only")
        with h5py.File(self.path("seconds.h5"), "w") as file:
            file["spikes/n/timestamps"], file["spikes/n/node_ids"] = [1.0], [0]
            file["spikes/n/timestamps"].attrs["units"] = "s"
        self.check(["seconds.h5", "--output", "x.txt"], 1, "'n'", "in 's'; ms are expected")
        with h5py.File(self.path("spikes.h5"), "w") as file:
            file["spikes/n/timestamps"], file["spikes/n/node_ids"] = [1.0], [0]
        self.check(["spikes.h5", "--output", "no/x.txt"], 1, "cannot write 'no/x.txt'", os.strerror(2))
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("x.txt")], [])

    def test_rules_that_cannot_be(self):
        self.write("net.yaml", NETWORK.replace("rule: pairwise_bernoulli, p: 0.1", "rule: fixed_indegree, indegree: 90, multapses: false"))
        self.check(["net.yaml", "--output", "x"], 2, "without multapses", ranks=2)

    def test_folder_that_cannot_be_written(self):
        self.write("net.yaml", NETWORK)
        self.write("file", "no folder")
        for ranks in [0, 2]:
            self.check(["net.yaml", "--output", "file/x"], 1, "file/x", os.strerror(20), ranks=ranks)

    def test_full_disk_leaves_nothing_half_done(self):
        """A limit on the size of files stands for the end of the disk."""
        self.write("net.yaml", NETWORK.replace("size: 80", "size: 4000"))

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, 20_000_000))

        for ranks in [0, 2]:
            self.check(["net.yaml", "--output", "x"], 1, "x/edges.h5", os.strerror(27), ranks=ranks, preexec_fn=limit)
            self.assertEqual(os.listdir(self.path("x")), [])

    def test_the_old_files_stay_where_the_new_do_not_fit(self):
        self.write("net.yaml", NETWORK)
        self.assertEqual(self.ranvier("convert", "net.yaml", "--output", "x").code, 0)
        with open(self.path("x/edges.h5"), "rb") as file:
            before = file.read()

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, 20_000_000))

        sets = ["--set", "populations.exc.size=4000"]
        self.check(["net.yaml", "--output", "x", *sets], 1, os.strerror(27), preexec_fn=limit)
        self.assertEqual(sorted(os.listdir(self.path("x"))), FILES)
        with open(self.path("x/edges.h5"), "rb") as file:
            self.assertEqual(file.read(), before)


if __name__ == "__main__":
    unittest.main()

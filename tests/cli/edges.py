"""Edges files that are wrong: the file, the dataset and the edge are named, once on any number of ranks, and nothing crashes."""

import os
import random
import unittest

import h5py
import numpy as np

from ranvier_command import CommandTest

CONFIG = """
simulation: {duration: 1 ms, dt: 0.1 ms}
populations: {a: {size: 20, model: poisson, params: {rate: 1 Hz}}, b: {size: 10, model: iaf_psc_delta}}
projections: [{source: a, target: b, rule: edges, file: edges.h5, population: a_to_b}]
"""
COUNT = 200
KEY = "projection a>b:spikes#0: "


class EdgesFile(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("net.yaml", CONFIG)
        self.file_name = self.path("edges.h5")
        rng = np.random.default_rng(1)
        with h5py.File(self.file_name, "w") as file:
            group = file.create_group("edges/a_to_b")
            group["source_node_id"] = rng.integers(0, 20, COUNT)
            group["target_node_id"] = np.sort(rng.integers(0, 10, COUNT))
            group["edge_type_id"] = np.full(COUNT, 5)
            group["0/syn_weight"] = rng.uniform(0, 1, COUNT)
            group["0/delay"] = np.full(COUNT, 1.5)
            starts = np.searchsorted(group["target_node_id"][:], np.arange(11))
            group["indices/target_to_source/node_id_to_ranges"] = np.stack([np.arange(10), np.arange(1, 11)], axis=1)
            group["indices/target_to_source/range_to_edge_id"] = np.stack([starts[:-1], starts[1:]], axis=1)

    def dataset(self, name):
        return f"'/edges/a_to_b/{name}' of '{self.file_name}'"

    def edit(self):
        return h5py.File(self.file_name, "r+")

    def replace(self, name, values, **options):
        with self.edit() as file:
            del file[f"edges/a_to_b/{name}"]
            file["edges/a_to_b"].create_dataset(name, data=values, **options)

    def check_message(self, *expected, on=("validate", "run"), code=2):
        """One message, of `validate`, and of `run` on 3 ranks."""
        commands = [("validate", 0)] * ("validate" in on) + [("run", 3)] * ("run" in on)
        for command, ranks in commands:
            result = self.ranvier(command, "net.yaml", ranks=ranks)
            self.assertEqual(result.code, code, f"{command} {ranks}: {result.out}{result.err}")
            message = "\n".join(result.message())
            self.assertEqual(len(result.message()), 1, result.err)
            for text in expected:
                self.assertIn(text, message)

    def test_the_right_file(self):
        result = self.ranvier("validate", "net.yaml")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertIn("30 neurons, 200 synapses", result.out)
        self.assertRegex(result.out, r"a>b:spikes#0 +200 +1\.5 +edges\n")
        for ranks in [0, 3]:
            result = self.ranvier("run", "net.yaml", ranks=ranks)
            self.assertEqual((result.code, result.message()), (0, []))
            self.assertIn("30 neurons, 200 synapses", result.out)

    def test_missing_dataset(self):
        with self.edit() as file:
            del file["edges/a_to_b/target_node_id"]
        self.check_message(KEY + f"'{self.file_name}' has no dataset '/edges/a_to_b/target_node_id'")

    def test_unknown_population(self):
        with self.edit() as file:
            file.move("edges/a_to_b", "edges/a_to_bb")
        self.check_message(f"'{self.file_name}' has no population of edges 'a_to_b'. Did you mean 'a_to_bb'?")

    def test_several_populations(self):
        self.write("net.yaml", CONFIG.replace(", population: a_to_b", ""))
        with self.edit() as file:
            file.create_group("edges/c_to_b")
        self.check_message(f"'{self.file_name}' has several populations of edges; choose one of a_to_b, c_to_b")

    def test_wrong_shapes_and_types(self):
        columns = np.zeros((COUNT, 2), dtype=int)
        for name, values, told in [
            ("source_node_id", columns, "has 2 dimensions; one is expected"),
            ("source_node_id", np.zeros(COUNT), "does not hold whole numbers of at most 64 bits"),
            ("source_node_id", np.zeros(COUNT + 1, dtype=int), None),
            ("edge_type_id", [b"five"] * COUNT, "does not hold whole numbers of at most 64 bits"),
            ("0/syn_weight", [b"heavy"] * COUNT, "does not hold numbers"),
            ("0/delay", np.ones(COUNT - 1), "has 199 entries, but"),
            ("indices/target_to_source/range_to_edge_id", np.zeros(10, dtype=int), "is not a list of pairs"),
        ]:
            with self.subTest(name, told=told):
                self.setUp()
                self.replace(name, values)
                wrong = self.dataset("edge_type_id") + " has 200 entries, but there are 201 edges"
                self.check_message(f"{self.dataset(name)} {told}" if told else wrong, on=("validate",))

    def test_wrong_numbers(self):
        for name, number, value, told in [
            ("source_node_id", 150, 20, "number 150 of {dataset} is 20, but there are 20 nodes, numbered from 0"),
            ("source_node_id", 7, -3, "number 7 of {dataset} is -3, but there are 20 nodes, numbered from 0"),
            ("0/delay", 199, 0.04, "edge 199 of {group}: a delay of 0.04 ms is below dt = 0.1 ms"),
            ("0/delay", 3, np.nan, "edge 3 of {group}: delay is not finite (nan)"),
            ("0/syn_weight", 0, np.nan, "edge 0 of {group}: syn_weight is not finite (nan)"),
        ]:
            with self.subTest(name, number=number):
                self.setUp()
                with self.edit() as file:
                    file[f"edges/a_to_b/{name}"][number] = value
                group = f"'/edges/a_to_b' of '{self.file_name}'"
                self.check_message(KEY + told.format(dataset=self.dataset(name), group=group))

    def test_wrong_target(self):
        with self.edit() as file:
            file["edges/a_to_b/target_node_id"][60] = 10
        told = f"number 60 of {self.dataset('target_node_id')} is 10, but there are 10 nodes, numbered from 0"
        self.check_message(told)

    def test_wrong_index(self):
        table = self.dataset("indices/target_to_source/range_to_edge_id")
        with self.edit() as file:
            file["edges/a_to_b/indices/target_to_source/range_to_edge_id"][9, 1] = 201
        self.check_message(f"row 9 of {table} is ", " to 201, which is not a range of numbers below 200", on=("run",))
        with self.edit() as file:
            file["edges/a_to_b/indices/target_to_source/range_to_edge_id"][9, 1] = 200
            file["edges/a_to_b/indices/target_to_source/node_id_to_ranges"][9] = 0
            found = np.count_nonzero(file["edges/a_to_b/target_node_id"][:] < 9)
        told = f"the index indices/target_to_source of the edges in '{self.file_name}' leads to {found} of 200 edges"
        self.check_message(KEY + told, on=("run",))

    def test_types(self):
        self.write("net.yaml", CONFIG.replace("population: a_to_b", "types: types.csv"))
        with self.edit() as file:
            del file["edges/a_to_b/0/delay"]
        place = f"'{self.path('types.csv')}'"
        for text, told in [
            ("edge_type_id delay\n5 soon\n", f"{place}, line 2: delay: expected a number, got 'soon'"),
            ("edge_type_id delay\n6 1.5\n", f"of '/edges/a_to_b' of '{self.file_name}': {place} does not list its edge_type_id 5"),
            (
                "edge_type_id delay model_template\n5 1.5 stdp_synapse\n",
                f"of '/edges/a_to_b' of '{self.file_name}': its type 5 has the model_template 'stdp_synapse' ({place}, line 2)",
            ),
        ]:
            self.write("types.csv", text)
            self.check_message(told)
        self.write("types.csv", 'edge_type_id name delay\n5 "to \'b\'" 2.5\n')
        result = self.ranvier("validate", "net.yaml")
        self.assertRegex(result.out, r"a>b:spikes#0 +200 +2\.5 +edges\n")

    def test_truncated(self):
        size = os.path.getsize(self.file_name)
        for part in [0.99, 0.5, 0.01]:
            self.setUp()
            os.truncate(self.file_name, int(part * size))
            self.check_message(KEY, self.file_name)

    def test_claims_more_than_it_holds(self):
        with self.edit() as file:
            del file["edges/a_to_b/source_node_id"]
            file["edges/a_to_b"].create_dataset("source_node_id", shape=(10**12,), dtype="u8", chunks=(1024,))
        self.check_message(f"{self.dataset('source_node_id')} claims 1000000000000 elements, but the file holds 0 bytes")

    def test_damaged_where_it_is_packed(self):
        """What only shows when the numbers are read, which every rank does in a process that can be lost."""
        rng = np.random.default_rng(2)
        self.replace("0/syn_weight", rng.uniform(size=COUNT), chunks=(COUNT,), compression="gzip")
        with self.edit() as file:
            place = file["edges/a_to_b/0/syn_weight"].id.get_chunk_info(0)
        with open(self.file_name, "r+b") as file:
            file.seek(place.byte_offset + 10)
            file.write(b"\xff" * 64)
        self.check_message(KEY + f"cannot read {self.dataset('0/syn_weight')}", on=("run",), code=1)
        self.check_message(KEY + f"cannot read {self.dataset('0/syn_weight')}", on=("validate",))

    def test_random_edits(self):
        """Bytes changed anywhere: the network is built, or the reason given."""
        with open(self.file_name, "rb") as file:
            right = file.read()
        random.seed(3)
        codes = set()
        for _ in range(40):
            wrong = bytearray(right)
            for _ in range(random.choice([1, 10, 100])):
                wrong[random.randrange(len(wrong))] = random.randrange(256)
            with open(self.file_name, "wb") as file:
                file.write(wrong)
            result = self.ranvier("run", "net.yaml")
            codes.add(result.code)
            self.assertIn(result.code, [0, 1, 2], result.err)
            self.assertEqual(len(result.message()), min(1, result.code), result.err)
        self.assertTrue({0, 2} <= codes)


if __name__ == "__main__":
    unittest.main()

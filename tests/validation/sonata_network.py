"""A network written as SONATA holds what its rules say, counted here by hand, in the words of the format; and the check of
the format (sonata_check.py) finds every way in which such files could be wrong."""

import csv
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import h5py
import numpy as np
import yaml

from sonata_check import check_file

RANVIER = os.environ["RANVIER"]

CONFIG = """
name: by_hand
simulation: {duration: 30 ms, dt: 0.1 ms, seed: 3}
populations:
  source: {size: 2, model: spike_times, params: {times: [[1 ms, 2.5 ms], [2.5 ms, 90 ms]]}}
  a: {size: 5, model: iaf_psc_exp, params: {I_e: 400 pA}, init: {V_m: {hdf5: "given.h5:/V_m"}}}
  b: {size: 3, model: iaf_psc_alpha, params: {C_m: {hdf5: "given.h5:/C_m"}, E_L: {uniform: {low: -72 mV, high: -68 mV}}}}
projections:
  - {source: source, target: a, receptor: ex, rule: all_to_all, weight: 10 pA, delay: 1 ms}
  - {source: a, target: b, receptor: ex, rule: all_to_all, weight: {hdf5: "given.h5:/weights"}, delay: 1.5 ms}
  - {source: a, target: a, receptor: in, rule: fixed_indegree, indegree: 3, multapses: false, autapses: false, weight: -2 pA, delay: {uniform: {low: 1 ms, high: 3 ms}}}
  - {source: a, target: a, receptor: in, rule: one_to_one, weight: {normal: {mean: -3 pA, std: 0.1 pA}}, delay: 0.3 ms}
record:
  spikes: [a, b]
  traces:
    - {population: a, variables: [V_m], every: 0.5 ms, ids: "1-2, 4"}
    - {population: b, variables: [V_m]}
"""
V_M = [-70.0, -69.5, -1.0 / 3.0 - 60.0, -65.0, -60.0]
C_M = [250.0, 240.0, 230.0]
WEIGHTS = [1.5, 2.5, 3.5]


def rows(path):
    with open(path) as file:
        return list(csv.DictReader(file, delimiter=" "))


class Circuit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = os.path.join(cls.scratch.name, "files")
        with h5py.File(os.path.join(cls.scratch.name, "given.h5"), "w") as file:
            file["V_m"], file["C_m"], file["weights"] = V_M, C_M, WEIGHTS
        cls.config = os.path.join(cls.scratch.name, "net.yaml")
        with open(cls.config, "w") as file:
            file.write(CONFIG)
        done = subprocess.run(
            [RANVIER, "convert", cls.config, "--output", cls.folder], capture_output=True, text=True
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def path(self, name):
        return os.path.join(self.folder, name)

    def json(self, name):
        with open(self.path(name)) as file:
            return json.load(file)


class Contents(Circuit):
    def test_nodes(self):
        with h5py.File(self.path("nodes.h5")) as file:
            nodes = file["nodes"]
            self.assertEqual({name: len(group["node_id"]) for name, group in nodes.items()}, {"source": 2, "a": 5, "b": 3})
            types = {name: np.unique(group["node_type_id"][:]).tolist() for name, group in nodes.items()}
            self.assertEqual(types, {"source": [0], "a": [1], "b": [2]})
            self.assertEqual(nodes["a/0/dynamics_params/V_m"][:].tolist(), V_M)
            self.assertEqual(nodes["b/0/dynamics_params/C_m"][:].tolist(), C_M)
            self.assertEqual(nodes["b/0/dynamics_params/C_m"].attrs["units"], "pF")
            rest = nodes["b/0/dynamics_params/E_L"][:]
            self.assertTrue(np.all((rest >= -72) & (rest <= -68)) and len(set(rest)) == 3)
            # Here the potential starts at rest; elsewhere at -70 mV unless the file says so.
            self.assertEqual(nodes["b/0/dynamics_params/V_m"][:].tolist(), rest.tolist())
            self.assertEqual(list(nodes["source/0"]), [])

    def test_node_types(self):
        types = {row["population"]: row for row in rows(self.path("node_types.csv"))}
        self.assertEqual(
            {name: (row["node_type_id"], row["model_type"], row["model_template"]) for name, row in types.items()},
            {
                "source": ("0", "virtual", "NULL"),
                "a": ("1", "point_neuron", "nest:iaf_psc_exp"),
                "b": ("2", "point_neuron", "nest:iaf_psc_alpha"),
            },
        )
        # NEST's defaults, from its documentation, but for what the config or the nodes file say.
        common = {"tau_m": 10.0, "V_th": -55.0, "V_reset": -70.0, "t_ref": 2.0, "tau_syn_ex": 2.0, "tau_syn_in": 2.0}
        self.assertEqual(
            self.json(f"components/{types['a']['dynamics_params']}"), {**common, "C_m": 250.0, "E_L": -70.0, "I_e": 400.0}
        )
        self.assertEqual(self.json(f"components/{types['b']['dynamics_params']}"), {**common, "I_e": 0.0})

    def edges(self, name):
        with h5py.File(self.path("edges.h5")) as file:
            group = file["edges"][name]
            given = {key: data[:] for key, data in group["0"].items()}
            populations = [group[f"{side}_node_id"].attrs["node_population"] for side in ("source", "target")]
            self.assertEqual(populations, name.split("_")[0::2][:2])
            return group["source_node_id"][:].tolist(), group["target_node_id"][:].tolist(), given

    def test_all_to_all(self):
        sources, targets, given = self.edges("source_to_a_ex")
        self.assertEqual((sources, targets), ([0, 1] * 5, np.repeat(np.arange(5), 2).tolist()))
        self.assertEqual(given, {})
        sources, targets, given = self.edges("a_to_b_ex")
        self.assertEqual((sources, targets), (list(range(5)) * 3, np.repeat(np.arange(3), 5).tolist()))
        self.assertEqual(given["syn_weight"].tolist(), np.repeat(WEIGHTS, 5).tolist())
        self.assertEqual(list(given), ["syn_weight"])

    def test_drawn(self):
        sources, targets, given = self.edges("a_to_a_in")
        self.assertEqual(targets, np.repeat(np.arange(5), 3).tolist())
        for target in range(5):
            chosen = sources[3 * target : 3 * target + 3]
            self.assertEqual(len(set(chosen)), 3)
            self.assertNotIn(target, chosen)
        # Delays as they are in the run: whole steps.
        steps = given["delay"] / 0.1
        self.assertTrue(np.array_equal(given["delay"], np.round(steps) / 10))
        self.assertTrue(np.all((given["delay"] >= 1) & (given["delay"] <= 3)) and len(set(given["delay"])) > 5)
        sources, targets, given = self.edges("a_to_a_in_1")
        self.assertEqual((sources, targets), (list(range(5)), list(range(5))))
        self.assertTrue(np.all(np.abs(given["syn_weight"] + 3) < 0.6) and len(set(given["syn_weight"])) == 5)

    def test_edge_types(self):
        found = {
            row["population"]: (row["edge_type_id"], row["model_template"], row["syn_weight"], row["delay"])
            for row in rows(self.path("edge_types.csv"))
        }
        self.assertEqual(
            found,
            {
                "source_to_a_ex": ("0", "nest:static_synapse", "10", "1"),
                "a_to_b_ex": ("1", "nest:static_synapse", "NULL", "1.5"),
                "a_to_a_in": ("2", "nest:static_synapse", "-2", "NULL"),
                "a_to_a_in_1": ("3", "nest:static_synapse", "NULL", "0.3"),
            },
        )
        with h5py.File(self.path("edges.h5")) as file:
            for name, row in found.items():
                self.assertEqual(set(file["edges"][name]["edge_type_id"][:]), {int(row[0])})

    def test_files_follow_the_format(self):
        for name in ["nodes.h5", "edges.h5", "input_spikes.h5"]:
            self.assertEqual(check_file(self.path(name)), [])


class Configs(Circuit):
    def test_circuit(self):
        circuit = self.json("circuit_config.json")
        base = circuit["manifest"]["$BASE_DIR"]
        self.assertEqual(base, ".")
        (nodes,), (edges,) = circuit["networks"]["nodes"], circuit["networks"]["edges"]
        for name in [nodes["nodes_file"], nodes["node_types_file"], edges["edges_file"], edges["edge_types_file"]]:
            self.assertTrue(os.path.isfile(self.path(name.replace("$BASE_DIR", base))), name)
        self.assertTrue(os.path.isdir(self.path(circuit["components"]["point_neuron_models_dir"].replace("$BASE_DIR", base))))

    def test_simulation(self):
        simulation = self.json("simulation_config.json")
        self.assertEqual(simulation["run"], {"tstop": 30.0, "dt": 0.1})
        self.assertEqual(simulation["network"], "$BASE_DIR/circuit_config.json")
        (given,) = simulation["inputs"].values()
        self.assertEqual((given["input_type"], given["node_set"]), ("spikes", "source"))
        node_sets = self.json("node_sets.json")
        self.assertEqual(node_sets["source"], {"population": "source"})
        reports = {(r["cells"], r["variable_name"], r["dt"]) for r in simulation["reports"].values()}
        self.assertEqual(reports, {("a_0", "V_m", 0.5), ("b", "V_m", 0.1)})
        self.assertEqual(node_sets["a_0"], {"population": "a", "node_id": [1, 2, 4]})

    def test_input_spikes_up_to_the_end(self):
        with h5py.File(self.path("input_spikes.h5")) as file:
            spikes = file["spikes/source"]
            self.assertEqual(spikes["timestamps"][:].tolist(), [1.0, 2.5, 2.5])
            self.assertEqual(spikes["node_ids"][:].tolist(), [0, 0, 1])

    def test_network(self):
        with open(self.path("network.yaml")) as file:
            network = yaml.safe_load(file)
        self.assertEqual(
            network["projections"][3],
            {
                "source": "a",
                "target": "a",
                "receptor": "in",
                "rule": "edges",
                "file": "edges.h5",
                "population": "a_to_a_in_1",
                "delay": "0.3 ms",
            },
        )
        self.assertEqual(network["projections"][0]["weight"], "10 pA")
        self.assertEqual(network["populations"]["a"]["init"], {"V_m": {"hdf5": "nodes.h5:/nodes/a/0/dynamics_params/V_m"}})
        self.assertEqual(network["populations"]["a"]["params"], {"I_e": "400 pA"})

    def test_what_sonata_cannot_say(self):
        for change, reason in {
            "weight: 10 pA": ("weight: -10 pA", "weights whose sign is not that of their receptor"),
            "mean: -3 pA, std: 0.1": ("mean: -3 pA, std: 9", "weights whose sign is not that of their receptor"),
            "init: {V_m": ("init: {I_ex: 1 pA, V_m", "model ranvier:iaf_psc_exp"),
            "record:": ("inputs: [{type: dc, target: b, amplitude: 1 pA}]\nrecord:", "input dc"),
        }.items():
            with open(self.config + "2", "w") as file:
                file.write(CONFIG.replace(change, reason[0]))
            folder = os.path.join(self.scratch.name, "other")
            done = subprocess.run([RANVIER, "convert", self.config + "2", "--output", folder], capture_output=True, text=True)
            self.assertIn(f"no simulation_config.json, because SONATA cannot express: {reason[1]}\n", done.stdout, done.stderr)
            self.assertNotIn("simulation_config.json", os.listdir(folder))
            shutil.rmtree(folder)


def replace(group, name, data, **attributes):
    """Another dataset in the place of one, with its attributes."""
    kept = dict(group[name].attrs) if name in group else {}
    if name in group:
        del group[name]
    group[name] = data
    for key, value in {**kept, **attributes}.items():
        group[name].attrs[key] = value


def changed(array, place, value):
    array = np.array(array)
    array[place] = value
    return array


class WhatIsWrongIsFound(Circuit):
    def check(self, name, change, told):
        copy = os.path.join(self.scratch.name, "changed.h5")
        shutil.copy(self.path(name), copy)
        with h5py.File(copy, "r+") as file:
            change(file)
        errors = [error for error in check_file(copy) if "no checksum" not in error]
        self.assertTrue(any(told in error for error in errors), f"{told}: {errors}")

    def test_nodes(self):
        group = "nodes/a"
        for name in ["node_type_id", "node_id", "node_group_id", "node_group_index", "0"]:
            self.check("nodes.h5", lambda file: file[group].__delitem__(name), f"has no {name if name != '0' else 'group 0'}")
        parameters = f"{group}/0/dynamics_params"
        for change, told in [
            (lambda file: replace(file[group], "node_type_id", np.ones(5, "i4")), "is int32, not int64"),
            (lambda file: replace(file[group], "node_id", np.arange(1, 6, dtype="u8")), "is not 0, 1, .."),
            (lambda file: replace(file[group], "node_group_index", np.zeros(5, "u8")), "rows of group 0"),
            (lambda file: replace(file[group], "node_group_id", np.full(5, 2, "u4")), "has no group 2"),
            (lambda file: replace(file[group], "node_group_id", np.zeros(4, "u4")), "lengths differ"),
            (lambda file: replace(file[parameters], "V_m", V_M[:4]), "(4,) elements for 5 rows"),
            (lambda file: replace(file[parameters], "V_m", [np.nan] * 5), "values that are no numbers"),
            (lambda file: file[f"{parameters}/V_m"].attrs.__delitem__("units"), "units None"),
        ]:
            self.check("nodes.h5", change, told)

    def test_edges(self):
        group = "edges/a_to_b_ex"
        ids = np.tile(np.arange(5, dtype="u8"), 3)
        for change, told in [
            (lambda file: file.attrs.__setitem__("magic", 1), "magic is"),
            (lambda file: replace(file[group], "source_node_id", ids.astype("i8")), "is int64, not uint64"),
            (lambda file: file[f"{group}/source_node_id"].attrs.__delitem__("node_population"), "has node_population None"),
            (lambda file: replace(file[group], "source_node_id", ids[:14]), "lengths differ"),
            (lambda file: file[group].__delitem__("edge_type_id"), "has no edge_type_id"),
            (lambda file: replace(file[group], "edge_group_index", np.arange(1, 16, dtype="u8")), "rows of group 0"),
            (lambda file: replace(file[f"{group}/0"], "syn_weight", np.ones(15, "f4")), "is float32"),
            (lambda file: replace(file[f"{group}/0"], "delay", np.zeros(15), units="ms"), "delays that are not positive"),
            (lambda file: replace(file[f"{group}/0"], "delay", np.ones(15), units="s"), "is in s, not ms"),
            (lambda file: file[group].__delitem__("indices"), "has no index source_to_target"),
            # The edges no longer are what the indices say.
            (lambda file: replace(file[group], "source_node_id", changed(ids, 3, 4)), "source_to_target: edges of other nodes"),
            (lambda file: replace(file[group], "target_node_id", ids % 3), "target_to_source: edges of other nodes"),
            (lambda file: replace(file[group], "source_node_id", changed(ids, 3, 5)), "a row for each node"),
        ]:
            self.check("edges.h5", change, told)

    def test_indices(self):
        for index, nodes in [("source_to_target", 5), ("target_to_source", 3)]:
            group = f"edges/a_to_b_ex/indices/{index}"
            with h5py.File(self.path("edges.h5")) as file:
                rows_of_nodes, ranges = file[group]["node_id_to_ranges"][:], file[group]["range_to_edge_id"][:]
            self.assertEqual(len(rows_of_nodes), nodes)
            for name, data, told in [
                ("node_id_to_ranges", changed(rows_of_nodes, (0, 1), 0), "a range of none or of several nodes"),
                ("node_id_to_ranges", changed(rows_of_nodes, (0, 1), 2 + rows_of_nodes[0, 1]), "a range of none or of several"),
                ("node_id_to_ranges", changed(rows_of_nodes, (nodes - 1, 1), 99), "no half-open intervals of ranges"),
                ("node_id_to_ranges", rows_of_nodes.astype("i8"), "is int64, not uint64"),
                ("range_to_edge_id", changed(ranges, (0, 1), 99), "no half-open intervals of edges"),
                ("range_to_edge_id", changed(ranges, (0, 1), ranges[0, 0]), "no half-open intervals of edges"),
                ("range_to_edge_id", changed(ranges, 0, ranges[1]), "not every edge exactly once"),
                ("range_to_edge_id", changed(ranges, [0, -1], ranges[[-1, 0]]), "edges of other nodes"),
            ]:

                def change(file):
                    replace(file[group], name, data)
                    if name == "node_id_to_ranges":
                        del file[group]["node_id_to_range"]
                        file[group]["node_id_to_range"] = file[group]["node_id_to_ranges"]

                self.check("edges.h5", change, told)
            self.check("edges.h5", lambda file: file[group].__delitem__("node_id_to_range"), "is not node_id_to_ranges")


if __name__ == "__main__":
    unittest.main()

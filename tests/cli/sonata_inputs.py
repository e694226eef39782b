"""SONATA circuits as other tools and people write them: what was read as something else, or not at all, comes out right or is
refused by name. Right answers are worked out by hand, or stand beside the test with where they come from."""

import os
import sys
import unittest

import h5py
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from ranvier_command import CommandTest
from sonata_circuit import Circuit

NODES = ["node_type_id", "model_type", "model_template", "dynamics_params"]
EDGES = ["edge_type_id", "model_template", "syn_weight", "delay"]


class Inputs(CommandTest):
    def setUp(self):
        super().setUp()
        self.circuit = self.driven()

    def driven(self, model="iaf_psc_delta", count=3, weight=100.0, delay=1.0, columns=(), values=()):
        """Node i of v, which spikes at i + 1 ms, drives neuron i of n; more columns of the edge types and their values."""
        circuit = Circuit(self.folder)
        circuit.run = {"tstop": 20.0, "dt": 0.1}
        circuit.nodes("n", [100] * count, NODES, [[100, "point_neuron", f"nest:{model}", None]])
        circuit.nodes("v", [7] * count, ["node_type_id", "model_type"], [[7, "virtual"]])
        pairs = [(i, i) for i in range(count)]
        circuit.edges("v", "n", pairs, [50] * count, EDGES + list(columns), [[50, "static_synapse", weight, delay, *values]])
        circuit.spikes("v.h5", "v", range(count), np.arange(count) + 1.0)
        circuit.inputs["v"] = {"input_type": "spikes", "module": "h5", "input_file": "$INPUT_DIR/v.h5", "node_set": "v"}
        return circuit

    def run_it(self, ranks=0):
        result = self.ranvier("run", self.circuit.save(), "--output", "out", ranks=ranks)
        self.assertEqual(result.code, 0, result.err)

    def spikes(self, ranks=0):
        self.run_it(ranks)
        with h5py.File(self.path("out/out.h5")) as file:
            return list(zip(file["spikes/n/node_ids"][:].tolist(), file["spikes/n/timestamps"][:].tolist()))

    def trace(self, variable="V_m"):
        self.circuit.reports = {"r": {"cells": "n", "variable_name": variable, "dt": 0.1}}
        self.run_it()
        with h5py.File(self.path("out/r.h5")) as file:
            return file["report/n/data"][:, 0]

    def says(self, *expected):
        """Exit code 2 and these lines, in which FOLDER is the folder of the test, on one rank and on two."""
        path = self.circuit.save()
        for arguments, ranks in ((("validate", path), 0), (("run", path), 2)):
            result = self.ranvier(*arguments, ranks=ranks)
            self.assertEqual(result.code, 2, result.err)
            text = result.err.replace(self.folder, "FOLDER")
            for line in expected:
                self.assertIn(line, text)

    def replace(self, name, old, new):
        with open(self.path(name)) as file:
            text = file.read()
        self.assertIn(old, text)
        self.circuit.write(name, text.replace(old, new))

    def edges_file(self):
        return h5py.File(self.path("network/v_to_n_edges.h5"), "r+")

    # Edges.

    def test_weights_and_delays_among_the_parameters_of_synapses(self):
        for weight in ("weight", "syn_weight"):
            self.circuit = self.driven(weight=None, delay=None)
            with self.edges_file() as file:
                group = file["edges/v_to_n/0"]
                group[f"dynamics_params/{weight}"] = [100.0, 100.0, 1.0]
                group["dynamics_params/delay"] = [3.0, 2.0, 1.0]
            for ranks in (0, 3):
                self.assertEqual(self.spikes(ranks), [(0, 4.0), (1, 4.0)])

    def test_other_parameters_of_synapses(self):
        where = "of 'FOLDER/network/v_to_n_edges.h5'"
        with self.edges_file() as file:
            file["edges/v_to_n/0/dynamics_params/weigth"] = [1.0] * 3
        self.says(
            f"'/edges/v_to_n/0/dynamics_params/weigth' {where} is not a parameter of static synapses, which have weight, "
            "syn_weight, delay, nsyns. Did you mean 'weight'?"
        )
        self.circuit = self.driven()
        with self.edges_file() as file:
            file["edges/v_to_n/0/delay"] = file["edges/v_to_n/0/dynamics_params/delay"] = [1.0] * 3
        self.says(
            f"'/edges/v_to_n/0/dynamics_params/delay' {where} is also given as '/edges/v_to_n/0/delay'; remove one of them"
        )
        for name in ("model_template", "weight_function", "receptor_type"):
            self.circuit = self.driven()
            with self.edges_file() as file:
                file[f"edges/v_to_n/0/{name}"] = np.array([b"x"] * 3)
            self.says(f"'/edges/v_to_n/0/{name}' {where} is supported only as a column of the CSV of edge types")

    def test_receptor_types(self):
        """Of iaf_psc_delta a weight is the jump of V_m in mV."""
        for receptor, weight, jump in (("inhibitory", 5.0, -5.0), ("inhibitory", -5.0, -5.0), ("excitatory", 5.0, 5.0), (0, 5.0, 5.0), (None, -5.0, -5.0)):
            self.circuit = self.driven(count=1, weight=weight, columns=["receptor_type"], values=[receptor])
            self.assertAlmostEqual(self.trace()[20] + 70.0, jump, 5)
        # With conductances: below rest, since E_in is -85 mV, with g(2 ms) = 5 nS in receptor in.
        self.circuit = self.driven("iaf_cond_exp", count=1, weight=5.0, columns=["receptor_type"], values=["inhibitory"])
        trace = self.trace()
        self.assertEqual(trace.max(), -70.0)
        self.assertLess(trace.min(), -70.3)
        self.circuit = self.driven(columns=["receptor_type"], values=[2])
        self.refused_by_run("its type 50 has the receptor_type '2'", "expected excitatory, inhibitory or 0")
        self.circuit = self.driven(weight=-3.0, columns=["receptor_type"], values=["excitatory"])
        self.refused_by_run("edge 0 of '/edges/v_to_n'", "its weight is -3, but its type 50 has the receptor_type excitatory")

    def refused_by_run(self, *texts):
        result = self.ranvier("run", self.circuit.save())
        self.assertEqual(result.code, 2, result.err)
        for text in texts:
            self.assertIn(text, result.err)

    def test_parameters_without_the_folder_of_their_files(self):
        self.circuit = self.driven(columns=["dynamics_params"], values=["s.json"])
        self.says(
            "circuit_config.json:", "'synaptic_models_dir' is missing in components, but the edge type 50 of "
            "'FOLDER/network/v_to_n_types.csv' has the dynamics_params 's.json'",
        )
        self.circuit.write("components/s.json", '{"tau_rec": 100.0}')
        self.says("'synaptic_models_dir' is missing in components")
        # One folder may hold all components; what states nothing changes nothing.
        self.circuit.write("components/s.json", "{}")
        self.assertEqual(self.spikes(), [(0, 2.0), (1, 3.0), (2, 4.0)])
        self.circuit = self.driven()
        self.replace("network/n_types.csv", "NULL", "p.json")
        path = self.circuit.save()
        self.replace("circuit_config.json", "point_neuron_models_dir", "morphologies_dir")
        result = self.ranvier("validate", path)
        self.assertEqual(result.code, 2)
        self.assertIn(
            f"'point_neuron_models_dir' is missing in components, but the node type 100 of '{self.path('network/n_types.csv')}'"
            " has the dynamics_params 'p.json'",
            result.err,
        )

    def test_values_under_other_names(self):
        """What would leave a weight at 1, a delay at 1 ms or a parameter at its default."""
        where = "of 'FOLDER/network/v_to_n_edges.h5'"
        types = "'FOLDER/network/v_to_n_types.csv', column"
        for column, name, told in (
            ("syn_weight", "weight", "'weight' is not read; weights are called syn_weight"),
            ("syn_weight", "syn_wieght", "'syn_wieght' is not read. Did you mean 'syn_weight'?"),
            ("delay", "delays", "'delays' is not read. Did you mean 'delay'?"),
            ("model_template", "params_file", "'params_file' is not read; files of parameters are called dynamics_params"),
        ):
            self.circuit = self.driven()
            self.replace("network/v_to_n_types.csv", column, name)
            self.says(f"{types} {told}")
            self.circuit = self.driven()
            with self.edges_file() as file:
                file[f"edges/v_to_n/0/{name}"] = [1.0] * 3
            self.says(f"'/edges/v_to_n/0' {where} has a dataset that is ignored: {told}")
        self.circuit = self.driven()
        self.replace("network/v_to_n_types.csv", "50 static_synapse 100.0 1.0\n", "")
        self.says("'FOLDER/network/v_to_n_types.csv' lists no edge types")
        self.circuit = self.driven()
        with self.edges_file() as file:
            file["edges/v_to_n/0/syn_weight"] = [1.0] * 3
            file["edges/v_to_n/0/syn_weight"].attrs["units"] = "uS"
        self.says(f"'/edges/v_to_n/0/syn_weight' {where} is in 'uS'; weights are in the unit of the receptor (nS, pA, mV)")
        self.circuit = self.driven()
        self.replace("network/n_types.csv", "dynamics_params", "params_file")
        self.says("'FOLDER/network/n_types.csv': the column 'params_file' is not read")
        self.circuit = self.driven()
        with h5py.File(self.path("network/n_nodes.h5"), "r+") as file:
            file["nodes/n/0/V_th"] = [-50.0] * 3
        self.says(
            "'/nodes/n/0/V_th' of 'FOLDER/network/n_nodes.h5': is not read; parameters of nest:iaf_psc_delta belong under "
            "dynamics_params of the group"
        )

    # Nodes and node sets.

    def test_default_recovery_of_izhikevich(self):
        """NEST 3 starts at U_m = 0.2 * -65 (models/izhikevich.cpp); the times are those of its Euler steps, in a loop of numpy."""
        self.circuit = self.driven("izhikevich", count=1, weight=0.0)
        self.circuit.run = {"tstop": 100.0, "dt": 0.1}
        self.circuit.write("components/p.json", '{"I_e": 10.0}')
        self.replace("network/n_types.csv", "NULL", "p.json")
        self.assertEqual(self.trace("U_m")[0], -13.0)
        V, U, expected = -65.0, -13.0, []
        for step in range(1, 1001):
            V, U = V + 0.1 * (0.04 * V * V + 5.0 * V + 140.0 - U + 10.0), U + 0.1 * 0.02 * (0.2 * V - U)
            if V >= 30.0:
                V, U = -65.0, U + 8.0
                expected.append((0, round(0.1 * step, 1)))
        self.assertEqual(expected, [(0, 3.4), (0, 27.1), (0, 72.2)])
        self.assertEqual(self.spikes(), expected)

    def test_truth_in_node_sets(self):
        def recorded(node_set):
            self.circuit.reports = {"r": {"cells": node_set, "variable_name": "V_m", "dt": 1.0}}
            self.run_it()
            with h5py.File(self.path("out/r.h5")) as file:
                return file["report/n/mapping/node_ids"][:].tolist()

        for kind in (np.int8, np.uint8, np.float64, bool):
            self.circuit = self.driven()
            with h5py.File(self.path("network/n_nodes.h5"), "r+") as file:
                file["nodes/n/0/flag"] = np.array([1, 0, 1], dtype=kind)
            self.assertEqual(recorded({"flag": True}), [0, 2])
            self.assertEqual(recorded({"flag": False}), [1])
            self.assertEqual(recorded({"flag": 1}), [0, 2])
        for yes, no in (("True", "False"), ("true", "false"), ("1", "0")):
            self.circuit = self.driven()
            rows = [[100, "point_neuron", "nest:iaf_psc_delta", None, yes], [101, "point_neuron", "nest:iaf_psc_delta", None, no]]
            self.circuit.nodes("n", [100, 101, 100], NODES + ["flag"], rows)
            self.circuit.nodes_listed.pop()
            self.assertEqual(recorded({"flag": True}), [0, 2])
            self.assertEqual(recorded({"flag": False}), [1])

    def test_ids_beyond_the_nodes_of_node_sets(self):
        for node_set in ({"node_id": [1, 3]}, {"population": "n", "node_id": [1, 3]}, {"population": ["n", "v"], "node_id": 3}):
            self.circuit.reports = {"r": {"cells": node_set, "variable_name": "V_m"}}
            self.says("node_id: there is no node 3; the last is 2")

    def test_near_names(self):
        report = {"cells": {"node_ids": [1]}, "variable_name": "V_m"}
        self.circuit.reports = {"r": report}
        self.says("node sets: no population has the attribute 'node_ids'. Did you mean 'node_id'?")
        report["cells"] = {"populations": ["n"]}
        self.says("node sets: no population has the attribute 'populations'. Did you mean 'population'?")
        self.circuit.reports = {"r": {"cells": "n", "variable_name": ["V_m", "I_syn_ex"]}}
        self.says("r: variable_name: expected text, got a list; write one report for each variable")
        self.circuit.reports = {}
        for given in ("nest:iaf_psc_dleta", "iaf_psc_dleta"):
            self.circuit = self.driven()
            self.replace("network/n_types.csv", "nest:iaf_psc_delta", given)
            self.says(f"node type 100: the model_template '{given}' is not supported. Did you mean 'nest:iaf_psc_delta'?")

    # Names of results, and where errors are.

    def test_variables_in_names_of_results(self):
        self.circuit.extra = {
            "manifest": {"$BASE_DIR": "${configdir}", "$OUTPUT_DIR": "$BASE_DIR/output", "$NAME": "cells", "$INPUT_DIR": "$BASE_DIR/inputs"},
            "output": {"output_dir": "$OUTPUT_DIR", "spikes_file": "$OUTPUT_DIR/${NAME}_spikes.h5"},
        }
        report = {"cells": "n", "variable_name": "V_m", "dt": 1.0}
        self.circuit.reports = {"a": {**report, "file_name": "$OUTPUT_DIR/cell_vars.h5"}, "b": {**report, "file_name": "$NAME"}, "c": report}
        self.assertEqual(self.ranvier("run", self.circuit.save()).code, 0)
        names = ["c.h5", "cell_vars.h5", "cells.h5", "cells_spikes.h5", "run.yaml", "summary.json"]
        self.assertEqual(sorted(os.listdir(self.path("output"))), names)
        self.circuit.reports = {"a": {**report, "file_name": "$BASE_DIR/elsewhere/x.h5"}}
        self.says(
            "file_name: 'FOLDER/elsewhere/x.h5' is not in the folder of the results, 'FOLDER/output'; give a name without a folder"
        )
        self.circuit.reports = {"a": {**report, "file_name": "$OUTPUT_DIRR/x.h5"}}
        self.says("'OUTPUT_DIRR' is not in the manifest. Did you mean 'OUTPUT_DIR'?")

    def test_errors_are_where_the_user_wrote(self):
        """What only the checks of a YAML config find is told at the place in the JSON file that it comes from."""
        clamp = {"input_type": "current_clamp", "module": "IClamp", "node_set": "n", "amp": 1.0, "delay": 0.05, "duration": 5.0}
        self.circuit.inputs["clamp"] = clamp
        path = self.circuit.save()
        with open(path) as file:
            line = next(i for i, text in enumerate(file, 1) if '"clamp": {' in text)
        result = self.ranvier("validate", path)
        self.assertEqual(result.code, 2)
        lines = result.err.replace(self.folder, "FOLDER").splitlines()
        self.assertEqual(
            lines[0], f"ranvier: FOLDER/simulation_config.json:{line}:14: start: must be a whole number of steps of 0.1 ms, got 0.05 ms"
        )
        self.assertEqual(len(lines), 2, lines)
        self.assertNotIn("YAML", result.err)

    def test_neurons_of_a_current_by_gids(self):
        clamp = {"input_type": "current_clamp", "module": "IClamp", "node_set": "n", "amp": 1.0, "delay": 0, "duration": 5.0}
        self.circuit.inputs["clamp"] = {**clamp, "gids": [0]}
        self.says("clamp: 'gids' is not supported; supported are node_set, amp, delay and duration")

    def test_a_seed_that_is_none(self):
        self.circuit.run["random_seed"] = "12"
        self.says("random_seed: expected a number, got '12'")

    # Spikes.

    def test_spikes_of_nodes_that_are_not_there(self):
        self.circuit.spikes("v.h5", "v", [0, 3], [1.0, 2.5])
        self.says(
            "populations.v: '/spikes/v' of 'FOLDER/inputs/v.h5' has a spike of id 3 at 2.5 ms, but the population has 3 nodes, "
            "numbered from 0"
        )
        self.circuit.inputs["v"].update(module="csv", input_file="$INPUT_DIR/v.csv")
        self.circuit.write("inputs/v.csv", "timestamps population node_ids\n1.0 v 0\n1.0 v 7\n")
        self.says("has a spike of id 7 at 1 ms, but the population has 3 nodes")
        self.circuit.write("inputs/v.csv", "timestamps population node_ids\n1.0 V 0\n1.0 w 900\n")
        self.says("'FOLDER/inputs/v.csv' has no spikes of the population 'v', only of others. Did you mean 'V'?")
        # One file may hold the spikes of several populations.
        self.circuit.write("inputs/v.csv", "timestamps population node_ids\n1.0 v 0\n1.0 w 900\n")
        self.assertEqual(self.spikes(), [(0, 2.0)])

    def test_spikes_beyond_a_population_of_a_yaml_config(self):
        self.write(
            "net.yaml",
            """
            simulation: {duration: 1 ms}
            populations:
              s: {size: 2, model: spike_times, params: {times: {hdf5: "inputs/v.h5:/spikes/v"}}}
            """,
        )
        result = self.ranvier("validate", "net.yaml")
        self.assertEqual(result.code, 2)
        self.assertIn("has a spike of id 2 at 3 ms, but the population has 2 nodes", result.err)

    # Tables and datasets in another shape.

    def test_tables_that_are_not_those_of_sonata(self):
        def with_types(change):
            self.circuit = self.driven()
            for name in ("network/n_types.csv", "network/v_to_n_types.csv"):
                with open(self.path(name)) as file:
                    self.texts[name] = file.read()
                self.circuit.write(name, change(self.texts[name]))

        self.texts = {}
        with_types(lambda text: "\ufeff" + text)  # a byte order mark says nothing
        self.assertEqual(self.spikes(), [(0, 2.0), (1, 3.0), (2, 4.0)])
        for change, line, why in (
            (lambda text: text.replace(" ", ","), 1, "the columns are separated by commas; SONATA's CSV separates them by a space"),
            (lambda text: text.replace(" ", ";"), 1, "the columns are separated by semicolons; SONATA's CSV separates them by a space"),
            (lambda text: text.replace(" ", "\t"), 1, "the columns are separated by tabs; SONATA's CSV separates them by a space"),
            (lambda text: "# types\n" + text, 1, "a comment (#) is not allowed in SONATA's CSV; remove the line"),
            (lambda text: text + "# end\n", 3, "a comment (#) is not allowed in SONATA's CSV; remove the line"),
        ):
            with_types(change)
            self.says(f"'FOLDER/network/n_types.csv', line {line}: {why}")
            self.circuit.write("network/n_types.csv", self.texts["network/n_types.csv"])
            self.says(f"'FOLDER/network/v_to_n_types.csv', line {line}: {why}")
        self.circuit = self.driven()
        self.circuit.inputs["v"].update(module="csv", input_file="$INPUT_DIR/v.csv")
        for text, line, why in (
            ("timestamps,population,node_ids\n1.0,v,0\n", 1, "the columns are separated by commas"),
            ("# t p n\ntimestamps population node_ids\n", 1, "a comment (#) is not allowed"),
        ):
            self.circuit.write("inputs/v.csv", text)
            self.says(f"FOLDER/inputs/v.csv:{line}: {why}")
        self.circuit.write("inputs/v.csv", "\ufefftimestamps\tpopulation\tnode_ids\n1.0\tv\t0\n")
        self.assertEqual(self.spikes(), [(0, 2.0)])

    def test_compression_that_is_not_there(self):
        with self.edges_file() as file:
            file["edges/v_to_n/0"].create_dataset("syn_weight", data=[100.0] * 3, chunks=(3,), compression="lzf")
        self.says(
            "'/edges/v_to_n/0/syn_weight' of 'FOLDER/network/v_to_n_edges.h5' is compressed by the filter 'lzf' (number 32000), "
            "which the HDF5 library does not have here; write it with gzip (h5repack -f GZIP=4), or without compression"
        )
        self.circuit = self.driven()
        with h5py.File(self.path("inputs/v.h5"), "r+") as file:
            del file["spikes/v/timestamps"]
            file.create_dataset("spikes/v/timestamps", data=[1.0] * 3, chunks=(3,), compression="lzf")
        self.says("'/spikes/v/timestamps' of 'FOLDER/inputs/v.h5' is compressed by the filter 'lzf'")


if __name__ == "__main__":
    unittest.main()

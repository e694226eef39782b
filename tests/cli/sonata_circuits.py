"""SONATA circuits through the command: what is refused and how it is said, variables of the manifest, node sets, and what
the config that comes out says."""

import os
import sys
import unittest

import h5py
import numpy as np
import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from ranvier_command import CommandTest
from sonata_circuit import Circuit

COLUMNS = ["node_type_id", "model_type", "model_template", "dynamics_params", "ei", "name"]


class Circuits(CommandTest):
    def setUp(self):
        super().setUp()
        self.circuit = self.good()

    def good(self):
        """Eight neurons of two types and four virtual nodes."""
        circuit = Circuit(self.folder)
        circuit.write_json("components/e.json", {"I_e": 400.0})
        rows = [
            [100, "point_neuron", "nest:iaf_psc_alpha", "e.json", "e", "L4 pyr"],
            [101, "point_neuron", "nest:iaf_psc_alpha", None, "i", "PV"],
        ]
        depth = np.arange(8) * 100.0
        circuit.nodes("v1", [100, 100, 101, 100, 101, 101, 100, 100], COLUMNS, rows, attributes={"depth": depth})
        circuit.nodes("lgn", [7] * 4, ["node_type_id", "model_type"], [[7, "virtual"]])
        circuit.spikes("lgn.h5", "lgn", [0, 1, 2], [5.0, 1.0, 2.05])
        circuit.inputs["lgn"] = self.spike_input("lgn.h5")
        return circuit

    @staticmethod
    def spike_input(file, module="h5", node_set="lgn"):
        return {"input_type": "spikes", "module": module, "input_file": f"$INPUT_DIR/{file}", "node_set": node_set}

    def validate(self, path=None):
        return self.ranvier("validate", path or self.circuit.save())

    def says(self, *expected, path=None):
        """Exit code 2 and these messages, in which FOLDER is the folder of the test."""
        result = self.validate(path)
        self.assertEqual(result.code, 2, result.out)
        lines = result.err.replace(self.folder, "FOLDER").removeprefix("ranvier: ").splitlines()
        self.assertEqual([line for line in lines if "warning" not in line], list(expected))

    def resolved(self):
        """The config that a run of the circuit wrote."""
        result = self.ranvier("run", self.circuit.save(), "--output", "out")
        self.assertEqual(result.code, 0, result.err)
        with open(self.path("out/run.yaml")) as file:
            return yaml.safe_load(file)

    def replace(self, file, old, new):
        with open(self.path(file)) as stream:
            text = stream.read()
        self.assertIn(old, text)
        self.circuit.write(file, text.replace(old, new))

    def types(self, old, new):
        self.replace("network/v1_types.csv", old, new)

    # What comes out.

    def test_the_config_that_comes_out(self):
        self.circuit.run["random_seed"] = 12
        config = self.resolved()
        self.assertEqual(config["simulation"]["duration"], "50 ms")
        self.assertEqual(config["simulation"]["seed"], 12)
        self.assertEqual(list(config["populations"]), ["v1", "lgn"])
        v1, lgn = config["populations"]["v1"], config["populations"]["lgn"]
        self.assertEqual(v1["sonata"], self.path("network/v1_nodes.h5"))
        self.assertEqual(v1["components"], self.path("components"))
        self.assertEqual(lgn["times"], {"hdf5": self.path("inputs/lgn.h5:/spikes/lgn")})
        self.assertEqual(config["record"], {"spikes": ["v1"], "spikes_file": "out.h5"})
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["out.h5", "run.yaml", "summary.json"])
        with h5py.File(self.path("out/out.h5")) as file:
            # V(t) = -70 + 16 (1 - exp(-t / 10)) is above -55 mV from 27.73 ms on; after 2 ms of rest, from 29.8 ms.
            times, ids = (file[f"spikes/v1/{name}"][:] for name in ("timestamps", "node_ids"))
            self.assertEqual(list(zip(times, ids)), [(27.8, i) for i in (0, 1, 3, 6, 7)])

    def test_old_layout_csv_and_silent_virtual_nodes(self):
        self.circuit.spikes("old.h5", "lgn", [3], [1.0], old_layout=True)
        self.circuit.inputs["lgn"] = self.spike_input("old.h5")
        self.assertEqual(self.resolved()["populations"]["lgn"]["times"], {"hdf5": self.path("inputs/old.h5:/spikes")})
        self.circuit.write("inputs/s.csv", "timestamps population node_ids\n1.5 lgn 2\n2.5 other 900\n")
        self.circuit.inputs["lgn"] = self.spike_input("s.csv", "csv")
        self.assertEqual(self.resolved()["populations"]["lgn"]["times"], {"csv": self.path("inputs/s.csv")})
        again = self.ranvier("run", "out/run.yaml", "--output", "again")
        self.assertEqual(again.code, 0, again.err)
        del self.circuit.inputs["lgn"]
        self.assertNotIn("times", self.resolved()["populations"]["lgn"])

    def test_manifest_variables(self):
        self.circuit.extra["manifest"] = {
            "$BASE_DIR": ".",
            "ONE": "${TWO}/inputs",
            "$TWO": "$THREE_",
            "${THREE_}": "${configdir}",
            "INPUT_DIR": "$ONE",
        }
        times = self.resolved()["populations"]["lgn"]["times"]
        self.assertEqual(times, {"hdf5": self.path("inputs/lgn.h5:/spikes/lgn")})

    def test_a_config_in_one_file_and_one_that_names_two(self):
        path = self.circuit.save()
        self.circuit.write_json("config.json", {"network": "circuit_config.json", "simulation": "simulation_config.json"})
        self.replace("simulation_config.json", '"network": "$BASE_DIR/circuit_config.json",', "")
        self.assertEqual(self.validate("config.json").code, 0)
        self.says(f"FOLDER/simulation_config.json:1:1: 'networks' is missing: no file of the config contains it", path=path)

    def test_node_sets(self):
        reports = {
            "by_id": {"population": "v1", "node_id": [1, 5, 2, 1]},
            "by_column": {"ei": "i"},
            "by_text": {"name": ["L4 pyr", "SST"]},
            "by_type": {"node_type_id": 101},
            "by_model": {"model_type": "point_process"},
            "by_number": {"depth": [0.0, 300, 700]},
            "by_two": {"ei": "e", "depth": [100, 200, 300]},
            "of_all": {"population": ["v1", "lgn"]},
            "compound": ["by_type", "nested"],
            "nested": ["by_number"],
        }
        expected = {
            "by_id": "1-2, 5-5",
            "by_column": "2-2, 4-5",
            "by_text": "0-1, 3-3, 6-7",
            "by_type": "2-2, 4-5",
            "by_model": None,
            "by_number": "0-0, 3-3, 7-7",
            "by_two": "1-1, 3-3",
            "of_all": None,
            "compound": "0-0, 2-5, 7-7",
            "nested": "0-0, 3-3, 7-7",
            "v1": None,
            "all": None,
        }
        self.circuit.node_sets = reports
        for name in expected:
            self.circuit.reports[name] = {"cells": name, "variable_name": "V_m", "dt": 10.0}
        traces = self.resolved()["record"]["traces"]
        self.assertEqual({t["file"].removesuffix(".h5"): t.get("ids") for t in traces}, expected)
        with h5py.File(self.path("out/by_column.h5")) as file:
            self.assertEqual(file["report/v1/mapping/node_ids"][:].tolist(), [2, 4, 5])

    def test_names_that_are_no_text(self):
        with h5py.File(self.path("network/v1_nodes.h5"), "a") as file:
            file.move("nodes/v1", b"nodes/v\xff")
        self.says("'FOLDER/network/v1_nodes.h5' contains names that are not UTF-8 text")

    def test_at_most_a_hundred_mistakes(self):
        path = self.circuit.save()
        self.circuit.write_json("circuit_config.json", {"networks": {"nodes": [1] * 2000}})
        lines = self.validate(path).err.splitlines()
        self.assertEqual(len(lines), 101)
        self.assertEqual(lines[-1], "there may be more errors; these are the first 100")

    def test_currents_into_node_sets(self):
        self.circuit.node_sets["some"] = {"population": "v1", "node_id": [3, 4]}
        clamp = {"input_type": "current_clamp", "module": "IClamp", "node_set": "some"}
        self.circuit.inputs["one"] = {**clamp, "amp": 190.0, "delay": 10, "duration": 20.5}
        self.circuit.inputs["two"] = {**clamp, "node_set": "v1", "amp": [1, 2], "delay": [0, 5], "duration": [5, 5]}
        inputs = self.resolved()["inputs"]
        found = [(i["target"], i.get("ids"), i["amplitude"], i["start"], i["stop"]) for i in inputs]
        expected = [
            ("v1", "3-4", "190 pA", "10 ms", "30.5 ms"),
            ("v1", None, "1 pA", "0 ms", "5 ms"),
            ("v1", None, "2 pA", "5 ms", "10 ms"),
        ]
        self.assertEqual(found, expected)

    def test_what_means_nothing_is_told_once(self):
        self.circuit.extra["beta_features"] = {}
        self.circuit.run.update({"dL": 20, "frames": 3})
        result = self.validate()
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(
            [line.partition("json:")[2].partition(": ")[2] for line in result.err.splitlines()],
            ["'beta_features' is not used by Ranvier", "'frames' in run is not used by Ranvier."],
        )

    def test_overrides_on_the_command_line(self):
        result = self.ranvier("validate", self.circuit.save(), "--set", "simulation.seed=5", "--set", "simulation.dt=0.25 ms")
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("200 steps of 0.25 ms, seed 5", result.out)

    # What is refused.

    def test_json_that_is_none(self):
        self.circuit.save()
        for file in ("simulation_config.json", "circuit_config.json"):
            with open(self.path(file)) as stream:
                whole = stream.read()
            for text, message in (
                ("[1]", "1:1: a SONATA config is a map, got a list"),
                ('{"run": {"dt": 1, "dt": 2}}', "1:19: the key 'dt' is given twice"),
                ("[" * 100000, "1:33: nested more than 32 deep"),
            ):
                self.circuit.write(file, text)
                self.says(f"FOLDER/{file}:{message}", path=self.path("simulation_config.json"))
            self.circuit.write(file, whole + "// end")
            result = self.validate(self.path("simulation_config.json"))
            self.assertEqual(result.code, 2)
            self.assertRegex(result.err, rf"{file}:\d+:1: not valid JSON \(.*invalid literal")
            self.circuit.write(file, whole)
        os.remove(self.path("circuit_config.json"))
        self.says("FOLDER/circuit_config.json: there is no such file", path=self.path("simulation_config.json"))

    def test_manifest_mistakes(self):
        self.circuit.extra["manifest"] = {"INPUT_DIR": "$OTHER", "OTHER": "${INPUT_DIR}/x"}
        path = self.circuit.save()
        self.says(f"FOLDER/simulation_config.json:3:18: manifest: 'INPUT_DIR' refers to itself", path=path)
        self.replace("simulation_config.json", '"$OTHER"', '"$INPUT_DI"')
        self.says(f"FOLDER/simulation_config.json:3:18: 'INPUT_DI' is not in the manifest. Did you mean 'INPUT_DIR'?", path=path)
        # Variables that double each other's length.
        doubling = {f"v{i}": f"$v{i + 1}$v{i + 1}" for i in range(20)}
        self.circuit.extra["manifest"] = {"INPUT_DIR": "$v0", **doubling, "v20": "x"}
        result = self.validate()
        self.assertEqual(result.code, 2)
        self.assertIn("becomes longer than 4096 characters", result.err)
        self.circuit.extra["manifest"] = {"INPUT_DIR": "$v0", **{f"v{i}": f"$v{i + 1}" for i in range(40)}, "v40": "x"}
        self.assertIn("manifest: a chain of more than 32 variables", self.validate().err)

    def test_run_mistakes(self):
        self.circuit.run = {"tstop": 50.05, "dt": 0.1, "tstart": 5.0}
        self.says(
            "FOLDER/simulation_config.json:11:15: tstart: must be 0, since runs start at 0 ms",
            "FOLDER/simulation_config.json:9:14: tstop: must be a whole number of steps of 0.1 ms, got 50.05",
        )
        self.circuit.run = {"tstop": "long"}
        self.says(
            "FOLDER/simulation_config.json:8:10: 'dt' is missing in run",
            "FOLDER/simulation_config.json:9:14: tstop: expected a number, got 'long'",
        )

    def test_unsupported_models_by_name(self):
        self.types("100 point_neuron nest:iaf_psc_alpha", "100 biophysical ctdb:Biophys1.hoc")
        self.types("101 point_neuron nest:iaf_psc_alpha", "101 point_neuron nest:glif_psc")
        known = (
            "nest:iaf_psc_alpha, nest:iaf_psc_exp, nest:iaf_psc_delta, nest:iaf_cond_exp, nest:iaf_cond_alpha, "
            "nest:aeif_cond_exp, nest:aeif_cond_alpha, nest:izhikevich, nest:parrot_neuron"
        )
        csv = "'FOLDER/network/v1_types.csv'"
        self.says(
            f"{csv}: node type 100 has the model_type 'biophysical', which is not supported; supported are point_neuron and virtual",
            f"{csv}: node type 101: the model_template 'nest:glif_psc' is not supported. Supported are {known}",
        )

    def test_wrong_parameters(self):
        self.circuit.write("components/e.json", '{"tau_m": 10.0,\n "tau_syn_x": 2.0}')
        self.says(
            "FOLDER/components/e.json:2:2: 'tau_syn_x' is not a supported parameter of nest:iaf_psc_alpha."
            " Did you mean 'tau_syn_ex'?"
        )
        self.circuit.write("components/e.json", '{"V_min": -80.0}')
        self.says("FOLDER/components/e.json:1:11: V_min: -80.0 is not supported for nest:iaf_psc_alpha")
        self.circuit.write("components/e.json", '{"V_th": "high"}')
        self.says("FOLDER/components/e.json:1:10: V_th: expected a number, got 'high'")
        for text, message in (
            ('{"tau_m": -1}', "tau_m of node type 100 must be above 0 ms, got -1 ms"),
            ('{"V_th": -71}', "node type 100 has V_reset = -70, which must be below V_th = -71"),
        ):
            self.circuit.write("components/e.json", text)
            result = self.validate()
            self.assertEqual(result.code, 2)
            self.assertIn(message, result.err)
        os.remove(self.path("components/e.json"))
        self.says("FOLDER/components/e.json: there is no such file")

    def test_damaged_nodes(self):
        def damage(change):
            self.circuit = self.good()
            with h5py.File(self.path("network/v1_nodes.h5"), "r+") as file:
                change(file["nodes/v1"])

        def put(name, values):
            def change(group):
                if name in group:
                    del group[name]
                group[name] = values

            return change

        nodes = "of 'FOLDER/network/v1_nodes.h5'"
        for change, message in (
            (put("node_type_id", np.arange(5.0)), f"'/nodes/v1/node_type_id' {nodes} does not hold whole numbers"),
            (put("node_id", np.arange(7)), f"'/nodes/v1/node_id' {nodes} is not a list of 8 numbers, one for each node"),
            (
                put("node_id", np.arange(8)[::-1].copy()),
                f"node 0 of '/nodes/v1/node_id' {nodes} has the id 7; the ids must ascend from 0 without gaps",
            ),
            (put("node_group_index", np.full(8, 900)), f"number 0 of '/nodes/v1/node_group_index' {nodes} is 900, but there are 8 nodes"),
            (put("node_group_id", -np.ones(8, int)), f"number 0 of '/nodes/v1/node_group_id' {nodes} is -1; whole numbers from 0 on are expected"),
            (
                put("0/dynamics_params/I_e", np.arange(5.0)),
                f"'/nodes/v1/0/dynamics_params/I_e' {nodes} has 5 numbers, but nodes of the group use 8",
            ),
            (
                put("0/dynamics_params/tau_", np.arange(8.0)),
                f"'/nodes/v1/0/dynamics_params/tau_' {nodes}: 'tau_' is not a supported parameter of nest:iaf_psc_alpha."
                " Did you mean 'tau_m'?",
            ),
            (
                put("0/model_template", np.arange(8)),
                f"'/nodes/v1/0/model_template' {nodes}: is supported only in the CSV of node types",
            ),
            (
                put("node_type_id", np.arange(97, 105)),
                "'FOLDER/network/v1_types.csv': there is no node type 97, but 1 nodes of 'FOLDER/network/v1_nodes.h5' have this type",
            ),
        ):
            with self.subTest(message):
                damage(change)
                result = self.validate()
                self.assertEqual(result.code, 2, result.out)
                first = result.err.replace(self.folder, "FOLDER").removeprefix("ranvier: ").splitlines()[0]
                self.assertEqual(first, message)
        damage(put("0/dynamics_params/I_e", np.array([1.0, np.nan] * 4)))
        self.says(
            f"populations.v1.params.I_e: number 1 of '/nodes/v1/0/dynamics_params/I_e' {nodes} is not finite"
        )
        self.circuit.write("network/v1_nodes.h5", "no HDF5")
        result = self.validate()
        self.assertEqual(result.code, 2)
        self.assertIn(self.path("network/v1_nodes.h5"), result.err)

    def test_inputs_that_are_not_supported(self):
        self.circuit.inputs = {
            "a": {"input_type": "spikes", "module": "nwb", "node_set": "lgn"},
            "b": {"input_type": "voltage_clamp", "module": "SEClamp", "node_set": "v1"},
            "c": self.spike_input("lgn.h5", node_set="v1"),
            "d": self.spike_input("lgn.h5", node_set="lng"),
            "e": self.spike_input("none.h5"),
            "f": {**self.spike_input("lgn.h5"), "node_set": {"population": "lgn", "node_id": [1]}},
        }
        self.circuit.save()
        result = self.validate()
        supported = "supported are spikes by h5, sonata or csv, and current_clamp by IClamp"
        said = [line.partition("json:")[2].partition(": ")[2] for line in result.err.replace(self.folder, "F").splitlines()]
        self.assertEqual(
            said,
            [
                f"a: inputs of type 'spikes' by the module 'nwb' are not supported; {supported}",
                f"b: inputs of type 'voltage_clamp' by the module 'SEClamp' are not supported; {supported}",
                "c: 'v1' has neurons, but only virtual nodes can have spikes from a file",
                "there is no node set 'lng'. Did you mean 'lgn'?",
                "d: the node set is empty",
                "input_file: no file 'F/inputs/none.h5'",
                "f: spikes for a part of the nodes of 'lgn' are not supported",
            ],
        )

    def test_reports_and_node_sets_that_are_not_supported(self):
        self.circuit.node_sets = {
            "loop": ["pool"],
            "pool": ["loop"],
            "typo": {"layer": 4},
            "operator": {"depth": {"$gt": 3}},
        }
        report = {"variable_name": "V_m", "module": "membrane_report"}
        self.circuit.reports = {
            "a": {**report, "cells": "v1", "variable_name": "cai"},
            "b": {**report, "cells": "v1", "module": "extracellular"},
            "c": {**report, "cells": "loop"},
            "d": {**report, "cells": "typo"},
            "e": {**report, "cells": "operator"},
            "f": {**report, "cells": "lgn"},
        }
        result = self.validate()
        said = [line.partition("json:")[2].partition(": ")[2] for line in result.err.splitlines()]
        self.assertEqual(
            said,
            [
                "a: 'nest:iaf_psc_alpha' has no variable 'cai'. Known: V_m, I_syn_ex, I_syn_in",
                "b: the module 'extracellular' is not supported; supported are membrane_report and multimeter_report",
                "node set 'loop' contains itself",
                "c: the node set has no neurons",
                "node sets: no population has the attribute 'layer'.",
                "d: the node set has no neurons",
                "node sets: 'depth': expected a value or a list of values",
                "e: the node set has no neurons",
                "f: the node set has no neurons",
            ],
        )

    def test_node_sets_that_double_at_every_link(self):
        self.circuit.node_sets = {f"s{i}": [f"s{i + 1}", f"s{i + 1}"] for i in range(30)} | {"s30": {"ei": "e"}}
        self.circuit.reports["a"] = {"variable_name": "V_m", "cells": "s0"}
        result = self.validate()
        self.assertEqual(result.code, 2)
        self.assertIn("consists of more than 1000 node sets", result.err)

    def test_names_of_result_files(self):
        for name, good in (("out.h5", True), ("a/b.h5", False), ("checkpoint.h5", False), ("out.txt", False)):
            result = self.ranvier("validate", self.circuit.save(), "--set", f"record.spikes_file='{name}'")
            self.assertEqual(result.code, 0 if good else 2, result.err)

    def test_populations_in_yaml(self):
        """What the keys of a population of nodes get wrong."""
        self.types("101 point_neuron nest:iaf_psc_alpha", "101 point_neuron nest:iaf_psc_exp")
        for keys, message in (
            ("", "7:5: 'types' is missing in a population of SONATA nodes"),
            ("types: no.csv", f"7:13: FOLDER/no.csv: there is no such file"),
            ("types: network/v1_types.csv", "7:13: 'template' is missing: the nodes of 'v1' have 2 (nest:iaf_psc_alpha, nest:iaf_psc_exp)"),
            (
                "types: network/v1_types.csv\n    template: iaf_psc_alpa",
                "9:15: template: no node of 'v1' has the template 'iaf_psc_alpa'. Known: nest:iaf_psc_alpha, nest:iaf_psc_exp",
            ),
            ("types: network/v1_types.csv\n    population: v2", "7:13: 'FOLDER/network/v1_nodes.h5' has no population 'v2'. Did you mean 'v1'?"),
            ("types: network/v1_types.csv\n    size: 3", "9:5: unknown key 'size' in a population of SONATA nodes"),
        ):
            with self.subTest(keys):
                self.write(
                    "network.yaml",
                    "name: n\nsimulation:\n  duration: 10\n  dt: 0.1\npopulations:\n  p:\n"
                    f"    sonata: network/v1_nodes.h5\n    {keys}\n",
                )
                result = self.validate("network.yaml")
                self.assertEqual(result.code, 2)
                lines = result.err.replace(self.folder, "FOLDER").removeprefix("ranvier: ").splitlines()
                self.assertTrue(any(line.startswith(f"network.yaml:{message}") for line in lines), lines)

    def test_one_message_on_several_ranks(self):
        self.types("100 point_neuron", "100 biophysical")
        result = self.ranvier("run", self.circuit.save(), ranks=3)
        self.assertEqual(result.code, 2)
        self.assertEqual(result.err.count("which is not supported"), 1, result.err)


if __name__ == "__main__":
    unittest.main()

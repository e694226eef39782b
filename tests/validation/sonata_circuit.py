"""A SONATA circuit of point neurons, run as it is: against closed forms, and against the same network in YAML, where every
neuron is a population and every edge a projection."""

import os
import sys
import tempfile
import unittest

import h5py
import numpy as np
import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from simulated import ValidationTest
from sonata_circuit import Circuit
from sonata_nodes import run, spikes, trace

DT = 0.1
TYPES = ["node_type_id", "model_type", "model_template", "dynamics_params", "ei"]
# E_L, tau_m, C_m, V_th, V_reset, t_ref as published point neurons have them; the last two models differ.
EXC = {"E_L": -78.0, "tau_m": 44.9, "C_m": 239.0, "t_ref": 3.0, "V_th": -43.0, "V_reset": -55.0, "I_e": 0.0}
INH = {"E_L": -73.0, "tau_m": 12.5, "C_m": 78.0, "t_ref": 2.0, "V_th": -47.0, "V_reset": -50.0}
NODE_TYPES = [100, 101, 100, 100, 101, 100]
# (source, target, type, weight): the weights of types 11 and 13 stand with the type.
RECURRENT = [(0, 1, 10, 300.0), (0, 3, 10, 250.0), (1, 0, 12, -90.0), (1, 3, 12, -60.5), (4, 2, 12, -120.0), (2, 2, 10, 15.0)]
RECURRENT += [(3, 4, 10, 400.0), (5, 1, 10, 333.25), (2, 5, 10, 0.0), (0, 1, 10, 120.0)]
EXTERNAL = [(s, t, 11, None) for s in range(3) for t in range(6)] + [(1, 5, 13, None), (2, 2, 13, None)]
DELAYS = {10: 2.0, 11: 1.0, 12: 1.5, 13: 3.0}  # of type 11 none is given: 1 ms
WEIGHTS = {11: 450.0, 13: -80.0}


def input_spikes():
    """Times off the grid; some of them in one step."""
    generator = np.random.default_rng(5)
    times = np.sort(generator.uniform(1.0, 190.0, 240).round(3))
    return generator.integers(0, 3, len(times)), times


def build(folder):
    circuit = Circuit(folder)
    circuit.run = {"tstop": 200.0, "dt": DT}
    circuit.write_json("components/exc.json", EXC)
    circuit.write_json("components/inh.json", INH)
    rows = [
        [100, "point_process", "nest:iaf_psc_alpha", "exc.json", "e"],
        [101, "point_process", "nest:iaf_psc_alpha", "inh.json", "i"],
    ]
    circuit.nodes("internal", NODE_TYPES, TYPES, rows)
    circuit.nodes("external", [9] * 3, ["node_type_id", "model_type", "ei"], [[9, "virtual", "e"]])
    columns = ["edge_type_id", "target_query", "delay", "syn_weight", "model_template"]
    circuit.edges(
        "internal",
        "internal",
        [edge[:2] for edge in RECURRENT],
        [edge[2] for edge in RECURRENT],
        columns,
        [[10, "ei=='e' & x", 2.0, None, "static_synapse"], [12, "*", 1.5, None, "static_synapse"]],
        weights=[edge[3] for edge in RECURRENT],
    )
    circuit.edges(
        "external",
        "internal",
        [edge[:2] for edge in EXTERNAL],
        [edge[2] for edge in EXTERNAL],
        columns,
        [[11, "*", None, 450.0, "static_synapse"], [13, "*", 3.0, -80.0, None]],
    )
    ids, times = input_spikes()
    circuit.spikes("external.h5", "external", ids, times, old_layout=True)
    circuit.inputs["trains"] = {
        "input_type": "spikes",
        "module": "h5",
        "input_file": "$INPUT_DIR/external.h5",
        "node_set": "external",
    }
    circuit.node_sets["recorded"] = {"population": "internal", "node_id": [1, 4]}
    circuit.reports["membrane_potential"] = {
        "cells": "recorded",
        "variable_name": "V_m",
        "module": "membrane_report",
        "sections": "soma",
    }
    return circuit


def in_yaml():
    """The same network without SONATA."""
    ids, times = input_spikes()
    # The end of the step, in whole microseconds.
    steps = [-(-round(t * 1000) // 100) for t in times]
    populations, projections = {}, []
    for node, node_type in enumerate(NODE_TYPES):
        params = EXC if node_type == 100 else INH
        populations[f"n{node}"] = {"size": 1, "model": "iaf_psc_alpha", "params": dict(params), "init": {"V_m": -70.0}}
    for node in range(3):
        mine = [round(s * DT, 1) for s, i in zip(steps, ids) if i == node]
        populations[f"x{node}"] = {"size": 1, "model": "spike_times", "params": {"times": mine}}
    for prefix, edges in (("n", RECURRENT), ("x", EXTERNAL)):
        for source, target, edge_type, weight in edges:
            w = WEIGHTS[edge_type] if weight is None else weight
            projections.append(
                {
                    "source": f"{prefix}{source}",
                    "target": f"n{target}",
                    "receptor": "ex" if w >= 0 else "in",
                    "rule": "one_to_one",
                    "weight": w,
                    "delay": DELAYS[edge_type],
                }
            )
    names = [f"n{node}" for node in range(6)]
    traces = [{"population": f"n{n}", "variables": ["V_m"], "every": DT} for n in (1, 4)]
    return {
        "simulation": {"duration": 200, "dt": DT},
        "populations": populations,
        "projections": projections,
        "record": {"spikes": names, "traces": traces},
    }


class SonataCircuit(ValidationTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.circuit = build(folder.name)

    def path(self, *names):
        return self.circuit.path(*names)

    def test_the_same_bits_as_in_yaml_on_any_number_of_ranks(self):
        with open(self.path("plain.yaml"), "w") as file:
            yaml.safe_dump(in_yaml(), file)
        run(self.path("plain.yaml"), self.path("plain"))
        plain = spikes(self.path("plain", "spikes.h5"))
        expected = sorted((step, node) for node in range(6) for step, _ in plain[f"n{node}"])
        # All six fire, and the inhibition matters: something is there to compare.
        self.assertEqual({node for _, node in expected}, set(range(6)))
        self.assertGreater(len(expected), 60)
        potentials = [trace(self.path("plain", f"n{n}.V_m.h5"), f"n{n}")[:, 0] for n in (1, 4)]
        config = self.circuit.save()
        for ranks in (1, 2, 3, 4):
            run(config, self.path("out"), ranks)
            self.assertEqual(spikes(self.path("out", "out.h5")), {"internal": expected}, ranks)
            found = trace(self.path("out", "membrane_potential.h5"), "internal")
            self.assertTrue(np.array_equal(found, np.transpose(potentials)), ranks)
        with h5py.File(self.path("out", "membrane_potential.h5")) as file:
            self.assertEqual(file["report/internal/mapping/node_ids"][:].tolist(), [1, 4])
        run(self.path("out", "run.yaml"), self.path("again"), 2)
        self.assertEqual(spikes(self.path("again", "out.h5")), {"internal": expected})
        # In two parts, on other numbers of ranks, and not with other parameters.
        run(config, self.path("parts"), 3, "--until", "90 ms", "--set", "checkpoint.every=90 ms")
        restart = ["--restart", self.path("parts", "checkpoint.h5")]
        run(config, self.path("parts"), 2, *restart)
        self.assertEqual(spikes(self.path("parts", "out.h5")), {"internal": expected})
        self.circuit.write_json("components/inh.json", {**INH, "tau_m": 13.0})
        with self.assertRaisesRegex(RuntimeError, "inh.json"):
            run(config, self.path("parts"), 2, *restart)

    def test_one_spike_makes_the_potential_of_the_closed_form(self):
        """A spike that counts at 2 ms arrives at 3 ms: peak 100 pA with tau_syn 2 ms into NEST's default neuron."""
        circuit = self.circuit = Circuit(tempfile.mkdtemp(dir=self.path()))
        circuit.run["tstop"] = 6.0
        circuit.nodes("cell", [1], TYPES, [[1, "point_neuron", "nest:iaf_psc_alpha", None, "e"]])
        circuit.nodes("source", [1], ["node_type_id", "model_type"], [[1, "virtual"]])
        circuit.edges("source", "cell", [(0, 0)], [1], ["edge_type_id", "syn_weight"], [[1, 100.0]])
        circuit.spikes("s.h5", "source", [0], [1.901])
        circuit.inputs["s"] = {
            "input_type": "spikes",
            "module": "sonata",
            "input_file": "$INPUT_DIR/s.h5",
            "node_set": "source",
        }
        circuit.reports["v"] = {"cells": "cell", "variable_name": "v", "module": "membrane_report"}
        run(circuit.save(), self.path("out"))
        values = trace(self.path("out", "v.h5"), "cell")[:, 0]
        for t, V in ((3.0, -70.0), (3.1, -69.9974), (4.0, -69.8108), (5.0, -69.4681), (5.7, -69.2383)):
            self.assert_within(values[round(t / DT)], V, 6e-5, f"V({t})")


if __name__ == "__main__":
    unittest.main()

"""Populations from SONATA nodes: NEST's conventions against closed forms and plain loops, and against the same neurons in
YAML; parameters by type and by node; several models in one population."""

import math
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from simulated import RANVIER, ValidationTest
from sonata_circuit import Circuit

MODEL_COLUMNS = ["node_type_id", "model_type", "model_template", "dynamics_params", "ei"]
DT = 0.1


def run(config, output, ranks=1, *options):
    launcher = [os.environ["MPIEXEC"], "-n", str(ranks)] if ranks > 1 else []
    done = subprocess.run(
        [*launcher, RANVIER, "run", config, "--output", output, *options], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise RuntimeError(f"exit code {done.returncode}\n{done.stderr}")
    return done


def spikes(path):
    with h5py.File(path) as file:
        return {name: list(zip(group["step"][:], group["node_ids"][:])) for name, group in file["spikes"].items()}


def trace(path, population):
    with h5py.File(path) as file:
        return file[f"report/{population}/data"][:]


class SonataNodes(ValidationTest):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.circuit = Circuit(folder.name)

    def out(self, *names):
        return self.circuit.path("out", *names)

    def record_potential(self, population):
        self.circuit.reports["V"] = {"cells": population, "variable_name": "V_m", "module": "multimeter_report"}

    def population(self, template, types=(100,), params=None, **more):
        """Nodes of one model; `params` by node type."""
        rows = []
        for type_id in sorted(set(types)):
            given = (params or {}).get(type_id)
            if given is not None:
                self.circuit.write_json(f"components/{type_id}.json", given)
            rows.append([type_id, "point_neuron", template, None if given is None else f"{type_id}.json", "e"])
        self.circuit.nodes("cortex", types, MODEL_COLUMNS, rows, **more)

    def run_circuit(self, ranks=1):
        run(self.circuit.save(), self.out(), ranks)
        return spikes(self.out("out.h5"))

    def test_a_current_fires_when_the_closed_form_says(self):
        # V(t) = -70 + 40 (1 - exp(-t / 10)) is -55.0001 at 4.7 ms.
        for template in ("nest:iaf_psc_alpha", "nest:iaf_psc_exp", "nest:iaf_psc_delta"):
            self.circuit = Circuit(self.circuit.folder)
            self.population(template, params={100: {"I_e": 1000.0}})
            self.record_potential("cortex")
            first = self.run_circuit()["cortex"][0]
            self.assertEqual(first, (48, 0), template)
            values = trace(self.out("V.h5"), "cortex")[:, 0]
            self.assert_within(values[1], -70 + 40 * (1 - math.exp(-0.01)), 1e-5, "V(0.1)")
            self.assert_within(values[47], -55.0001, 1e-4, "V(4.7)")

    def test_potentials_start_at_the_default_whatever_E_L_and_v_init_are(self):
        # NEST's V_m stays at -70 mV, and decays to E_L: -80 + 10 exp(-t / 10).
        self.population("nest:iaf_psc_alpha", params={100: {"E_L": -80.0}})
        self.record_potential("cortex")
        self.assertEqual(self.run_circuit()["cortex"], [])
        values = trace(self.out("V.h5"), "cortex")[:, 0]
        t = np.arange(len(values)) * DT
        self.assert_close(values, -80 + 10 * np.exp(-t / 10), 1e-5)

    def test_izhikevich_takes_the_steps_of_Euler(self):
        self.circuit.run["tstop"] = 200.0
        self.population("nest:izhikevich", params={100: {"I_e": 10.0, "a": 0.03}})
        self.record_potential("cortex")
        found = self.run_circuit()["cortex"]
        v, u, expected, potential = -65.0, 0.2 * -65.0, [], [-65.0]
        for step in range(1, 2001):
            v, u = v + DT * (0.04 * v * v + 5 * v + 140 - u + 10.0), u + DT * 0.03 * (0.2 * v - u)
            if v >= 30.0:
                v, u = -65.0, u + 8.0
                expected.append((step, 0))
            potential.append(v)
        self.assertGreater(len(expected), 5)
        self.assertEqual(found, expected)
        self.assert_close(trace(self.out("V.h5"), "cortex")[:, 0], potential, 1e-4)

    def test_models_with_conductances_are_ours_under_nests_defaults(self):
        """What NEST's constructors set, written out; a spike source drives both receptors."""
        lif = {"C_m": 250, "g_L": 16.6667, "E_L": -70, "V_th": -55, "V_reset": -60, "t_ref": 2, "I_e": 400}
        aeif = {"C_m": 281, "g_L": 30, "E_L": -70.6, "V_th": -50.4, "Delta_T": 2, "V_peak": 0, "V_reset": -60}
        aeif.update({"t_ref": 0, "a": 4, "b": 80.5, "tau_w": 144, "I_e": 900})
        for template, model, params, receptor, start in (
            ("iaf_cond_exp", "lif", lif, "exponential", -70),
            ("iaf_cond_alpha", "lif", lif, "alpha", -70),
            ("aeif_cond_exp", "aeif", aeif, "exponential", -70.6),
            ("aeif_cond_alpha", "aeif", aeif, "alpha", -70.6),
        ):
            self.circuit = Circuit(self.circuit.folder)
            self.population(f"nest:{template}", params={100: {"I_e": params["I_e"]}})
            inputs = [
                {"type": "spikes", "target": "cortex", "receptor": r, "times": [3.0, 9.0], "weight": w}
                for r, w in (("ex", 40), ("in", 10))
            ]
            record = {"spikes": ["cortex"], "traces": [{"population": "cortex", "variables": ["V_m"], "every": DT}]}
            common = {"simulation": {"duration": 50, "dt": DT}, "inputs": inputs, "record": record}
            nodes = {"sonata": "network/cortex_nodes.h5", "types": "network/cortex_types.csv", "components": "components"}
            receptors = {
                "ex": {"model": receptor, "tau": 0.2, "E_rev": 0},
                "in": {"model": receptor, "tau": 2.0, "E_rev": -85},
            }
            plain = {"size": 1, "model": model, "params": params, "init": {"V_m": start}, "receptors": receptors}
            found = []
            for name, population in (("nodes", nodes), ("plain", plain)):
                path = self.circuit.path(f"{name}.yaml")
                with open(path, "w") as file:
                    yaml.safe_dump({**common, "populations": {"cortex": population}}, file)
                run(path, self.circuit.path(name))
                found.append((spikes(self.circuit.path(name, "spikes.h5")), trace(self.circuit.path(name, "cortex.V_m.h5"), "cortex")))
            self.assertGreater(len(found[0][0]["cortex"]), 1, template)
            self.assertEqual(found[0][0], found[1][0], template)
            self.assertTrue(np.array_equal(found[0][1], found[1][1]), template)

    def test_numbers_by_type_and_by_node_on_any_number_of_ranks(self):
        """Potentials decay from -70 mV to each neuron's own E_L with its own tau_m."""
        types = [7, 3, 7, 3, 3, 7, 7, 3, 3, 7, 3]
        groups = [0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0]
        tau, potential = [5.0, 6.0, 7.0, 8.0, 9.0, 10.0], [-71.0, -72.0, -73.0, -74.0, -69.0]
        self.circuit.write_json("components/3.json", {"E_L": -75.0})
        self.circuit.write_json("components/7.json", {"E_L": -65.0, "tau_m": 20.0})
        rows = [[t, "point_process", "nest:iaf_psc_exp", f"{t}.json", "e"] for t in (7, 3)]
        by_node = {0: {"tau_m": tau}, 1: {"V_m": potential}}
        self.circuit.nodes("cortex", types, MODEL_COLUMNS, rows, params=by_node, groups=groups)
        self.record_potential("cortex")
        first, second = iter(tau), iter(potential)
        t = np.arange(501) * DT
        expected = []
        for type_id, group in zip(types, groups):
            E_L, tau_m, V = {3: (-75.0, 10.0, -70.0), 7: (-65.0, 20.0, -70.0)}[type_id]
            if group == 0:
                tau_m = next(first)
            else:
                V = next(second)
            expected.append(E_L + (V - E_L) * np.exp(-t / tau_m))
        config = self.circuit.save()
        for ranks in (1, 2, 3, 4):
            run(config, self.out(), ranks)
            self.assert_close(trace(self.out("V.h5"), "cortex"), np.transpose(expected), 1e-5)

    def test_several_models_in_one_population_keep_their_ids(self):
        """Every model becomes a population; the file of spikes has one group with the ids of the nodes."""
        types = [1, 2, 1, 3, 2, 1, 3, 1]
        self.circuit.write_json("components/fast.json", {"I_e": 1000.0})
        self.circuit.write_json("components/slow.json", {"I_e": 1000.0, "tau_m": 20.0, "C_m": 500.0})
        self.circuit.nodes(
            "mixed",
            types,
            MODEL_COLUMNS,
            [
                [1, "point_neuron", "nest:iaf_psc_alpha", "fast.json", "e"],
                [2, "point_neuron", "nest:iaf_psc_delta", "slow.json", "i"],
                [3, "virtual", None, None, "e"],
            ],
        )
        self.circuit.run["tstop"] = 10.0
        self.circuit.node_sets["late"] = {"population": "mixed", "node_id": [4, 5, 7]}
        self.circuit.reports["V"] = {"cells": "late", "variable_name": "V_m", "module": "membrane_report"}
        config = self.circuit.save()
        # The slow ones take twice as long: -20 ln(1 - 15 / 40) = 9.4 ms.
        expected = [(48, i) for i in (0, 2, 5, 7)] + [(95, i) for i in (1, 4)]
        for ranks in (1, 2, 3):
            run(config, self.out(), ranks)
            self.assertEqual(spikes(self.out("out.h5")), {"mixed": expected}, ranks)
        for name, ids in (("mixed-iaf_psc_alpha", [5, 7]), ("mixed-iaf_psc_delta", [4])):
            with h5py.File(self.out(f"V_{name}.h5")) as file:
                self.assertEqual(file["report/mixed/mapping/node_ids"][:].tolist(), ids)
        # The resolved config means the same.
        again = self.circuit.path("again")
        run(self.out("run.yaml"), again)
        self.assertEqual(spikes(os.path.join(again, "out.h5")), {"mixed": expected})

    def test_a_config_may_replace_what_the_files_say(self):
        self.population("nest:iaf_psc_exp", [100, 100], {100: {"I_e": 1000.0}})
        config = {
            "simulation": {"duration": 10, "dt": DT},
            "populations": {
                "p": {
                    "sonata": "network/cortex_nodes.h5",
                    "types": "network/cortex_types.csv",
                    "components": "components",
                    "init": {"V_m": -56},
                    "params": {"t_ref": 5},
                }
            },
            "record": {"spikes": ["p"], "spikes_file": "mine.h5"},
        }
        with open(self.circuit.path("network.yaml"), "w") as file:
            yaml.safe_dump(config, file)
        run(self.circuit.path("network.yaml"), self.out())
        # From -56 mV: 26 exp(-t / 10) = 25, t = 0.39 ms; 5 ms of rest; then 4.7 ms from -70 mV.
        expected = {"cortex": [(4, 0), (4, 1)]}
        self.assertEqual(spikes(self.out("mine.h5")), expected)
        run(self.out("run.yaml"), self.out("again"))
        self.assertEqual(spikes(self.out("again", "mine.h5")), expected)


if __name__ == "__main__":
    import unittest

    unittest.main()

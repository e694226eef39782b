"""Writes small SONATA circuits with h5py, as other tools do."""

import json
import os

import h5py
import numpy as np


def signed(file):
    """The attributes of the root that the format asks for."""
    file.attrs["magic"] = np.uint32(0x0A7A)
    file.attrs["version"] = np.array([0, 1], dtype=np.uint32)
    return file


class Circuit:
    """A folder with a circuit, its simulation, and their files."""

    def __init__(self, folder):
        self.folder = folder
        self.nodes_listed, self.edges_listed = [], []
        self.inputs, self.reports, self.node_sets = {}, {}, {}
        self.run = {"tstop": 50.0, "dt": 0.1}
        self.extra = {}
        for name in ("network", "components", "inputs"):
            os.makedirs(os.path.join(folder, name), exist_ok=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def write_json(self, name, value):
        self.write(name, json.dumps(value, indent=2) + "\n")

    def types(self, name, columns, rows):
        """A CSV of types; None is absent."""
        lines = [columns, *[["NULL" if v is None else str(v) for v in row] for row in rows]]
        quoted = [[f'"{v}"' if " " in v else v for v in line] for line in lines]
        self.write(f"network/{name}", "".join(" ".join(line) + "\n" for line in quoted))

    def nodes(self, population, type_ids, columns, rows, params=None, groups=None, attributes=None):
        """Nodes of the given types. `params` are dynamics_params of group 0, by name; `groups` the group of each node, or
        None for all in group 0, then `params` and `attributes` are by group."""
        type_ids = np.asarray(type_ids, dtype=np.uint64)
        group_ids = np.zeros(len(type_ids), dtype=np.uint32) if groups is None else np.asarray(groups, dtype=np.uint32)
        index = np.zeros(len(type_ids), dtype=np.uint64)
        for group in np.unique(group_ids):
            index[group_ids == group] = np.arange(np.sum(group_ids == group))
        with signed(h5py.File(self.path(f"network/{population}_nodes.h5"), "w")) as file:
            root = file.create_group(f"nodes/{population}")
            root["node_type_id"] = type_ids
            root["node_id"] = np.arange(len(type_ids), dtype=np.uint64)
            root["node_group_id"] = group_ids
            root["node_group_index"] = index
            by_group = (lambda all: {0: all or {}}) if groups is None else (lambda all: all or {})
            for group in np.unique(group_ids):
                here = root.create_group(str(group))
                for name, values in by_group(params).get(group, {}).items():
                    here[f"dynamics_params/{name}"] = np.asarray(values, dtype=np.float64)
                for name, values in by_group(attributes).get(group, {}).items():
                    here[name] = np.asarray(values)
        self.types(f"{population}_types.csv", columns, rows)
        self.nodes_listed.append(population)

    def edges(self, source, target, pairs, types, columns, rows, weights=None, delays=None):
        """Edges as (source node, target node) pairs, with the type of each."""
        name = f"{source}_to_{target}"
        pairs = np.asarray(pairs, dtype=np.uint64).reshape(-1, 2)
        with signed(h5py.File(self.path(f"network/{name}_edges.h5"), "w")) as file:
            root = file.create_group(f"edges/{name}")
            for column, end, population in ((0, "source", source), (1, "target", target)):
                root[f"{end}_node_id"] = pairs[:, column]
                root[f"{end}_node_id"].attrs["node_population"] = population
            root["edge_type_id"] = np.asarray(types, dtype=np.int64)
            root["edge_group_id"] = np.zeros(len(pairs), dtype=np.uint32)
            root["edge_group_index"] = np.arange(len(pairs), dtype=np.uint64)
            group = root.create_group("0")
            if weights is not None:
                group["syn_weight"] = np.asarray(weights, dtype=np.float64)
            if delays is not None:
                group["delay"] = np.asarray(delays, dtype=np.float64)
        self.types(f"{name}_types.csv", columns, rows)
        self.edges_listed.append(name)

    def spikes(self, name, population, ids, times, old_layout=False):
        with h5py.File(self.path(f"inputs/{name}"), "w") as file:
            group = file.create_group("spikes" if old_layout else f"spikes/{population}")
            group["gids" if old_layout else "node_ids"] = np.asarray(ids, dtype=np.uint64)
            group["timestamps"] = np.asarray(times, dtype=np.float64)

    def save(self):
        """Writes the JSON files; returns the path of the simulation config."""
        network = "$NETWORK_DIR"
        self.write_json(
            "circuit_config.json",
            {
                "manifest": {"$BASE_DIR": ".", "$NETWORK_DIR": "${BASE_DIR}/network"},
                "target_simulator": "NEST",
                "components": {"point_neuron_models_dir": "$BASE_DIR/components"},
                "networks": {
                    "nodes": [
                        {"nodes_file": f"{network}/{p}_nodes.h5", "node_types_file": f"{network}/{p}_types.csv"}
                        for p in self.nodes_listed
                    ],
                    "edges": [
                        {"edges_file": f"{network}/{e}_edges.h5", "edge_types_file": f"{network}/{e}_types.csv"}
                        for e in self.edges_listed
                    ],
                },
            },
        )
        self.write_json("node_sets.json", self.node_sets)
        self.write_json(
            "simulation_config.json",
            {
                "manifest": {"BASE_DIR": ".", "$INPUT_DIR": "$BASE_DIR/inputs"},
                "network": "$BASE_DIR/circuit_config.json",
                "node_sets_file": "$BASE_DIR/node_sets.json",
                "run": self.run,
                "conditions": {"celsius": 34.0, "v_init": -80},
                "inputs": self.inputs,
                "reports": self.reports,
                "output": {"output_dir": "$BASE_DIR/output", "spikes_file": "out.h5", "log_file": "log.txt"},
                **self.extra,
            },
        )
        return self.path("simulation_config.json")

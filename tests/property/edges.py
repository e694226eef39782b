"""A network whose synapses are in a SONATA file: the same bits on any number of ranks, in whatever order and form the file has
them, and the same as the network by rules that make the same synapses."""

import os
import unittest

import h5py
import numpy as np

from results import ResultsTest, spikes, traces
from sonata_edges import write_edges

N_IN, N_EXC, N_COND = 40, 30, 19
PAIRS = {"drive": (N_IN, N_EXC), "mutual": (N_EXC, N_EXC), "onward": (N_EXC, N_COND)}

HEAD = """
simulation: {duration: 120 ms, dt: 0.1 ms, seed: 12}
populations:
  src: {size: 40, model: poisson, params: {rate: 120 Hz}}
  exc: {size: 30, model: iaf_psc_exp, init: {V_m: {uniform: {low: -70, high: -56}}}}
  cond:
    size: 19
    model: lif
    receptors:
      ex: {model: exponential, tau: 2 ms, E_rev: 0 mV}
      in: {model: exponential, tau: 5 ms, E_rev: -80 mV}
record:
  spikes: [src, exc, cond]
  traces:
    - {population: exc, variables: [V_m, I_ex, I_in], every: 1 ms, precision: double}
    - {population: cond, variables: [V_m, ex.g, in.g], every: 1 ms, precision: double}
projections:
"""

FROM_FILE = """
  - {source: src, target: exc, rule: edges, file: edges.h5, population: drive}
  - {source: exc, target: exc, rule: edges, file: edges.h5, population: mutual}
  - {source: exc, target: cond, rule: edges, file: edges.h5, population: onward}
"""

# All pairs, with a weight and a delay for each target: as datasets have them. A synapse of weight 0 brings nothing.
BY_RULES = """
  - {source: src, target: exc, receptor: ex, rule: all_to_all, weight: {hdf5: "by_target.h5:/drive/ex"}, delay: {hdf5: "by_target.h5:/drive/delay"}}
  - {source: exc, target: exc, receptor: ex, rule: all_to_all, weight: {hdf5: "by_target.h5:/mutual/ex"}, delay: {hdf5: "by_target.h5:/mutual/delay"}}
  - {source: exc, target: exc, receptor: in, rule: all_to_all, weight: {hdf5: "by_target.h5:/mutual/in"}, delay: {hdf5: "by_target.h5:/mutual/delay"}}
  - {source: exc, target: cond, receptor: ex, rule: all_to_all, weight: {hdf5: "by_target.h5:/onward/ex"}, delay: {hdf5: "by_target.h5:/onward/delay"}}
  - {source: exc, target: cond, receptor: in, rule: all_to_all, weight: {hdf5: "by_target.h5:/onward/in"}, delay: {hdf5: "by_target.h5:/onward/delay"}}
"""

# One weight and one delay each. 40 times 204.8 is a power of two, on either side of which sums in floating point may come out.
# Two projections of one source have the same weight, and so one scale.
CONSTANT = """
  - {source: src, target: exc, receptor: ex, rule: all_to_all, weight: 204.8 pA, delay: 1.5 ms}
  - {source: exc, target: cond, receptor: ex, rule: all_to_all, weight: 12.8 nS, delay: 1.5 ms}
  - {source: exc, target: exc, receptor: ex, rule: all_to_all, weight: 12.8 pA, delay: 2 ms}
"""
CONSTANT_FILE = """
  - {source: src, target: exc, receptor: ex, rule: edges, file: edges.h5, population: drive}
  - {source: exc, target: cond, receptor: ex, rule: edges, file: edges.h5, population: onward}
  - {source: exc, target: exc, receptor: ex, rule: edges, file: edges.h5, population: mutual}
"""


def all_pairs(name):
    n_source, n_target = PAIRS[name]
    return np.tile(np.arange(n_source), n_target), np.repeat(np.arange(n_target), n_source)


class Edges(ResultsTest):
    def remove(self, name):
        path = os.path.join(self.folder, name)
        if os.path.exists(path):
            os.remove(path)
        return path

    def write_by_target(self):
        """Weights of both signs, onto conductances as magnitudes; delays off the grid, which count to the nearest step."""
        rng = np.random.default_rng(7)
        self.attributes = {}
        with h5py.File(self.remove("by_target.h5"), "w") as file:
            for name, (_, n_target) in PAIRS.items():
                weight = {
                    "drive": lambda: rng.uniform(150, 250, n_target),
                    "mutual": lambda: rng.normal(5, 30, n_target),
                    "onward": lambda: rng.normal(4, 8, n_target),
                }[name]()
                delay = rng.uniform(0.96, 3, n_target)
                file[f"{name}/ex"] = np.maximum(weight, 0)
                file[f"{name}/in"] = np.abs(np.minimum(weight, 0)) if name == "onward" else np.minimum(weight, 0)
                file[f"{name}/delay"] = delay
                self.attributes[name] = (weight, delay)

    def write_file(self, **options):
        path = self.remove("edges.h5")
        for name, (_, n_target) in PAIRS.items():
            source, target = all_pairs(name)
            weight, delay = (values[target] for values in self.attributes[name])
            write_edges(path, name, source, target, {"syn_weight": weight, "delay": delay}, targets=n_target, **options)

    def test_ranks_and_rules(self):
        self.write_by_target()
        self.write_file(index="node_id_to_ranges")
        by_rules, from_file = self.write("rules.yaml", HEAD + BY_RULES), self.write("file.yaml", HEAD + FROM_FILE)
        for precision in ["double", "single"]:
            option = ["--precision", precision]
            rules = self.simulate(by_rules, f"rules-{precision}", *option)
            for ranks in [1, 2, 3, 4]:
                self.assert_same(rules, self.simulate(from_file, f"file-{precision}-{ranks}", *option, ranks=ranks))
            fired = spikes(rules)
            self.assertGreater(min(len(fired["exc"]), len(fired["cond"])), 50)
            for name, frames in traces(rules).items():
                self.assertGreater(np.ptp(frames), 0.0, name)

    def test_order_and_form_of_the_file(self):
        self.write_by_target()
        config = self.write("file.yaml", HEAD + FROM_FILE)
        self.write_file(index="node_id_to_range")
        first = self.simulate(config, "indexed", ranks=2)
        forms = [{}, {"order": 3}, {"order": 4, "index": "node_id_to_ranges"}, {"chunks": (97,), "compression": "gzip"}]
        for i, form in enumerate(forms):
            self.write_file(**form)
            for ranks in [1, 3]:
                self.assert_same(first, self.simulate(config, f"form-{i}-{ranks}", ranks=ranks))

    def test_run_yaml_is_the_same_network(self):
        self.write_by_target()
        self.write_file()
        first = self.simulate(self.write("file.yaml", HEAD + FROM_FILE), "first")
        again = self.simulate(os.path.join(first, "run.yaml"), "again")
        self.assert_same(first, again)
        with open(os.path.join(first, "run.yaml")) as a, open(os.path.join(again, "run.yaml")) as b:
            self.assertEqual(a.read().replace('output: "first"', 'output: "again"'), b.read())

    def test_constants(self):
        """Weights that are all the same are what the constant is."""
        self.attributes = {
            "drive": (np.full(N_EXC, 204.8), np.full(N_EXC, 1.5)),
            "mutual": (np.full(N_EXC, 12.8), np.full(N_EXC, 2.0)),
            "onward": (np.full(N_COND, 12.8), np.full(N_COND, 1.5)),
        }
        self.write_file(order=5)
        constant, from_file = self.write("constant.yaml", HEAD + CONSTANT), self.write("file.yaml", HEAD + CONSTANT_FILE)
        for precision in ["double", "single"]:
            option = ["--precision", precision]
            expected = self.simulate(constant, f"constant-{precision}", *option)
            for ranks in [1, 3]:
                self.assert_same(expected, self.simulate(from_file, f"file-{precision}-{ranks}", *option, ranks=ranks))
            self.assertGreater(len(spikes(expected)["cond"]), 50)

    def test_weights_and_delays_of_the_config(self):
        """Those of the config replace those of the file."""
        self.attributes = {
            "drive": (np.full(N_EXC, 1.0), np.full(N_EXC, 7.0)),
            "mutual": (np.arange(N_EXC) + 1.0, np.full(N_EXC, 7.0)),
            "onward": (np.full(N_COND, -1.0), np.full(N_COND, 7.0)),
        }
        self.write_file()
        replaced = CONSTANT_FILE
        for name, given in [
            ("drive", "weight: 204.8 pA, delay: 1.5 ms"),
            ("onward", "weight: 12.8 nS, delay: 1.5 ms"),
            ("mutual", "weight: 12.8 pA, delay: 2 ms"),
        ]:
            replaced = replaced.replace(f"population: {name}", f"population: {name}, {given}")
        expected = self.simulate(self.write("constant.yaml", HEAD + CONSTANT), "constant")
        self.assert_same(expected, self.simulate(self.write("file.yaml", HEAD + replaced), "file", ranks=2))

    def test_drawn_weights(self):
        """Weights drawn for edges do not depend on ranks or on the order of targets in the file."""
        self.write_by_target()
        drawn = FROM_FILE.replace(
            "population: mutual",
            "population: mutual, receptor: ex, weight: {uniform: {low: 0, high: 9}}, delay: {uniform: {low: 1, high: 3}}",
        )
        config = self.write("file.yaml", HEAD + drawn)
        self.write_file(index="node_id_to_ranges")
        one = self.simulate(config, "one")
        self.assert_same(one, self.simulate(config, "three", ranks=3))
        self.write_file()
        self.assert_same(one, self.simulate(config, "other", ranks=2))


if __name__ == "__main__":
    unittest.main()

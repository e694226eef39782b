"""A network that is written as SONATA and read back gives the same spikes and traces to the bit, whatever numbers of ranks
write and read; what is written is the same to the byte of its datasets on any number of ranks."""

import os
import shutil
import sys
import unittest

import yaml

from networks import HERE, MEMBRANES, ZOO, shipped
from results import ResultsTest, numbers, spikes

sys.path.append(os.path.join(HERE, "..", "validation"))
from sonata_check import check_file

NETWORKS = [
    shipped("coba", 0.25, "50 ms", 500, "exc", "[V_m, gaba.g]"),
    shipped("microcircuit", 0.01, "60 ms", 20, "L4E", "[V_m, I_ex]"),
    MEMBRANES,
    ZOO,
]


class ConvertTest(ResultsTest):
    def convert(self, config, output, *options, settings=(), ranks=0):
        """The folder of a network as SONATA, of which every file is as it should be."""
        sets = [word for setting in settings for word in ("--set", setting)]
        done = self.command("convert", config, "--output", output, *options, *sets, ranks=ranks)
        self.assertEqual(done.returncode, 0, f"{config} on {ranks} ranks\n{done.stderr}")
        folder = os.path.join(self.folder, output)
        files = sorted(name for name in os.listdir(folder) if name.endswith(".h5"))
        self.assertEqual([error for name in files for error in check_file(os.path.join(folder, name))], [])
        self.assertEqual([name for name in os.listdir(folder) if name.endswith(".part")], [])
        return folder


class RoundTrip(ConvertTest):
    def check(self, network):
        ranks = iter([1, 2, 3, 4])
        for precision in ["double", "single"]:
            options = ["--precision", precision]
            original = self.simulate(network.config, f"{precision}-original", *options, settings=network.settings, ranks=2)
            self.assertGreater(sum(len(s) for s in spikes(original).values()), network.spikes)
            folder = self.convert(
                network.config, f"{precision}-files", *options, settings=network.settings, ranks=next(ranks)
            )
            again = self.simulate(os.path.join(folder, "network.yaml"), f"{precision}-again", ranks=next(ranks))
            self.assert_same(original, again)

    def test_rules_are_gone_and_the_rest_stays(self):
        folder = self.convert(ZOO.config, "files")
        with open(os.path.join(folder, "network.yaml")) as file:
            network = yaml.safe_load(file)
        kinds = {(p["rule"], "signal" in p) for p in network["projections"]}
        self.assertEqual(kinds, {("edges", False), ("all_to_all", True)})
        for projection in network["projections"]:
            if "file" in projection:
                self.assertEqual(projection["file"], "edges.h5")
        text = str(network["populations"])
        for distribution in ["normal", "uniform", "gamma", "exponential:"]:
            self.assertNotIn(f"'{distribution}'", text)
        self.assertIn("nodes.h5:/nodes/mixed/0/dynamics_params/ampa.tau", text)
        self.assertEqual(network["simulation"]["seed"], 11)

    def test_files_can_move(self):
        """Paths are relative: the folder is the network."""
        network = shipped("coba", 0.05, "20 ms", 10, "exc", "[V_m]")
        original = self.simulate(network.config, "original", settings=network.settings)
        folder = self.convert(network.config, "files", settings=network.settings)
        moved = os.path.join(self.folder, "elsewhere", "deeper")
        shutil.move(folder, moved)
        self.assert_same(original, self.simulate(os.path.join(moved, "network.yaml"), "again"))

    def test_a_converted_network_converts_to_itself(self):
        network = shipped("coba", 0.1, "20 ms", 10, "exc", "[V_m]")
        once = self.convert(network.config, "once", settings=network.settings, ranks=2)
        twice = self.convert(os.path.join(once, "network.yaml"), "twice", ranks=3)
        # Chunks follow from what is expected of a rule; numbers and attributes are the same.
        self.assertEqual(numbers(once), numbers(twice))


class Sonata(ConvertTest):
    """Where SONATA has words for all of a network, its own config runs to the same spikes, and comes back as YAML."""

    NETWORK = """
        simulation: {duration: 60 ms, dt: 0.1 ms, seed: 5}
        populations:
          drive: {size: 3, model: spike_times, params: {times: [[1 ms, 7.7 ms], [2 ms, 20 ms], [30.2 ms]]}}
          exc: {size: 60, model: iaf_psc_exp, params: {I_e: {uniform: {low: 350 pA, high: 500 pA}}, tau_syn_ex: 0.5 ms}}
          inh: {size: 20, model: iaf_psc_alpha, params: {I_e: 450 pA}, init: {V_m: {uniform: {low: -70 mV, high: -56 mV}}}}
        projections:
          - {source: drive, target: [exc, inh], receptor: ex, rule: all_to_all, weight: 40 pA, delay: 1 ms}
          - {source: exc, target: [exc, inh], receptor: ex, rule: fixed_indegree, indegree: 9, weight: {lognormal: {mean: 20 pA, std: 5 pA}}, delay: {uniform: {low: 0.5 ms, high: 3 ms}}}
          - {source: inh, target: exc, receptor: in, rule: pairwise_bernoulli, p: 0.3, weight: -30 pA, delay: 0.8 ms}
        record: {spikes: [exc, inh], traces: [{population: exc, variables: V_m}]}
        """

    def assert_same_spikes(self, a, b):
        ours, theirs = spikes(a), spikes(b)
        self.assertEqual({name: s.tolist() for name, s in ours.items()}, {name: s.tolist() for name, s in theirs.items()})

    def test_there_and_back(self):
        path = self.write("net.yaml", self.NETWORK)
        original = self.simulate(path, "original")
        self.assertGreater(sum(len(s) for s in spikes(original).values()), 150)
        folder = self.convert(path, "files", ranks=3)
        self.assert_same_spikes(original, self.simulate(os.path.join(folder, "simulation_config.json"), "run", ranks=2))
        os.mkdir(os.path.join(self.folder, "elsewhere"))
        done = self.command("convert", "files/simulation_config.json", "--output", "elsewhere/net.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_same_spikes(original, self.simulate("elsewhere/net.yaml", "from-yaml"))
        again = self.convert("elsewhere/net.yaml", "again", ranks=2)
        self.assert_same_spikes(original, self.simulate(os.path.join(again, "network.yaml"), "from-again", ranks=2))


class Ranks(ConvertTest):
    def test_files_do_not_depend_on_ranks(self):
        one = numbers(self.convert(ZOO.config, "files-1", ranks=1))
        for ranks in [2, 3, 4]:
            many = numbers(self.convert(ZOO.config, f"files-{ranks}", ranks=ranks))
            self.assertEqual(sorted(one), sorted(many))
            self.assertEqual([path for path in one if one[path] != many[path]], [])

    def test_ranks_without_neurons(self):
        config = """
            simulation: {duration: 40 ms, dt: 0.1 ms, seed: 5}
            populations:
              few: {size: 2, model: iaf_psc_exp, params: {I_e: {uniform: {low: 450 pA, high: 900 pA}}}}
              nobody: {like: few, size: 0}
            projections:
              - {source: few, target: few, receptor: in, rule: all_to_all, weight: {normal: {mean: -9 pA, std: 1 pA}}}
              - {source: few, target: nobody, receptor: in, rule: all_to_all, weight: -99 pA}
              - {source: nobody, target: few, receptor: in, rule: all_to_all, weight: -99 pA}
              - {source: few, target: few, receptor: ex, rule: pairwise_bernoulli, p: 0, weight: 1 pA}
            record: {spikes: few, traces: [{population: few, variables: [V_m, I_in]}]}
            """
        path = self.write("few.yaml", config)
        original = self.simulate(path, "original")
        folder = self.convert(path, "files", ranks=4)
        self.assert_same(original, self.simulate(os.path.join(folder, "network.yaml"), "again", ranks=3))

    def test_no_projections_and_no_neurons(self):
        for populations in ["{n: {size: 3, model: iaf_psc_exp}}", "{n: {size: 0, model: iaf_psc_exp}}"]:
            path = self.write("alone.yaml", f"simulation: {{duration: 1 ms}}\npopulations: {populations}\n")
            folder = self.convert(path, "files", ranks=2)
            self.assertNotIn("edges.h5", os.listdir(folder))
            self.simulate(os.path.join(folder, "network.yaml"), "again")


for network in NETWORKS:
    setattr(RoundTrip, f"test_{network.name}", lambda self, network=network: self.check(network))

if __name__ == "__main__":
    unittest.main()

"""The same spikes and traces to the bit on 1, 2, 3 and 4 ranks, in both precisions."""

import re
import unittest

import numpy as np
import yaml

from networks import MEMBRANES, NETWORKS, ZOO
from results import ResultsTest, spikes, traces


class RanksTest(ResultsTest):
    def check(self, config, settings=(), precision="double", least_spikes=0):
        """The results of one rank, which those of 2, 3 and 4 are the same as."""
        options = ["--precision", precision]
        one = self.simulate(config, f"{precision}-1", *options, settings=settings)
        self.assertGreaterEqual(sum(len(s) for s in spikes(one).values()), least_spikes)
        for ranks in [2, 3, 4]:
            many = self.simulate(config, f"{precision}-{ranks}", *options, settings=settings, ranks=ranks)
            self.assert_same(one, many)
        return one


class Networks(RanksTest):
    def check_network(self, network):
        double = self.check(network.config, network.settings, "double", network.spikes)
        single = self.check(network.config, network.settings, "single", network.spikes)
        # The precision is not just a name: some trace must show it.
        a, b = traces(double), traces(single)
        self.assertTrue(any(not np.array_equal(a[name], b[name]) for name in a))
        for name in a:
            self.assertGreater(np.ptp(a[name]), 0.0, f"{name} is constant")


def add_network_tests():
    for network in NETWORKS:
        setattr(Networks, f"test_{network.name}", lambda self, network=network: self.check_network(network))


class FewNeurons(RanksTest):
    """Ranks without neurons, populations without neurons, networks without synapses."""

    # Three neurons that pass one spike around: a period of 1 + 2.5 + 0.3 ms.
    RING = """
        simulation: {duration: 50 ms, dt: 0.1 ms}
        populations:
          start: {size: 1, model: spike_times, params: {times: [1 ms]}}
          a: {size: 1, model: iaf_psc_delta}
          b: {like: a}
          c: {like: a}
        projections:
          - {source: start, target: a, rule: one_to_one, weight: 20 mV, delay: 1 ms}
          - {source: a, target: b, rule: one_to_one, weight: 20 mV, delay: 1 ms}
          - {source: b, target: c, rule: one_to_one, weight: 20 mV, delay: 2.5 ms}
          - {source: c, target: a, rule: one_to_one, weight: 20 mV, delay: 0.3 ms}
        record:
          spikes: [a, b, c]
          traces: [{population: c, variables: V_m, precision: double}]
        """

    def test_ring_with_a_neuron_per_rank(self):
        fired = spikes(self.check(self.write("ring.yaml", self.RING)))
        for name, first in [("a", 20), ("b", 30), ("c", 55)]:
            self.assertEqual(fired[name][:, 0].tolist(), list(range(first, 501, 38)), name)
        self.assertEqual(fired["a"][:, 1].tolist(), [0] * 13)

    def test_three_neurons_on_four_ranks(self):
        config = """
            simulation: {duration: 30 ms, dt: 0.1 ms, seed: 5}
            populations:
              all: {size: 3, model: iaf_psc_exp, params: {I_e: {uniform: {low: 450 pA, high: 900 pA}}}}
            projections:
              - {source: all, target: all, receptor: in, rule: all_to_all, autapses: false, weight: -99 pA, delay: 0.2}
            record:
              spikes: all
              traces: [{population: all, variables: [V_m, I_in]}]
            """
        fired = spikes(self.check(self.write("three.yaml", config)))["all"]
        self.assertEqual(sorted(set(fired[:, 1].tolist())), [0, 1, 2])

    def test_no_projections(self):
        config = """
            simulation: {duration: 30 ms, dt: 0.1 ms}
            populations:
              cells: {size: 10, model: iaf_psc_exp, params: {I_e: 1000 pA}}
              nobody: {like: cells, size: 0}
            record: {spikes: [cells, nobody], traces: [{population: cells, variables: V_m}]}
            """
        fired = spikes(self.check(self.write("alone.yaml", config)))
        # -70 + 40 (1 - exp(-t / 10)) passes -55 in step 48; after 20 refractory steps the same again.
        self.assertEqual(np.unique(fired["cells"][:, 0]).tolist(), [48, 116, 184, 252])
        self.assertEqual((len(fired["cells"]), len(fired["nobody"])), (40, 0))

    def test_no_neurons(self):
        config = """
            simulation: {duration: 5 ms, dt: 0.1 ms}
            populations: {nobody: {size: 0, model: iaf_psc_exp}}
            projections: [{source: nobody, target: nobody, receptor: ex, rule: pairwise_bernoulli, p: 0.5}]
            inputs: [{type: dc, target: nobody, amplitude: 1 pA}]
            record: {spikes: nobody}
            """
        fired = spikes(self.check(self.write("nobody.yaml", config)))
        self.assertEqual(fired["nobody"].shape, (0, 2))

    def test_degrees_that_cannot_be_had(self):
        config = """
            simulation: {duration: 5 ms, dt: 0.1 ms}
            populations: {some: {size: 9, model: iaf_psc_exp}, nobody: {size: 0, model: iaf_psc_exp}}
            projections:
              - {source: some, target: nobody, receptor: ex, rule: fixed_outdegree, outdegree: 2, multapses: false}
            """
        self.write("net.yaml", config)
        for ranks in [0, 3]:
            done = self.command("run", "net.yaml", ranks=ranks)
            self.assertEqual(done.returncode, 2, done.stderr)
            told = [line for line in done.stderr.splitlines() if line.startswith("ranvier:")]
            self.assertEqual(len(told), 1, done.stderr)
            self.assertIn("net.yaml:5:17: fixed_outdegree from 'some' to 'nobody': outdegree 2, but there is no target", told[0])


class ZooIsComplete(ResultsTest):
    """A model that is added must join the zoo, or the membranes."""

    def described(self, title):
        """Names that `ranvier describe` lists under a title."""
        text = self.command("describe").stdout
        section = re.search(rf"^{title} \(.*\)\n((?:  .*\n?)+)", text, re.MULTILINE)
        self.assertIsNotNone(section, text)
        return {line.split()[0] for line in section.group(1).splitlines()}

    def test_everything_is_in_it(self):
        with open(ZOO.config) as zoo_file, open(MEMBRANES.config) as membranes_file:
            zoo, membranes = yaml.safe_load(zoo_file), yaml.safe_load(membranes_file)
        populations = [*zoo["populations"].values(), *membranes["populations"].values()]
        receptors = [r for p in populations for r in p.get("receptors", {}).values()]
        models = {p["model"] for p in populations if "model" in p}
        self.assertEqual(models, self.described("Neurons") | self.described("Sources"))
        self.assertEqual({r["model"] for r in receptors}, self.described("Receptors"))
        self.assertEqual({i["type"] for i in zoo["inputs"]}, self.described("Inputs"))
        # The synapses of edges are in a file: edges.py has networks of it.
        self.assertEqual({p["rule"] for p in zoo["projections"]}, self.described("Connection rules") - {"edges"})

    def test_every_integrator_is_in_it(self):
        with open(MEMBRANES.config) as file:
            populations = yaml.safe_load(file)["populations"].values()
        text = self.command("describe", "alif").stdout
        integrators = re.search(r"^Integrators\n  (.*)$", text, re.MULTILINE).group(1).split(", ")
        chosen = {p["integrator"] for p in populations if "integrator" in p}
        self.assertEqual(chosen, set(integrators) - {"exact"})  # the default of some

    def test_both_sides_of_every_flag(self):
        with open(ZOO.config) as file:
            projections = yaml.safe_load(file)["projections"]
        flags = 0
        for rule in self.described("Connection rules"):
            text = self.command("describe", rule).stdout
            for flag in ["autapses", "multapses"]:
                if re.search(rf"^  {flag} ", text, re.MULTILINE):
                    flags += 1
                    chosen = {p.get(flag, True) for p in projections if p["rule"] == rule}
                    self.assertEqual(chosen, {True, False}, f"{flag} of {rule}")
        self.assertEqual(flags, 9)


add_network_tests()
if __name__ == "__main__":
    unittest.main()

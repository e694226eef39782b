"""What is listed in another order, or not recorded, changes nothing else."""

import copy
import itertools
import random
import unittest

import numpy as np
import yaml

from networks import ZOO
from results import ResultsTest, spikes, traces


def listed(names):
    return [names] if isinstance(names, str) else names


def one_by_one(items, *keys):
    """The same list with an entry for each combination of the names that stand in lists under `keys`."""
    apart = []
    for item in items:
        for names in itertools.product(*(listed(item[key]) for key in keys)):
            apart.append({**item, **dict(zip(keys, names))})
    return apart


def reordered(items, *keys):
    """Backwards, but for those that agree in all `keys`: their order tells them apart in their random draws."""
    groups = {}
    for item in items:
        groups.setdefault(tuple(item.get(key) for key in keys), []).append(item)
    order = [tuple(item.get(key) for key in keys) for item in reversed(items)]
    return [groups[name].pop(0) for name in order]


class Order(ResultsTest):
    def setUp(self):
        super().setUp()
        with open(ZOO.config) as file:
            self.zoo = yaml.safe_load(file)
        self.as_listed = self.simulate(ZOO.config, "as_listed")

    def check(self, change, ranks=0):
        config = copy.deepcopy(self.zoo)
        change(config)
        self.assertNotEqual(repr(config), repr(self.zoo))
        self.assert_same(self.as_listed, self.simulate(self.write("changed.yaml", config), "changed", ranks=ranks))

    def test_projections(self):
        def change(config):
            apart = one_by_one(config["projections"], "source", "target")
            config["projections"] = reordered(apart, "source", "target", "receptor")

        self.check(change)
        self.check(change, ranks=3)

    def test_inputs(self):
        """Three currents of very different size make a sum in another order show (on `bare`)."""

        def change(config):
            config["inputs"] = reordered(one_by_one(config["inputs"], "target"), "type", "target", "receptor")

        self.check(change)
        self.check(change, ranks=2)

    def test_records(self):
        def change(config):
            config["record"]["spikes"].reverse()
            config["record"]["traces"].reverse()
            for trace in config["record"]["traces"]:
                trace["variables"] = listed(trace["variables"])[::-1]

        self.check(change)
        self.check(change, ranks=4)

    def test_keys_of_the_config(self):
        def change(config):
            random.Random(1).shuffle(entries := list(config.items()))
            config.clear()
            config.update(entries)
            for population in config["populations"].values():
                for key in ["params", "init"]:
                    if key in population:
                        population[key] = dict(reversed(population[key].items()))

        self.check(change)


class Recording(ResultsTest):
    """Looking on does not disturb."""

    def test_fewer_populations(self):
        everything = spikes(self.simulate(ZOO.config, "everything"))
        some = spikes(self.simulate(ZOO.config, "some", settings=["record={spikes: [psc_exp, mixed]}"], ranks=2))
        self.assertEqual(sorted(some), ["mixed", "psc_exp"])
        for name, fired in some.items():
            self.assertGreater(len(fired), 100)
            self.assertEqual(fired.tolist(), everything[name].tolist(), name)

    def test_fewer_neurons_and_frames(self):
        def frames(name, ids, every, **options):
            trace = f'{{population: mixed, variables: slow.g, ids: "{ids}", every: {every}, precision: double}}'
            folder = self.simulate(ZOO.config, name, settings=[f"record={{traces: [{trace}]}}"], **options)
            return traces(folder)["mixed.slow.g.h5"]

        few, many = frames("few", "255-257, 699", "1 ms", ranks=3), frames("many", "250-699", "0.1 ms")
        self.assertEqual((few.shape, many.shape), ((51, 4), (501, 450)))
        self.assertGreater(len(np.unique(few)), 50)
        self.assertEqual(few.tobytes(), many[::10, [5, 6, 7, 449]].tobytes())


if __name__ == "__main__":
    unittest.main()

"""A run in three parts, each on another number of ranks, is the run in one: spikes, traces and final state to the bit."""

import itertools
import os
import shutil
import unittest

import h5py

from networks import MEMBRANES, NETWORKS, ZOO, duration_of
from results import ResultsTest, final_state, spikes

# Where a run of so many ms is cut, in steps of 0.1 ms: not where exchange intervals or groups of Poisson draws end.
CUTS = [0.31, 0.69]

# All orders of three of 1, 2, 3 and 4 ranks, shared out among the networks and precisions; all for each if asked to.
ORDERS = list(itertools.permutations([1, 2, 3, 4], 3))
ALL_ORDERS = "RANVIER_TEST_ALL_ORDERS" in os.environ


class Restart(ResultsTest):
    def parts(self, network, output, order, options, settings):
        """Three runs into one folder; each but the first goes on from the checkpoint of the one before."""
        duration = duration_of(network)
        ends = [f"{round(cut * duration, 1)} ms" for cut in CUTS]
        for number, ranks in enumerate(order):
            part = list(options)
            if number > 0:
                part += ["--restart", output]
            if number < len(ends):
                part += ["--until", ends[number]]
            folder = self.simulate(network.config, output, *part, settings=settings, ranks=ranks)
        return folder

    def check_network(self, network, which):
        for number, precision in enumerate(["double", "single"]):
            options = ["--precision", precision]
            settings = [*network.settings, "checkpoint.keep=1"]
            whole = self.simulate(network.config, f"whole-{precision}", *options, settings=settings)
            self.assertGreaterEqual(sum(len(s) for s in spikes(whole).values()), network.spikes)
            state = final_state(whole)
            self.assertTrue(any(path.startswith("checkpoint.h5/state") for path in state))
            orders = ORDERS if ALL_ORDERS else [ORDERS[(2 * which + number) % len(ORDERS)]]
            for order in orders:
                with self.subTest(network.name, precision=precision, order=order):
                    parts = self.parts(network, f"parts-{precision}", order, options, settings)
                    self.assert_same(whole, parts)
                    self.assertEqual(final_state(parts), state)
                    shutil.rmtree(parts)


def add_network_tests():
    for number, network in enumerate(NETWORKS):
        test = lambda self, network=network, number=number: self.check_network(network, number)  # noqa: E731
        setattr(Restart, f"test_{network.name}", test)


class Outputs(ResultsTest):
    """What is recorded and where may change at a restart."""

    def test_other_folder(self):
        """What is recorded there begins at the time of the checkpoint."""
        whole = self.simulate(ZOO.config, "whole")
        self.simulate(ZOO.config, "first", "--until", "20.3 ms", ranks=2)
        rest = self.simulate(ZOO.config, "rest", "--restart", "first/checkpoint.h5", ranks=3)
        for name, fired in spikes(rest).items():
            late = spikes(whole)[name]
            self.assertEqual(fired.tolist(), late[late[:, 0] > 203].tolist(), name)
        name = "mixed.V_m.h5"
        with h5py.File(f"{whole}/{name}") as ours, h5py.File(f"{rest}/{name}") as theirs:
            time = theirs["report/mixed/mapping/time"][:].tolist()
            # 21 ms is the first multiple of 0.7 ms at or after 20.3 ms but one: 20.3 is one itself.
            self.assertEqual([round(t, 9) for t in time], [20.3, 50.4, 0.7])
            frames = theirs["report/mixed/data"][:]
            self.assertEqual(frames.tobytes(), ours["report/mixed/data"][29:].tobytes())
        with h5py.File(f"{rest}/spikes.h5") as file:
            self.assertEqual(file["spikes/mixed"].attrs["t_start"], 20.3)

    def test_other_recordings(self):
        """A recording that is the same goes on, one that is new begins, one that is no longer asked for stays as it is."""
        trace = '{{population: psc_exp, variables: {}, ids: "0-9", precision: double}}'
        before = [f"record={{spikes: [psc_exp], traces: [{trace.format('V_m')}]}}"]
        after = [f"record={{spikes: [psc_exp, mixed], traces: [{trace.format('[V_m, I_in]')}]}}"]
        whole = self.simulate(ZOO.config, "whole", settings=after)
        self.simulate(ZOO.config, "parts", "--until", "20 ms", settings=before)
        parts = self.simulate(ZOO.config, "parts", "--restart", "parts", settings=after, ranks=2)
        for name, start in [("V_m", 0), ("I_in", 200)]:
            with h5py.File(f"{whole}/psc_exp.{name}.h5") as ours, h5py.File(f"{parts}/psc_exp.{name}.h5") as theirs:
                self.assertEqual(theirs["report/psc_exp/data"].shape[0], 501 - start)
                frames = ours["report/psc_exp/data"][start:]
                self.assertEqual(theirs["report/psc_exp/data"][:].tobytes(), frames.tobytes(), name)
        # The spikes of other populations are another recording.
        self.assertGreaterEqual(spikes(parts)["psc_exp"][0, 0], 201)

    def test_duration(self):
        """A run that has reached its end can be made longer."""
        self.simulate(
            MEMBRANES.config, "longer", settings=["simulation.duration=30 ms", "checkpoint.every=10 ms"], ranks=2
        )
        longer = self.simulate(MEMBRANES.config, "longer", "--restart", "longer/checkpoint.h5")
        self.assert_same(self.simulate(MEMBRANES.config, "whole"), longer)

    def test_older_checkpoint(self):
        """From the checkpoint before the last, after the run had gone on."""
        settings = ["checkpoint={every: 10 ms, keep: 3}"]
        whole = self.simulate(ZOO.config, "whole", settings=settings, ranks=2)
        state = final_state(whole)
        self.assertEqual(
            sorted(name for name in os.listdir(whole) if name.startswith("checkpoint")),
            ["checkpoint.1.h5", "checkpoint.2.h5", "checkpoint.h5"],
        )
        again = shutil.copytree(whole, os.path.join(self.folder, "again"))
        again = self.simulate(ZOO.config, "again", "--restart", "again/checkpoint.2.h5", settings=settings)
        self.assert_same(whole, again)
        self.assertEqual(final_state(again), state)


add_network_tests()

if __name__ == "__main__":
    unittest.main()

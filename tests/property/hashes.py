"""Spikes and traces are those of the commit that hashes.txt names to the bit: every shipped config and every network of this folder, in both
precisions, on one rank (the other tests of this folder compare with one rank).

hashes.txt holds a hash for the spikes of each population and for the frames of each report. To make it again, build the
commit whose results are to be kept and let its binary run the networks:

    git worktree add /tmp/kept COMMIT && cd /tmp/kept && cmake --preset release && cmake --build --preset release
    RANVIER=/tmp/kept/build/release/ranvier MPIEXEC=mpirun /usr/bin/python3 tests/property/hashes.py --update

The last command runs in the tree whose hashes.txt is to be written. A change that is meant to give other bits must say so
in its commit, with the lines of hashes.txt that it changes.
"""

import glob
import hashlib
import os
import subprocess
import sys
import unittest

import numpy as np

from edges import FROM_FILE, HEAD, PAIRS, all_pairs
from networks import CONFIGS, HERE, NETWORKS, duration_of
from results import RANVIER, ResultsTest, spikes, traces
from sonata_edges import write_edges

FILE = os.path.join(HERE, "hashes.txt")
UPDATE = "--update" in sys.argv


def hash_of(array):
    """Of type, shape and bytes, the same on every machine."""
    array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return hashlib.sha256(f"{array.dtype.str} {array.shape} ".encode() + array.tobytes()).hexdigest()[:16]


def hashes_of(folder):
    """By what was recorded: a population's spikes as (step, neuron), the frames of a report."""
    found = {f"spikes of {name}": hash_of(fired) for name, fired in spikes(folder).items()}
    return found | {f"traces in {name}": hash_of(frames) for name, frames in traces(folder).items()}


def read_hashes():
    """By network and precision, then by what was recorded."""
    found = {}
    with open(FILE) as file:
        for line in file:
            if not line.startswith("#"):
                network, precision, value, what = line.rstrip("\n").split(" ", 3)
                found.setdefault((network, precision), {})[what] = value
    return found


def write_hashes(found):
    version = subprocess.run([RANVIER, "--version"], capture_output=True, text=True, check=True).stdout
    with open(FILE, "w") as file:
        file.write("# Made by tests/property/hashes.py --update with\n")
        file.writelines(f"#   {line}\n" for line in version.splitlines())
        for (network, precision), values in found.items():
            file.writelines(f"{network} {precision} {value} {what}\n" for what, value in values.items())


class Hashes(ResultsTest):
    made = {}

    @classmethod
    def setUpClass(cls):
        cls.kept = {} if UPDATE else read_hashes()

    def check(self, name, config, settings=(), least_spikes=0):
        for precision in ["double", "single"]:
            folder = self.simulate(config, precision, "--precision", precision, settings=settings)
            self.assertGreaterEqual(sum(len(fired) for fired in spikes(folder).values()), least_spikes)
            found = self.made[name, precision] = hashes_of(folder)
            kept = found if UPDATE else self.kept[name, precision]
            with self.subTest(name, precision=precision):
                self.assertEqual(sorted(found), sorted(kept))
                different = [what for what in found if found[what] != kept[what]]
                self.assertEqual(different, [], f"{name} in {precision} precision differs from {FILE}")

    def test_edges(self):
        """Synapses from a file, of weights and delays that need no random numbers of Python."""
        for name, (_, n_target) in PAIRS.items():
            source, target = all_pairs(name)
            least, most = {"drive": (150, 250), "mutual": (-25, 35), "onward": (-4, 12)}[name]
            weight = least + 37 * target % 61 / 60 * (most - least)
            attributes = {"syn_weight": weight, "delay": 1 + 7 * target % 20 / 10}
            write_edges(os.path.join(self.folder, "edges.h5"), name, source, target, attributes, targets=n_target)
        self.check("edges", self.write("edges.yaml", HEAD + FROM_FILE), least_spikes=500)

    def test_every_config_is_there(self):
        configs = {os.path.splitext(os.path.basename(path))[0] for path in glob.glob(os.path.join(CONFIGS, "*.yaml"))}
        self.assertEqual(configs - {network.name for network in NETWORKS}, set())


def settings_of(network):
    """The configs that are shipped run for longer than elsewhere, where they run many times."""
    if os.path.dirname(network.config) != CONFIGS:
        return network.settings
    return [*network.settings, f"simulation.duration={8 * duration_of(network)} ms"]


def add_network_tests():
    for network in NETWORKS:
        test = lambda self, n=network: self.check(n.name, n.config, settings_of(n), n.spikes)  # noqa: E731
        setattr(Hashes, f"test_{network.name}", test)


add_network_tests()

if __name__ == "__main__":
    program = unittest.main(argv=[argument for argument in sys.argv if argument != "--update"], exit=False)
    if UPDATE and program.result.wasSuccessful():
        write_hashes(Hashes.made)
    sys.exit(not program.result.wasSuccessful())

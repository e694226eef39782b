"""Runs `ranvier` and compares what it wrote: with `ranvier diff`, and by reading the files here."""

import json
import os
import subprocess
import tempfile
import unittest

import h5py
import numpy as np
import yaml

RANVIER = os.environ["RANVIER"]
MPIEXEC = os.environ["MPIEXEC"]
LIMIT_S = 120  # nothing here takes long; what does, hangs

# Where a file came from, and what a checkpoint holds for recordings: bytes of files, which hold where they came from.
NOT_RESULTS = ("provenance", "checkpoint/recordings", "checkpoint/files")


def result_files(folder):
    return sorted(name for name in os.listdir(folder) if name.endswith(".h5") and not name.startswith("checkpoint"))


def numbers(folder, files=None):
    """All datasets and attributes of result files but the provenance, as (type, shape, bytes) by file and path."""
    found = {}

    def keep(path, array):
        array = np.asarray(array)
        found[path] = (array.dtype.str, array.shape, array.tobytes())

    for name in files or result_files(folder):
        with h5py.File(os.path.join(folder, name)) as file:

            def visit(path, item, name=name):
                if path.startswith(NOT_RESULTS):
                    return
                if isinstance(item, h5py.Dataset):
                    keep(f"{name}/{path}", item[()])
                for attribute, value in item.attrs.items():
                    keep(f"{name}/{path}@{attribute}", value)

            file.visititems(visit)
    return found


def final_state(folder):
    """Time, states, sums on their way and signals of the last checkpoint."""
    return numbers(folder, ["checkpoint.h5"])


def spikes(folder):
    """(step, neuron) of all spikes, one array of two columns by population."""
    with h5py.File(os.path.join(folder, "spikes.h5")) as file:
        return {
            name: np.stack([group["step"][:], group["node_ids"][:].astype(np.int64)], axis=1)
            for name, group in file["spikes"].items()
        }


def traces(folder):
    """Frames by report, times in the first axis."""
    found = {}
    for name in result_files(folder):
        if name != "spikes.h5":
            with h5py.File(os.path.join(folder, name)) as file:
                (found[name],) = (group["data"][:] for group in file["report"].values())
    return found


class ResultsTest(unittest.TestCase):
    """Every test gets an empty folder of its own, where its commands run."""

    maxDiff = 2000

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def command(self, *arguments, ranks=0):
        launcher = [MPIEXEC, "-n", str(ranks)] if ranks else []
        return subprocess.run(
            [*launcher, RANVIER, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=LIMIT_S
        )

    def write(self, name, config):
        """A config from nested lists and dictionaries, or from text."""
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            if not isinstance(config, str):
                # Through JSON: else what stands in two places would be written as an anchor and an alias.
                config = yaml.safe_dump(json.loads(json.dumps(config)), sort_keys=False)
            file.write(config)
        return path

    def simulate(self, config, output, *options, settings=(), ranks=0):
        """Runs to the end; the folder of the results."""
        sets = [word for setting in settings for word in ("--set", setting)]
        done = self.command("run", config, "--output", output, *options, *sets, ranks=ranks)
        self.assertEqual(done.returncode, 0, f"{config} on {ranks} ranks\n{done.stderr}")
        return os.path.join(self.folder, output)

    def assert_same(self, a, b):
        done = self.command("diff", a, b)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        ours, theirs = numbers(a), numbers(b)
        self.assertEqual(sorted(ours), sorted(theirs))
        self.assertEqual([path for path in ours if ours[path] != theirs[path]], [])

"""`ranvier info` and `ranvier diff` on some hundred files with random edits: never a crash, never a hang, a message that
names the file. Half of the files are ours, half as h5py writes them, whose structure has no checksums."""

import concurrent.futures
import os
import random
import unittest

import h5py
import numpy as np

import ranvier_command
from ranvier_command import NETWORK, CommandTest

# Some edits, such as in heaps of texts, send the HDF5 library in circles: after 20 s (info) or 60 s (diff) without a sign of
# life such a file is refused.
ranvier_command.LIMIT_S = 120

EDITS = 60  # of each file
TRACES = "record: {spikes: [exc], traces: [{population: exc, ids: 0-4, variables: [V_m]}]}"


def edited(data, rng):
    """One to three edits: bits, bytes, numbers that are larger than anything, pieces lost, doubled or out of place."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        # Every second edit is where the structure is rather than the numbers.
        at = rng.randrange(min(len(data), 4096) if rng.random() < 0.5 else len(data))
        length = rng.randrange(1, 65)
        kind = rng.randrange(7)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at] = rng.randrange(256)
        elif kind == 2:
            data[at : at + 8] = rng.choice([b"\xff" * 8, b"\x00" * 8, b"\xff" * 7 + b"\x7f", b"\x00\x00\x00\x80" * 2])
        elif kind == 3:
            data[at : at + length] = rng.randbytes(length)
        elif kind == 4:
            del data[at : at + length]
        elif kind == 5:
            data[at:at] = data[at : at + length]
        else:
            other = rng.randrange(len(data))
            data[at : at + length] = data[other : other + length]
    return bytes(data)


class DamagedFiles(CommandTest):
    def write_foreign(self):
        rng = np.random.default_rng(1)
        with h5py.File(self.path("foreign_spikes.h5"), "w") as file:
            for name in ["a", "b"]:
                group = file.create_group(f"spikes/{name}")
                group["timestamps"] = np.sort(rng.uniform(0, 100, 200))
                group["timestamps"].attrs["units"] = "ms"
                group["node_ids"] = rng.integers(0, 50, 200)
        with h5py.File(self.path("foreign_report.h5"), "w") as file:
            group = file.create_group("report/a")
            group.create_dataset("data", data=rng.normal(size=(50, 4)).astype("f4"), chunks=(10, 4), compression="gzip")
            group["data"].attrs["units"] = "mV"
            group["mapping/node_ids"] = np.arange(4)
            group["mapping/time"] = [0.0, 5.0, 0.1]

    def check(self, name, number, data):
        """What went wrong with this file, or the exit code of `info`."""
        damaged = f"damaged_{name}_{number}.h5"
        with open(self.path(damaged), "wb") as file:
            file.write(data)
        read = None
        for arguments, codes in [(["info", damaged], [0, 1]), (["diff", f"{name}.h5", damaged], [0, 1, 2])]:
            result = self.ranvier(*arguments)
            told = result.out + result.err
            read = result.code if read is None else read
            good = result.code in codes and (damaged in told or told.startswith(("same: ", "different: ")))
            if not good:
                return f"{' '.join(arguments)}: exit code {result.code}\n{told}"
        os.remove(self.path(damaged))
        return read

    def test_edits(self):
        self.write("net.yaml", NETWORK.replace("record: {spikes: [exc]}", TRACES))
        self.assertEqual(self.ranvier("run", "net.yaml", "--output", ".").code, 0)
        self.write_foreign()
        traces = next(f for f in os.listdir(self.folder) if f.endswith(".h5") and f.startswith("exc"))
        rng = random.Random(4)
        jobs = []
        for name in ["spikes", traces[:-3], "foreign_spikes", "foreign_report"]:
            with open(self.path(f"{name}.h5"), "rb") as file:
                whole = file.read()
            self.assertEqual(self.ranvier("info", f"{name}.h5").code, 0)
            jobs += [(name, i, edited(whole, rng)) for i in range(EDITS)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda job: self.check(*job), jobs))
        self.assertEqual([r for r in results if isinstance(r, str)], [])
        # Neither is every file refused nor every damage overlooked.
        self.assertGreater(results.count(0), len(jobs) / 10)
        self.assertGreater(results.count(1), len(jobs) / 10)


if __name__ == "__main__":
    unittest.main()

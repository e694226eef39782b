"""Files written by 1 to 4 ranks follow the format, are the same but for provenance, hold what the made-up network of
tests/support/recording_network.hpp did, and survive being killed. sonata_files.py WRITER MPIEXEC
"""

import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

from sonata_check import check_file

EXC, INH, STEPS = 3001, 257, 2000
FILES = ("spikes.h5", "V_m.h5", "g.h5")


def run(writer, mpiexec, ranks, folder, mode):
    os.makedirs(folder)
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    command = [mpiexec, "--oversubscribe", "-n", str(ranks), writer, folder, mode]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    if (done.returncode == 0) != (mode == "whole"):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")


def expected_spikes(size, period, last):
    """(step, node) of all spikes up to a step, in order; every hundredth neuron fires twice."""
    node, step = np.meshgrid(np.arange(size), np.arange(1, last + 1))
    fires = step % period(node) == 0
    step, node = step[fires], node[fires]
    times = np.where(node % 100 == 99, 2, 1)
    return np.repeat(step, times), np.repeat(node, times)


def check_contents(folder, last):
    with h5py.File(f"{folder}/spikes.h5") as file:
        for name, size, period in (("exc", EXC, lambda n: 10 + n % 37), ("inh", INH, lambda n: 3 + n % 5)):
            step, node = expected_spikes(size, period, last)
            group = file["spikes"][name]
            assert np.array_equal(group["step"][:], step), f"{folder}: steps of {name}"
            assert np.array_equal(group["node_ids"][:], node), f"{folder}: neurons of {name}"
            assert np.array_equal(group["timestamps"][:], step / 10.0), f"{folder}: times of {name}"
            assert group.attrs["t_stop"] == last / 10.0, f"{folder}: t_stop of {name}"
        for name in ("silent", "empty"):
            assert len(file["spikes"][name]["timestamps"]) == 0
    nodes = np.arange(0, EXC, 3)
    frames = last // 10
    values = -60.0 - nodes[None, :] / 3.0 + np.arange(frames)[:, None] / 7.0
    for report, kind in (("V_m.h5", np.float32), ("g.h5", np.float64)):
        with h5py.File(f"{folder}/{report}") as file:
            group = file["report/exc"]
            assert np.array_equal(group["mapping/node_ids"][:], nodes), f"{folder}: columns of {report}"
            assert np.array_equal(group["data"][:], values.astype(kind)), f"{folder}: values of {report}"


def contents(path):
    """Everything in a file but provenance: datasets as bytes, attributes as text."""
    found = {}

    def visit(name, item):
        if name.startswith("provenance"):
            return
        attributes = {key: repr(value) for key, value in item.attrs.items()}
        data = None
        if isinstance(item, h5py.Dataset):
            data = (item.shape, str(item.dtype), item.chunks, item[()].tobytes())
        found[name] = (attributes, data)

    with h5py.File(path) as file:
        file.visititems(visit)
        assert file["provenance"].attrs["seed"] == 42
        assert file["provenance/config"][()].decode() == "name: test\nunits: \u00b5m\n"
    return found


def main(writer, mpiexec):
    with tempfile.TemporaryDirectory() as base:
        first = None
        for ranks in (1, 2, 3, 4):
            folder = f"{base}/whole-{ranks}"
            run(writer, mpiexec, ranks, folder, "whole")
            errors = [e for name in FILES for e in check_file(f"{folder}/{name}")]
            assert not errors, "\n".join(errors)
            check_contents(folder, STEPS)
            now = {name: contents(f"{folder}/{name}") for name in FILES}
            first = first or now
            assert now == first, f"files of {ranks} ranks differ from those of 1"
        for ranks in (1, 3):
            folder = f"{base}/killed-{ranks}"
            run(writer, mpiexec, ranks, folder, "killed")
            errors = [e for name in FILES for e in check_file(f"{folder}/{name}")]
            assert not errors, "\n".join(errors)
            check_contents(folder, STEPS // 2)


if __name__ == "__main__":
    main(*sys.argv[1:])

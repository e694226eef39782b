"""Runs small networks with the `ranvier` command and reads what it wrote."""

import glob
import json
import os
import subprocess
import tempfile
import unittest

import h5py
import numpy as np
import yaml

RANVIER = os.environ["RANVIER"]


class Results:
    """What one run left: spikes by population, traces by variable, the summary. All of it is read at once."""

    def __init__(self, folder):
        with open(os.path.join(folder, "summary.json")) as file:
            self.summary = json.load(file)
        with h5py.File(os.path.join(folder, "spikes.h5")) as file:
            groups = file["spikes"].items()
            self._spikes = {name: (group["step"][:], group["node_ids"][:]) for name, group in groups}
        self._traces = {}
        for path in glob.glob(os.path.join(folder, "*.*.h5")):
            name = os.path.basename(path)[: -len(".h5")]
            with h5py.File(path) as file:
                self._traces[name] = file[f"report/{name.split('.')[0]}/data"][:]

    def spikes(self, population):
        """Steps and ids of all spikes, in the order of the file."""
        return self._spikes[population]

    def trace(self, population, variable="V_m"):
        """Values at the start and after each step, one column per recorded neuron."""
        return self._traces[f"{population}.{variable}"]

    def rate(self, population):
        """Mean rate in Hz."""
        return next(p["rate_hz"] for p in self.summary["populations"] if p["name"] == population)

    def all_rate(self):
        """Mean rate in Hz over the neurons of all populations."""
        seconds = (self.summary["until_ms"] - self.summary["from_ms"]) / 1000
        return self.summary["spikes"] / self.summary["neurons"] / seconds


def simulate(config, *arguments):
    """Runs a config, given as a path or as a dictionary, and returns its Results."""
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(config, dict):
            path = os.path.join(folder, "config.yaml")
            with open(path, "w") as file:
                yaml.safe_dump({"name": "validation", "output": "results", **config}, file, sort_keys=False)
        else:
            path = config
        command = [RANVIER, "run", path, "--output", folder, *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
        return Results(folder)


def network(duration, populations, dt=0.1, traces=(), precision="double", seed=1, **rest):
    """A config that records the spikes of all populations and the traces named as (population, variable)."""
    return {
        "simulation": {"duration": duration, "dt": dt, "seed": seed, "precision": precision},
        "populations": populations,
        "record": {
            "spikes": list(populations),
            "traces": [
                {"population": p, "variables": [v], "every": dt, "precision": "double"} for p, v in traces
            ],
        },
        **rest,
    }


def neuron(model, size=1, receptors=None, init=None, **params):
    """One population of a config."""
    population = {"size": size, "model": model, "params": params}
    if receptors:
        population["receptors"] = receptors
    if init:
        population["init"] = init
    return population


class ValidationTest(unittest.TestCase):
    """Assertions on arrays and on statistics."""

    def assert_close(self, actual, expected, tolerance):
        """The largest difference is at most the tolerance."""
        actual, expected = np.asarray(actual), np.asarray(expected)
        self.assertEqual(actual.shape, expected.shape)
        difference = np.abs(actual - expected)
        worst = np.unravel_index(np.argmax(difference), difference.shape)
        self.assertLessEqual(difference.max(), tolerance, f"at {worst}: {actual[worst]} and not {expected[worst]}")

    def assert_within(self, actual, expected, tolerance, what=""):
        """One number, with what it is in the message."""
        self.assertLessEqual(abs(actual - expected), tolerance, f"{what}: {actual}, expected {expected} +- {tolerance}")

"""Runs the `ranvier` command as users do, alone and under mpirun."""

import os
import signal
import subprocess
import tempfile
import textwrap
import unittest

RANVIER = os.environ["RANVIER"]
MPIEXEC = os.environ["MPIEXEC"]
LIMIT_S = 60  # nothing here takes long; what does, hangs

# Small, lively, and with synapses between all ranks.
NETWORK = """
name: tiny
simulation: {duration: 100 ms, dt: 0.1 ms, seed: 3}
populations:
  exc:
    size: 80
    model: lif
    params: {C_m: 200 pF, g_L: 10 nS, E_L: -60 mV, V_th: -50 mV, V_reset: -60 mV, t_ref: 5 ms, I_e: 250 pA}
    init: {V_m: {uniform: {low: -60 mV, high: -50 mV}}}
    receptors:
      ampa: {model: exponential, tau: 5 ms, E_rev: 0 mV}
projections:
  - {source: exc, target: exc, receptor: ampa, rule: pairwise_bernoulli, p: 0.1, weight: 1 nS, delay: 0.5 ms}
record: {spikes: [exc]}
output: results
"""


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def message(self):
        """What Ranvier itself wrote to stderr; mpirun adds its own lines."""
        return [line for line in self.err.splitlines() if line.startswith("ranvier:")]


class CommandTest(unittest.TestCase):
    """Every test gets an empty folder of its own, where its commands run."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(textwrap.dedent(text))
        return name

    def start(self, *arguments, ranks=0, **options):
        launcher = [MPIEXEC, "-n", str(ranks)] if ranks else []
        return self.spawn([*launcher, RANVIER, *arguments], **options)

    def spawn(self, words, **options):
        return subprocess.Popen(
            words,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **options,
        )

    def finish(self, process):
        try:
            out, err = process.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            self.fail(f"still running after {LIMIT_S} s: {process.args}")
        return Result(process.returncode, out, err)

    def ranvier(self, *arguments, ranks=0, **options):
        return self.finish(self.start(*arguments, ranks=ranks, **options))

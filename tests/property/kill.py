"""Runs that are killed at random moments, over and over, end as the run that was not: no spike and no frame is lost or
different, and the final state is the same to the bit.

The moments are drawn from a fixed seed, but what a process does at a moment is up to the machine. Checkpoints are so
frequent that about half of the time goes into writing them. RANVIER_TEST_KILLS says how many kills there shall be.
"""

import glob
import os
import random
import shutil
import signal
import subprocess
import time
import unittest

from networks import ZOO
from results import MPIEXEC, RANVIER, ResultsTest, final_state, spikes

KILLS = int(os.environ.get("RANVIER_TEST_KILLS", "8"))
SETTINGS = [
    "simulation.duration=100 ms",
    "checkpoint={every: 2 ms, keep: 2}",
    "variables.d_max=20 ms",
    "record.traces=[{population: mixed, variables: [V_m, slow.g], ids: '0-99', precision: double}]",
]


def processes_of(launcher):
    """The ranks that a launcher has started."""
    found = []
    for status in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(status) as file:
                number, _, rest = file.read().partition(" (")
        except OSError:
            continue
        name, _, fields = rest.rpartition(") ")
        if name == os.path.basename(RANVIER)[:15] and fields.split()[1] == str(launcher):
            found.append(int(number))
    return found


class Kill(ResultsTest):
    def command_line(self, ranks, goes_on):
        words = [MPIEXEC, "-n", str(ranks), RANVIER, "run", ZOO.config, "--output", "killed"]
        for setting in SETTINGS:
            words += ["--set", setting]
        return words + (["--restart", "killed"] if goes_on else [])

    def has_checkpoint(self):
        return bool(glob.glob(os.path.join(self.folder, "killed", "checkpoint*.h5")))

    def run_and_kill(self, draw):
        """Returns whether the run reached its end before it was killed, and whether a checkpoint was being written."""
        process = subprocess.Popen(
            self.command_line(draw.randint(1, 4), self.has_checkpoint()),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdout.readline()  # the heading: the network is built, or has been restored
        time.sleep(draw.uniform(0.0, 1.0))
        victims = processes_of(process.pid)
        if victims and draw.random() < 0.5:
            victims = [draw.choice(victims)]
        writing = os.path.exists(os.path.join(self.folder, "killed", "checkpoint.h5.part"))
        for victim in victims:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass
        _, errors = process.communicate(timeout=120)
        if process.returncode == 0:
            return True, False
        told = [line for line in errors.splitlines() if line.startswith("ranvier:") and "warning" not in line]
        self.assertEqual(told, [], errors)
        return False, writing

    def test_every_moment(self):
        whole = self.simulate(ZOO.config, "whole", settings=SETTINGS)
        self.assertGreater(sum(len(s) for s in spikes(whole).values()), 20000)
        state = final_state(whole)
        draw = random.Random(4)
        kills = while_writing = runs = 0
        while kills < KILLS:
            complete = False
            while not complete:
                if kills >= KILLS:
                    self.assertEqual(subprocess.run(self.command_line(2, self.has_checkpoint()), cwd=self.folder,
                                                    capture_output=True).returncode, 0)
                    break
                complete, writing = self.run_and_kill(draw)
                runs += 1
                self.assertLess(runs, 20 * KILLS + 20, f"only {kills} runs could be killed")
                kills += not complete
                while_writing += writing
            killed = os.path.join(self.folder, "killed")
            self.assert_same(whole, killed)
            self.assertEqual(final_state(killed), state)
            shutil.rmtree(killed)
        print(f"{kills} kills, {while_writing} of them while a checkpoint was being written")
        if KILLS >= 50:  # of few there may be none
            self.assertGreater(while_writing, KILLS // 20)


if __name__ == "__main__":
    unittest.main()

"""scripts/slurm/run.sbatch without Slurm: commands in their place record what they are told. The last test runs a network."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest

from ranvier_command import MPIEXEC, NETWORK, RANVIER

SCRIPT = pathlib.Path(os.environ["RANVIER_SCRIPTS"]) / "slurm" / "run.sbatch"
LIMIT_S = 30

# mpirun and srun write down their arguments and the signals they get, one per line, and end with $CODE: at once, or, with
# $WAIT_FOR signals, when these have come.
LAUNCHER = """#!/usr/bin/env bash
trap 'echo USR1 >> signals; got=$((${got:-0} + 1))' USR1
trap 'echo TERM >> signals' TERM
printf '%s\\n' "${0##*/}" "$@" > launched
while [ "${got:-0}" -lt "${WAIT_FOR:-0}" ]; do sleep 0.02; done
exit "${CODE:-0}"
"""
COMMANDS = {
    "mpirun": LAUNCHER,
    "srun": LAUNCHER,
    "squeue": '#!/usr/bin/env bash\nprintf "%s\\n" "$@" > asked\necho "  ${LEFT:-1-02:03:04}"\n',
    "scontrol": '#!/usr/bin/env bash\necho "$@" >> controlled\nexit "${SCONTROL_CODE:-0}"\n',
}


class BatchScript(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "bin").mkdir()
        for name, text in COMMANDS.items():
            command = self.folder / "bin" / name
            command.write_text(text)
            command.chmod(0o755)

    def start(self, *arguments, **environment):
        slurm = {"SLURM_JOB_ID": "1234", "SLURM_NTASKS": "8", "SLURM_SUBMIT_DIR": "/clone"}
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.Popen(
            ["bash", str(SCRIPT), *arguments],
            cwd=self.folder,
            env={"PATH": path, **slurm, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, process):
        out, err = process.communicate(timeout=LIMIT_S)
        return process.returncode, out + err

    def run_script(self, *arguments, **environment):
        return self.finish(self.start(*arguments, **environment))

    def lines(self, name):
        file = self.folder / name
        return file.read_text().splitlines() if file.exists() else []

    def make(self, name):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    def test_command(self):
        self.assertEqual(self.run_script("net.yaml", "out", "--precision", "single", "--set", "variables.a='1 ms'"), (0, ""))
        self.assertEqual(
            self.lines("launched"),
            ["mpirun", "-n", "8", "/clone/build/release/ranvier", "run", "net.yaml", "--output", "out"]
            + ["--precision", "single", "--set", "variables.a='1 ms'", "--max-walltime", "1-02:03:04"],
        )
        self.assertEqual(self.lines("asked"), ["--noheader", "--job", "1234", "--format", "%L"])
        self.run_script("a b.yaml", "out", RANVIER_LAUNCHER="srun --mpi=pmix", RANVIER="/bin/r")
        self.assertEqual(self.lines("launched")[:6], ["srun", "--mpi=pmix", "-n", "8", "/bin/r", "run"])
        self.assertEqual(self.lines("launched")[6], "a b.yaml")

    def test_no_limit_is_no_walltime(self):
        for left in ["UNLIMITED", "NOT_SET", "INVALID", ""]:
            self.run_script("net.yaml", "out", LEFT=left or " ")
            self.assertNotIn("--max-walltime", self.lines("launched"), left)

    def test_usage(self):
        code, text = self.run_script("net.yaml")
        self.assertEqual(code, 2)
        self.assertIn("usage", text)
        self.assertEqual(self.lines("launched"), [])

    def test_restarts_only_from_a_checkpoint(self):
        self.make("out/spikes.h5")
        self.run_script("net.yaml", "out")
        self.assertNotIn("--restart", self.lines("launched"))
        # The newest may be missing: killed between two renames.
        for name in ["checkpoint.1.h5", "checkpoint.h5"]:
            self.make(f"out/{name}")
            self.run_script("net.yaml", "out")
            self.assertEqual(self.lines("launched")[-2:], ["--restart", "out/checkpoint.h5"], name)

    def test_requeues_exactly_on_75(self):
        for code in [0, 1, 2, 74, 76, 134, 143]:
            self.assertEqual(self.run_script("net.yaml", "out", CODE=str(code)), (code, ""))
        self.assertEqual(self.lines("controlled"), [])
        self.assertEqual(self.run_script("net.yaml", "out", CODE="75"), (0, ""))
        self.assertEqual(self.lines("controlled"), ["requeue 1234"])
        self.assertEqual(self.run_script("net.yaml", "out", CODE="75", SCONTROL_CODE="1"), (75, ""))

    def test_does_not_requeue_for_ever(self):
        self.assertEqual(self.run_script("net.yaml", "out", CODE="75", SLURM_RESTART_COUNT="99")[0], 0)
        code, text = self.run_script("net.yaml", "out", CODE="75", SLURM_RESTART_COUNT="100")
        self.assertEqual(code, 75)
        self.assertIn("requeued 100 times", text)
        self.assertEqual(len(self.lines("controlled")), 1)

    def wait_until_launched(self):
        end = time.monotonic() + LIMIT_S
        while len(self.lines("launched")) < 7:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    def test_hands_signals_on_and_waits(self):
        process = self.start("net.yaml", "out", CODE="75", WAIT_FOR="2")
        self.wait_until_launched()
        for count in [1, 2]:
            process.send_signal(signal.SIGUSR1)
            while len(self.lines("signals")) < count:
                self.assertIsNone(process.poll())
                time.sleep(0.02)
        self.assertEqual(self.finish(process), (0, ""))
        self.assertEqual(self.lines("signals"), ["USR1", "USR1"])
        self.assertEqual(self.lines("controlled"), ["requeue 1234"])

    def test_a_job_that_is_ended_leaves_a_checkpoint_and_stays_away(self):
        process = self.start("net.yaml", "out", CODE="75", WAIT_FOR="1")
        self.wait_until_launched()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(self.finish(process), (75, ""))
        self.assertEqual((self.lines("signals"), self.lines("controlled")), (["USR1"], []))

    def test_arrays_run_one_seed_per_task(self):
        self.make("out/seed-7/checkpoint.h5")
        task = {"SLURM_JOB_ID": "1300", "SLURM_ARRAY_JOB_ID": "1234", "SLURM_ARRAY_TASK_ID": "7"}
        self.assertEqual(self.run_script("net.yaml", "out", CODE="75", **task), (0, ""))
        launched = self.lines("launched")
        self.assertEqual(launched[launched.index("--output") + 1 :][:3], ["out/seed-7", "--set", "simulation.seed=7"])
        self.assertEqual(launched[-1], "out/seed-7/checkpoint.h5")
        # The id of this task alone.
        self.assertEqual(self.lines("controlled"), ["requeue 1234_7"])
        self.assertIn("1234_7", self.lines("asked"))

    def test_a_run_in_two_jobs_is_the_run_in_one(self):
        (self.folder / "net.yaml").write_text(NETWORK.replace("100 ms", "1000000 s"))
        real = {**os.environ, "RANVIER": RANVIER, "RANVIER_LAUNCHER": MPIEXEC, "SLURM_NTASKS": "2", "LEFT": "1:00:00"}
        real["PATH"] = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        process = self.start("net.yaml", "out", **real)
        self.assertRegex(process.stdout.readline(), "tiny: 80 neurons")
        process.send_signal(signal.SIGUSR1)
        code, text = self.finish(process)
        self.assertEqual((code, self.lines("controlled")), (0, ["requeue 1234"]), text)
        stopped_ms = float(re.search(r"Stopped at ([0-9.e+]+) ms \(signal 10 ", text).group(1))
        # The second job goes on to a time near enough; so does the run that was not interrupted.
        until = ["--until", f"{stopped_ms + 50} ms"]
        code, text = self.finish(self.start("net.yaml", "out", *until, **real))
        self.assertEqual((code, len(self.lines("controlled"))), (0, 1), text)
        whole = [RANVIER, "run", "net.yaml", "--output", "whole", *until]
        subprocess.run(whole, cwd=self.folder, check=True, capture_output=True, timeout=LIMIT_S)
        same = subprocess.run([RANVIER, "diff", "out", "whole"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(same.returncode, 0, same.stdout)


if __name__ == "__main__":
    unittest.main()

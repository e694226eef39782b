"""Checkpoints as users meet them: stopped runs, restarts that are refused, damaged files, full disks."""

import json
import os
import random
import resource
import shutil
import unittest

import h5py
import numpy as np

from ranvier_command import NETWORK, CommandTest

SAVING = NETWORK + "checkpoint: {every: 20 ms, keep: 3}\n"


class Files(CommandTest):
    def content(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()


class CheckpointTest(Files):
    """`whole` is a run of 100 ms with checkpoints at 60, 80 and 100 ms in whole/."""

    def setUp(self):
        super().setUp()
        self.write("net.yaml", SAVING)
        self.run_network("whole")

    def run_network(self, folder, *options, ranks=0):
        result = self.ranvier("run", "net.yaml", "--output", folder, *options, ranks=ranks)
        self.assertEqual((result.code, result.message()), (0, []), result.err)
        return result

    def spikes(self, folder):
        with h5py.File(self.path(f"{folder}/spikes.h5")) as file:
            group = file["spikes/exc"]
            return np.stack([group["step"][:], group["node_ids"][:].astype(np.int64)], axis=1).tolist()

    def check_refused(self, code, *told, config="net.yaml", options=(), ranks=0, file="whole/checkpoint.1.h5"):
        result = self.ranvier("run", config, "--output", "again", "--restart", file, *options, ranks=ranks)
        self.assertEqual(result.code, code, result.out + result.err)
        self.assertEqual(len([line for line in result.message() if "warning" not in line]), 1, result.err)
        for text in told:
            self.assertIn(text, result.err)
        self.assertFalse(os.path.exists(self.path("again")))


class Refused(CheckpointTest):
    def test_other_parameters(self):
        told = "populations.exc.params.C_m: 200 pF / 210 pF"
        for ranks in [0, 2]:
            self.check_refused(2, told, options=["--set", "populations.exc.params.C_m=210 pF"], ranks=ranks)

    def test_other_networks(self):
        for setting, told in [
            ("simulation.seed=4", "simulation.seed: 3 / 4"),
            ("simulation.dt=0.05 ms", "simulation.dt: 0.1 ms / 0.05 ms"),
            ("populations.exc.size=81", "populations.exc.size: 80 / 81"),
            ("populations.exc.init.V_m=-55 mV", "populations.exc.init.V_m.uniform.low: -60 mV / nothing"),
            ("populations.exc.receptors.ampa.tau=4 ms", "populations.exc.receptors.ampa.tau: 5 ms / 4 ms"),
            ("projections.0.weight=2 nS", "projections[0].weight: 1 nS / 2 nS"),
            ("inputs=[{type: dc, target: exc, amplitude: 1 pA}]", "inputs[0].type: nothing / dc"),
        ]:
            with self.subTest(setting):
                self.check_refused(2, told, options=["--set", setting])

    def test_other_precision(self):
        self.check_refused(2, "simulation.precision: double / single", options=["--precision", "single"], ranks=3)

    def test_other_data(self):
        """The same config, but the numbers in a file that it names are others."""
        config = SAVING.replace("{uniform: {low: -60 mV, high: -50 mV}}", "{hdf5: 'start.h5:/V_m'}")
        self.write("net.yaml", config)
        with h5py.File(self.path("start.h5"), "w") as file:
            file["V_m"] = np.linspace(-60.0, -50.0, 80)
        self.run_network("data", "--until", "40 ms")
        self.run_network("data", "--restart", "data", ranks=2)
        with h5py.File(self.path("start.h5"), "r+") as file:
            file["V_m"][7] = -51.5
        self.check_refused(2, "data/checkpoint.h5", "made from other data", "start.h5: ", file="data/checkpoint.h5")

    def test_what_may_differ(self):
        self.write("other.yaml", SAVING.replace("name: tiny", "name: other").replace("every: 20 ms", "every: 30 ms"))
        result = self.ranvier(
            "run", "other.yaml", "--set", "simulation.duration=120 ms", "--set", "record={}", "--output", "again",
            "--restart", "whole/checkpoint.h5",
        )
        self.assertEqual((result.code, result.message()), (0, []), result.err)
        self.assertFalse(os.path.exists(self.path("again/spikes.h5")))

    def test_time_that_is_past(self):
        self.check_refused(2, "is at 80 ms, but the run ends at 50 ms", options=["--until", "50 ms"])


class Damaged(CheckpointTest):
    def damage(self, name, change):
        with open(self.path(name), "r+b") as file:
            change(file)

    def test_goes_back_to_the_one_before(self):
        def cut(file):
            file.truncate(os.path.getsize(file.name) - 1)

        self.damage("whole/checkpoint.h5", cut)
        self.damage("whole/checkpoint.1.h5", lambda file: file.write(b"R"[::-1] * 3))
        for ranks in [0, 2, 3]:
            result = self.ranvier("run", "net.yaml", "--output", "again", "--restart", "whole", ranks=ranks)
            self.assertEqual(result.code, 0, result.err)
            (warning,) = result.message()
            for text in ["warning", "'whole/checkpoint.h5' (", "'whole/checkpoint.1.h5' (it is not a checkpoint",
                         "continuing from 'whole/checkpoint.2.h5'"]:
                self.assertIn(text, warning)
            late = [spike for spike in self.spikes("whole") if spike[0] > 600]
            self.assertGreater(len(late), 50)
            self.assertEqual(self.spikes("again"), late)
            shutil.rmtree(self.path("again"))

    def test_none_is_whole(self):
        for name in ["whole/checkpoint.h5", "whole/checkpoint.1.h5", "whole/checkpoint.2.h5"]:
            self.damage(name, lambda file: (file.seek(3000), file.write(b"damage")))
        for ranks in [0, 2]:
            self.check_refused(1, "'whole/checkpoint.2.h5' (its contents have changed since it was written)",
                               "there is no older checkpoint", file="whole", ranks=ranks)

    def test_no_checkpoints(self):
        self.write("empty.h5", "")
        self.write("text.h5", "Ranvier checkpoint, schema 2\n" + 1000 * "x")
        os.mkdir(self.path("folder"))
        for file, told in [
            ("empty.h5", "it is not a checkpoint"),
            ("text.h5", "it has schema 2, but this version reads schema 1"),
            ("whole/spikes.h5", "it is not a checkpoint"),
            ("nothing.h5", os.strerror(2)),
            ("folder", os.strerror(2)),
        ]:
            with self.subTest(file):
                self.check_refused(1, told, file=file)

    def test_bits(self):
        """One bit is wrong, anywhere: refused. (tests/unit/checkpoint.cpp takes a thousand.)"""
        draw = random.Random(1)
        shutil.copy(self.path("whole/checkpoint.1.h5"), self.path("bits.h5"))
        size = os.path.getsize(self.path("bits.h5"))
        for place in [0, 511, 512, size - 1, *(draw.randrange(size) for _ in range(12))]:
            bit = 1 << draw.randrange(8)

            def flip(file, place=place, bit=bit):
                file.seek(place)
                (byte,) = file.read(1)
                file.seek(place)
                file.write(bytes([byte ^ bit]))

            self.damage("bits.h5", flip)
            self.check_refused(1, "bits.h5", file="bits.h5")
            self.assertEqual(self.ranvier("info", "bits.h5").code, 1)
            self.damage("bits.h5", flip)
        self.run_network("again", "--restart", "bits.h5")

    def test_recordings(self):
        """Files of another run are not gone on with, nor are those that have become shorter."""
        self.run_network("other", "--set", "simulation.seed=4")
        self.write("net.yaml", SAVING)
        for name, change, told in [
            ("swapped", lambda f: shutil.copy(self.path("other/spikes.h5"), f), "it belongs to another run"),
            ("cut", lambda f: os.truncate(f, 3000), "it is shorter"),
        ]:
            shutil.copytree(self.path("whole"), self.path(name))
            change(self.path(f"{name}/spikes.h5"))
            before = self.content(f"{name}/spikes.h5")
            result = self.ranvier("run", "net.yaml", "--output", name, "--restart", name, ranks=2)
            self.assertEqual(result.code, 1, result.err)
            self.assertIn(told, result.message()[0])
            self.assertEqual(self.content(f"{name}/spikes.h5"), before)

    def test_recordings_that_were_damaged(self):
        """What a killed process may have left half written is put right: all but full chunks."""
        shutil.copytree(self.path("whole"), self.path("again"))

        def scribble(file):
            size = os.path.getsize(file.name)
            mark = None
            with h5py.File(self.path("whole/spikes.h5")) as whole:
                mark = whole["provenance"].attrs["run_id"]
            data = file.read()
            mark_at = data.index(mark if isinstance(mark, bytes) else mark.encode())
            noise = random.Random(2).randbytes(size)
            file.seek(0)
            file.write(noise[:mark_at] + data[mark_at : mark_at + 16] + noise[mark_at + 16 :] + noise)

        self.damage("again/spikes.h5", scribble)
        self.assertNotEqual(self.ranvier("info", "again/spikes.h5").code, 0)
        self.run_network("again", "--restart", "again/checkpoint.1.h5", ranks=2)
        self.assertEqual(self.spikes("again"), self.spikes("whole"))


class Stopped(CommandTest):
    def test_goes_on(self):
        self.write("net.yaml", NETWORK.replace("duration: 100 ms", "duration: 1000 s"))
        stopped = self.ranvier("run", "net.yaml", "--max-walltime", "00:00:02", ranks=2)
        self.assertEqual(stopped.code, 75, stopped.err)
        self.assertIn("the same command with --restart results/checkpoint.h5", stopped.out)
        with h5py.File(self.path("results/checkpoint.h5")) as file:
            step = int(file["checkpoint"].attrs["step"])
            self.assertEqual(file["state/exc/V_m"].shape, (80,))
        self.assertGreater(step, 100)
        options = ["--until", f"{step / 10 + 50} ms"]
        again = self.ranvier("run", "net.yaml", "--restart", "results/checkpoint.h5", *options)
        self.assertEqual(again.code, 0, again.err)
        self.ranvier("run", "net.yaml", *options, "--output", "whole", ranks=3)
        same = self.ranvier("diff", "results", "whole")
        self.assertEqual(same.code, 0, same.out)
        with open(self.path("results/summary.json")) as file:
            summary = json.load(file)
        self.assertEqual(summary["from_ms"], step / 10)


class FullDisk(Files):
    def test_during_a_checkpoint(self):
        """The checkpoint has no room; what there was stays, and the run can go on from it."""
        large = SAVING.replace("size: 80", "size: 800000").replace("p: 0.1", "p: 0.000001")
        self.write("net.yaml", large.replace("I_e: 250 pA", "I_e: {uniform: {low: 0 pA, high: 104 pA}}"))
        first = self.ranvier("run", "net.yaml", "--until", "10 ms", ranks=2)
        self.assertEqual(first.code, 0, first.err)
        before = self.content("results/checkpoint.h5")
        self.assertGreater(len(before), 24_000_000)

        def limit():  # MPI's own files need most of a smaller one
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, 20_000_000))

        for ranks in [0, 2]:
            options = ["run", "net.yaml", "--restart", "results"]
            full = self.ranvier(*options, ranks=ranks, preexec_fn=limit)
            self.assertEqual(full.code, 1, full.out + full.err)
            self.assertEqual(len(full.message()), 1, full.err)
            self.assertIn("checkpoint.h5.part", full.message()[0])
            self.assertIn(os.strerror(27), full.message()[0])
            self.assertEqual(self.content("results/checkpoint.h5"), before)
            self.assertFalse(os.path.exists(self.path("results/checkpoint.h5.part")))
            self.assertEqual(self.ranvier("info", "results/spikes.h5").code, 0)
        self.check_goes_on()

    def test_during_a_report(self):
        """20 MB are full after some 120 ms; what was flushed before stays readable, and the run can go on."""
        traces = "record: {spikes: [exc], traces: [{population: exc, variables: [V_m], every: 0.1 ms}]}"
        network = SAVING.replace("record: {spikes: [exc]}", traces).replace("100 ms", "160 ms")
        self.write("net.yaml", network.replace("size: 80", "size: 4000").replace("p: 0.1", "p: 0.002"))

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, 20_000_000))

        for ranks in [0, 2]:
            full = self.ranvier("run", "net.yaml", ranks=ranks, preexec_fn=limit)
            self.assertEqual(full.code, 1, full.out + full.err)
            self.assertEqual(len(full.message()), 1, full.err)
            self.assertIn("exc.V_m.h5", full.message()[0])
            with h5py.File(self.path("results/checkpoint.h5")) as file:
                step = int(file["checkpoint"].attrs["step"])
            self.assertGreaterEqual(step, 1000)
            with h5py.File(self.path("results/exc.V_m.h5")) as file:
                self.assertGreaterEqual(file["report/exc/data"].shape[0], step + 1)
                self.assertTrue(np.isfinite(file["report/exc/data"][:]).all())
            with h5py.File(self.path("results/spikes.h5")) as file:
                self.assertGreater(len(file["spikes/exc/timestamps"][:]), 1000)
        self.check_goes_on()

    def check_goes_on(self):
        """Without a limit, to the same end as a run that never met one."""
        on = self.ranvier("run", "net.yaml", "--restart", "results")
        self.assertEqual((on.code, on.message()), (0, []), on.err)
        self.assertEqual(self.ranvier("run", "net.yaml", "--output", "whole", ranks=3).code, 0)
        same = self.ranvier("diff", "whole", "results")
        self.assertEqual(same.code, 0, same.out)


if __name__ == "__main__":
    unittest.main()

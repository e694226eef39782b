"""Runs from start to end, from the outside: results, signals, files that cannot be written."""

import json
import os
import re
import resource
import signal
import time
import unittest

import h5py

from ranvier_command import NETWORK, CommandTest

# Longer than any test: it must be ended.
ENDLESS = NETWORK.replace("100 ms", "1000000 s")


class Runs(CommandTest):
    def test_summary_and_files(self):
        self.write("net.yaml", NETWORK)
        for ranks in [0, 1, 3]:
            result = self.ranvier("run", "net.yaml", "--output", f"out{ranks}", ranks=ranks)
            self.assertEqual((result.code, result.message()), (0, []), result.err)
            self.assertRegex(result.out, r"^tiny: 80 neurons, \d+ synapses\n")
            self.assertIn("real-time factor", result.out)
            with open(self.path(f"out{ranks}/summary.json")) as file:
                summary = json.load(file)
            self.assertEqual((summary["neurons"], summary["ranks"]), (80, max(1, ranks)))
            self.assertEqual(len(summary["by_rank"]), max(1, ranks))
            self.assertGreater(summary["spikes"], 80)
            with h5py.File(self.path(f"out{ranks}/spikes.h5")) as file:
                self.assertEqual(len(file["spikes/exc/timestamps"]), summary["spikes"])
        self.assertEqual(self.ranvier("diff", "out0", "out3").code, 0)
        self.assertEqual(self.ranvier("run", "net.yaml", "--output", "other", "--set", "simulation.seed=4").code, 0)
        self.assertEqual(self.ranvier("diff", "out0", "other").code, 1)
        self.assertIn(f"{summary['spikes']} spikes", self.ranvier("info", "out0/spikes.h5").out)

    def test_until_ends_early(self):
        self.write("net.yaml", NETWORK)
        self.assertEqual(self.ranvier("run", "net.yaml", "--until", "50 ms").code, 0)
        with open(self.path("results/summary.json")) as file:
            summary = json.load(file)
        self.assertEqual((summary["until_ms"], summary["complete"]), (50.0, True))
        result = self.ranvier("run", "net.yaml", "--until", "50.05 ms", ranks=2)
        self.assertEqual(result.code, 2)
        self.assertEqual(
            result.message(), ["ranvier: --until: must be a whole number of steps of 0.1 ms, got 50.05 ms"]
        )

    def test_run_yaml_runs_to_the_same_spikes(self):
        """Whatever the command line overrides is in run.yaml, and in the provenance of every file."""
        trace = "traces: [{population: exc, variables: [V_m], every: 10 ms, file: V_m.h5}]"
        self.write("net.yaml", NETWORK.replace("spikes: [exc]", "spikes: [exc], " + trace))

        def results(folder):
            with h5py.File(self.path(f"{folder}/spikes.h5")) as spikes, h5py.File(self.path(f"{folder}/V_m.h5")) as report:
                arrays = [spikes[f"spikes/exc/{d}"][:] for d in ("timestamps", "node_ids")] + [report["report/exc/data"][:]]
                for file in (spikes, report):
                    self.assertEqual(file["provenance/config"][()].decode(), self.read(f"{folder}/run.yaml"))
            summary = json.loads(self.read(f"{folder}/summary.json"))
            self.assertEqual(summary["provenance"]["config"], self.read(f"{folder}/run.yaml"))
            return [a.tobytes() for a in arrays]

        self.assertEqual(self.ranvier("run", "net.yaml", "--output", "plain").code, 0)
        plain = results("plain")
        overrides = {
            "single": ["--precision", "single"],
            "until": ["--until", "40 ms"],
            "set": ["--set", "populations.exc.params.I_e=300 pA"],
            "all": ["--precision", "single", "--until", "60 ms", "--set", "simulation.seed=9"],
        }
        for name, options in overrides.items():
            with self.subTest(name):
                self.assertEqual(self.ranvier("run", "net.yaml", "--output", name, *options, ranks=2).code, 0)
                self.assertIn(f'output: "{name}"', self.read(f"{name}/run.yaml"))
                first = results(name)
                # Rounding shows in the potentials, everything else in the spikes too.
                self.assertNotEqual(first[2], plain[2])
                self.assertEqual(self.ranvier("run", f"{name}/run.yaml", "--output", "again").code, 0)
                self.assertEqual(results("again"), first)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()


class Datasets(CommandTest):
    def test_states_out_of_range(self):
        """What a file brings is only seen by the run: the gate of neuron 3 is open by more than all channels."""
        with h5py.File(self.path("init.h5"), "w") as file:
            file["/s"] = [0.0, 1.0, 0.5, 1.5]
        self.write(
            "net.yaml",
            """
            simulation: {duration: 1 ms}
            populations:
              n: {size: 4, model: lif, init: {gate.s: {hdf5: "init.h5:/s"}}, receptors: {gate: {model: nmda}}}
            """,
        )
        told = "population n, receptor gate: s of neuron 3 must be from 0 to 1, got 1.5"
        for ranks in [0, 2]:
            result = self.ranvier("run", "net.yaml", ranks=ranks)
            self.assertEqual(result.code, 2, result.out)
            self.assertEqual(len(result.message()), 1, result.err)
            self.assertIn(told, result.message()[0])


class NegativeConductances(CommandTest):
    """Weights and initial values that only the build sees: refused as constants are, with neuron and value."""

    NETWORK = """
        simulation: {{duration: 1 ms, seed: 1}}
        populations:
          s: {{size: 50, model: spike_times, params: {{times: [0.5]}}}}
          n: {{size: 20, model: {neuron}, {init}receptors: {{e: {{model: {receptor}, E_rev: 0}}}}}}
        projections:
          - {{source: s, target: n, receptor: e, rule: {rule}, weight: {weight}, delay: 0.1}}
        record: {{spikes: [n]}}
        output: out
        """

    def run_with(self, ranks, receptor="exponential", neuron="lif", rule="all_to_all", weight="1 nS", init=""):
        text = self.NETWORK.format(receptor=receptor, neuron=neuron, rule=rule, weight=weight, init=init)
        self.write("net.yaml", text)
        return self.ranvier("run", "net.yaml", ranks=ranks)

    def check(self, result, told):
        self.assertEqual((result.code, len(result.message())), (2, 1), result.err)
        self.assertRegex(result.message()[0], told)

    def test_weights(self):
        with h5py.File(self.path("w.h5"), "w") as file:
            file["/w"] = [1.0] * 13 + [-0.5] + [1.0] * 6
        drawn = "{uniform: {min: -10, max: 1}}"
        refused = r"projection s>n:e#0: a conductance must not be negative, got a weight of -[0-9.]+( nS)? onto neuron "
        for ranks in [0, 3]:
            for receptor in ["exponential", "alpha", "dual_exponential", "nmda"]:
                self.check(self.run_with(ranks, receptor, weight=drawn), refused + r"\d+ of n; E_rev decides")
            self.check(self.run_with(ranks, rule="fixed_outdegree, outdegree: 5", weight=drawn), refused)
            self.check(self.run_with(ranks, neuron="hh", weight=drawn), "got a weight of -[0-9.]+ mS/cm")
            self.check(self.run_with(ranks, weight="{hdf5: 'w.h5:/w'}"), "got a weight of -0.5 nS onto neuron 13 of n;")
            bounded = self.run_with(ranks, weight="{normal: {mean: 1, std: 5, min: 0}}")
            self.assertEqual((bounded.code, bounded.message()), (0, []), bounded.err)

    def test_currents_may_be_negative(self):
        self.write(
            "net.yaml",
            self.NETWORK.replace(", E_rev: 0", "").format(
                receptor="exponential", neuron="lif", rule="all_to_all", weight="{uniform: {min: -10, max: 1}}",
                init="init: {e.g: {uniform: {min: -2, max: -1}}}, ",
            ),
        )
        result = self.ranvier("run", "net.yaml")
        self.assertEqual((result.code, result.message()), (0, []), result.err)

    def test_initial_values(self):
        with h5py.File(self.path("g.h5"), "w") as file:
            file["/g"] = [1.0] * 7 + [-0.5] + [1.0] * 12
        for ranks in [0, 3]:
            result = self.run_with(ranks, init="init: {e.g: {hdf5: 'g.h5:/g'}}, ")
            self.check(result, "population n, receptor e: g of neuron 7 must be at least 0 nS, got -0.5 nS;")
            result = self.run_with(ranks, "alpha", init="init: {e.h: {uniform: {min: -2, max: -1}}}, ")
            self.check(result, r"e.h: uniform: may draw values that are not allowed \(must be at least 0 nS\); give min")
        result = self.run_with(0, init="init: {e.g: -1 nS}, ")
        self.assertEqual(result.code, 2)
        self.assertIn("e.g: must be at least 0 nS, got -1 nS", result.err)


class Warnings(CommandTest):
    def test_weights_that_single_precision_loses(self):
        self.write(
            "net.yaml",
            """
            simulation: {duration: 60 ms, dt: 0.1 ms}
            populations:
              big: {size: 1000, model: spike_times, params: {times: [50.0]}}
              small: {size: 1, model: spike_times, params: {times: [5.0]}}
              n: {size: 2, model: iaf_psc_exp}
            projections:
              - {source: big, target: n, receptor: ex, rule: all_to_all, weight: 1e6, delay: 1 ms}
              - {source: small, target: n, receptor: ex, rule: all_to_all, weight: 0.3, delay: 1 ms}
            record: {spikes: [n]}
            output: out
            """,
        )
        for ranks in [0, 2, 3]:
            result = self.ranvier("run", "net.yaml", "--precision", "single", ranks=ranks)
            self.assertEqual(result.code, 0, result.err)
            (warning,) = result.message()
            self.assertIn("warning: projection small>n:ex#0: its weights, up to 0.3, arrive as 0", warning)
            self.assertIn("since projection big>n:ex#0 can bring 1e+09 in one step", warning)
        self.assertEqual(self.ranvier("run", "net.yaml").message(), [])

    def test_short_time_constants(self):
        text = """
            simulation: {{duration: 1 ms, dt: 0.1 ms}}
            populations:
              n: {{size: 2, model: lif, receptors: {{e: {{model: exponential, tau: {tau}, E_rev: 0}}}}}}
              own: {{size: 2, model: iaf_psc_exp, params: {{tau_syn_ex: 0.2}}}}
            record: {{spikes: [n]}}
            output: out
            """
        told = "warning: population n, receptor e: tau is 0.2 ms, 2 steps of 0.1 ms"
        for tau, count in [("0.2 ms", 1), ("0.5 ms", 0), ("{uniform: {min: 0.2, max: 9}}", 1)]:
            self.write("net.yaml", text.format(tau=tau))
            for arguments in [["validate", "net.yaml"], ["run", "net.yaml"]]:
                result = self.ranvier(*arguments)
                self.assertEqual(result.code, 0, result.err)
                self.assertEqual(len([line for line in result.message() if told in line]), count, result.err)
                self.assertEqual(len(result.message()), count, result.err)

    def test_rounded_refractory_times(self):
        text = """
            simulation: {{duration: 0.9 ms, dt: 0.3 ms}}
            populations: {{n: {{size: 2, model: izhikevich}}, m: {{size: 2, model: iaf_psc_delta, params: {{{t_ref}}}}}}}
            record: {{spikes: [n]}}
            output: out
            """
        rounded = "; refractory times are rounded to whole steps of 0.3 ms"
        for t_ref, told in [
            ("t_ref: 1.8 ms", []),
            ("", ["t_ref is 2 ms, the default"]),
            ("t_ref: {uniform: {min: 1, max: 2}}", ["t_ref is drawn"]),
        ]:
            self.write("net.yaml", text.format(t_ref=t_ref))
            for command in ["validate", "run"]:
                result = self.ranvier(command, "net.yaml")
                self.assertEqual(result.code, 0, result.err)
                self.assertEqual(result.message(), [f"ranvier: warning: population m: {t}{rounded}" for t in told])


class NotANumber(CommandTest):
    """A current that no membrane survives: its sum overflows, and infinity minus infinity is no number."""

    def test_names_population_neuron_variable_and_time(self):
        inputs = "inputs: [{type: dc, target: exc, ids: 7, amplitude: -1e308}, {type: dc, target: exc, ids: 7, amplitude: -1e308}]\n"
        self.write("net.yaml", NETWORK + inputs)
        for ranks in [0, 3]:
            result = self.ranvier("run", "net.yaml", ranks=ranks)
            self.assertEqual(result.code, 1, result.out + result.err)
            self.assertEqual(len(result.message()), 1, result.err)
            self.assertIn("population exc: V_m of neuron 7 is NaN or infinite at 100 ms", result.message()[0])


    def test_differential_equations_stop_in_the_step(self):
        # A current so large that the cube of the potential overflows: V' = V - V^3/3 + ... goes to infinity.
        config = """
            simulation: {duration: 500 ms, dt: 1 ms}
            populations:
              quiet: {size: 9, model: morris_lecar}
              wild: {size: 9, model: fitzhugh_nagumo, integrator: euler}
            inputs: [{type: dc, target: wild, amplitude: 1e200, start: 10 ms, ids: 3}]
            """
        self.write("net.yaml", config)
        # The same recursion in Python says when.
        v, w, step = 0.0, 0.0, 0
        while abs(v) < float("inf"):
            step += 1
            try:
                v, w = v + (v - v**3 / 3 - w + (1e200 if step > 10 else 0.0)), w + (v + 0.7 - 0.8 * w) / 12.5
            except OverflowError:
                v = float("inf")
        for ranks in [0, 3]:
            result = self.ranvier("run", "net.yaml", ranks=ranks)
            self.assertEqual(result.code, 1, result.out + result.err)
            self.assertIn(f"population wild: V_m of neuron 3 is NaN or infinite at {step} ms", result.err)


class Stops(CommandTest):
    def check_stopped(self, result, reason):
        self.assertEqual((result.code, result.message()), (75, []), result.err)
        self.assertNotIn("\r", result.out)  # a pipe gets lines, not a bar, under mpirun too
        told = re.search(r"Stopped at ([0-9.e+]+) ms \((.*)\)\. To continue, run .* --restart results/checkpoint.h5", result.out)
        self.assertIsNotNone(told, result.out)
        self.assertIn(reason, told.group(2))
        with h5py.File(self.path("results/spikes.h5")) as file:
            times = file["spikes/exc/timestamps"][:]
        self.assertGreater(len(times), 0)
        self.assertLessEqual(times.max(), float(told.group(1)) * 1.00001)
        with open(self.path("results/summary.json")) as file:
            summary = json.load(file)
        self.assertEqual((summary["complete"], summary["spikes"]), (False, len(times)))
        self.assertEqual(self.ranvier("info", "results/spikes.h5").code, 0)

    def wait_until_running(self, process):
        # The heading tells that the network is built.
        self.assertRegex(process.stdout.readline(), "tiny: 80 neurons")
        time.sleep(0.5)

    def test_signals(self):
        self.write("net.yaml", ENDLESS)
        for number in [signal.SIGUSR1, signal.SIGUSR2]:
            process = self.start("run", "net.yaml", ranks=2)
            self.wait_until_running(process)
            process.send_signal(number)
            self.check_stopped(self.finish(process), f"signal {int(number)}")
        for number in [signal.SIGTERM, signal.SIGINT]:
            process = self.start("run", "net.yaml")
            self.wait_until_running(process)
            process.send_signal(number)
            self.check_stopped(self.finish(process), f"signal {int(number)}")

    def test_walltime(self):
        self.write("net.yaml", ENDLESS)
        self.check_stopped(self.ranvier("run", "net.yaml", "--max-walltime", "00:00:02", ranks=2), "wall time")


class Disks(CommandTest):
    def check_failed(self, result, *reasons):
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual(len(result.message()), 1, result.err)
        for reason in reasons:
            self.assertIn(reason, result.message()[0])

    def test_output_that_cannot_be_written(self):
        self.write("net.yaml", NETWORK)
        self.write("file", "no folder")
        for ranks in [0, 2]:
            result = self.ranvier("run", "net.yaml", "--output", "file/results", ranks=ranks)
            self.check_failed(result, "file/results", os.strerror(20))

    def test_full_disk(self):
        """A limit on the size of files stands for the end of the disk: writes fail the same way, half done."""
        traces = "record: {spikes: [exc], traces: [{population: exc, variables: [V_m], every: 0.1 ms}]}"
        self.write("net.yaml", ENDLESS.replace("record: {spikes: [exc]}", traces).replace("size: 80", "size: 4000"))

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, 20_000_000))

        for ranks in [0, 2]:
            result = self.ranvier("run", "net.yaml", "--max-walltime", "6", ranks=ranks, preexec_fn=limit)
            self.check_failed(result, "results/", os.strerror(27))


if __name__ == "__main__":
    unittest.main()

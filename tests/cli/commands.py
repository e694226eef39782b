"""Help, exit codes and messages: one message, whatever the number of ranks."""

import json
import unittest

from ranvier_command import MPIEXEC, NETWORK, RANVIER, CommandTest

HELP = """\
Ranvier simulates spiking neural networks, with the same results on any number of ranks.
Usage: ranvier [OPTIONS] SUBCOMMAND

Options:
  -h,--help                         Print this help message and exit
  --version                         Display program version information and exit

Subcommands:
  run                               Simulate a network
  validate                          Check a config; print the size of the network and the memory per rank
  describe                          Describe models, receptors, rules and inputs: parameters, units, defaults
  schema                            Print the JSON Schema (draft-07) of a config, for editors
  info                              Print a summary of the content of a file, and its provenance
  diff                              Compare two results; print the first difference and exit with 1 if they differ
  convert                           Write a network as SONATA files, a SONATA circuit as YAML, spikes as text

Exit codes: 0 done; 1 runtime failure; 2 usage or config; 75 checkpointed early, resubmit.
SIGUSR1, SIGUSR2, SIGTERM or SIGINT save a checkpoint at the next exchange interval and end the run.
"""


def squeezed(text):
    """Without what depends on the version of CLI11: amounts of space."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


class Answers(CommandTest):
    def test_help(self):
        result = self.ranvier("--help")
        self.assertEqual(result.code, 0)
        self.assertEqual(squeezed(result.out), squeezed(HELP))

    def test_help_of_commands(self):
        for command, words in {
            "run": ["CONFIG", "--set", "--output", "--restart", "--until", "--device", "--precision", "--max-walltime"],
            "validate": ["CONFIG", "--set", "--ranks"],
            "describe": ["MODEL"],
            "info": ["FILE"],
            "diff": ["A", "B"],
            "convert": ["INPUT", "--output", "--set", "--precision"],
        }.items():
            result = self.ranvier(command, "--help")
            self.assertEqual(result.code, 0)
            for word in words:
                self.assertIn(word, result.out)

    def test_version(self):
        result = self.ranvier("--version")
        self.assertEqual(result.code, 0)
        self.assertRegex(result.out, r"^ranvier \d+\.\d+\.\d+( \([0-9a-f]{12}(-dirty)?\))?\n.*Kokkos \d")

    def test_describe(self):
        everything = self.ranvier("describe")
        self.assertEqual(everything.code, 0)
        for name in ["lif", "iaf_psc_exp", "exponential", "poisson", "pairwise_bernoulli", "fixed_indegree"]:
            self.assertIn(name, everything.out)
        lif = self.ranvier("describe", "lif")
        self.assertEqual(lif.code, 0)
        for text in ["C_m", "pF", "V_th", "mV", "t_ref", "ms"]:
            self.assertIn(text, lif.out)

    def test_schema(self):
        result = self.ranvier("schema")
        self.assertEqual(result.code, 0)
        self.assertIn("draft-07", json.loads(result.out)["$schema"])

    def test_validate_foretells(self):
        self.write("net.yaml", NETWORK)
        result = self.ranvier("validate", "net.yaml", "--ranks", "8")
        self.assertEqual((result.code, result.err), (0, ""))
        for line in [
            "tiny: 80 neurons, 640 synapses",
            "100 ms in 1,000 steps of 0.1 ms, seed 3, double precision",
            "exc 80 lif ampa (exponential)",
            "exc>exc:ampa#0 640 0.5 pairwise_bernoulli",
            "per rank, of 8",
            "neurons 10",
            "synapses 80",
            "exchange every 0.5 ms",
        ]:
            self.assertIn(line, squeezed(result.out))

    def test_validate_draws_what_the_run_would_draw(self):
        """A threshold that is drawn below the reset potential is refused before the run, with the words of the run."""
        drawn = "V_th: {normal: {mean: -50 mV, std: 4 mV}}"
        self.write("net.yaml", NETWORK.replace("V_th: -50 mV", drawn).replace("size: 80", "size: 100000"))
        told = [self.ranvier(command, "net.yaml") for command in ("validate", "run")]
        for result in told:
            self.assertEqual(result.code, 2)
            self.assertRegex(result.err, r"^ranvier: population exc: .* V_reset .* V_th ")
        self.assertEqual(told[0].err, told[1].err)
        self.write("net.yaml", NETWORK.replace("V_th: -50 mV", drawn.replace("4 mV", "4 mV, min: -59 mV")))
        self.assertEqual(self.ranvier("validate", "net.yaml").code, 0)

    def test_one_answer_under_mpirun(self):
        result = self.ranvier("--version", ranks=3)
        self.assertEqual((result.code, result.out.count("ranvier ")), (0, 1))


class Mistakes(CommandTest):
    def check(self, arguments, code, message, ranks=0):
        result = self.ranvier(*arguments, ranks=ranks)
        self.assertEqual(result.message(), [f"ranvier: {message}"], result.err)
        self.assertEqual(result.code, code)

    def test_usage(self):
        for ranks in [0, 2]:
            self.check(["rum"], 2, "there is no command 'rum'. Did you mean 'run'? See 'ranvier --help'.", ranks)
            self.check(["run"], 2, "CONFIG is required. See 'ranvier run --help'.", ranks)
            self.check(["describe", "liff"], 2, "unknown model, receptor, input, rule or synapse 'liff'. Did you mean 'lif'?", ranks)

    def test_missing_config_once_on_all_ranks(self):
        for command, ranks in [("validate", 0), ("run", 0), ("run", 1), ("run", 3)]:
            self.check([command, "nowhere.yaml"], 2, "nowhere.yaml: there is no such file", ranks)

    def test_all_config_errors_at_once(self):
        self.write("net.yaml", NETWORK.replace("dt: 0.1 ms", "dt: 0.1 mV").replace("rule: pair", "rule: pear"))
        for arguments, ranks in [(["validate", "net.yaml"], 0), (["run", "net.yaml"], 0), (["run", "net.yaml"], 3)]:
            result = self.ranvier(*arguments, ranks=ranks)
            self.assertEqual(result.code, 2)
            self.assertEqual(result.err.count("net.yaml:"), 2, result.err)
            self.assertIn("pairwise_bernoulli", result.err)  # the suggestion

    def test_a_rank_that_fails_alone_ends_all(self):
        """The second rank gets another --set; the first goes on to build and would wait for it for ever."""
        self.write("net.yaml", NETWORK)
        run = [RANVIER, "run", "net.yaml"]
        result = self.finish(
            self.spawn([MPIEXEC, "-n", "1", *run, ":", "-n", "1", *run, "--set", "populations.exc.size=-1"])
        )
        self.assertEqual(result.code, 2, result.err)
        self.assertEqual(len(result.message()), 1, result.err)
        self.assertRegex(result.message()[0], r"^ranvier: rank 1: .*size")

    def test_files_that_are_none(self):
        self.write("text.h5", "not HDF5")
        for arguments in [["info", "nowhere.h5"], ["info", "text.h5"]]:
            result = self.ranvier(*arguments)
            self.assertEqual(result.code, 1)
            self.assertEqual(len(result.message()), 1)
            self.assertIn(arguments[1], result.err)
        self.assertEqual(self.ranvier("diff", "nowhere.h5", "text.h5").code, 2)


if __name__ == "__main__":
    unittest.main()

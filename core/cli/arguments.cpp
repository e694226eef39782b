#include "core/cli/arguments.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "core/base/error.hpp"
#include "core/base/suggest.hpp"
#include "core/base/version.hpp"

namespace ranvier::cli {
namespace {

constexpr const char* footer =
    "Exit codes: 0 done; 1 runtime failure; 2 usage or config; 75 checkpointed early, resubmit.\n"
    "SIGUSR1, SIGUSR2, SIGTERM or SIGINT save a checkpoint at the next exchange interval and end the run.";

/// One per subcommand: where its options go, and what it makes of them.
struct Parser {
  CLI::App app{"Ranvier simulates spiking neural networks, with the same results on any number of ranks.", "ranvier"};
  RunArguments run;
  ValidateArguments validate;
  DescribeArguments describe;
  InfoArguments info;
  DiffArguments diff;
  ConvertArguments convert;
  std::string until, walltime, device = "auto", exchange = "auto", precision;

  Parser() {
    app.footer(footer);
    app.require_subcommand(1);
    app.set_version_flag("--version", version_text());
    add_run();
    add_validate();
    auto* d =
        app.add_subcommand("describe", "Describe models, receptors, rules and inputs: parameters, units, defaults");
    d->add_option("MODEL", describe.model, "The model to describe; all models are listed if it is left out");
    app.add_subcommand("schema", "Print the JSON Schema (draft-07) of a config, for editors");
    auto* i = app.add_subcommand("info", "Print a summary of the content of a file, and its provenance");
    i->add_option("FILE", info.file, "A file of spikes, a report, nodes, edges, or a checkpoint")->required();
    auto* c =
        app.add_subcommand("diff", "Compare two results; print the first difference and exit with 1 if they differ");
    c->add_option("A", diff.left, "A file or a folder of results")->required();
    c->add_option("B", diff.right, "The file or folder to compare it with")->required();
    add_convert();
    app.get_formatter()->column_width(36);
  }

  static std::string version_text() {
    const std::string hash = git_hash();
    return fmt::format("ranvier {}{}\n{}", version(), hash.empty() ? "" : fmt::format(" ({})", hash),
                       build_description());
  }

  void add_config(CLI::App* command, std::string& config, std::vector<std::string>& set) {
    command->add_option("CONFIG", config, "The network, a YAML file or a SONATA config (.json)")->required();
    add_set(command, set);
  }

  static void add_set(CLI::App* command, std::vector<std::string>& set) {
    command->add_option("--set", set, "Override one value of the config; may be repeated")
        ->type_name("path.to.key=value")
        ->allow_extra_args(false)
        ->take_all();
  }

  void add_precision(CLI::App* command) {
    command->add_option("--precision", precision, "Precision of the state: single, double; overrides the config")
        ->type_name("PRECISION")
        ->check(CLI::IsMember({"single", "double"}));
  }

  void add_run() {
    auto* r = app.add_subcommand("run", "Simulate a network");
    add_config(r, run.config, run.set);
    r->add_option("--output", run.output, "Folder for the results; overrides the config")->type_name("DIR");
    r->add_option("--restart", run.restart, "Continue from a checkpoint, on any number of ranks")->type_name("FILE");
    r->add_option("--until", until, "Stop at this biological time, such as '500 ms'")->type_name("TIME");
    r->add_option("--device", device, "Where to compute: cpu, gpu, auto")
        ->type_name("DEVICE")
        ->check(CLI::IsMember({"cpu", "gpu", "auto"}));
    r->add_option("--exchange", exchange, "How spikes are sent between ranks: mpi, nccl (between GPUs), auto")
        ->type_name("EXCHANGE")
        ->check(CLI::IsMember({"mpi", "nccl", "auto"}));
    add_precision(r);
    r->add_option("--max-walltime", walltime, "Wall time limit of the batch job; the run stops at 99 % of it")
        ->type_name("HH:MM:SS");
  }

  void add_validate() {
    auto* v = app.add_subcommand("validate", "Check a config; print the size of the network and the memory per rank");
    add_config(v, validate.config, validate.set);
    v->add_option("--ranks", validate.ranks, "Number of MPI ranks of the estimate")
        ->type_name("N")
        ->check(CLI::Range(1, 100000));
  }

  void add_convert() {
    auto* c =
        app.add_subcommand("convert", "Write a network as SONATA files, a SONATA circuit as YAML, spikes as text");
    c->add_option("INPUT", convert.input, "A network (YAML), a simulation_config.json, or a file of spikes (HDF5)")
        ->required();
    c->add_option("--output", convert.output, "The folder for the SONATA files, or the file to write")
        ->type_name("PATH")
        ->required();
    add_set(c, convert.set);
    add_precision(c);
  }

  std::optional<Precision> chosen_precision() const {
    if (precision.empty()) return std::nullopt;
    return precision == "single" ? Precision::single : Precision::double_;
  }

  Command command() {
    if (app.got_subcommand("run")) {
      if (!until.empty()) run.until_ms = parse_time_ms(until, "--until");
      if (!walltime.empty()) run.max_walltime_s = parse_walltime_s(walltime);
      run.device = device == "cpu" ? Device::cpu : device == "gpu" ? Device::gpu : Device::automatic;
      run.exchange = exchange == "mpi"    ? ExchangeKind::mpi
                     : exchange == "nccl" ? ExchangeKind::nccl
                                          : ExchangeKind::automatic;
      run.precision = chosen_precision();
      return run;
    }
    if (app.got_subcommand("validate")) return validate;
    if (app.got_subcommand("describe")) return describe;
    if (app.got_subcommand("schema")) return SchemaArguments{};
    if (app.got_subcommand("info")) return info;
    if (app.got_subcommand("convert")) {
      convert.precision = chosen_precision();
      return convert;
    }
    return diff;
  }
};

}  // namespace

Request parse_arguments(int argc, const char* const* argv) {
  Parser parser;
  if (argc > 1 && argv[1][0] != '-') {
    // CLI11 would only say that a subcommand is required.
    std::vector<std::string> names;
    for (const auto* c : parser.app.get_subcommands({})) names.push_back(c->get_name());
    if (std::find(names.begin(), names.end(), argv[1]) == names.end()) {
      const auto near = nearest(argv[1], names);
      throw UsageError(fmt::format("there is no command '{}'.{} See 'ranvier --help'.", argv[1],
                                   near.empty() ? "" : fmt::format(" Did you mean '{}'?", near)));
    }
  }
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    for (const auto* command : parser.app.get_subcommands()) return command->help();
    return parser.app.help();
  } catch (const CLI::CallForVersion& version) {
    return fmt::format("{}\n", version.what());
  } catch (const CLI::ParseError& error) {
    const auto chosen = parser.app.get_subcommands();
    throw UsageError(fmt::format("{}. See 'ranvier {}--help'.", error.what(),
                                 chosen.empty() ? "" : fmt::format("{} ", chosen.front()->get_name())));
  }
  return parser.command();
}

}  // namespace ranvier::cli

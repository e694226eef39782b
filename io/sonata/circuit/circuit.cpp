#include "io/sonata/circuit/circuit.hpp"

#include <fmt/format.h>

#include <cmath>

#include "io/sonata/circuit/stimuli.hpp"
#include "io/text/quotes.hpp"

namespace ranvier::sonata {
namespace {

class Translator {
 public:
  Translator(const std::string& path, FileFacts& facts, const std::function<void(const std::string&)>& warn)
      : json_(path, warn), facts_(facts) {}

  std::string operator()() {
    check_target();
    check_conditions();
    const std::string simulation = read_run();
    Network network = read_network(json_, facts_);
    NodeSets sets(json_, network);
    const std::string inputs = read_stimuli(json_, facts_, sets, network);
    const auto [folder, spikes_file] = read_output();
    const std::string traces = read_reports(json_, sets, tstop_, folder);
    json_.raise_if_any();
    std::string text = simulation + populations(network) + projections(network);
    if (!inputs.empty()) text += "inputs:\n" + inputs;
    text += "record:\n" + recorded_spikes(network) +
            fmt::format("  spikes_file: {}{}\n", in_quotes(spikes_file), from_output());
    if (!traces.empty()) text += "  traces:\n" + traces;
    return text + fmt::format("output: {}{}\n", in_quotes(folder), from_output());
  }

 private:
  void check_target() {
    for (const Located& target : json_.sections("target_simulator"))
      if (const auto name = json_.text(target, "target_simulator"); name && *name != "NEST")
        json_.mistake(target,
                      fmt::format("target_simulator: circuits for '{}' are not supported; supported are circuits for "
                                  "NEST",
                                  *name));
  }

  /// Temperature and v_init mean nothing to the models of NEST, whose potentials start where the model says.
  void check_conditions() {
    for (const Located& conditions : json_.sections("conditions")) {
      json_.check_keys(conditions, "conditions",
                       {"celsius", "v_init", "extracellular_calcium", "spike_location", "mechanisms",
                        "randomize_gaba_rise_time", "modifications"});
      if (const Located modifications = conditions.find("modifications"))
        json_.mistake(modifications, "modifications are not supported");
    }
  }

  std::string read_run() {
    const Located run = json_.section("run");
    if (!run) {
      json_.mistake(json_.main(), "'run' is missing: no file of the config contains it");
      return "";
    }
    json_.check_keys(run, "run",
                     {"tstop", "duration", "tstart", "dt", "dL", "spike_threshold", "nsteps_block", "tsteps_block",
                      "overwrite_output_dir", "random_seed", "nseg", "overwrite", "backend", "stimulus_seed",
                      "ionchannel_seed", "minis_seed", "synapse_seed", "electrodes_file", "integration_method"});
    const Located stop = run.find("tstop") ? run.find("tstop") : run.find("duration"), dt = run.find("dt");
    if (!stop) json_.mistake(run, "'tstop' is missing in run");
    if (!dt) json_.mistake(run, "'dt' is missing in run");
    if (const Located start = run.find("tstart"); start && json_.number(start, "tstart").value_or(0.0) != 0.0)
      json_.mistake(start, "tstart: must be 0, since runs start at 0 ms");
    const auto stop_ms = stop ? json_.number(stop, "tstop") : std::nullopt,
               dt_ms = dt ? json_.number(dt, "dt") : std::nullopt;
    tstop_ = stop_ms.value_or(0.0);
    const double step = dt_ms.value_or(0.0);
    if (stop_ms && dt_ms) check_grid(stop, dt, step);
    std::string seed;
    if (const Located at = run.find("random_seed"); at && json_.number(at, "random_seed"))
      seed = fmt::format(", seed: {}", at.node->text);
    return fmt::format("simulation: {{duration: {} ms, dt: {} ms{}}}{}\n", tstop_, step, seed, origin(run));
  }

  void check_grid(const Located& stop, const Located& dt, double step) {
    if (!(step > 0.0)) return json_.mistake(dt, fmt::format("dt: must be above 0 ms, got {}", dt.node->text));
    const double steps = tstop_ / step;
    if (!(steps >= 0.5) || std::abs(steps - std::round(steps)) > 1e-6 * std::max(1.0, steps))
      json_.mistake(stop,
                    fmt::format("tstop: must be a whole number of steps of {} ms, got {}", step, stop.node->text));
  }

  /// The folder and the name of the file of spikes.
  std::pair<std::string, std::string> read_output() {
    const Located output = json_.section("output");
    std::string folder = "output", file = "spikes.h5";
    if (!output) return {folder, file};
    json_.check_keys(output, "output",
                     {"output_dir", "spikes_file", "log_file", "overwrite_output_dir", "spikes_sort_order", "overwrite",
                      "log_level", "log_to_console", "quiet_simulator", "spikes_file_csv"});
    if (const Located at = output.find("output_dir")) folder = json_.path(at, "output_dir").value_or(folder);
    if (const Located at = output.find("spikes_file"))
      file = json_.result_name(at, "spikes_file", folder).value_or(file);
    return {folder, file};
  }

  std::string from_output() const {
    const Located output = json_.section("output");
    return origin(output ? output : json_.main());
  }

  static std::string populations(const Network& network) {
    std::string text = "populations:\n";
    for (const CircuitPopulation& p : network.populations) {
      const NodeSources& from = p.types->sources();
      const auto line = [&](const std::string& what) { text += what + p.origin + "\n"; };
      line(fmt::format("  {}:", in_quotes(p.name)));
      line(fmt::format("    sonata: {}", in_quotes(from.file)));
      line(fmt::format("    population: {}", in_quotes(from.population)));
      line(fmt::format("    types: {}", in_quotes(from.types_file)));
      if (!from.components.empty()) line(fmt::format("    components: {}", in_quotes(from.components)));
      if (!p.whole) line(fmt::format("    template: {}", in_quotes(p.kind->name)));
      if (!p.times.empty()) text += fmt::format("    times: {}\n", p.times);
    }
    return text;
  }

  static std::string projections(const Network& network) {
    std::string text;
    for (const CircuitEdges& edges : network.edges)
      for (const CircuitPopulation& source : network.populations)
        for (const CircuitPopulation& target : network.populations) {
          if (source.nodes() != edges.source || target.nodes() != edges.target || target.is_virtual()) continue;
          text += fmt::format("  - {{source: {}, target: {}, rule: edges, file: {}, population: {}{}}}{}\n",
                              in_quotes(source.name), in_quotes(target.name), in_quotes(edges.file),
                              in_quotes(edges.population),
                              edges.types_file.empty() ? "" : ", types: " + in_quotes(edges.types_file), edges.origin);
        }
    return text.empty() ? "" : "projections:\n" + text;
  }

  /// All neurons; what virtual nodes send is known.
  static std::string recorded_spikes(const Network& network) {
    std::string names;
    for (const CircuitPopulation& p : network.populations)
      if (!p.is_virtual()) names += (names.empty() ? "" : ", ") + in_quotes(p.name);
    return fmt::format("  spikes: [{}]\n", names);
  }

  JsonFiles json_;
  FileFacts& facts_;
  double tstop_ = 0.0;
};

}  // namespace

std::string yaml_of_circuit(const std::string& path, FileFacts& files,
                            const std::function<void(const std::string&)>& warn) {
  return Translator(path, files, warn)();
}

std::string yaml_of_circuit(const std::string& path) {
  FileFacts files;
  return yaml_of_circuit(path, files, [](const std::string&) {});
}

}  // namespace ranvier::sonata

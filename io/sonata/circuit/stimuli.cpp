#include "io/sonata/circuit/stimuli.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/base/error.hpp"
#include "io/files/guard.hpp"
#include "io/hdf5/file.hpp"
#include "io/text/quotes.hpp"

namespace ranvier::sonata {
namespace {

/// Whether the file has the older layout, which knows no populations.
bool has_old_layout(FileFacts& facts, const std::string& file) {
  try {
    return facts.get("layout of spikes in " + file, [&] {
      return guard::run(fmt::format("cannot read '{}'", file),
                        [&] { return std::string(hdf5::File::open(file).has("/spikes/timestamps") ? "old" : "new"); });
    }) == "old";
  } catch (const RuntimeError& error) {
    throw UsageError(error.what());
  }
}

class StimuliReader {
 public:
  StimuliReader(JsonFiles& json, FileFacts& facts, NodeSets& sets, Network& network)
      : json_(json), facts_(facts), sets_(sets), network_(network) {}

  std::string operator()() {
    for (const Located& inputs : json_.sections("inputs")) {
      if (!inputs.node->is_map()) {
        json_.mistake(inputs, fmt::format("inputs: expected a map, got {}", what_is(*inputs.node)));
        continue;
      }
      for (const auto& entry : inputs.node->entries) {
        name_ = entry.key;
        read({inputs.file, &entry.value});
      }
    }
    return std::move(lines_);
  }

 private:
  void read(const Located& input) {
    if (!input.node->is_map())
      return json_.mistake(input, fmt::format("{}: expected a map, got {}", name_, what_is(*input.node)));
    if (!json_.flag(input.find("enabled"), "enabled", true)) return;
    const Located type = input.find("input_type"), module = input.find("module"), set = input.find("node_set");
    if (!type || !module || !set)
      return json_.mistake(input, fmt::format("{}: 'input_type', 'module' and 'node_set' are needed", name_));
    const auto what = json_.text(type, "input_type"), how = json_.text(module, "module");
    if (!what || !how) return;
    if (*what == "spikes" && (*how == "h5" || *how == "hdf5" || *how == "sonata" || *how == "csv"))
      return spikes(input, set, *how == "csv");
    if (*what == "current_clamp" && *how == "IClamp") return current(input, set);
    json_.mistake(
        input,
        fmt::format("{}: inputs of type '{}' by the module '{}' are not supported; supported are spikes by h5, sonata "
                    "or csv, and current_clamp by IClamp",
                    name_, *what, *how));
  }

  void spikes(const Located& input, const Located& set, bool csv) {
    json_.check_keys(input, "an input of spikes", {"input_type", "module", "input_file", "node_set", "enabled"});
    const Located at = input.find("input_file");
    if (!at) return json_.mistake(input, fmt::format("{}: 'input_file' is missing", name_));
    const auto file = json_.path(at, "input_file");
    if (!file) return;
    if (!std::filesystem::is_regular_file(*file))
      return json_.mistake(at, fmt::format("input_file: no file '{}'", *file));
    const auto selected = sets_.select(set);
    if (selected.empty()) return json_.mistake(set, fmt::format("{}: the node set is empty", name_));
    for (const Selection& selection : selected) {
      const CircuitPopulation& chosen = *selection.population;
      if (!chosen.is_virtual())
        return json_.mistake(
            set, fmt::format("{}: '{}' has neurons, but only virtual nodes can have spikes from a file", name_,
                             chosen.nodes()));
      if (!selection.all)
        return json_.mistake(
            set, fmt::format("{}: spikes for a part of the nodes of '{}' are not supported", name_, chosen.nodes()));
      const auto own = std::find_if(network_.populations.begin(), network_.populations.end(),
                                    [&](const CircuitPopulation& p) { return &p == &chosen; });
      if (!own->times.empty())
        return json_.mistake(input, fmt::format("{}: '{}' already has spikes from another input", name_, own->nodes()));
      own->times = (csv ? csv_times(at, *file) : hdf5_times(*file, own->nodes())) + origin(at);
    }
  }

  std::string csv_times(const Located& at, const std::string& file) {
    if (!file.ends_with(".csv")) json_.mistake(at, fmt::format("'{}': the name of a CSV must end in .csv", file));
    return fmt::format("{{csv: {}}}", in_quotes(file));
  }

  std::string hdf5_times(const std::string& file, const std::string& population) {
    const std::string path = has_old_layout(facts_, file) ? "/spikes" : "/spikes/" + population;
    return fmt::format("{{hdf5: {}}}", in_quotes(file + ":" + path));
  }

  /// One number, or a list of as many as `count` others.
  std::vector<double> numbers(const Located& input, const char* key) {
    const Located at = input.find(key);
    std::vector<double> all;
    if (!at) {
      json_.mistake(input, fmt::format("{}: '{}' is missing", name_, key));
    } else if (at.node->is_list()) {
      for (const auto& item : at.node->items)
        if (const auto value = json_.number({at.file, &item}, key)) all.push_back(*value);
    } else if (const auto value = json_.number(at, key)) {
      all.push_back(*value);
    }
    return all;
  }

  void current(const Located& input, const Located& set) {
    json_.check_keys(input, "a current clamp",
                     {"input_type", "module", "node_set", "amp", "delay", "duration", "enabled"});
    for (const char* key : {"gids", "section_name", "section_index", "section_dist", "electrode_file", "input_file"})
      if (const Located at = input.find(key); at && (std::string(key).ends_with("_file") || std::string(key) == "gids"))
        return json_.mistake(
            at, fmt::format("{}: '{}' is not supported; supported are node_set, amp, delay and duration", name_, key));
    const auto amp = numbers(input, "amp"), delay = numbers(input, "delay"), duration = numbers(input, "duration");
    if (amp.empty() || delay.empty() || duration.empty()) return;
    if (amp.size() != delay.size() || amp.size() != duration.size())
      return json_.mistake(input, fmt::format("{}: {} numbers of amp, {} of delay and {} of duration", name_,
                                              amp.size(), delay.size(), duration.size()));
    bool any = false;
    for (const Selection& selection : sets_.select(set)) {
      if (selection.population->is_virtual()) continue;
      any = true;
      const std::string ids = selection.all ? "" : fmt::format(", ids: \"{}\"", selection.ids());
      for (std::size_t k = 0; k < amp.size(); ++k)
        lines_ += fmt::format("  - {{type: dc, target: {}{}, amplitude: {} pA, start: {} ms, stop: {} ms}}{}\n",
                              in_quotes(selection.population->name), ids, amp[k], delay[k], delay[k] + duration[k],
                              origin(input));
    }
    if (!any) json_.mistake(set, fmt::format("{}: the node set has no neurons", name_));
  }

  JsonFiles& json_;
  FileFacts& facts_;
  NodeSets& sets_;
  Network& network_;
  std::string name_, lines_;
};

}  // namespace

std::string read_stimuli(JsonFiles& json, FileFacts& facts, NodeSets& sets, Network& network) {
  return StimuliReader(json, facts, sets, network)();
}

}  // namespace ranvier::sonata

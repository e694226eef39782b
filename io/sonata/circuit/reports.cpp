#include <fmt/format.h>

#include <algorithm>

#include "core/base/suggest.hpp"
#include "io/sonata/circuit/stimuli.hpp"
#include "io/text/quotes.hpp"

namespace ranvier::sonata {
namespace {

/// Letters, digits, '.', '_' and '-', ending in .h5.
std::string as_file_name(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                      ((c == '-' || c == '.') && !name.empty());
    name += good ? c : '_';
  }
  return name.ends_with(".h5") ? name : name + ".h5";
}

class ReportsReader {
 public:
  ReportsReader(JsonFiles& json, NodeSets& sets, double tstop, const std::string& folder)
      : json_(json), sets_(sets), tstop_(tstop), folder_(folder) {}

  std::string operator()() {
    for (const Located& reports : json_.sections("reports")) {
      if (!reports.node->is_map()) {
        json_.mistake(reports, fmt::format("reports: expected a map, got {}", what_is(*reports.node)));
        continue;
      }
      for (const auto& entry : reports.node->entries) read(entry.key, {reports.file, &entry.value});
    }
    return std::move(lines_);
  }

 private:
  void read(const std::string& name, const Located& report) {
    json_.check_keys(
        report, "a report",
        {"cells", "variable_name", "module", "sections", "start_time", "end_time", "dt", "file_name", "format", "unit",
         "enabled", "electrode_channels", "type", "compartments", "buffer_size", "transform"});
    if (!report.node->is_map() || !json_.flag(report.find("enabled"), "enabled", true)) return;
    const Located cells = report.find("cells"), variable = report.find("variable_name");
    if (!cells || !variable)
      return json_.mistake(report, fmt::format("{}: 'cells' and 'variable_name' are needed", name));
    if (!check_module(name, report)) return;
    if (variable.node->is_list())
      return json_.mistake(
          variable,
          fmt::format("{}: variable_name: expected text, got a list; write one report for each variable", name));
    const auto wanted = json_.text(variable, "variable_name");
    if (!wanted) return;
    check_window(name, report);
    std::string rest;
    if (const Located dt = report.find("dt"))
      if (const auto every = json_.number(dt, "dt")) rest = fmt::format(", every: {} ms", *every);
    std::string file = name;
    if (const Located at = report.find("file_name")) file = json_.result_name(at, "file_name", folder_).value_or(name);
    add(name, sets_.select(cells), cells, variable, *wanted, as_file_name(file), rest);
  }

  bool check_module(const std::string& name, const Located& report) {
    const Located module = report.find("module");
    const auto text = module ? json_.text(module, "module") : std::optional<std::string>("membrane_report");
    if (!text) return false;
    const bool known = *text == "membrane_report" || *text == "multimeter_report" || *text == "multimeter";
    if (!known)
      json_.mistake(
          module,
          fmt::format("{}: the module '{}' is not supported; supported are membrane_report and multimeter_report", name,
                      *text));
    if (const Located format = report.find("format"); format && format.node->text != "HDF5")
      json_.mistake(format, fmt::format("{}: the format '{}' is not supported; use HDF5", name, format.node->text));
    return known;
  }

  /// Recordings are of the whole run.
  void check_window(const std::string& name, const Located& report) {
    const Located start = report.find("start_time"), end = report.find("end_time");
    if (start && json_.number(start, "start_time").value_or(0.0) > 0.0)
      json_.warn(start, fmt::format("{}: is recorded from the start of the run on", name));
    if (end && json_.number(end, "end_time").value_or(tstop_) < tstop_)
      json_.warn(end, fmt::format("{}: is recorded to the end of the run", name));
  }

  void add(const std::string& name, const std::vector<Selection>& selected, const Located& cells,
           const Located& variable, const std::string& wanted, const std::string& file, const std::string& rest) {
    const auto neurons =
        std::count_if(selected.begin(), selected.end(), [](const Selection& s) { return !s.population->is_virtual(); });
    if (neurons == 0) return json_.mistake(cells, fmt::format("{}: the node set has no neurons", name));
    for (const Selection& selection : selected) {
      const CircuitPopulation& p = *selection.population;
      if (p.is_virtual()) continue;
      const std::string ours = variable_of(p, wanted, name, variable);
      if (ours.empty()) return;
      // One file holds one population.
      const std::string own = neurons == 1 ? file : fmt::format("{}_{}.h5", file.substr(0, file.size() - 3), p.name);
      const std::string ids = selection.all ? "" : fmt::format(", ids: \"{}\"", selection.ids());
      lines_ += fmt::format("    - {{population: {}{}, variables: [{}]{}, file: {}}}{}\n", in_quotes(p.name), ids, ours,
                            rest, in_quotes(own), origin(cells));
    }
  }

  /// NEST's names of what it records, and that of the potential in other simulators.
  std::string variable_of(const CircuitPopulation& p, const std::string& wanted, const std::string& name,
                          const Located& at) {
    std::vector<std::string> known;
    for (const Recordable& r : p.kind->model->recordables) {
      if (r.nest == wanted || (r.nest == "V_m" && (wanted == "v" || wanted == "V"))) return std::string(r.ours);
      known.emplace_back(r.nest);
    }
    const std::string near = did_you_mean(wanted, known);
    json_.mistake(at, fmt::format("{}: '{}' has no variable '{}'.{}", name, p.kind->name, wanted,
                                  near.empty() ? fmt::format(" Known: {}", fmt::join(known, ", ")) : near));
    return "";
  }

  JsonFiles& json_;
  NodeSets& sets_;
  double tstop_;
  const std::string& folder_;
  std::string lines_;
};

}  // namespace

std::string read_reports(JsonFiles& json, NodeSets& sets, double tstop_ms, const std::string& folder) {
  return ReportsReader(json, sets, tstop_ms, folder)();
}

}  // namespace ranvier::sonata

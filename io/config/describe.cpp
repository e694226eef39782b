#include "io/config/describe.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.hpp"
#include "io/config/fields.hpp"
#include "io/config/grammar.hpp"
#include "io/config/values.hpp"

namespace ranvier {
namespace {

struct Group {
  ModelKind kind;
  std::string_view title;
  std::string_view one;  ///< a single one of them
};

constexpr std::array groups{
    Group{ModelKind::neuron, "Neurons (populations: model)", "neuron"},
    Group{ModelKind::source, "Sources (populations: model)", "source of spikes"},
    Group{ModelKind::receptor, "Receptors (populations: receptors: model)", "receptor"},
    Group{ModelKind::input, "Inputs (inputs: type)", "input"},
    Group{ModelKind::rule, "Connection rules (projections: rule)", "connection rule"},
    Group{ModelKind::synapse, "Synapses (projections: synapse)", "synapse"},
};

std::string_view word_for(ModelKind kind) {
  return std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.kind == kind; })->one;
}

std::string default_text(const FieldInfo& field) {
  if (field.required) return "required";
  if (field.form == Form::times || field.form == Form::series) return "none";
  if (std::isnan(field.default_value)) return "none";
  if (field.form == Form::flag) return field.default_value != 0.0 ? "true" : "false";
  return fmt::format("{}", field.default_value);
}

std::string_view form_text(Form form) {
  switch (form) {
    case Form::quantity: return "";
    case Form::constant: return "one number";
    case Form::count: return "a whole number";
    case Form::flag: return "true or false";
    case Form::times: return "a list of times or a dataset";
    case Form::series: return "a list";
  }
  return "";
}

/// Range and form in one column.
std::string allowed_text(const ModelInfo& model, const FieldInfo& field) {
  std::string text = field.range.unbounded() ? "" : describe(field.range, unit::one);
  const std::string_view form = form_text(form_of(model, field));
  if (!form.empty()) text = text.empty() ? std::string(form) : fmt::format("{}, {}", form, text);
  return text;
}

void add_table(std::string& out, std::string_view title, const ModelInfo& model, Role role) {
  std::vector<std::array<std::string, 5>> rows;
  for (const auto& f : model.fields)
    if (f.role == role)
      rows.push_back({f.name, std::string(f.unit.symbol), default_text(f), allowed_text(model, f), f.doc});
  if (rows.empty()) return;
  rows.insert(rows.begin(), {"name", "unit", "default", "allowed", ""});
  std::array<std::size_t, 5> width{};
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], row[c].size());
  out += fmt::format("\n{}\n", title);
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t c = 0; c < row.size(); ++c) line += fmt::format(" {:<{}} ", row[c], width[c]);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
}

/// Keys of a config that belong to this model alone.
void add_keys(std::string& out, const ModelInfo& model, const grammar::Section& section) {
  if (section.kind != model.kind || !section.selects) return;
  std::string lines;
  for (const auto& key : section.keys)
    if (key.only_of == model.name)
      lines += fmt::format("  {:<10}  {:<8}  {}\n", key.name, key.required ? "required" : "", key.doc);
  if (!lines.empty()) out += "\nKeys\n" + lines;
}

std::string_view symbol_or_number(const Unit& unit) { return unit.symbol.empty() ? "plain numbers" : unit.symbol; }

/// Whether another neuron may give some of these units another meaning.
bool depends_on_neuron(const ModelInfo& model) {
  return model.kind == ModelKind::receptor ||
         (model.kind == ModelKind::input && std::any_of(model.fields.begin(), model.fields.end(), has_unit_of_neuron));
}

void add_weight_units(std::string& out, const ModelInfo& receptor) {
  const FieldInfo* E_rev = receptor.find("E_rev");
  const bool always = E_rev && std::isfinite(E_rev->default_value);
  if (receptor.counts_spikes)
    out += "  none: the receptor counts spikes\n";
  else if (receptor.weight_unit_conductance.symbol.empty())
    out += "  none: a plain number\n";
  else if (always)
    out += fmt::format("  {} (a conductance)\n", receptor.weight_unit_conductance.symbol);
  else if (receptor.conductance_allowed)
    out += fmt::format("  {} with E_rev (a conductance)\n  {} without (a current)\n",
                       receptor.weight_unit_conductance.symbol, receptor.weight_unit_current.symbol);
  else
    out += fmt::format("  {}\n", receptor.weight_unit_current.symbol);
}

void add_receptors(std::string& out, const ModelInfo& model) {
  if (model.kind == ModelKind::receptor) {
    out += "\nUnit of a weight\n";
    add_weight_units(out, model);
    if (model.takes_signal) out += "\nDriven by\n  projections with 'signal', not by spikes\n";
  }
  if (model.receptors == ReceptorPolicy::composed)
    out += fmt::format(
        "\nReceptors\n  any, listed under 'receptors' of the population\n  conductances in {}, currents in {}\n",
        symbol_or_number(model.conductance_unit), symbol_or_number(model.current_unit));
  if (model.receptors != ReceptorPolicy::own) return;
  out += "\nReceptors\n";
  for (const auto& r : model.own_receptors)
    out += fmt::format("  {}  weight in {}: {}\n", r.name,
                       r.weight_unit.symbol.empty() ? "spikes" : r.weight_unit.symbol, r.doc);
}

std::string describe_one(const ModelInfo& model) {
  std::string out = fmt::format("{}: {}\n  {}\n", model.name, word_for(model.kind), model.doc);
  if (!model.equations.empty()) out += "\nEquations\n";
  for (const auto& line : model.equations) out += fmt::format("  {}\n", line);
  add_table(out, "Parameters", model, Role::parameter);
  add_table(out, "States", model, Role::state);
  add_keys(out, model, grammar::rule_section);
  if (!model.integrators.empty())
    out += fmt::format(
        "\nIntegrators\n  {}\n  the first is the default; 'integrator' of a population chooses another one\n",
        fmt::join(model.integrators, ", "));
  if (!model.constraints.empty()) out += "\nConstraints\n";
  for (const auto& c : model.constraints) out += fmt::format("  {} {} {}\n", c.left, c.or_equal ? "<=" : "<", c.right);
  add_receptors(out, model);
  if (depends_on_neuron(model))
    out +=
        "\nUnits\n  on neurons per area or without units: the units of the neuron replace nS, pA and mV (see the "
        "description of the neuron)\n";
  if (!model.source.empty()) out += fmt::format("\nSource\n  {}\n", model.source);
  return out;
}

}  // namespace

std::string describe(const Catalogue& catalogue) {
  std::size_t width = 0;
  for (const auto& m : catalogue.models) width = std::max(width, m.name.size());
  std::string out;
  for (const auto& group : groups) {
    std::string lines;
    for (const auto& m : catalogue.models)
      if (m.kind == group.kind) lines += fmt::format("  {:<{}}  {}\n", m.name, width, m.doc);
    if (!lines.empty()) out += fmt::format("{}{}\n{}", out.empty() ? "" : "\n", group.title, lines);
  }
  return out;
}

std::string describe(const Catalogue& catalogue, const std::string& name) {
  std::string out;
  std::vector<std::string> names;
  // One name may stand for several things: a source and an input can both be called poisson.
  for (const auto& m : catalogue.models) {
    names.push_back(m.name);
    if (m.name == name) out += (out.empty() ? "" : "\n") + describe_one(m);
  }
  if (out.empty())
    throw UsageError(
        fmt::format("unknown model, receptor, input, rule or synapse '{}'{}", name, hint_for(name, names)));
  return out;
}

}  // namespace ranvier

#include "io/config/variables.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ranvier {
namespace {

/// Longest chain of variables that refer to each other; guards the stack.
constexpr std::size_t longest_chain = 50;

}  // namespace

bool is_identifier(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (text.empty() || !letter(text[0])) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Variables::Variables(const YamlNode* section, Errors& errors) : errors_(errors) {
  names_.find = [this](std::string_view name) { return find(name); };
  names_.all = [this] { return order_; };
  if (!section || section->is_null()) return;
  if (!section->is_map()) {
    errors_.add(section->place,
                fmt::format("variables: expected a map of names to numbers, got {}", what_is(*section)));
    return;
  }
  collect(*section);
  for (const auto& name : order_) {
    auto& variable = variables_.at(name);
    if (variable.state == State::pending) resolve(name, variable);
  }
}

void Variables::collect(const YamlNode& section) {
  for (const auto& entry : section.entries) {
    Variable variable{&entry.value, entry.place, State::pending, {}};
    const auto reject = [&](std::string_view why) {
      errors_.add(entry.place, fmt::format("variables: '{}' {}", entry.key, why));
      variable.state = State::failed;
    };
    if (!is_identifier(entry.key))
      reject("is not a valid name for a variable (letters, digits and '_', not starting with a digit)");
    else if (is_reserved_name(entry.key))
      reject("is the name of a unit, a constant or a function; choose another");
    else if (!entry.value.is_scalar())
      reject(fmt::format("must be a number or an expression, got {}", what_is(entry.value)));
    order_.push_back(entry.key);
    variables_.emplace(entry.key, variable);
  }
}

std::optional<Quantity> Variables::find(std::string_view text) {
  const std::string name(text);
  const auto found = variables_.find(name);
  if (found == variables_.end()) return std::nullopt;
  Variable& variable = found->second;
  if (variable.state == State::active) report_cycle(name);
  if (variable.state == State::pending) resolve(name, variable);
  if (variable.state == State::failed) throw AlreadyReported{};
  return variable.value;
}

void Variables::resolve(const std::string& name, Variable& variable) {
  if (active_.size() >= longest_chain)
    throw ExpressionError{fmt::format("variables refer to each other more than {} deep", longest_chain)};
  variable.state = State::active;
  active_.push_back(name);
  const auto value = evaluate(*variable.node, fmt::format("variable '{}'", name));
  active_.pop_back();
  variable.state = value ? State::done : State::failed;
  if (value) variable.value = *value;
}

void Variables::report_cycle(const std::string& name) {
  const auto first = std::find(active_.begin(), active_.end(), name);
  std::string cycle;
  for (auto it = first; it != active_.end(); ++it) cycle += *it + " -> ";
  const Variable& last = variables_.at(active_.back());
  errors_.add(last.node->place, fmt::format("circular reference of variables: {}{}", cycle, name));
  throw AlreadyReported{};
}

std::optional<Quantity> Variables::evaluate(const YamlNode& scalar, std::string_view what) {
  try {
    return evaluate_expression(scalar.text, names_);
  } catch (const ExpressionError& error) {
    errors_.add(scalar.place, fmt::format("{}: {}", what, error.reason));
  } catch (const AlreadyReported&) {
  }
  return std::nullopt;
}

}  // namespace ranvier

#pragma once
#include <string>
#include <type_traits>

#include "core/base/error.hpp"
#include "core/base/value.hpp"
#include "kernels/model/fields.hpp"

namespace ranvier {

/// The parameters of a model that are one number each, from those that a config gives; the others have their defaults.
/// Configs are checked against the catalogue when they are read. Throws UsageError where that check was left out: for a
/// name that the struct does not declare or that is given twice, for a value that is no constant, and for a required
/// parameter that is missing.
template <class Parameters>
Parameters parameters_from(const ValueMap& values) {
  Parameters parameters{};
  std::size_t known = 0;
  for_each_field<Parameters>([&](std::size_t, const auto& field) {
    const std::string name = field.name;
    const Value* given = find_value(values, name);
    if (!given && field.required) throw UsageError("the parameter '" + name + "' is missing");
    if (given && !is_constant(*given)) throw UsageError("the parameter '" + name + "' must be one number");
    if (given) ++known;
    auto& member = parameters.*field.member;
    member =
        static_cast<std::remove_reference_t<decltype(member)>>(given ? std::get<double>(*given) : field.default_value);
  });
  if (known == values.size()) return parameters;
  for (const auto& entry : values) {
    bool found = false;
    for_each_field<Parameters>([&](std::size_t, const auto& field) { found = found || entry.first == field.name; });
    if (!found) throw UsageError("there is no parameter '" + entry.first + "'");
  }
  throw UsageError("a parameter is given twice");
}

}  // namespace ranvier

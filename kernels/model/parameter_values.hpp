#pragma once
#include <string>
#include <type_traits>

#include "core/base/error.hpp"
#include "core/base/value.hpp"
#include "kernels/model/fields.hpp"

namespace ranvier {

/// The parameters of a model that are one number each, from those that a config gives; the others have their defaults.
/// Configs are checked against the catalogue when they are read. Throws UsageError where such a check was left out: for a
/// name that the struct does not declare, for a value that is no constant, for a required parameter that is missing.
template <class Parameters>
Parameters parameters_from(const ValueMap& values) {
  Parameters parameters{};
  std::size_t known = 0;
  for_each_field<Parameters>([&](std::size_t, const auto& field) {
    const Value* given = find_value(values, field.name);
    if (given) ++known;
    if (!given && field.required) throw UsageError("the parameter '" + std::string(field.name) + "' is missing");
    if (given && !is_constant(*given))
      throw UsageError("the parameter '" + std::string(field.name) + "' must be one number");
    auto& member = parameters.*field.member;
    member =
        static_cast<std::remove_reference_t<decltype(member)>>(given ? std::get<double>(*given) : field.default_value);
  });
  if (known == values.size()) return parameters;
  for (const auto& [name, value] : values) {
    bool found = false;
    for_each_field<Parameters>([&](std::size_t, const auto& field) { found = found || name == field.name; });
    if (!found) throw UsageError("there is no parameter '" + name + "'");
  }
  throw UsageError("a parameter is given twice");
}

}  // namespace ranvier

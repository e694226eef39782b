#pragma once
#include "core/connectivity/rule.hpp"

/// What several rules have in common.
namespace ranvier::connectivity {

/// Of the rules as they are in Senk et al.
inline ModelInfo rule_info(const char* name, const char* doc) {
  ModelInfo info;
  info.name = name;
  info.doc = doc;
  info.source = "Senk et al. (2022) PLoS Comput Biol 18: e1010086";
  return info;
}

template <class Parameters>
constexpr auto autapses_field(bool Parameters::*member) {
  return flag(member, "autapses", true,
              "whether a neuron may connect to itself (source and target population the same)");
}

template <class Parameters>
constexpr auto multapses_field(bool Parameters::*member) {
  return flag(member, "multapses", true, "whether a pair of neurons may have several synapses");
}

/// Autapses exist only within one population.
template <class Parameters>
bool excludes_self(const ConnectRequest<Parameters>& r) {
  return r.ends.same_population && !r.parameters.autapses;
}

/// How many neurons of a population of size n one neuron may be connected to.
template <class Parameters>
std::uint64_t partners_of_one(const ConnectRequest<Parameters>& r, std::uint64_t n) {
  return n - (excludes_self(r) && n > 0 ? 1 : 0);
}

/// Of a rule that is to make `wanted` synapses out of `possible` ones (`what`: "source"), as its parameter `name` says.
template <class Parameters>
RuleProblem too_many(const ConnectRequest<Parameters>& r, const char* name, std::uint64_t wanted,
                     std::uint64_t possible, const char* what) {
  if (possible == 0 && excludes_self(r)) return {"there is no " + std::string(what) + " without autapses"};
  if (possible == 0)
    return {std::string(name) + " " + std::to_string(wanted) + ", but there is no " + what +
            ", because a population is empty"};
  if (r.parameters.multapses || wanted <= possible) return {};
  return {std::string(name) + " " + std::to_string(wanted) + " without multapses, but only " +
          std::to_string(possible) + " " + what + "s are possible"};
}

}  // namespace ranvier::connectivity

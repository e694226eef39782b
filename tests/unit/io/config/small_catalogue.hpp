#pragma once
#include <limits>

#include "core/catalogue/catalogue.hpp"

/// A small catalogue for tests of the config alone, of the same shape as that of the kernels.
namespace ranvier::test {

inline FieldInfo parameter(const std::string& name, Unit unit, double standard, Range range = range::any,
                           Form form = Form::quantity, bool required = false) {
  return {name, unit, standard, range, Role::parameter, "the " + name, form, required};
}
inline FieldInfo state(const std::string& name, Unit unit, double standard) {
  return {name, unit, standard, range::any, Role::state, "the " + name, Form::quantity, false};
}

inline ModelInfo named(std::string name, ModelKind kind, std::vector<FieldInfo> fields) {
  ModelInfo m;
  m.doc = "The " + name;
  m.name = std::move(name);
  m.kind = kind;
  m.fields = std::move(fields);
  return m;
}

inline ModelInfo lif() {
  ModelInfo m = named("lif", ModelKind::neuron,
                      {parameter("C_m", unit::pF, 250.0, range::positive),
                       parameter("g_L", unit::nS, 16.6667, range::positive),
                       parameter("E_L", unit::mV, -70.0),
                       parameter("V_th", unit::mV, -55.0),
                       parameter("V_reset", unit::mV, -60.0),
                       parameter("t_ref", unit::ms, 2.0, range::non_negative),
                       parameter("I_e", unit::pA, 0.0),
                       state("V_m", unit::mV, -70.0),
                       {"steps", unit::one, 0.0, range::any, Role::internal, "steps left"}});
  m.equations = {"C_m dV_m/dt = -g_L (V_m - E_L) + I_e"};
  m.source = "Lapicque 1907";
  m.receptors = ReceptorPolicy::composed;
  m.constraints = {{"V_reset", "V_th", false}};
  return m;
}

inline ModelInfo iaf_psc_delta() {
  ModelInfo m = named("iaf_psc_delta", ModelKind::neuron,
                      {parameter("tau_m", unit::ms, 10.0, range::positive), parameter("V_th", unit::mV, -55.0),
                       parameter("V_reset", unit::mV, -70.0), state("V_m", unit::mV, -70.0)});
  m.receptors = ReceptorPolicy::own;
  m.own_receptors = {{"spikes", unit::mV, "jump of the potential"}};
  m.constraints = {{"V_reset", "V_th", false}};
  return m;
}

inline ModelInfo parrot() {
  ModelInfo m = named("parrot", ModelKind::neuron, {});
  m.receptors = ReceptorPolicy::own;
  m.own_receptors = {{"spikes", unit::one, "repeated"}};
  return m;
}

inline std::vector<FieldInfo> window() {
  return {parameter("start", unit::ms, 0.0, range::non_negative, Form::constant),
          parameter("stop", unit::ms, std::numeric_limits<double>::infinity(), range::non_negative, Form::constant)};
}

inline ModelInfo input(std::string name, std::vector<FieldInfo> fields, bool windowed) {
  if (windowed)
    for (auto& f : window()) fields.push_back(f);
  return named(std::move(name), ModelKind::input, std::move(fields));
}

inline ModelInfo rule(std::string name, std::vector<FieldInfo> fields) {
  return named(std::move(name), ModelKind::rule, std::move(fields));
}
inline FieldInfo flag(const std::string& name) { return parameter(name, unit::one, 1.0, range::any, Form::flag); }
inline FieldInfo number(const std::string& name) {
  return parameter(name, unit::one, 0.0, range::non_negative, Form::count, true);
}

/// As rules say what they cannot do: one of two kinds of problem, of the whole projection and of one parameter.
inline ModelInfo all_to_all() {
  ModelInfo m = rule("all_to_all", {flag("autapses")});
  m.takes_signal = true;
  m.problem = [](const ProjectionEnds& ends, const ValueMap& params) -> RuleProblem {
    const Value* autapses = find_value(params, "autapses");
    const bool excludes_self = autapses && std::get<double>(*autapses) == 0.0;
    if (ends.signal && ends.same_population && excludes_self) return {"must be true", "autapses"};
    return {};
  };
  return m;
}
inline ModelInfo one_to_one() {
  ModelInfo m = rule("one_to_one", {});
  m.problem = [](const ProjectionEnds& ends, const ValueMap&) -> RuleProblem {
    if (ends.n_source == ends.n_target) return {};
    return {"got " + std::to_string(ends.n_source) + " and " + std::to_string(ends.n_target)};
  };
  return m;
}

/// A made-up synapse with parameters.
inline ModelInfo fading() {
  ModelInfo m =
      named("fading", ModelKind::synapse,
            {parameter("tau_rec", unit::ms, 800.0, range::positive, Form::quantity, true),
             parameter("U", unit::one, 0.5, range::probability), parameter("x_min", unit::one, 0.0, range::probability),
             parameter("x_max", unit::one, 1.0, range::probability)});
  m.constraints = {{"x_min", "x_max", false}};
  return m;
}

inline Catalogue small_catalogue() {
  const double open = std::numeric_limits<double>::quiet_NaN();
  ModelInfo delta = named("delta", ModelKind::receptor, {});
  delta.weight_unit_current = unit::mV;
  delta.conductance_allowed = false;
  return {
      {lif(),
       iaf_psc_delta(),
       parrot(),
       named("spike_times", ModelKind::source, {parameter("times", unit::ms, 0.0, range::positive, Form::times, true)}),
       named("poisson", ModelKind::source,
             {parameter("rate", unit::Hz, 0.0, range::non_negative, Form::quantity, true)}),
       named("exponential", ModelKind::receptor,
             {parameter("tau", unit::ms, 8.0, range::positive), parameter("E_rev", unit::mV, open),
              state("g", unit::nS, 0.0)}),
       delta,
       input("poisson",
             {parameter("rate", unit::Hz, 0.0, range::non_negative, Form::constant, true),
              parameter("weight", unit::one, 1.0, range::any, Form::constant)},
             true),
       input("dc", {parameter("amplitude", unit::pA, 0.0, range::any, Form::constant, true)}, true),
       input("step_current",
             {parameter("times", unit::ms, 0.0, range::non_negative, Form::times, true),
              parameter("amplitudes", unit::pA, 0.0, range::any, Form::series, true)},
             false),
       input("spikes",
             {parameter("times", unit::ms, 0.0, range::positive, Form::times, true),
              parameter("weight", unit::one, 1.0, range::any, Form::constant)},
             false),
       one_to_one(),
       all_to_all(),
       rule("pairwise_bernoulli",
            {parameter("p", unit::one, 0.0, range::probability, Form::constant, true), flag("autapses")}),
       rule("fixed_indegree", {number("indegree"), flag("autapses"), flag("multapses")}),
       rule("fixed_outdegree", {number("outdegree"), flag("autapses"), flag("multapses")}),
       rule("fixed_total_number", {number("N"), flag("autapses"), flag("multapses")}),
       rule("edges", {}),
       named("static", ModelKind::synapse, {}),
       fading()}};
}

}  // namespace ranvier::test

#include "io/sonata/nodes/templates.hpp"

#include <limits>

/// Defaults are those of the constructors of the models in NEST (models/*.cpp). They stand here and not only as defaults of
/// our own models, which might change. NEST keeps potentials relative to E_L, but E_L moves neither V_m nor V_th nor
/// V_reset: V_m starts at its default, whatever E_L is.
namespace ranvier::sonata {
namespace {

constexpr double none = -std::numeric_limits<double>::infinity();

constexpr TemplateField psc_delta_fields[] = {
    {"C_m", "C_m", 250.0},
    {"tau_m", "tau_m", 10.0},
    {"E_L", "E_L", -70.0},
    {"V_th", "V_th", -55.0},
    {"V_reset", "V_reset", -70.0},
    {"t_ref", "t_ref", 2.0},
    {"I_e", "I_e", 0.0},
    {"V_m", "V_m", -70.0, Part::state},
    {"V_min", "", none, Part::only},
    {"refractory_input", "", 0.0, Part::only},
    {"tau_minus", "", 0.0, Part::unused},
};

constexpr TemplateField psc_exp_fields[] = {
    {"C_m", "C_m", 250.0},
    {"tau_m", "tau_m", 10.0},
    {"E_L", "E_L", -70.0},
    {"V_th", "V_th", -55.0},
    {"V_reset", "V_reset", -70.0},
    {"t_ref", "t_ref", 2.0},
    {"I_e", "I_e", 0.0},
    {"tau_syn_ex", "tau_syn_ex", 2.0},
    {"tau_syn_in", "tau_syn_in", 2.0},
    {"V_m", "V_m", -70.0, Part::state},
    {"delta", "", 0.0, Part::only},
    {"rho", "", 0.0, Part::unused},  // rate of the noisy threshold, whose width is delta
    {"tau_minus", "", 0.0, Part::unused},
};

constexpr TemplateField psc_alpha_fields[] = {
    {"C_m", "C_m", 250.0},
    {"tau_m", "tau_m", 10.0},
    {"E_L", "E_L", -70.0},
    {"V_th", "V_th", -55.0},
    {"V_reset", "V_reset", -70.0},
    {"t_ref", "t_ref", 2.0},
    {"I_e", "I_e", 0.0},
    {"tau_syn_ex", "tau_syn_ex", 2.0},
    {"tau_syn_in", "tau_syn_in", 2.0},
    {"V_m", "V_m", -70.0, Part::state},
    {"V_min", "", none, Part::only},
    {"tau_minus", "", 0.0, Part::unused},
};

constexpr TemplateField cond_fields[] = {
    {"C_m", "C_m", 250.0},
    {"g_L", "g_L", 16.6667},
    {"E_L", "E_L", -70.0},
    {"V_th", "V_th", -55.0},
    {"V_reset", "V_reset", -60.0},
    {"t_ref", "t_ref", 2.0},
    {"I_e", "I_e", 0.0},
    {"E_ex", "E_rev", 0.0, Part::excitatory},
    {"E_in", "E_rev", -85.0, Part::inhibitory},
    {"tau_syn_ex", "tau", 0.2, Part::excitatory},
    {"tau_syn_in", "tau", 2.0, Part::inhibitory},
    {"V_m", "V_m", -70.0, Part::state},
    {"tau_minus", "", 0.0, Part::unused},
};

constexpr TemplateField aeif_fields[] = {
    {"C_m", "C_m", 281.0},
    {"g_L", "g_L", 30.0},
    {"E_L", "E_L", -70.6},
    {"V_th", "V_th", -50.4},
    {"Delta_T", "Delta_T", 2.0},
    {"V_peak", "V_peak", 0.0},
    {"V_reset", "V_reset", -60.0},
    {"t_ref", "t_ref", 0.0},
    {"a", "a", 4.0},
    {"b", "b", 80.5},
    {"tau_w", "tau_w", 144.0},
    {"I_e", "I_e", 0.0},
    {"E_ex", "E_rev", 0.0, Part::excitatory},
    {"E_in", "E_rev", -85.0, Part::inhibitory},
    {"tau_syn_ex", "tau", 0.2, Part::excitatory},
    {"tau_syn_in", "tau", 2.0, Part::inhibitory},
    {"V_m", "V_m", -70.6, Part::state},
    {"w", "w", 0.0, Part::state},
    {"gsl_error_tol", "", 1e-6, Part::unused},
    {"tau_minus", "", 0.0, Part::unused},
};

/// NEST steps it by Euler's method, and a spike makes the potential jump.
constexpr TemplateField izhikevich_fields[] = {
    {"a", "a", 0.02},
    {"b", "b", 0.2},
    {"c", "c", -65.0},
    {"d", "d", 8.0},
    {"V_th", "V_th", 30.0},
    {"I_e", "I_e", 0.0},
    {"V_m", "V_m", -65.0, Part::state},
    {"U_m", "u", 0.2 * -65.0, Part::state},  // b V_m at their defaults, whatever they are, since NEST 3.0
    {"V_min", "", none, Part::only},
    {"consistent_integration", "", 1.0, Part::only},
    {"tau_minus", "", 0.0, Part::unused},
};

constexpr Recordable potential[] = {{"V_m", "V_m"}};
constexpr Recordable psc_recordables[] = {{"V_m", "V_m"}, {"I_syn_ex", "I_ex"}, {"I_syn_in", "I_in"}};
constexpr Recordable cond_recordables[] = {{"V_m", "V_m"}, {"g_ex", "ex.g"}, {"g_in", "in.g"}};
constexpr Recordable aeif_recordables[] = {{"V_m", "V_m"}, {"g_ex", "ex.g"}, {"g_in", "in.g"}, {"w", "w"}};
constexpr Recordable izhikevich_recordables[] = {{"V_m", "V_m"}, {"U_m", "u"}};

constexpr NodeTemplate templates[] = {
    {"iaf_psc_alpha", "iaf_psc_alpha", "", "", false, psc_alpha_fields, psc_recordables},
    {"iaf_psc_exp", "iaf_psc_exp", "", "", false, psc_exp_fields, psc_recordables},
    {"iaf_psc_delta", "iaf_psc_delta", "", "", true, psc_delta_fields, potential},
    {"iaf_cond_exp", "lif", "", "exponential", false, cond_fields, cond_recordables},
    {"iaf_cond_alpha", "lif", "", "alpha", false, cond_fields, cond_recordables},
    {"aeif_cond_exp", "aeif", "", "exponential", false, aeif_fields, aeif_recordables},
    {"aeif_cond_alpha", "aeif", "", "alpha", false, aeif_fields, aeif_recordables},
    {"izhikevich", "izhikevich", "euler", "delta", true, izhikevich_fields, izhikevich_recordables},
    {"parrot_neuron", "parrot", "", "", true, {}, {}},
};

constexpr std::string_view schema = "nest:";

}  // namespace

const TemplateField* NodeTemplate::find(std::string_view nest) const {
  for (const auto& field : fields)
    if (field.nest == nest) return &field;
  return nullptr;
}

const NodeTemplate* find_template(std::string_view model_template) {
  if (model_template.starts_with(schema)) model_template.remove_prefix(schema.size());
  for (const auto& t : templates)
    if (t.name == model_template) return &t;
  return nullptr;
}

std::vector<std::string> template_names() {
  std::vector<std::string> names;
  for (const auto& t : templates) names.push_back(std::string(schema) + std::string(t.name));
  return names;
}

}  // namespace ranvier::sonata

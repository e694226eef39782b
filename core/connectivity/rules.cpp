#include "core/connectivity/rules.hpp"

#include "core/base/error.hpp"
#include "core/connectivity/rule.hpp"

namespace ranvier {
namespace connectivity {
namespace {

const std::vector<Rule>& rules() {
  static const std::vector<Rule> table{one_to_one_rule(),     all_to_all_rule(),      pairwise_bernoulli_rule(),
                                       fixed_indegree_rule(), fixed_outdegree_rule(), fixed_total_number_rule(),
                                       edges_rule()};
  return table;
}

const Rule& find(std::string_view name) {
  for (const auto& rule : rules())
    if (rule.info.name == name) return rule;
  throw RuntimeError("there is no connection rule '" + std::string(name) + "'; `ranvier describe` lists the rules");
}

}  // namespace

FieldInfo autapses_field() {
  return {.name = "autapses",
          .unit = unit::one,
          .default_value = 1.0,
          .range = range::any,
          .role = Role::parameter,
          .doc = "whether a neuron may connect to itself (source and target population the same)",
          .form = Form::flag,
          .required = false};
}

FieldInfo multapses_field() {
  return {.name = "multapses",
          .unit = unit::one,
          .default_value = 1.0,
          .range = range::any,
          .role = Role::parameter,
          .doc = "whether a pair of neurons may have several synapses",
          .form = Form::flag,
          .required = false};
}

FieldInfo number_field(const char* name, const char* doc) {
  return {.name = name,
          .unit = unit::one,
          .default_value = 0.0,
          .range = range::non_negative,
          .role = Role::parameter,
          .doc = doc,
          .form = Form::count,
          .required = true};
}

/// Neither how many synapses there are nor which is known without the file.
Rule edges_rule() {
  ModelInfo info = rule_info("edges", "the synapses of a SONATA edges file, with their weights and delays", {});
  info.source = "SONATA developer guide, version 0.1";
  return {std::move(info), false, [](const ConnectRequest&) { return std::string(); },
          [](const ConnectRequest&) { return 0.0; }, nullptr};
}

ModelInfo rule_info(const char* name, const char* doc, std::vector<FieldInfo> fields) {
  ModelInfo info;
  info.name = name;
  info.kind = ModelKind::rule;
  info.doc = doc;
  info.source = "Senk et al. (2022) PLoS Comput Biol 18: e1010086";
  info.fields = std::move(fields);
  return info;
}

}  // namespace connectivity

const std::vector<ModelInfo>& rule_catalogue() {
  static const std::vector<ModelInfo> infos = [] {
    std::vector<ModelInfo> list;
    for (const auto& rule : connectivity::rules()) list.push_back(rule.info);
    return list;
  }();
  return infos;
}

std::string rule_problem(const ConnectRequest& request) {
  // Partners are 32-bit indices, of which the largest is kept free.
  constexpr std::uint64_t limit = 0xffffffffu;
  if (request.n_source >= limit || request.n_target >= limit)
    return "a population of a projection has " + std::to_string(std::max(request.n_source, request.n_target)) +
           " neurons, but at most 4294967294 can be connected; split the population";
  return connectivity::find(request.projection->rule).problem(request);
}

bool is_source_side(std::string_view rule) { return connectivity::find(rule).source_side; }

void connect_targets(const ConnectRequest& request, std::uint64_t first, std::uint64_t last, const TargetSink& sink) {
  connectivity::find(request.projection->rule).connect(request, first, last, sink);
}

void connect_sources(const ConnectRequest& request, std::uint64_t first, std::uint64_t last, const SourceSink& sink) {
  connectivity::find(request.projection->rule).connect(request, first, last, sink);
}

double expected_synapses(const ConnectRequest& request) {
  return connectivity::find(request.projection->rule).expected(request);
}

}  // namespace ranvier

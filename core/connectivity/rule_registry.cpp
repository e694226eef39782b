#include "core/connectivity/rule_registry.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "core/base/error.hpp"

namespace ranvier {

void RuleRegistry::add(RuleEntry entry) {
  const ModelInfo info = entry.info;
  if (!rules_.emplace(info.name, std::move(entry)).second)
    throw std::logic_error("two connection rules are called '" + info.name + "'");
  catalogue_.models.push_back(info);
}

std::unique_ptr<const Connector> RuleRegistry::connector(const ModelReference& rule, const ProjectionEnds& ends,
                                                         Key key) const {
  const auto found = rules_.find(rule.model);
  if (found == rules_.end())
    throw UsageError(fmt::format("there is no connection rule '{}'; `ranvier describe` lists the rules", rule.model));
  try {
    return found->second.make(rule.params, ends, key);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("rule {}: {}", rule.model, error.what()));
  }
}

void check_rules(const Config& config, const RuleRegistry& rules) {
  std::string problems;
  for (const ProjectionConfig& p : config.projections) {
    if (!p.signal.empty()) continue;  // makes no synapses
    const auto size = [&](const std::string& name) {
      const PopulationConfig* population = config.find_population(name);
      if (!population) throw UsageError(fmt::format("projection {}: there is no population '{}'", p.key, name));
      return population->size;
    };
    const ProjectionEnds ends{size(p.source), size(p.target), p.source == p.target};
    if (const std::string text = rules.connector(p.rule, ends)->problem().text; !text.empty())
      problems += fmt::format("{}projection {}: {}", problems.empty() ? "" : "\n", p.key, text);
  }
  if (!problems.empty()) throw UsageError(problems);
}

}  // namespace ranvier

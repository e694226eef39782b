#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/config/expression.hpp"
#include "io/text/yaml_node.hpp"

namespace ranvier {

/// The `variables` of a config, which may refer to each other in any order.
class Variables {
 public:
  /// Evaluates all of them; mistakes are added to `errors`. `section` may be null (no variables).
  Variables(const YamlNode* section, Errors& errors);
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;

  /// The value of an expression. On a mistake says so at the node as "what: reason" and returns nothing; says nothing
  /// where the mistake is in a variable, which has been reported already.
  std::optional<Quantity> evaluate(const YamlNode& scalar, std::string_view what);

 private:
  enum class State { pending, active, done, failed };
  struct Variable {
    const YamlNode* node = nullptr;
    Place place;
    State state = State::pending;
    Quantity value;
  };
  struct AlreadyReported {};

  void collect(const YamlNode& section);
  std::optional<Quantity> find(std::string_view name);
  void resolve(const std::string& name, Variable&);
  [[noreturn]] void report_cycle(const std::string& name);

  Errors& errors_;
  Names names_;
  std::vector<std::string> order_;
  std::unordered_map<std::string, Variable> variables_;
  std::vector<std::string> active_;  ///< the chain of variables being evaluated
};

/// Letters, digits and '_', starting with a letter or '_'.
bool is_identifier(std::string_view text);

}  // namespace ranvier

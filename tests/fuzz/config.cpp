// The config reader on arbitrary text: it returns a Config or throws a UsageError, and what it returns reads back as the
// same from the text that run.yaml holds. Lines that begin with "#set " are assignments of --set.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "io/config/reader.hpp"
#include "io/config/resolved.hpp"
#include "io/files/guard.hpp"
#include "io/text/yaml.hpp"
#include "tests/fuzz/catalogue.hpp"
#include "tests/fuzz/target.hpp"

namespace {

std::vector<std::string> assignments(const std::string& text) {
  constexpr std::string_view mark = "#set ";
  std::vector<std::string> found;
  for (std::size_t begin = 0; begin < text.size() && found.size() < 8;) {
    const auto end = std::min(text.find('\n', begin), text.size());
    if (text.compare(begin, mark.size(), mark) == 0)
      found.push_back(text.substr(begin + mark.size(), end - begin - mark.size()));
    begin = end + 1;
  }
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ranvier;
  static const Catalogue catalogue = fuzz::catalogue();
  guard::disable();
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::string resolved;
  try {
    resolved = resolved_yaml(parse_config(text, "fuzzed.yaml", "/nowhere", catalogue, assignments(text)), catalogue);
  } catch (const UsageError& error) {
    fuzz::require(*error.what() != '\0', "a config is refused without a word");
    return 0;
  }
  if (resolved.size() > largest_config) return 0;  // lists of sources and targets multiply
  try {
    const auto again = resolved_yaml(parse_config(resolved, "run.yaml", "/nowhere", catalogue), catalogue);
    fuzz::require(again == resolved, "a resolved config changes when it is read again", resolved + "\n---\n" + again);
  } catch (const UsageError& error) {
    fuzz::require(false, "a resolved config is refused", resolved + "\n---\n" + error.what());
  }
  return 0;
}

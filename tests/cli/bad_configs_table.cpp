#include <fstream>
#include <stdexcept>

#include "tests/cli/bad_configs.hpp"

namespace ranvier::test {
namespace {

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
    lines.push_back(text.substr(start, end - start));
  return lines;
}

void replace_line(std::string& text, std::size_t number, const std::string& by) {
  auto lines = split_lines(text);
  lines.at(number - 1) = by;
  text.clear();
  for (const auto& line : lines) text += line + "\n";
}

}  // namespace

std::vector<BadConfig> read_bad_configs(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<BadConfig> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      cases.push_back({line.substr(1, line.find(']') - 1), cases.empty() ? "" : cases[0].text, {}, ""});
      continue;
    }
    BadConfig& c = cases.back();
    if (line.starts_with("| ")) {
      if (cases.size() > 1 && c.text == cases[0].text) c.text.clear();
      c.text += line.substr(2) + "\n";
    } else if (line.starts_with("set: ")) {
      c.set.push_back(line.substr(5));
    } else if (line.starts_with("says: ")) {
      c.message += (c.message.empty() ? "" : "\n") + line.substr(6);
    } else {
      const auto colon = line.find(": ");
      replace_line(c.text, std::stoul(line), line.substr(colon + 2));
    }
  }
  return cases;
}

}  // namespace ranvier::test

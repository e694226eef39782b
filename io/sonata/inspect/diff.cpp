#include "io/sonata/inspect/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.hpp"
#include "io/files/guard.hpp"
#include "io/hdf5/file.hpp"
#include "io/results/provenance.hpp"
#include "io/sonata/inspect/compare.hpp"

namespace ranvier {
namespace {

namespace fs = std::filesystem;
constexpr double patience_seconds = 60.0;

/// "seed 1 / 2, ranks 1 / 4", or nothing.
std::string provenance_differences(const hdf5::File& a, const hdf5::File& b) {
  const auto pa = read_provenance(a), pb = read_provenance(b);
  if (!pa || !pb) return pa.has_value() == pb.has_value() ? "" : "only one records it";
  const nlohmann::ordered_json ja = *pa, jb = *pb;
  std::string text;
  for (const auto& [name, value] : ja.items()) {
    if (value == jb[name]) continue;
    const auto shown = [](const nlohmann::ordered_json& j) { return j.is_string() ? j.get<std::string>() : j.dump(); };
    text += (text.empty() ? "" : ", ") + name;
    if (name != "config") text += fmt::format(" {} / {}", shown(value), shown(jb[name]));
  }
  return text;
}

DiffResult diff_files(const std::string& a, const std::string& b) {
  const auto file_a = hdf5::File::open(a), file_b = hdf5::File::open(b);
  const auto compared = compare(file_a, file_b);
  const auto provenance = provenance_differences(file_a, file_b);
  DiffResult result;
  result.exit_code = compared.first_difference.empty() ? 0 : 1;
  result.text = compared.first_difference.empty() ? fmt::format("same: {}\n", compared.what)
                                                  : fmt::format("different: {}\n", compared.first_difference);
  if (!provenance.empty()) result.text += fmt::format("  (provenance differs: {})\n", provenance);
  return result;
}

std::set<std::string> results_in(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".h5" && entry.path().stem().string().rfind("checkpoint", 0) != 0)
      names.insert(entry.path().filename().string());
  return names;
}

/// In a child, because of hostile files; the first character of its text is the exit code.
DiffResult diff_files_guarded(const std::string& a, const std::string& b) {
  try {
    const auto text = guard::run(
        fmt::format("cannot compare '{}' with '{}'", a, b),
        [&] {
          const auto result = diff_files(a, b);
          return std::to_string(result.exit_code) + result.text;
        },
        patience_seconds);
    return {text.at(0) - '0', text.substr(1)};
  } catch (const std::exception& e) {
    return {2, std::string(e.what()) + "\n"};
  }
}

DiffResult diff_folders(const std::string& a, const std::string& b) {
  const auto in_a = results_in(a), in_b = results_in(b);
  if (in_a.empty() || in_b.empty()) return {2, fmt::format("'{}' holds no results (*.h5)\n", in_a.empty() ? a : b)};
  DiffResult total;
  std::string differences;
  std::set<std::string> all = in_a;
  all.insert(in_b.begin(), in_b.end());
  for (const auto& name : all) {
    if (!in_a.contains(name) || !in_b.contains(name)) {
      differences += fmt::format("different: only '{}' has {}\n", in_a.contains(name) ? a : b, name);
      total.exit_code = std::max(total.exit_code, 1);
      continue;
    }
    const auto one = diff_files_guarded((fs::path(a) / name).string(), (fs::path(b) / name).string());
    (one.exit_code == 0 ? total.text : differences) += name + ": " + one.text;
    total.exit_code = std::max(total.exit_code, one.exit_code);
  }
  total.text = differences + total.text;
  return total;
}

}  // namespace

DiffResult diff(const std::string& a, const std::string& b) {
  try {
    for (const auto& path : {a, b})
      if (!fs::exists(path)) return {2, fmt::format("cannot read '{}' (No such file or directory)\n", path)};
    if (fs::is_directory(a) != fs::is_directory(b))
      return {2, fmt::format("'{}' is a folder and '{}' is a file; compare two files or two folders\n",
                             fs::is_directory(a) ? a : b, fs::is_directory(a) ? b : a)};
    return fs::is_directory(a) ? diff_folders(a, b) : diff_files_guarded(a, b);
  } catch (const std::exception& e) {
    return {2, std::string(e.what()) + "\n"};
  }
}

}  // namespace ranvier

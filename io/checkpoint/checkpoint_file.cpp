#include "io/checkpoint/checkpoint_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/base/error.hpp"
#include "io/checkpoint/layout.hpp"
#include "io/checkpoint/seal.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/hdf5/dataset.hpp"

namespace ranvier::checkpoint {
namespace {

namespace fs = std::filesystem;

template <class T>
T number_attribute(const hdf5::File& file, const std::string& group, const char* name) {
  const auto value = hdf5::read_scalar_attribute<T>(file, group, name);
  if (!value) throw RuntimeError(fmt::format("'{}' of '{}' has no number '{}'", group, file.path(), name));
  return *value;
}

std::string text_attribute(const hdf5::File& file, const std::string& group, const char* name) {
  const auto value = hdf5::read_text_attribute(file, group, name);
  if (!value) throw RuntimeError(fmt::format("'{}' of '{}' has no text '{}'", group, file.path(), name));
  return *value;
}

/// An array over `neurons` neurons with `rows` rows (0: none).
hdf5::Dataset open_array(const hdf5::File& file, const std::string& path, std::uint64_t rows, std::uint64_t neurons) {
  auto dataset = hdf5::Dataset::open(file, path);
  hdf5::Extent expected{neurons};
  if (rows > 0) expected.insert(expected.begin(), rows);
  if (dataset.extent() != expected)
    throw RuntimeError(fmt::format("{} is not an array of {} neurons", dataset.name(), neurons));
  return dataset;
}

/// "checkpoint.h5" -> "checkpoint.1.h5" -> "checkpoint.2.h5"
std::string older(const std::string& path) {
  const fs::path p(path);
  const std::string stem = p.stem().string();
  const auto dot = stem.rfind('.');
  const bool numbered = dot != std::string::npos && dot + 1 < stem.size() && stem.size() - dot < 8 &&
                        std::all_of(stem.begin() + static_cast<std::ptrdiff_t>(dot) + 1, stem.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
  const std::string base = numbered ? stem.substr(0, dot) : stem;
  const int age = numbered ? std::stoi(stem.substr(dot + 1)) + 1 : 1;
  return (p.parent_path() / fmt::format("{}.{}{}", base, age, p.extension().string())).string();
}

/// What is wrong, also where the file cannot be read.
std::string problem_or_error(const std::string& path, const Communicator& comm) {
  try {
    return problem_with(path, comm);
  } catch (const RuntimeError& error) {
    return error.what();
  }
}

}  // namespace

CheckpointFile::CheckpointFile(const std::string& path) : file_(hdf5::File::open(path)) {
  header_.step = number_attribute<std::int64_t>(file_, header_group, "step");
  header_.dt_ms = number_attribute<double>(file_, header_group, "dt_ms");
  header_.network = hdf5::Dataset::open(file_, network_text_path).read_text();
  header_.files = hdf5::Dataset::open(file_, files_text_path).read_text();
  header_.provenance = read_provenance(file_).value_or(Provenance{});
}

std::vector<FileImage> CheckpointFile::recordings() const {
  std::vector<FileImage> images;
  for (std::size_t n = 0; file_.has(fmt::format("{}/{}", recordings_group, n)); ++n) {
    const std::string group = fmt::format("{}/{}", recordings_group, n);
    FileImage image;
    image.name = text_attribute(file_, group, "name");
    image.what = text_attribute(file_, group, "what");
    image.size = number_attribute<std::uint64_t>(file_, group, "size");
    image.mark = text_attribute(file_, group, "mark");
    image.mark_at = number_attribute<std::uint64_t>(file_, group, "mark_at");
    image.offsets = hdf5::Dataset::open(file_, group + "/offsets").read<std::uint64_t>();
    image.lengths = hdf5::Dataset::open(file_, group + "/lengths").read<std::uint64_t>();
    image.bytes = hdf5::Dataset::open(file_, group + "/bytes").read<std::uint8_t>();
    std::uint64_t bytes = 0;
    for (const std::uint64_t length : image.lengths) bytes += length;
    if (image.offsets.size() != image.lengths.size() || bytes != image.bytes.size())
      throw RuntimeError(fmt::format("'{}' of '{}' is inconsistent", group, path()));
    images.push_back(std::move(image));
  }
  return images;
}

std::vector<std::string> CheckpointFile::populations() const { return file_.members("/state"); }
std::vector<std::string> CheckpointFile::variables(const std::string& population) const {
  return file_.members("/state/" + population);
}
std::vector<std::string> CheckpointFile::receptors(const std::string& population) const {
  return file_.members("/arrivals/" + population);
}

std::vector<double> CheckpointFile::state(const std::string& population, const std::string& variable,
                                          std::uint64_t first, std::uint64_t count, std::uint64_t neurons) const {
  const auto dataset = open_array(file_, state_path(population, variable), 0, neurons);
  std::vector<double> values(count);
  if (count > 0) dataset.read({first}, {count}, values.data());
  return values;
}

auto CheckpointFile::arrivals(const std::string& population, const std::string& receptor, std::uint64_t first,
                              std::uint64_t count, std::uint64_t neurons) const -> Arrivals {
  Arrivals arrivals;
  const std::string path = arrivals_path(population, receptor);
  if (!file_.has(path)) return arrivals;
  arrivals.steps = series(steps_path(path));
  const auto dataset = open_array(file_, path, arrivals.steps.size(), neurons);
  arrivals.sums.resize(arrivals.steps.size() * count);
  if (count > 0) dataset.read({0, first}, {arrivals.steps.size(), count}, arrivals.sums.data());
  return arrivals;
}

std::vector<std::int64_t> CheckpointFile::series(const std::string& path) const {
  return hdf5::Dataset::open(file_, path).read<std::int64_t>();
}

RestartFile find_whole(const std::string& path, const Communicator& comm) {
  // What one rank sees holds for all.
  std::error_code ignored;
  const bool folder = comm.broadcast(comm.is_root() && fs::is_directory(path, ignored));
  std::string candidate = folder ? checkpoint_path(path) : path, problems;
  for (bool more = true; more;) {
    const std::string problem = problem_or_error(candidate, comm);
    if (problem.empty()) {
      if (problems.empty()) return {candidate, ""};
      return {candidate, fmt::format("{}continuing from '{}'", problems, candidate)};
    }
    problems += fmt::format("cannot restart from '{}' ({}); ", candidate, problem);
    candidate = older(candidate);
    more = comm.broadcast(comm.is_root() && fs::exists(candidate, ignored));
  }
  throw RuntimeError(problems + "there is no older checkpoint in the same folder");
}

std::string describe_checkpoint(const std::string& path) {
  const CheckpointFile file(path);
  const Header& header = file.header();
  std::string text =
      fmt::format("  state at {:g} ms (step {}) of a network of {} populations\n",
                  static_cast<double>(header.step) * header.dt_ms, header.step, file.populations().size());
  for (const auto& population : file.populations())
    text += fmt::format("  {}: {}\n", population, fmt::join(file.variables(population), ", "));
  for (const auto& image : file.recordings()) text += fmt::format("  continues the recording {}\n", image.name);
  return text;
}

}  // namespace ranvier::checkpoint

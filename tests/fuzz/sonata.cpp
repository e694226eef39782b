// The readers of SONATA files on files that say anything: each returns, or throws a RuntimeError or UsageError.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/base/error.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "io/files/guard.hpp"
#include "io/hdf5/file.hpp"
#include "io/sonata/inspect/compare.hpp"
#include "io/sonata/inspect/info.hpp"
#include "io/sonata/recordings/reader.hpp"
#include "tests/fuzz/described_files.hpp"
#include "tests/fuzz/read_circuit.hpp"
#include "tests/fuzz/read_edges.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier {
namespace {

/// Bad files are refused with words; anything else that is thrown ends the fuzzer.
void attempt(const std::function<void()>& read) {
  try {
    read();
  } catch (const RuntimeError& error) {
    fuzz::require(*error.what() != '\0', "a file is refused without a word");
  } catch (const UsageError& error) {
    fuzz::require(*error.what() != '\0', "a file is refused without a word");
  }
}

void read_results(const std::string& path) {
  std::vector<std::string> populations;
  attempt([&] { describe_file(path); });
  attempt([&] { checkpoint::describe_checkpoint(path); });
  attempt([&] {
    const auto file = hdf5::File::open(path);
    if (file.has("/spikes")) populations = file.members("/spikes");
    const auto same = compare(file, file);
    fuzz::require(same.first_difference.empty(), "a file differs from itself", same.first_difference);
  });
  attempt([&] {
    if (populations.empty()) return;
    const auto list = read_spikes(path, populations.size() > 1 ? populations[1] : "");
    fuzz::require(list.times.size() == list.ids.size(), "a spike without a time or a neuron");
  });
}

}  // namespace
}  // namespace ranvier

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ranvier::testing::ScratchFolder folder;
  ranvier::guard::disable();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto names = ranvier::fuzz::write_described(folder.path(), text);
  const bool has_types = std::find(names.begin(), names.end(), "edge_types.csv") != names.end();
  for (const auto& name : names)
    if (name.ends_with(".h5")) {
      ranvier::read_results(folder / name);
      ranvier::attempt(
          [&] { ranvier::fuzz::read_edges_of(folder / name, has_types ? folder / "edge_types.csv" : ""); });
    }
  if (std::find(names.begin(), names.end(), "simulation_config.json") != names.end())
    ranvier::attempt([&] { ranvier::fuzz::read_circuit(folder / "simulation_config.json"); });
  for (const auto& name : names) std::filesystem::remove(folder / name);
  return 0;
}

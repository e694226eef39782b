#include "io/sonata/recordings/spike_text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "core/base/error.hpp"
#include "io/files/guard.hpp"
#include "io/sonata/recordings/reader.hpp"
#include "io/text/text_file.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t at_a_time = std::uint64_t{1} << 18;  // spikes: some 6 MB of text

std::string one_word(std::string name) {
  for (char& c : name)
    if (static_cast<unsigned char>(c) <= ' ') c = '_';
  return name.empty() ? "-" : name;
}

void write_population(const SpikePopulation& population, TextFile& file) {
  if (population.units().value_or("ms") != "ms")
    throw RuntimeError(
        fmt::format("spike times of '{}' are in '{}'; ms are expected", population.name(), *population.units()));
  const std::string name = one_word(population.name());
  std::string text;
  for (std::uint64_t first = 0; first < population.size(); first += at_a_time) {
    const std::uint64_t count = std::min(at_a_time, population.size() - first);
    const auto times = population.times(first, count);
    const auto ids = population.ids(first, count);
    text.clear();
    for (std::uint64_t i = 0; i < count; ++i)
      fmt::format_to(std::back_inserter(text), "{} {} {}\n", times[i], name, ids[i]);
    file.write(text);
    guard::progress();
  }
}

std::string write_unguarded(const std::string& spikes, const std::string& text) {
  const auto file = hdf5::File::open(spikes);
  const auto populations = open_spikes(file);
  TextFile out(text);
  std::uint64_t count = 0;
  for (const auto& population : populations) {
    write_population(population, out);
    count += population.size();
  }
  out.finish();
  return fmt::format("{}", count);
}

}  // namespace

std::uint64_t write_spike_text(const std::string& spikes, const std::string& text) {
  hdf5::file_size(spikes);
  try {
    return std::stoull(
        guard::run(fmt::format("cannot read '{}'", spikes), [&] { return write_unguarded(spikes, text); }));
  } catch (...) {
    // A child that crashed has left it.
    ::unlink(TextFile::temporary(text).c_str());
    throw;
  }
}

}  // namespace ranvier

#include "io/sonata/recordings/spike_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/sonata/base/dialect.hpp"
#include "io/sonata/base/radix_sort.hpp"
#include "io/sonata/base/slices.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t smallest_slice = 65536;          // spikes per writing rank: fewer are not worth a message
constexpr std::uint64_t piece = std::uint64_t{1} << 20;  // spikes converted and written at a time: 8 MiB a dataset

/// Chunks of about a thirtieth of what a population firing at 10 Hz would give, between 8 and 128 KiB: small files for
/// small networks, and little to write again at each flush, which rewrites the last chunk. Larger ones are no faster.
/// Depends on nothing but the network.
std::uint64_t chunk_length(std::uint64_t size, double t_stop_ms) {
  const double expected = static_cast<double>(size) * t_stop_ms * 1e-3 * 10.0 / 32.0;
  return std::bit_ceil(static_cast<std::uint64_t>(std::clamp(expected, 1024.0, 16384.0)));
}

std::string dataset_path(const std::string& population, const char* name) {
  return "/spikes/" + population + "/" + name;
}

}  // namespace

SpikeWriter::SpikeWriter(std::string path, const Communicator& comm, std::vector<Population> populations, double dt_ms,
                         double t_stop_ms, const Provenance& provenance, RecordingStart start)
    : path_(std::move(path)),
      comm_(comm.duplicate()),
      populations_(std::move(populations)),
      time_(dt_ms),
      first_step_(start.step),
      last_step_(static_cast<Step>(std::llround(t_stop_ms / dt_ms))),
      complete_(start.append ? start.step : start.step - 1),
      first_key_{0},
      written_(populations_.size(), 0) {
  comm_.together([&] {
    const auto steps = static_cast<unsigned __int128>(last_step_) + 1;
    for (const auto& p : populations_) {
      sonata::check_population_name(p.name);
      const unsigned __int128 next = first_key_.back() + steps * p.size;
      if (next > std::numeric_limits<std::uint64_t>::max())
        throw RuntimeError(
            "the number of neurons times the number of steps is too large for a spike file; shorten the run");
      first_key_.push_back(static_cast<std::uint64_t>(next));
      chunk_.push_back(chunk_length(p.size, t_stop_ms));
    }
    if (comm_.is_root() && !start.append) lay_out(t_stop_ms, provenance);
  });
  comm_.together([&] {
    file_ = hdf5::File::open_shared(path_, comm_);
    open_series(start.append);
  });
}

SpikeWriter::~SpikeWriter() { abandon(); }

/// One rank alone creates the file with everything in it but spikes; nothing of this can hang the others.
void SpikeWriter::lay_out(double t_stop_ms, const Provenance& provenance) const {
  auto file = hdf5::File::create(path_);
  sonata::write_signature(file);
  write_provenance(file, provenance);
  file.make_group("/spikes");
  for (std::size_t p = 0; p < populations_.size(); ++p) {
    const auto& [name, size] = populations_[p];
    const std::string group = "/spikes/" + name;
    file.make_group(group);
    hdf5::write_enum_attribute(file, group, "sorting", sonata::sorting_names(),
                               static_cast<std::uint8_t>(sonata::Sorting::by_time));
    hdf5::write_attribute(file, group, "t_start", time_(first_step_));
    hdf5::write_attribute(file, group, "t_stop", t_stop_ms);
    hdf5::write_attribute(file, group, "size", size);
    const auto times = dataset_path(name, "timestamps");
    hdf5::Dataset::create_growing<double>(file, times, {0}, {chunk_[p]});
    hdf5::write_attribute(file, times, "units", "ms");
    hdf5::Dataset::create_growing<std::uint64_t>(file, dataset_path(name, "node_ids"), {0}, {chunk_[p]});
    hdf5::Dataset::create_growing<std::int64_t>(file, dataset_path(name, "step"), {0}, {chunk_[p]});
  }
  file.close();
}

void SpikeWriter::open_series(bool append) {
  for (std::size_t p = 0; p < populations_.size(); ++p) {
    const std::string& name = populations_[p].name;
    series_.push_back({hdf5::Dataset::open(file_, dataset_path(name, "timestamps")),
                       hdf5::Dataset::open(file_, dataset_path(name, "node_ids")),
                       hdf5::Dataset::open(file_, dataset_path(name, "step"))});
    if (!append) continue;
    written_[p] = series_.back().times.size();
    chunk_[p] = series_.back().times.chunk().at(0);
  }
}

void SpikeWriter::append(std::span<const RecordedSpike> spikes) {
  for (const auto& s : spikes) {
    if (s.population >= populations_.size() || s.node >= populations_[s.population].size || s.step < 0 ||
        s.step > last_step_)
      throw std::out_of_range(fmt::format("spike of neuron {} of population {} at step {} is outside the recording",
                                          s.node, s.population, s.step));
    keys_.push_back(first_key_[s.population] + static_cast<std::uint64_t>(s.step) * populations_[s.population].size +
                    s.node);
  }
}

void SpikeWriter::flush(std::optional<Step> complete) {
  if (!file_.is_open()) return;
  comm_.together([&] { radix_sort(keys_); });
  const Slices slices(comm_, keys_, smallest_slice);
  std::vector<std::uint64_t> slice = comm_.size() == 1 ? std::move(keys_) : slices.exchange<std::uint64_t>(keys_);
  keys_.clear();
  comm_.together([&] { radix_sort(slice); });

  // What this rank has of each population, where it goes, and what all have.
  const std::size_t n = populations_.size();
  std::vector<std::uint64_t> own(n);
  std::vector<std::span<const std::uint64_t>> part(n);
  for (std::size_t p = 0; p < n; ++p) {
    const auto begin = std::lower_bound(slice.begin(), slice.end(), first_key_[p]);
    const auto end = std::lower_bound(begin, slice.end(), first_key_[p + 1]);
    part[p] = {begin, end};
    own[p] = part[p].size();
  }
  std::vector<std::uint64_t> offset = own, added = own;
  comm_.exclusive_sum(std::span(offset));
  comm_.sum(std::span(added));

  try {
    comm_.together([&] {
      for (std::size_t p = 0; p < n; ++p) check_order(p, part[p], complete);
    });
    reserve(added);
    comm_.together([&] {
      for (std::size_t p = 0; p < n; ++p)
        if (added[p] > 0) write_population(p, part[p], offset[p], added[p]);
      if (complete) write_end(*complete);
      file_.flush();
    });
  } catch (...) {
    abandon();
    throw;
  }
  for (std::size_t p = 0; p < n; ++p) written_[p] += added[p];
  if (complete) complete_ = *complete;
}

/// A spike that comes too late would be out of order in the file for good.
void SpikeWriter::check_order(std::size_t p, std::span<const std::uint64_t> keys, std::optional<Step> complete) const {
  if (keys.empty()) return;
  const auto step_of = [&](std::uint64_t key) {
    return static_cast<Step>((key - first_key_[p]) / populations_[p].size);
  };
  const Step first = step_of(keys.front()), last = step_of(keys.back());
  if (first <= complete_ || (complete && last > *complete))
    throw RuntimeError(fmt::format("spikes of {} at steps {} to {} cannot be in a flush of steps {} to {}",
                                   populations_[p].name, first, last, complete_ + 1, complete.value_or(last_step_)));
}

/// Room for the new chunks and for what the library writes about them.
void SpikeWriter::reserve(const std::vector<std::uint64_t>& added) const {
  std::uint64_t bytes = 65536;
  for (std::size_t p = 0; p < added.size(); ++p) {
    const std::uint64_t chunks = (written_[p] + added[p] + chunk_[p] - 1) / chunk_[p] - written_[p] / chunk_[p];
    bytes += 3 * chunks * (chunk_[p] * 8 + 256) + (added[p] > 0 ? 3 * 16384 : 0);
  }
  file_.reserve(bytes, comm_);
}

void SpikeWriter::write_population(std::size_t p, std::span<const std::uint64_t> keys, std::uint64_t offset,
                                   std::uint64_t added) {
  auto& [times, ids, steps] = series_[p];
  for (auto* dataset : {&times, &ids, &steps}) dataset->extend({written_[p] + added});
  const std::uint64_t rounds = comm_.max<std::uint64_t>((keys.size() + piece - 1) / piece);

  const std::uint64_t size = populations_[p].size;
  std::vector<double> time(std::min<std::uint64_t>(keys.size(), piece));
  std::vector<std::uint64_t> id(time.size());
  std::vector<Step> step(time.size());
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::uint64_t begin = std::min<std::uint64_t>(round * piece, keys.size());
    const std::uint64_t count = std::min<std::uint64_t>(piece, keys.size() - begin);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t key = keys[begin + i] - first_key_[p];
      step[i] = static_cast<Step>(key / size);
      id[i] = key % size;
      time[i] = time_(step[i]);
    }
    const hdf5::Extent where{written_[p] + offset + begin}, how_many{count};
    times.write_together(comm_, where, how_many, time.data());
    ids.write_together(comm_, where, how_many, id.data());
    steps.write_together(comm_, where, how_many, step.data());
  }
}

void SpikeWriter::write_end(Step complete) {
  for (const auto& p : populations_) hdf5::rewrite_attribute(file_, "/spikes/" + p.name, "t_stop", time_(complete));
}

void SpikeWriter::close(std::optional<Step> complete) {
  if (!file_.is_open()) return;
  flush(complete);
  series_.clear();
  comm_.together([&] { file_.close(); });
  comm_.together([&] {
    if (comm_.is_root()) hdf5::trim(path_);
  });
}

std::uint64_t SpikeWriter::written() const {
  std::uint64_t sum = 0;
  for (const auto n : written_) sum += n;
  return sum;
}

void SpikeWriter::abandon() noexcept {
  for (auto& s : series_)
    for (auto* dataset : {&s.times, &s.ids, &s.steps}) dataset->abandon();
  series_.clear();
  file_.abandon();
}

}  // namespace ranvier

#include "io/sonata/recordings/spike_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>
#include <utility>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/sonata/base/dialect.hpp"
#include "io/sonata/base/grid_time.hpp"
#include "io/sonata/base/slices.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t smallest_slice = 65536;  // spikes per writing rank: fewer are not worth a message

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
      dt_ms_(dt_ms),
      first_step_(start.step),
      last_step_(static_cast<Step>(std::llround(t_stop_ms / dt_ms))),
      complete_(start.append ? start.step : start.step - 1),
      written_(populations_.size(), 0) {
  comm_.together([&] {
    const auto steps = static_cast<unsigned __int128>(last_step_) + 1;
    for (const auto& p : populations_) {
      sonata::check_population_name(p.name);
      const unsigned __int128 next = numbering_.first.back() + steps * p.size;
      if (next > std::numeric_limits<std::uint64_t>::max())
        throw RuntimeError(
            "the number of neurons times the number of steps is too large for a spike file; shorten the run");
      numbering_.sizes.push_back(p.size);
      numbering_.first.push_back(static_cast<std::uint64_t>(next));
      chunk_.push_back(chunk_length(p.size, t_stop_ms));
    }
    if (comm_.is_root() && !start.append) lay_out(t_stop_ms, provenance);
  });
  comm_.together([&] {
    file_ = hdf5::File::open_shared(path_, comm_);
    open_series(start.append);
    batches_ = std::make_unique<SpikeBatchWriter>(path_, numbering_, chunk_, dt_ms_);
    background_ = std::make_unique<Background>();
    if (start.append) read_tails();
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
    hdf5::write_attribute(file, group, "t_start", GridTime(dt_ms_)(first_step_));
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

/// The spikes of the last chunks, which are not full; they are rank 0's until the first batch.
void SpikeWriter::read_tails() {
  for (std::size_t p = 0; p < populations_.size(); ++p) {
    const std::uint64_t count = written_[p] % chunk_[p];
    if (count == 0) continue;
    std::vector<std::uint64_t> ids(count);
    std::vector<Step> steps(count);
    // All ranks read, since finding a chunk in a file that is open on all of them is collective.
    series_[p].ids.read({written_[p] - count}, {count}, ids.data());
    series_[p].steps.read({written_[p] - count}, {count}, steps.data());
    if (!comm_.is_root()) continue;
    for (std::uint64_t i = 0; i < count; ++i) batches_->tails.push_back(numbering_.key(p, steps[i], ids[i]));
  }
}

void SpikeWriter::append(std::span<const RecordedSpike> spikes) {
  const std::size_t before = keys_.size();
  keys_.resize(before + spikes.size());
  std::uint64_t* next = keys_.data() + before;
  try {
    for (const auto& spike : spikes) *next++ = key(spike);
  } catch (...) {
    keys_.resize(before);
    throw;
  }
}

void SpikeWriter::refuse(const RecordedSpike& spike) {
  throw std::out_of_range(fmt::format("spike of neuron {} of population {} at step {} is outside the recording",
                                      spike.node, spike.population, spike.step));
}

void SpikeWriter::wait() {
  if (!file_.is_open()) return;
  try {
    comm_.together([&] { background_->finish(); });
  } catch (...) {
    abandon();
    throw;
  }
}

void SpikeWriter::write(std::optional<Step> complete, std::function<void(Keys&)> more) {
  if (!file_.is_open()) return;
  try {
    // After this no rank's thread touches the file, and HDF5 may.
    comm_.together([&] { background_->finish(); });
    write_sorted();
    const std::size_t count = keys_.size();
    sorted_complete_ = complete;
    sorting_ = true;
    background_->start([this, more = std::move(more), keys = std::move(keys_)]() mutable {
      if (more) more(keys);
      batches_->sort(std::move(keys));
      if (has_thread_for_all()) write_sorted();
    });
    keys_ = {};
    keys_.reserve(count);
  } catch (...) {
    abandon();
    throw;
  }
}

void SpikeWriter::flush(std::optional<Step> complete, std::function<void(Keys&)> more) {
  if (!file_.is_open()) return;
  write(complete, std::move(more));
  try {
    comm_.together([&] { background_->finish(); });
    write_sorted();
    comm_.together([&] { background_->finish(); });
    comm_.together([&] {
      if (complete) write_end(*complete);
      file_.flush();
    });
  } catch (...) {
    abandon();
    throw;
  }
}

/// Makes room for the sorted batch, moves each spike to the rank that writes it, and has the ranks' threads write; where the
/// thread does it all, it is the one that calls this.
void SpikeWriter::write_sorted() {
  if (!std::exchange(sorting_, false)) return;
  const std::vector<std::uint64_t>& sorted = batches_->sorted;
  comm_.together([&] { check_order(sorted, sorted_complete_); });
  if (sorted_complete_) complete_ = *sorted_complete_;
  std::vector<std::uint64_t> counts, added;
  for (std::size_t p = 0; p < populations_.size(); ++p) counts.push_back(numbering_.of(p, sorted).size());
  comm_.sum(std::span(counts));
  for (std::size_t p = 0; p < populations_.size(); ++p) added.push_back(counts[p] - written_[p] % chunk_[p]);
  if (std::all_of(added.begin(), added.end(), [](std::uint64_t n) { return n == 0; })) {
    batches_->tails = std::move(batches_->sorted);
    batches_->sorted.clear();
    return;
  }
  reserve(added);
  SpikeBatch batch;
  comm_.together([&] { batch = lay_out_batch(counts, added); });
  std::vector<std::uint64_t> slice;
  if (comm_.size() == 1) {
    slice = std::move(batches_->sorted);
  } else {
    const Slices slices(comm_, sorted, slice_begins(batch));
    slice = slices.exchange<std::uint64_t>(sorted);
    batch.slice_begin = slices.first();
  }
  batches_->sorted.clear();
  for (std::size_t p = 0; p < populations_.size(); ++p) written_[p] += added[p];
  if (has_thread_for_all()) return batches_->write(std::move(slice), batch);
  background_->start([batches = batches_.get(), keys = std::move(slice), where = std::move(batch)]() mutable {
    batches->write(std::move(keys), where);
  });
}

/// A spike that comes too late would be out of order in the file for good.
void SpikeWriter::check_order(std::span<const std::uint64_t> sorted, std::optional<Step> complete) const {
  for (std::size_t p = 0; p < populations_.size(); ++p) {
    std::span<const std::uint64_t> keys = numbering_.of(p, sorted);
    const std::uint64_t tails = batches_->sorted_tails.empty() ? 0 : batches_->sorted_tails[p];
    keys = keys.subspan(std::min<std::size_t>(tails, keys.size()));
    if (keys.empty()) continue;
    const Step first = numbering_.step(p, keys.front()), last = numbering_.step(p, keys.back());
    if (first <= complete_ || (complete && last > *complete))
      throw RuntimeError(fmt::format("spikes of {} at steps {} to {} cannot be in a flush of steps {} to {}",
                                     populations_[p].name, first, last, complete_ + 1, complete.value_or(last_step_)));
  }
}

/// Extends the datasets. `counts` are the spikes of the batch; but for those of chunks that were not full, they are `added`.
SpikeBatch SpikeWriter::lay_out_batch(const std::vector<std::uint64_t>& counts,
                                      const std::vector<std::uint64_t>& added) {
  SpikeBatch batch;
  std::uint64_t position = 0;
  for (std::size_t p = 0; p < populations_.size(); ++p) {
    SpikeBatch::Part part;
    part.begin = position;
    part.end = position += counts[p];
    part.first_chunk = written_[p] / chunk_[p];
    auto& [times, ids, steps] = series_[p];
    for (int d = 0; hdf5::Dataset * dataset : {&times, &ids, &steps}) {
      auto& places = part.places[d++];
      if (added[p] == 0) continue;
      dataset->extend({written_[p] + added[p]});
      const std::uint64_t last = (written_[p] + added[p] - 1) / chunk_[p];
      const bool goes_on = written_[p] % chunk_[p] != 0;  // that chunk lies among those of an earlier batch
      if (goes_on) places = dataset->chunk_runs(part.first_chunk, part.first_chunk);
      const auto others = dataset->chunk_runs(part.first_chunk + (goes_on ? 1 : 0), last);
      places.insert(places.end(), others.begin(), others.end());
    }
    batch.parts.push_back(std::move(part));
  }
  return batch;
}

/// Equal slices, rounded to whole chunks: no chunk is ever shared between ranks.
std::vector<std::uint64_t> SpikeWriter::slice_begins(const SpikeBatch& batch) const {
  const auto ranks = static_cast<std::uint64_t>(comm_.size());
  const std::uint64_t total = batch.parts.back().end;
  const std::uint64_t slice = std::max(smallest_slice, (total + ranks - 1) / ranks);
  std::vector<std::uint64_t> begins;
  std::size_t p = 0;
  for (std::uint64_t r = 1; r < ranks && r * slice < total; ++r) {
    while (r * slice >= batch.parts[p].end) ++p;
    const std::uint64_t within = r * slice - batch.parts[p].begin;
    begins.push_back(batch.parts[p].begin + within / chunk_[p] * chunk_[p]);
  }
  return begins;
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

void SpikeWriter::write_end(Step complete) {
  for (const auto& p : populations_)
    hdf5::rewrite_attribute(file_, "/spikes/" + p.name, "t_stop", GridTime(dt_ms_)(complete));
}

void SpikeWriter::close(std::optional<Step> complete, std::function<void(Keys&)> more) {
  if (!file_.is_open()) return;
  flush(complete, std::move(more));
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
  background_.reset();
  for (auto& s : series_)
    for (auto* dataset : {&s.times, &s.ids, &s.steps}) dataset->abandon();
  series_.clear();
  file_.abandon();
}

}  // namespace ranvier

#include "io/sonata/recordings/spike_batch.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/base/expect.hpp"
#include "io/hdf5/fletcher32.hpp"
#include "io/sonata/base/radix_sort.hpp"

namespace ranvier {

// Chunks are written as they lie in memory; the file's numbers are little-endian (io/hdf5/types.hpp).
static_assert(std::endian::native == std::endian::little);

std::span<const std::uint64_t> SpikeKeys::of(std::size_t population, std::span<const std::uint64_t> sorted) const {
  const auto begin = std::lower_bound(sorted.begin(), sorted.end(), first[population]);
  return {begin, std::lower_bound(begin, sorted.end(), first[population + 1])};
}

SpikeBatchWriter::SpikeBatchWriter(std::string path, SpikeKeys keys, std::vector<std::uint64_t> chunk, double dt_ms)
    : path_(std::move(path)),
      keys_(std::move(keys)),
      chunk_(std::move(chunk)),
      time_(dt_ms),
      file_(open_for_writing(path_)) {}

void SpikeBatchWriter::sort(std::vector<std::uint64_t> keys) {
  std::sort(tails.begin(), tails.end());
  sorted_tails.clear();
  for (std::size_t p = 0; p < keys_.populations(); ++p) sorted_tails.push_back(keys_.of(p, tails).size());
  keys.insert(keys.end(), tails.begin(), tails.end());
  tails.clear();
  radix_sort(keys);
  sorted = std::move(keys);
}

void SpikeBatchWriter::write(std::vector<std::uint64_t> slice, const SpikeBatch& batch) {
  radix_sort(slice);
  for (std::size_t p = 0; p < keys_.populations(); ++p) {
    const SpikeBatch::Part& part = batch.parts[p];
    std::span<const std::uint64_t> keys = keys_.of(p, slice);
    if (keys.empty()) continue;
    const std::uint64_t before = std::max(batch.slice_begin, part.begin) - part.begin;
    RANVIER_EXPECT(before % chunk_[p] == 0);
    for (std::uint64_t number = part.first_chunk + before / chunk_[p]; !keys.empty(); ++number) {
      const std::span<const std::uint64_t> now = keys.first(std::min<std::size_t>(keys.size(), chunk_[p]));
      keys = keys.subspan(now.size());
      if (now.size() < chunk_[p]) tails.insert(tails.end(), now.begin(), now.end());
      if (part.places[0].empty()) continue;
      fill(p, now);
      store(part.places[0], number, times_);
      store(part.places[1], number, ids_);
      store(part.places[2], number, steps_);
    }
  }
  begin_sync(file_);
}

/// Steps ascend, and most are the same as, or follow, that of the spike before: no division for those.
void SpikeBatchWriter::fill(std::size_t population, std::span<const std::uint64_t> keys) {
  const std::uint64_t size = keys_.sizes[population], elements = chunk_[population];
  for (Chunk* chunk : {&times_, &ids_, &steps_}) chunk->bytes.assign(elements * 8 + 4, std::byte{0});
  auto* times = times_.as<double>();
  auto* ids = ids_.as<std::uint64_t>();
  auto* steps = steps_.as<Step>();
  Step step = keys_.step(population, keys.front());
  std::uint64_t base = keys_.key(population, step, 0);
  double time = time_(step);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] - base >= size) {
      step = keys[i] - base < 2 * size ? step + 1 : keys_.step(population, keys[i]);
      base = keys_.key(population, step, 0);
      time = time_(step);
    }
    times[i] = time;
    ids[i] = keys[i] - base;
    steps[i] = step;
  }
}

void SpikeBatchWriter::store(const std::vector<hdf5::Dataset::ChunkRun>& places, std::uint64_t number,
                             Chunk& chunk) const {
  const auto after = std::upper_bound(places.begin(), places.end(), number,
                                      [](std::uint64_t n, const auto& run) { return n < run.first; });
  RANVIER_EXPECT(after != places.begin());
  const auto& run = *(after - 1);
  RANVIER_EXPECT(number < run.first + run.chunks && run.place.bytes == chunk.bytes.size());
  const std::size_t elements_end = chunk.bytes.size() - 4;
  const std::uint32_t checksum = hdf5::fletcher32(std::span(chunk.bytes).first(elements_end));
  std::memcpy(chunk.bytes.data() + elements_end, &checksum, sizeof(checksum));
  write_at(file_, path_, run.place.offset + (number - run.first) * run.place.bytes, run.place.bytes,
           chunk.bytes.data());
}

}  // namespace ranvier

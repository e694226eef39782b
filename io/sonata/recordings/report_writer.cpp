#include "io/sonata/recordings/report_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>
#include <stdexcept>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/sonata/base/dialect.hpp"
#include "io/sonata/base/grid_time.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t widest_chunk = 1024;     // columns
constexpr std::uint64_t chunk_elements = 65536;  // of a chunk: 256 KiB in float32
constexpr std::uint64_t mapping_chunk = 65536;

std::string group_of(const ReportConfig& config) { return "/report/" + config.population; }

std::vector<std::uint32_t> ascending(std::span<const std::uint64_t> ids) {
  std::vector<std::uint32_t> order(ids.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return ids[a] < ids[b]; });
  return order;
}

/// All elements of a matrix, a cache's worth of rows at a time: for transposing it.
template <class Element>
void in_tiles(std::uint64_t rows, std::uint64_t columns, Element element) {
  constexpr std::uint64_t tile = 32;
  for (std::uint64_t begin = 0; begin < rows; begin += tile)
    for (std::uint64_t c = 0; c < columns; ++c)
      for (std::uint64_t r = begin; r < std::min(rows, begin + tile); ++r) element(r, c);
}

}  // namespace

ReportWriter::ReportWriter(std::string path, const Communicator& comm, ReportConfig config,
                           std::span<const std::uint64_t> node_ids, const Provenance& provenance, bool append)
    : path_(std::move(path)), comm_(comm.duplicate()), config_(std::move(config)), order_(ascending(node_ids)) {
  std::vector<std::uint64_t> sorted(node_ids.size());
  for (std::size_t i = 0; i < order_.size(); ++i) sorted[i] = node_ids[order_[i]];
  const auto columns = comm_.sum<std::uint64_t>(sorted.size());
  chunk_columns_ = std::clamp<std::uint64_t>(columns, 1, widest_chunk);
  chunk_frames_ = std::clamp<std::uint64_t>(std::bit_floor(chunk_elements / chunk_columns_), 1,
                                            std::max<std::uint64_t>(config_.frames, 1));
  // Slices of whole chunks: no chunk is ever shared between ranks.
  slices_.emplace(comm_, sorted, chunk_columns_);
  auto ids = slices_->exchange<std::uint64_t>(sorted);
  place_.resize(ids.size());
  const auto arrival = ascending(ids);
  for (std::size_t i = 0; i < arrival.size(); ++i) place_[arrival[i]] = i;
  std::sort(ids.begin(), ids.end());

  comm_.together([&] {
    if (const auto twice = std::adjacent_find(ids.begin(), ids.end()); twice != ids.end())
      throw RuntimeError(fmt::format("neuron {} of {} is recorded twice in '{}'", *twice, config_.population, path_));
    sonata::check_population_name(config_.population);
    if (comm_.is_root() && !append) lay_out(provenance);
  });
  comm_.together([&] {
    file_ = hdf5::File::open_shared(path_, comm_);
    if (!append) write_mapping(ids);
    open_series(append);
    if (!append) file_.flush();
  });
}

ReportWriter::~ReportWriter() { abandon(); }

/// One rank alone creates the file with everything in it but values; nothing of this can hang the others.
void ReportWriter::lay_out(const Provenance& provenance) const {
  auto file = hdf5::File::create(path_);
  sonata::write_signature(file);
  write_provenance(file, provenance);
  const std::string group = group_of(config_), data = group + "/data", mapping = group + "/mapping";
  const std::uint64_t columns = slices_->total();
  if (config_.double_precision)
    hdf5::Dataset::create_growing<double>(file, data, {0, columns}, {chunk_frames_, chunk_columns_});
  else
    hdf5::Dataset::create_growing<float>(file, data, {0, columns}, {chunk_frames_, chunk_columns_});
  hdf5::write_attribute(file, data, "units", config_.unit);
  hdf5::write_attribute(file, data, "variable", config_.variable);

  const hdf5::Extent chunk{std::clamp<std::uint64_t>(columns, 1, mapping_chunk)};
  hdf5::Dataset::create_growing<std::uint64_t>(file, mapping + "/node_ids", {columns}, chunk);
  hdf5::write_attribute(file, mapping + "/node_ids", "sorted", std::uint8_t{1});
  hdf5::Dataset::create_growing<std::uint64_t>(file, mapping + "/index_pointers", {columns + 1}, chunk);
  file.hard_link(mapping + "/index_pointers", mapping + "/index_pointer");
  hdf5::Dataset::create_growing<std::uint32_t>(file, mapping + "/element_ids", {columns}, chunk);
  hdf5::Dataset::create_growing<float>(file, mapping + "/element_pos", {columns}, chunk);
  auto time = hdf5::Dataset::create<double>(file, mapping + "/time", {3});
  const std::array<double, 3> range{config_.start_ms, config_.start_ms, config_.dt_ms};
  time.write({0}, {3}, range.data());
  hdf5::write_attribute(file, mapping + "/time", "units", "ms");
  file.close();
}

/// Point neurons have one element each, number 0: element i belongs to neuron i of the list.
void ReportWriter::write_mapping(std::span<const std::uint64_t> ids) {
  const std::string mapping = group_of(config_) + "/mapping";
  const hdf5::Extent offset{slices_->first()}, count{ids.size()};
  hdf5::Dataset::open(file_, mapping + "/node_ids").write_together(comm_, offset, count, ids.data());
  const std::vector<std::uint32_t> elements(ids.size(), 0);
  hdf5::Dataset::open(file_, mapping + "/element_ids").write_together(comm_, offset, count, elements.data());
  const std::vector<float> positions(ids.size(), 0.0f);
  hdf5::Dataset::open(file_, mapping + "/element_pos").write_together(comm_, offset, count, positions.data());

  // One entry more than columns: the last rank with a slice, or the first where nobody has one, adds it.
  std::vector<std::uint64_t> pointers(ids.size());
  std::iota(pointers.begin(), pointers.end(), slices_->first());
  const bool last =
      ids.empty() ? slices_->total() == 0 && comm_.is_root() : slices_->first() + ids.size() == slices_->total();
  if (last) pointers.push_back(slices_->total());
  hdf5::Dataset::open(file_, mapping + "/index_pointers")
      .write_together(comm_, offset, {pointers.size()}, pointers.data());
}

void ReportWriter::open_series(bool append) {
  data_ = hdf5::Dataset::open(file_, group_of(config_) + "/data");
  time_ = hdf5::Dataset::open(file_, group_of(config_) + "/mapping/time");
  if (!append) return;
  const hdf5::Extent extent = data_->extent(), chunk = data_->chunk();
  if (extent.size() != 2 || chunk.size() != 2 || extent[1] != slices_->total())
    throw RuntimeError(fmt::format("{} does not have {} columns", data_->name(), slices_->total()));
  frames_written_ = extent[0];
  chunk_frames_ = chunk[0];
  time_->read({0}, {1}, &config_.start_ms);
}

void ReportWriter::append(std::uint64_t frame_first, std::uint64_t n_frames, std::span<const double> values) {
  append_as(frame_first, n_frames, values);
}

void ReportWriter::append(std::uint64_t frame_first, std::uint64_t n_frames, std::span<const float> values) {
  append_as(frame_first, n_frames, values);
}

template <class Value>
void ReportWriter::append_as(std::uint64_t frame_first, std::uint64_t n_frames, std::span<const Value> values) {
  if (frame_first != frames_written_ + frames_buffered_ || values.size() != n_frames * order_.size())
    throw std::invalid_argument(fmt::format("frames {} to {} with {} values do not continue the report '{}'",
                                            frame_first, frame_first + n_frames, values.size(), path_));
  const std::size_t end = buffer_.size();
  const auto store = [&](auto real) {
    using Real = decltype(real);
    buffer_.resize(end + values.size() * sizeof(Real));
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto value = static_cast<Real>(values[i]);
      std::memcpy(buffer_.data() + end + i * sizeof(Real), &value, sizeof(Real));
    }
  };
  if (config_.double_precision)
    store(double{});
  else
    store(float{});
  frames_buffered_ += n_frames;
}

template <class Real>
std::vector<Real> ReportWriter::gather() const {
  const std::uint64_t frames = frames_buffered_, own = order_.size(), slice = slices_->size();
  const bool alone = comm_.size() == 1;
  std::vector<Real> columns, block;
  comm_.together([&] {
    columns.resize(alone ? 0 : frames * own);
    block.resize(frames * slice);
  });
  const auto* values = reinterpret_cast<const Real*>(buffer_.data());
  if (alone) {
    for (std::uint64_t f = 0; f < frames; ++f)
      for (std::uint64_t c = 0; c < own; ++c) block[f * own + c] = values[f * own + order_[c]];
    return block;
  }
  in_tiles(frames, own,
           [&](std::uint64_t f, std::uint64_t c) { columns[c * frames + f] = values[f * own + order_[c]]; });
  const std::vector<Real> arrived = slices_->exchange<Real>(columns, frames);
  in_tiles(frames, slice,
           [&](std::uint64_t f, std::uint64_t c) { block[f * slice + place_[c]] = arrived[c * frames + f]; });
  return block;
}

template <class Real>
void ReportWriter::write_frames(const std::vector<Real>& block) {
  data_->extend({frames_written_ + frames_buffered_, slices_->total()});
  // A rank without columns points at column 0, which is there even when its own first column would not be.
  const std::uint64_t first = slices_->size() > 0 ? slices_->first() : 0;
  data_->write_together(comm_, {frames_written_, first}, {frames_buffered_, slices_->size()}, block.data());
  const GridTime frame_time(config_.dt_ms);
  const auto frames = static_cast<Step>(frames_written_ + frames_buffered_);
  const std::array<double, 3> range{config_.start_ms, config_.start_ms + frame_time(frames), config_.dt_ms};
  time_->write_together(comm_, {0}, {comm_.is_root() ? 3u : 0u}, range.data());
}

void ReportWriter::write() {
  if (!file_.is_open()) return;
  std::uint64_t frames[2] = {frames_buffered_, ~frames_buffered_};
  comm_.min(std::span<std::uint64_t>(frames));
  if (frames[0] != ~frames[1])
    throw RuntimeError(fmt::format("ranks disagree on the frames of '{}': {} to {}", path_, frames[0], ~frames[1]));
  if (frames_buffered_ == 0) return;

  const std::uint64_t bytes = config_.double_precision ? 8 : 4;
  const std::uint64_t chunks_across = (slices_->total() + chunk_columns_ - 1) / chunk_columns_;
  const std::uint64_t chunks_down = (frames_buffered_ + chunk_frames_ - 1) / chunk_frames_ + 1;
  try {
    file_.reserve(65536 + chunks_across * chunks_down * (chunk_frames_ * chunk_columns_ * bytes + 256), comm_);
    if (config_.double_precision) {
      const auto block = gather<double>();
      comm_.together([&] { write_frames(block); });
    } else {
      const auto block = gather<float>();
      comm_.together([&] { write_frames(block); });
    }
  } catch (...) {
    abandon();
    throw;
  }
  frames_written_ += frames_buffered_;
  frames_buffered_ = 0;
  buffer_.clear();
  flushed_ = false;
}

void ReportWriter::flush() {
  write();
  if (!file_.is_open() || flushed_) return;
  try {
    comm_.together([&] { file_.flush(); });
  } catch (...) {
    abandon();
    throw;
  }
  flushed_ = true;
}

void ReportWriter::close() {
  if (!file_.is_open()) return;
  flush();
  data_.reset();
  time_.reset();
  comm_.together([&] { file_.close(); });
  comm_.together([&] {
    if (comm_.is_root()) hdf5::trim(path_);
  });
}

void ReportWriter::abandon() noexcept {
  for (auto* dataset : {&data_, &time_})
    if (*dataset) (*dataset)->abandon();
  data_.reset();
  time_.reset();
  file_.abandon();
}

}  // namespace ranvier

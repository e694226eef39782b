#include "io/checkpoint/checkpoint_writer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "core/base/error.hpp"
#include "io/checkpoint/layout.hpp"
#include "io/checkpoint/seal.hpp"
#include "io/files/descriptor.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/hdf5/dataset.hpp"

namespace ranvier::checkpoint {
namespace {

constexpr std::uint64_t widest_chunk = 65536;  // neurons

std::uint64_t bytes_of(Number number) { return number == Number::float32 || number == Number::int32 ? 4 : 8; }

/// What the file will need, with room for what the library writes about each array.
std::uint64_t size_of(const std::vector<ArrayPlan>& arrays, const std::vector<FileImage>& recordings) {
  std::uint64_t bytes = std::uint64_t{1} << 20;
  for (const ArrayPlan& a : arrays)
    bytes += 8192 + std::max<std::uint64_t>(1, a.steps.size()) * (a.neurons * bytes_of(a.number) + 256);
  for (const FileImage& image : recordings) bytes += 65536 + image.bytes.size() + 16 * image.offsets.size();
  return bytes;
}

hdf5::Extent extent_of(const ArrayPlan& array) {
  if (array.steps.empty()) return {array.neurons};
  return {array.steps.size(), array.neurons};
}

void create(hdf5::File& file, const ArrayPlan& array) {
  const hdf5::Extent extent = extent_of(array);
  hdf5::Extent chunk(extent.size(), 1);
  chunk.back() = std::clamp<std::uint64_t>(array.neurons, 1, widest_chunk);
  switch (array.number) {
    case Number::float32: hdf5::Dataset::create_growing<float>(file, array.path, extent, chunk); break;
    case Number::float64: hdf5::Dataset::create_growing<double>(file, array.path, extent, chunk); break;
    case Number::int32: hdf5::Dataset::create_growing<std::int32_t>(file, array.path, extent, chunk); break;
    case Number::int64: hdf5::Dataset::create_growing<std::int64_t>(file, array.path, extent, chunk); break;
  }
}

template <class T>
void write_list(hdf5::File& file, const std::string& path, const std::vector<T>& values) {
  const std::uint64_t chunk = std::clamp<std::uint64_t>(values.size(), 1, widest_chunk);
  auto dataset = hdf5::Dataset::create_growing<T>(file, path, {values.size()}, {chunk});
  if (!values.empty()) dataset.write({0}, {values.size()}, values.data());
}

void write_recording(hdf5::File& file, std::size_t number, const FileImage& image) {
  const std::string group = fmt::format("{}/{}", recordings_group, number);
  file.make_group(group);
  hdf5::write_attribute(file, group, "name", image.name);
  hdf5::write_attribute(file, group, "what", image.what);
  hdf5::write_attribute(file, group, "size", image.size);
  hdf5::write_attribute(file, group, "mark", image.mark);
  hdf5::write_attribute(file, group, "mark_at", image.mark_at);
  write_list(file, group + "/offsets", image.offsets);
  write_list(file, group + "/lengths", image.lengths);
  write_list(file, group + "/bytes", image.bytes);
}

void rename_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0)
    throw RuntimeError(fmt::format("cannot rename '{}' to '{}' ({})", from, to, std::strerror(errno)));
}

}  // namespace

std::string checkpoint_path(const std::string& folder, int age) {
  return (std::filesystem::path(folder) / (age == 0 ? "checkpoint.h5" : fmt::format("checkpoint.{}.h5", age))).string();
}

/// What fails, on any rank, ends the checkpoint on all.
template <class Action>
void CheckpointWriter::guarded(Action action) {
  try {
    comm_.together(action);
  } catch (...) {
    discard();
    throw;
  }
}

CheckpointWriter::CheckpointWriter(const std::string& folder, const Communicator& comm, const Header& header,
                                   const std::vector<ArrayPlan>& arrays, const std::vector<Series>& series,
                                   const std::vector<FileImage>& recordings)
    : folder_(folder), path_(checkpoint_path(folder) + ".part"), comm_(comm.duplicate()) {
  guarded([&] {
    if (comm_.is_root()) lay_out(header, arrays, series, recordings);
  });
  guarded([&] { file_ = hdf5::File::open_shared(path_, comm_); });
}

CheckpointWriter::~CheckpointWriter() {
  if (!done_) discard();
}

void CheckpointWriter::lay_out(const Header& header, const std::vector<ArrayPlan>& arrays,
                               const std::vector<Series>& series, const std::vector<FileImage>& recordings) const {
  auto file = hdf5::File::create(path_, seal_bytes);
  // The space is asked for before anything is written: the library does not survive a full disk.
  file.reserve(size_of(arrays, recordings));
  file.make_group(header_group);
  hdf5::write_attribute(file, header_group, "schema", static_cast<std::int64_t>(schema_version));
  hdf5::write_attribute(file, header_group, "step", static_cast<std::int64_t>(header.step));
  hdf5::write_attribute(file, header_group, "dt_ms", header.dt_ms);
  hdf5::write_text(file, network_text_path, header.network);
  hdf5::write_text(file, files_text_path, header.files);
  write_provenance(file, header.provenance);
  file.make_group(recordings_group);
  for (std::size_t n = 0; n < recordings.size(); ++n) write_recording(file, n, recordings[n]);
  for (const Series& s : series) write_list(file, s.path, s.values);
  for (const ArrayPlan& array : arrays) {
    create(file, array);
    if (!array.steps.empty()) write_list(file, steps_path(array.path), array.steps);
  }
  file.close();
}

template <class T>
void CheckpointWriter::write(const ArrayPlan& array, std::uint64_t first, std::uint64_t count, const T* values) {
  guarded([&] {
    auto dataset = hdf5::Dataset::open(file_, array.path);
    hdf5::Extent offset{first}, size{count};
    if (!array.steps.empty()) {
      offset.insert(offset.begin(), 0);
      size.insert(size.begin(), array.steps.size());
    }
    // A rank without neurons points at the first, which is there even where its own would not be.
    if (count == 0) std::fill(offset.begin(), offset.end(), 0);
    dataset.write_together(comm_, offset, size, values);
  });
}

std::uint64_t CheckpointWriter::finish(int keep) {
  guarded([&] { file_.close(); });
  guarded([&] {
    if (comm_.is_root()) hdf5::trim(path_);
  });
  try {
    write_seal(path_, comm_);
  } catch (...) {
    discard();
    throw;
  }
  std::uint64_t bytes = 0;
  guarded([&] {
    if (!comm_.is_root()) return;
    bytes = hdf5::file_size(path_);
    for (int age = keep - 1; age > 0; --age)
      if (std::filesystem::exists(checkpoint_path(folder_, age - 1)))
        rename_file(checkpoint_path(folder_, age - 1), checkpoint_path(folder_, age));
    rename_file(path_, checkpoint_path(folder_));
    sync(folder_);
  });
  done_ = true;
  return comm_.broadcast(bytes);
}

void CheckpointWriter::discard() noexcept {
  file_.abandon();
  if (comm_.is_root()) ::unlink(path_.c_str());
  done_ = true;
}

template void CheckpointWriter::write<float>(const ArrayPlan&, std::uint64_t, std::uint64_t, const float*);
template void CheckpointWriter::write<double>(const ArrayPlan&, std::uint64_t, std::uint64_t, const double*);
template void CheckpointWriter::write<std::int32_t>(const ArrayPlan&, std::uint64_t, std::uint64_t,
                                                    const std::int32_t*);
template void CheckpointWriter::write<std::int64_t>(const ArrayPlan&, std::uint64_t, std::uint64_t,
                                                    const std::int64_t*);

}  // namespace ranvier::checkpoint

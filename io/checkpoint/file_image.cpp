#include "io/checkpoint/file_image.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/base/error.hpp"
#include "io/files/descriptor.hpp"
#include "io/hdf5/file.hpp"

namespace ranvier::checkpoint {

void FileImager::add_full_chunks(const hdf5::Dataset& dataset, Sealed& sealed) const {
  const hdf5::Extent extent = dataset.extent(), chunk = dataset.chunk();
  if (chunk.empty()) return;
  std::uint64_t full = extent[0] / chunk[0];
  for (std::size_t d = 1; d < extent.size(); ++d) full *= (extent[d] + chunk[d] - 1) / chunk[d];
  if (full <= sealed.chunks) return;
  for (const auto& run : dataset.chunk_runs(sealed.chunks, full - 1))
    sealed.runs.push_back({run.place.offset, run.chunks * run.place.bytes});
  sealed.chunks = full;
}

/// What the runs leave of the file.
auto FileImager::gaps(std::uint64_t size) const -> std::vector<Run> {
  std::vector<Run> runs, left;
  for (const auto& [path, sealed] : datasets_) runs.insert(runs.end(), sealed.runs.begin(), sealed.runs.end());
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.offset < b.offset; });
  std::uint64_t end = 0;
  for (const Run& run : runs) {
    if (run.offset > end) left.push_back({end, run.offset - end});
    end = std::max(end, run.offset + run.bytes);
  }
  if (end < size) left.push_back({end, size - end});
  return left;
}

FileImage FileImager::take() {
  FileImage image;
  {
    const auto file = hdf5::File::open(path_);
    for (const auto& path : file.datasets()) add_full_chunks(hdf5::Dataset::open(file, path), datasets_[path]);
  }
  image.size = hdf5::file_size(path_);
  const Descriptor file = open_for_reading(path_);
  for (const Run& gap : gaps(image.size)) {
    const std::size_t at = image.bytes.size();
    image.offsets.push_back(gap.offset);
    image.lengths.push_back(gap.bytes);
    image.bytes.resize(at + gap.bytes);
    read_at(file, path_, gap.offset, gap.bytes, image.bytes.data() + at);
    const auto begin = image.bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto found = std::search(begin, image.bytes.end(), mark_.begin(), mark_.end());
    if (!image.mark.empty() || found == image.bytes.end()) continue;
    image.mark = mark_;
    image.mark_at = gap.offset + static_cast<std::uint64_t>(found - begin);
  }
  if (image.mark.empty()) throw RuntimeError(fmt::format("'{}' is not the file that this run writes", path_));
  return image;
}

void restore(const FileImage& image, const std::string& path) {
  const std::uint64_t size = hdf5::file_size(path);
  std::string mark(image.mark.size(), '\0');
  if (size >= image.size) read_at(open_for_reading(path), path, image.mark_at, mark.size(), mark.data());
  if (size < image.size || mark != image.mark)
    throw RuntimeError(
        fmt::format("'{}' is not the recording that belongs to the checkpoint ({}); choose another folder "
                    "with --output to record from the time of the checkpoint on",
                    path, size < image.size ? "it is shorter" : "it belongs to another run"));
  const Descriptor file = open_for_writing(path);
  if (::ftruncate(file.get(), static_cast<off_t>(image.size)) != 0)
    throw RuntimeError(fmt::format("cannot write '{}' ({})", path, std::strerror(errno)));
  std::uint64_t at = 0;
  for (std::size_t k = 0; k < image.offsets.size(); ++k) {
    write_at(file, path, image.offsets[k], image.lengths[k], image.bytes.data() + at);
    at += image.lengths[k];
  }
  sync(path);
}

}  // namespace ranvier::checkpoint

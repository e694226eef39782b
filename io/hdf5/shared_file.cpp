#include "io/hdf5/shared_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include "core/base/error.hpp"

namespace ranvier {

SharedFile::SharedFile(std::string path, const Communicator& comm, const std::function<void(hdf5::File&)>& lay_out)
    : path_(std::move(path)), temporary_(path_ + ".part"), comm_(comm.duplicate()) {
  try {
    comm_.together([&] {
      if (!comm_.is_root()) return;
      auto file = hdf5::File::create(temporary_);
      lay_out(file);
      file.close();
    });
    comm_.together([&] { file_ = hdf5::File::open_shared(temporary_, comm_); });
  } catch (...) {
    // No destructor runs for what was never constructed.
    file_.abandon();
    if (comm_.is_root()) ::unlink(temporary_.c_str());
    throw;
  }
}

SharedFile::~SharedFile() {
  file_.abandon();
  if (!published_ && comm_.is_root()) ::unlink(temporary_.c_str());
}

void SharedFile::reserve(std::uint64_t bytes) { file_.reserve(bytes, comm_); }

void SharedFile::with_dataset(const std::string& path, const std::function<void(hdf5::Dataset&)>& action) {
  std::optional<hdf5::Dataset> dataset;
  try {
    comm_.together([&] {
      dataset = hdf5::Dataset::open(file_, path);
      action(*dataset);
    });
  } catch (...) {
    if (dataset) dataset->abandon();
    file_.abandon();
    throw;
  }
}

void SharedFile::extend(const std::string& path, const hdf5::Extent& size) {
  with_dataset(path, [&](hdf5::Dataset& dataset) { dataset.extend(size); });
}

template <class T>
void SharedFile::write(const std::string& path, const hdf5::Extent& offset, const hdf5::Extent& count, const T* data) {
  // A rank with nothing points at the beginning, which is there even where its own place would not be.
  const bool nothing = count.front() == 0;
  const hdf5::Extent begin = nothing ? hdf5::Extent(offset.size(), 0) : offset;
  with_dataset(path, [&](hdf5::Dataset& dataset) { dataset.write_together(comm_, begin, count, data); });
}

template void SharedFile::write(const std::string&, const hdf5::Extent&, const hdf5::Extent&, const double*);
template void SharedFile::write(const std::string&, const hdf5::Extent&, const hdf5::Extent&, const std::int64_t*);
template void SharedFile::write(const std::string&, const hdf5::Extent&, const hdf5::Extent&, const std::uint64_t*);
template void SharedFile::write(const std::string&, const hdf5::Extent&, const hdf5::Extent&, const std::uint32_t*);

void SharedFile::flush() {
  comm_.together([&] { file_.flush(); });
}

void SharedFile::close() {
  comm_.together([&] { file_.close(); });
  comm_.together([&] {
    if (comm_.is_root()) hdf5::trim(temporary_);
  });
}

void SharedFile::publish() {
  comm_.together([&] {
    if (!comm_.is_root()) return;
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0)
      throw RuntimeError(fmt::format("cannot write '{}' ({})", path_, std::strerror(errno)));
  });
  published_ = true;
}

}  // namespace ranvier

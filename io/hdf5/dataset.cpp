#include "io/hdf5/dataset.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <numeric>

#include "core/base/error.hpp"
#include "core/base/printable.hpp"
#include "io/files/guard.hpp"
#include "io/hdf5/library.hpp"

namespace ranvier::hdf5 {
namespace {

constexpr std::uint64_t largest_transfer = std::uint64_t{1} << 30;  // bytes; MPI-IO counts in 32 bits
constexpr std::uint64_t standard_cache = std::uint64_t{1} << 20;    // bytes, of chunks; the library's own choice
constexpr std::uint64_t largest_cache = std::uint64_t{32} << 20;    // bytes of one chunk
/// Elements per stored byte that a compressed file may reach: deflate's best is 1032 to 1.
constexpr std::uint64_t largest_compression = 1100;

std::uint64_t product(const Extent& extent) {
  return std::accumulate(extent.begin(), extent.end(), std::uint64_t{1}, std::multiplies<>());
}

SpaceHandle space_of(const Extent& extent, bool growing = false) {
  if (extent.empty()) return SpaceHandle(check(H5Screate(H5S_SCALAR), "cannot prepare an HDF5 space"));
  std::vector<hsize_t> size(extent.begin(), extent.end());
  std::vector<hsize_t> limit = size;
  // A fixed dimension of size 0 could not be chunked.
  for (std::size_t d = 0; growing && d < limit.size(); ++d)
    if (d == 0 || limit[d] == 0) limit[d] = H5S_UNLIMITED;
  return SpaceHandle(check(H5Screate_simple(static_cast<int>(size.size()), size.data(), limit.data()),
                           "cannot prepare an HDF5 space"));
}

SpaceHandle block_of(hid_t dataset, const Extent& offset, const Extent& count, const std::string& name) {
  SpaceHandle space(check(H5Dget_space(dataset), "cannot select in {}", name));
  if (offset.empty()) return space;
  if (product(count) == 0) {
    check(H5Sselect_none(space.get()), "cannot select in {}", name);
  } else {
    const std::vector<hsize_t> start(offset.begin(), offset.end()), size(count.begin(), count.end());
    check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr),
          "cannot select in {}", name);
  }
  return space;
}

PropertyHandle creation_list(hid_t& links) {
  PropertyHandle link_list(check(H5Pcreate(H5P_LINK_CREATE), "cannot prepare a dataset"));
  check(H5Pset_create_intermediate_group(link_list.get(), 1), "cannot prepare a dataset");
  links = link_list.get();
  return link_list;
}

std::string full_name(const File& file, const std::string& path) {
  return fmt::format("'{}' of '{}'", path, file.path());
}

DatasetHandle create_dataset(File& file, const std::string& path, hid_t type, hid_t space, hid_t creation) {
  hid_t links = H5P_DEFAULT;
  const auto link_list = creation_list(links);
  return DatasetHandle(check(H5Dcreate2(file.id(), path.c_str(), type, space, links, creation, H5P_DEFAULT),
                             "cannot create {}", full_name(file, path)));
}

/// Calls `step(first, rows)` for pieces of at most 1 GiB along the first dimension, `rounds` times at least.
template <class Step>
void in_pieces(const Extent& count, std::uint64_t element_bytes, std::uint64_t rounds, Step step) {
  const std::uint64_t rows = count.empty() ? 1 : count[0];
  const std::uint64_t row_bytes = element_bytes * (rows > 0 ? product(count) / rows : 0);
  const std::uint64_t piece =
      row_bytes == 0 ? std::max<std::uint64_t>(rows, 1) : std::max<std::uint64_t>(1, largest_transfer / row_bytes);
  std::uint64_t first = 0;
  for (std::uint64_t round = 0; first < rows || round < rounds; ++round) {
    const std::uint64_t now = std::min(piece, rows - first);
    step(first, now);
    first += now;
  }
}

template <class T>
void transfer_piece(hid_t dataset, const std::string& name, Extent offset, Extent count, std::uint64_t first,
                    std::uint64_t rows, hid_t transfer, const T* data, bool writing) {
  const std::uint64_t row = count.empty() || count[0] == 0 ? 0 : product(count) / count[0];
  if (!count.empty()) {
    offset[0] += first;
    count[0] = rows;
  }
  const auto block = block_of(dataset, offset, count, name);
  const auto memory = space_of(count);
  if (product(count) == 0) check(H5Sselect_none(memory.get()), "cannot select in {}", name);
  // A rank without data still passes a valid address: the library looks at it.
  static const T nothing{};
  const T* from = data ? data + first * row : &nothing;
  if (writing)
    check(H5Dwrite(dataset, native_type<T>(), memory.get(), block.get(), transfer, from), "cannot write {}", name);
  else
    check(H5Dread(dataset, native_type<T>(), memory.get(), block.get(), transfer, const_cast<T*>(from)),
          "cannot read {}", name);
}

/// Says by name what the library would only say of the folder of its plugins.
void require_filters(hid_t dataset, const std::string& name) {
  const PropertyHandle creation(H5Dget_create_plist(dataset));
  const int filters = creation ? H5Pget_nfilters(creation.get()) : 0;
  for (int f = 0; f < filters; ++f) {
    unsigned flags = 0, config = 0;
    std::size_t values = 0;
    std::array<char, 64> filter{};
    const H5Z_filter_t id = H5Pget_filter2(creation.get(), static_cast<unsigned>(f), &flags, &values, nullptr,
                                           filter.size(), filter.data(), &config);
    if (id < 0 || H5Zfilter_avail(id) > 0) continue;
    filter.back() = '\0';
    take_error_stack();
    throw RuntimeError(
        fmt::format("{} is compressed by the filter '{}' (number {}), which the HDF5 library does not have here; write "
                    "it with gzip (h5repack -f GZIP=4), or without compression",
                    name, printable(filter.data()), id));
  }
}

/// Bytes of a chunk; 0 where the dataset is not chunked.
std::uint64_t chunk_bytes(hid_t dataset) {
  const PropertyHandle creation(H5Dget_create_plist(dataset));
  const TypeHandle type(H5Dget_type(dataset));
  if (!creation || !type || H5Pget_layout(creation.get()) != H5D_CHUNKED) return 0;
  std::array<hsize_t, H5S_MAX_RANK> size{};
  const int rank = H5Pget_chunk(creation.get(), H5S_MAX_RANK, size.data());
  std::uint64_t bytes = H5Tget_size(type.get());
  for (int d = 0; d < rank; ++d) {
    const hsize_t n = size[static_cast<std::size_t>(d)];
    bytes = n != 0 && bytes > largest_cache / n ? largest_cache + 1 : bytes * n;  // no overflow
  }
  return bytes;
}

/// Two chunks fit the cache, as reads that do not end where chunks do need: the library unpacks a chunk that does not fit
/// again for each.
DatasetHandle with_room_for_chunks(const File& file, const std::string& path, DatasetHandle dataset) {
  const std::uint64_t chunk = chunk_bytes(dataset.get());
  if (2 * chunk <= standard_cache || chunk > largest_cache) return dataset;
  const PropertyHandle access(check(H5Pcreate(H5P_DATASET_ACCESS), "cannot prepare {}", full_name(file, path)));
  check(H5Pset_chunk_cache(access.get(), H5D_CHUNK_CACHE_NSLOTS_DEFAULT, 2 * chunk, H5D_CHUNK_CACHE_W0_DEFAULT),
        "cannot prepare {}", full_name(file, path));
  dataset.reset();
  return DatasetHandle(check(H5Dopen2(file.id(), path.c_str(), access.get()), "cannot open {}", full_name(file, path)));
}

}  // namespace

bool Dataset::is_at(const File& file, const std::string& path) {
  if (!file.has(path)) return false;
  const ObjectHandle object(
      check(H5Oopen(file.id(), path.c_str(), H5P_DEFAULT), "cannot open {}", full_name(file, path)));
  return H5Iget_type(object.get()) == H5I_DATASET;
}

Dataset Dataset::open(const File& file, const std::string& path) {
  if (!file.has(path)) throw RuntimeError(fmt::format("'{}' has no dataset '{}'", file.path(), path));
  if (!is_at(file, path)) throw RuntimeError(fmt::format("{} is not a dataset", full_name(file, path)));
  DatasetHandle dataset(check(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT), "cannot open {}", full_name(file, path)));
  require_filters(dataset.get(), full_name(file, path));
  return {with_room_for_chunks(file, path, std::move(dataset)), full_name(file, path), file.path()};
}

template <class T>
Dataset Dataset::create(File& file, const std::string& path, const Extent& extent) {
  return {create_dataset(file, path, file_type<T>(), space_of(extent).get(), H5P_DEFAULT), full_name(file, path),
          file.path()};
}

template <class T>
Dataset Dataset::create_growing(File& file, const std::string& path, const Extent& extent, const Extent& chunk) {
  const PropertyHandle creation(check(H5Pcreate(H5P_DATASET_CREATE), "cannot prepare {}", full_name(file, path)));
  const std::vector<hsize_t> size(chunk.begin(), chunk.end());
  check(H5Pset_chunk(creation.get(), static_cast<int>(size.size()), size.data()), "cannot chunk {}",
        full_name(file, path));
  check(H5Pset_fletcher32(creation.get()), "cannot add checksums to {}", full_name(file, path));
  // HDF5 1.10 tells chunks apart by their place in the file when ranks share them: all must have one before any is
  // written, or the ranks wait for each other for ever.
  check(H5Pset_alloc_time(creation.get(), H5D_ALLOC_TIME_EARLY), "cannot chunk {}", full_name(file, path));
  check(H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER), "cannot chunk {}", full_name(file, path));
  return {create_dataset(file, path, file_type<T>(), space_of(extent, true).get(), creation.get()),
          full_name(file, path), file.path()};
}

Kind Dataset::kind() const {
  TypeHandle type(check(H5Dget_type(handle_.get()), "cannot tell the type of {}", name_));
  // h5py stores true and false as names of the numbers 1 and 0.
  if (H5Tget_class(type.get()) == H5T_ENUM)
    type = TypeHandle(check(H5Tget_super(type.get()), "cannot tell the type of {}", name_));
  switch (H5Tget_class(type.get())) {
    case H5T_INTEGER: return H5Tget_sign(type.get()) == H5T_SGN_NONE ? Kind::unsigned_integer : Kind::signed_integer;
    case H5T_FLOAT: return Kind::floating;
    case H5T_STRING: return Kind::text;
    default: return Kind::other;
  }
}

std::uint64_t Dataset::element_bytes() const {
  const TypeHandle type(check(H5Dget_type(handle_.get()), "cannot tell the type of {}", name_));
  return H5Tget_size(type.get());
}

Extent Dataset::extent() const {
  const SpaceHandle space(check(H5Dget_space(handle_.get()), "cannot tell the size of {}", name_));
  const int rank = check(H5Sget_simple_extent_ndims(space.get()), "cannot tell the size of {}", name_);
  std::vector<hsize_t> size(static_cast<std::size_t>(rank));
  check(H5Sget_simple_extent_dims(space.get(), size.data(), nullptr), "cannot tell the size of {}", name_);
  return {size.begin(), size.end()};
}

std::uint64_t Dataset::size() const {
  std::uint64_t elements = 1;
  for (const auto n : extent()) {
    if (n != 0 && elements > std::numeric_limits<std::uint64_t>::max() / n)
      throw RuntimeError(fmt::format("{} claims more elements than can be counted; the file is damaged", name_));
    elements *= n;
  }
  return elements;
}

void Dataset::extend(const Extent& extent) {
  const std::vector<hsize_t> size(extent.begin(), extent.end());
  check(H5Dset_extent(handle_.get(), size.data()), "cannot extend {}", name_);
}

Extent Dataset::chunk() const {
  const PropertyHandle creation(check(H5Dget_create_plist(handle_.get()), "cannot tell the layout of {}", name_));
  if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return {};
  std::vector<hsize_t> size(extent().size());
  check(H5Pget_chunk(creation.get(), static_cast<int>(size.size()), size.data()), "cannot tell the layout of {}",
        name_);
  return {size.begin(), size.end()};
}

auto Dataset::chunk_place(const Extent& offset) const -> Place {
  const std::vector<hsize_t> first(offset.begin(), offset.end());
  unsigned filters = 0;
  haddr_t address = HADDR_UNDEF;
  hsize_t bytes = 0;
  check(H5Dget_chunk_info_by_coord(handle_.get(), first.data(), &filters, &address, &bytes),
        "cannot find a chunk of {}", name_);
  if (address == HADDR_UNDEF) throw RuntimeError(fmt::format("a chunk of {} is missing", name_));
  return {address, bytes};
}

auto Dataset::chunk_runs(std::uint64_t first, std::uint64_t last) const -> std::vector<ChunkRun> {
  const Extent whole = extent(), size = chunk();
  const auto place = [&](std::uint64_t number) {
    Extent begin(whole.size(), 0);
    for (std::size_t d = whole.size() - 1; d > 0; --d) {
      const std::uint64_t across = (whole[d] + size[d] - 1) / size[d];
      begin[d] = number % across * size[d];
      number /= across;
    }
    begin[0] = number * size[0];
    return chunk_place(begin);
  };
  std::vector<ChunkRun> runs;
  const std::function<void(std::uint64_t, std::uint64_t)> add = [&](std::uint64_t from, std::uint64_t to) {
    const std::uint64_t middle = from + (to - from) / 2;
    const Place begin = place(from);
    const auto follows = [&](std::uint64_t number) {
      if (number == from) return true;
      const Place later = place(number);
      return later.offset == begin.offset + (number - from) * begin.bytes && later.bytes == begin.bytes;
    };
    if (follows(to) && follows(middle)) {
      runs.push_back({from, to - from + 1, begin});
      return;
    }
    add(from, middle);
    add(middle + 1, to);
  };
  if (first <= last) add(first, last);
  return runs;
}

template <class T>
void Dataset::write(const Extent& offset, const Extent& count, const T* data) {
  in_pieces(count, sizeof(T), 0, [&](std::uint64_t first, std::uint64_t rows) {
    transfer_piece(handle_.get(), name_, offset, count, first, rows, H5P_DEFAULT, data, true);
  });
}

template <class T>
void Dataset::write_together(const Communicator& comm, const Extent& offset, const Extent& count, const T* data) {
  std::uint64_t rounds = 0;
  in_pieces(count, sizeof(T), 0, [&](std::uint64_t, std::uint64_t) { ++rounds; });
  rounds = comm.max(rounds);
  const PropertyHandle transfer(check(H5Pcreate(H5P_DATASET_XFER), "cannot prepare to write {}", name_));
  if (comm.size() > 1)  // alone: see File::open_shared
    check(H5Pset_dxpl_mpio(transfer.get(), H5FD_MPIO_COLLECTIVE), "cannot prepare to write {}", name_);
  in_pieces(count, sizeof(T), rounds, [&](std::uint64_t first, std::uint64_t rows) {
    transfer_piece(handle_.get(), name_, offset, count, first, rows, transfer.get(), data, true);
  });
}

template <class T>
void Dataset::read(const Extent& offset, const Extent& count, T* data) const {
  if (const auto k = kind(); k == Kind::text || k == Kind::other)
    throw RuntimeError(fmt::format("{} does not hold numbers", name_));
  const Extent whole = extent();
  bool inside = whole.size() == offset.size() && whole.size() == count.size();
  for (std::size_t d = 0; inside && d < whole.size(); ++d)
    inside = count[d] <= whole[d] && offset[d] <= whole[d] - count[d];
  if (!inside) throw RuntimeError(fmt::format("{} is smaller than what is to be read from it", name_));
  in_pieces(count, sizeof(T), 0, [&](std::uint64_t first, std::uint64_t rows) {
    transfer_piece<T>(handle_.get(), name_, offset, count, first, rows, H5P_DEFAULT, data, false);
    guard::progress();
  });
}

template <class T>
std::vector<T> Dataset::read() const {
  check_size();
  std::vector<T> values(size());
  const Extent whole = extent();
  if (!values.empty()) read(Extent(whole.size(), 0), whole, values.data());
  return values;
}

void Dataset::check_size() const {
  const std::uint64_t elements = size();
  if (elements == 0) return;
  const std::uint64_t on_disk = file_size(file_);
  const std::uint64_t stored = std::min<std::uint64_t>(H5Dget_storage_size(handle_.get()), on_disk);
  const PropertyHandle creation(check(H5Dget_create_plist(handle_.get()), "cannot tell the layout of {}", name_));
  bool compressed = false;
  for (int i = 0; i < std::max(0, H5Pget_nfilters(creation.get())); ++i) {
    unsigned flags = 0, config = 0;
    std::size_t values = 0;
    const auto filter =
        H5Pget_filter2(creation.get(), static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config);
    compressed = compressed || (filter != H5Z_FILTER_FLETCHER32 && filter != H5Z_FILTER_SHUFFLE);
  }
  const std::uint64_t most = compressed ? stored * largest_compression : stored;
  if (elements > most / std::max<std::uint64_t>(1, element_bytes()))
    throw RuntimeError(
        fmt::format("{} claims {} elements, but the file holds {} bytes of it; the file is damaged or was "
                    "not written to the end",
                    name_, elements, stored));
}

std::string Dataset::read_text() const {
  const TypeHandle type(check(H5Dget_type(handle_.get()), "cannot tell the type of {}", name_));
  if (H5Tget_class(type.get()) != H5T_STRING || size() != 1)
    throw RuntimeError(fmt::format("{} is not one text", name_));
  if (H5Tis_variable_str(type.get()) > 0) {
    char* data = nullptr;
    check(H5Dread(handle_.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &data), "cannot read {}", name_);
    std::string text = data ? data : "";
    if (data) H5free_memory(data);
    return text;
  }
  check_size();
  std::string text(H5Tget_size(type.get()), '\0');
  check(H5Dread(handle_.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()), "cannot read {}", name_);
  text.resize(std::min(text.size(), text.find('\0')));
  return text;
}

void write_text(File& file, const std::string& path, const std::string& text) {
  const TypeHandle type(check(H5Tcopy(H5T_C_S1), "cannot prepare {}", full_name(file, path)));
  check(H5Tset_size(type.get(), text.size() + 1), "cannot prepare {}", full_name(file, path));
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "cannot prepare {}", full_name(file, path));
  const auto dataset = create_dataset(file, path, type.get(), space_of({}).get(), H5P_DEFAULT);
  check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, text.c_str()), "cannot write {}",
        full_name(file, path));
}

#define RANVIER_INSTANTIATE(T)                                                                           \
  template Dataset Dataset::create<T>(File&, const std::string&, const Extent&);                         \
  template Dataset Dataset::create_growing<T>(File&, const std::string&, const Extent&, const Extent&);  \
  template void Dataset::write<T>(const Extent&, const Extent&, const T*);                               \
  template void Dataset::write_together<T>(const Communicator&, const Extent&, const Extent&, const T*); \
  template void Dataset::read<T>(const Extent&, const Extent&, T*) const;                                \
  template std::vector<T> Dataset::read<T>() const;
RANVIER_INSTANTIATE(double)
RANVIER_INSTANTIATE(float)
RANVIER_INSTANTIATE(std::int64_t)
RANVIER_INSTANTIATE(std::uint64_t)
RANVIER_INSTANTIATE(std::int32_t)
RANVIER_INSTANTIATE(std::uint32_t)
RANVIER_INSTANTIATE(std::uint8_t)
#undef RANVIER_INSTANTIATE

}  // namespace ranvier::hdf5

#include "io/hdf5/file.hpp"

#include <fcntl.h>
#include <mpi.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/base/error.hpp"
#include "io/files/descriptor.hpp"
#include "io/hdf5/library.hpp"

namespace ranvier::hdf5 {
namespace {

PropertyHandle access_list() {
  initialise();
  PropertyHandle access(check(H5Pcreate(H5P_FILE_ACCESS), "cannot prepare HDF5 file access"));
  // Version 1.8 of the format: checksums on its metadata, no "open for writing" mark that a killed run would leave set.
  check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V18), "cannot set the HDF5 format version");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "cannot set how HDF5 closes files");
  return access;
}

/// Keeps metadata in memory until it is flushed.
void hold_metadata(hid_t access) {
  H5AC_cache_config_t cache{};
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  check(H5Pget_mdc_config(access, &cache), "cannot read the HDF5 cache configuration");
  cache.evictions_enabled = false;
  cache.incr_mode = H5C_incr__off;
  cache.flash_incr_mode = H5C_flash_incr__off;
  cache.decr_mode = H5C_decr__off;
  cache.dirty_bytes_threshold = std::size_t{32} << 20;  // the most it takes
  check(H5Pset_mdc_config(access, &cache), "cannot set the HDF5 cache configuration");
}

/// Access by all ranks, which write metadata in one collective call.
void set_shared(hid_t access, const std::string& path, const Communicator& comm) {
  // The one place where the library gets the communicator; it makes a copy of its own.
  check(H5Pset_fapl_mpio(access, comm.handle(), MPI_INFO_NULL), "cannot set up MPI-IO for '{}'", path);
  check(H5Pset_coll_metadata_write(access, true), "cannot make HDF5 metadata collective");
  check(H5Pset_all_coll_metadata_ops(access, true), "cannot make HDF5 metadata collective");
}

/// As with MPI-IO, others may read the file while it is written.
void unlock(hid_t file, const std::string& path) {
  void* descriptor = nullptr;
  check(H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor), "cannot open '{}' for writing", path);
  static_cast<void>(::flock(*static_cast<const int*>(descriptor), LOCK_UN));
}

herr_t add_name(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

herr_t add_dataset(hid_t, const char* name, const H5O_info_t* object, void* names) {
  if (object->type == H5O_TYPE_DATASET) static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

[[noreturn]] void no_room(const std::string& path, std::uint64_t bytes, int error) {
  throw RuntimeError(
      fmt::format("cannot write {:.1f} MB more to '{}' ({}); free space there or choose another --output",
                  static_cast<double>(bytes) * 1e-6, path, std::strerror(error)));
}

/// `ulimit -f`; it comes with a signal that kills the process where nobody ignores it.
void check_limit(const std::string& path, std::uint64_t bytes) {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  if (file_size(path) + bytes > limit.rlim_cur) no_room(path, bytes, EFBIG);
}

/// Disk blocks behind the end of the file, whose size stays: readers notice nothing.
void set_aside(const std::string& path, std::uint64_t bytes) {
  const Descriptor file = open_for_writing(path);
  const auto end = static_cast<off_t>(file_size(path));
  int status = 0;
  do {
    status = ::fallocate(file.get(), FALLOC_FL_KEEP_SIZE, end, static_cast<off_t>(bytes));
  } while (status != 0 && errno == EINTR);
  if (status == 0) return;
  if (errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL) no_room(path, bytes, errno);
  // Some network file systems cannot set space aside, but all tell what is left.
  struct statvfs left {};
  if (::statvfs(path.c_str(), &left) == 0 && left.f_bavail * left.f_frsize < bytes) no_room(path, bytes, ENOSPC);
}

}  // namespace

File File::open(const std::string& path) {
  const auto access = access_list();
  file_size(path);  // says "no such file" and "a directory" more plainly than the library
  return {FileHandle(check(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), "cannot read '{}'", path)), path};
}

File File::create(const std::string& path, std::uint64_t user_bytes) {
  const auto access = access_list();
  const PropertyHandle creation(check(H5Pcreate(H5P_FILE_CREATE), "cannot create '{}'", path));
  check(H5Pset_userblock(creation.get(), user_bytes), "cannot create '{}'", path);
  return {FileHandle(
              check(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), "cannot create '{}'", path)),
          path};
}

File File::open_shared(const std::string& path, const Communicator& comm) {
  const auto access = access_list();
  if (comm.size() > 1) set_shared(access.get(), path, comm);
  hold_metadata(access.get());
  File file(FileHandle(check(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get()), "cannot open '{}' for writing", path)),
            path);
  if (comm.size() == 1) unlock(file.id(), path);
  return file;
}

bool File::has(const std::string& object) const {
  // H5Lexists wants every group on the way to exist.
  for (auto end = object.find('/', 1);; end = object.find('/', end + 1)) {
    const std::string part = object.substr(0, end);
    if (part != "/" && !part.empty() && H5Lexists(id(), part.c_str(), H5P_DEFAULT) <= 0) {
      H5Eclear2(H5E_DEFAULT);
      return false;
    }
    if (end == std::string::npos) break;
  }
  const bool leads_somewhere = H5Oexists_by_name(id(), object.c_str(), H5P_DEFAULT) > 0;
  H5Eclear2(H5E_DEFAULT);
  return leads_somewhere;
}

std::vector<std::string> File::members(const std::string& group) const {
  std::vector<std::string> names;
  if (!has(group)) return names;
  const ObjectHandle object(check(H5Oopen(id(), group.c_str(), H5P_DEFAULT), "cannot open '{}' of '{}'", group, path_));
  if (H5Iget_type(object.get()) != H5I_GROUP) return names;
  check(H5Literate(object.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, add_name, &names), "cannot list '{}' of '{}'",
        group, path_);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> File::datasets() const {
  std::vector<std::string> paths;
  check(H5Ovisit(id(), H5_INDEX_NAME, H5_ITER_NATIVE, add_dataset, &paths), "cannot list '{}'", path_);
  std::sort(paths.begin(), paths.end());
  return paths;
}

void File::make_group(const std::string& group) {
  const PropertyHandle links(check(H5Pcreate(H5P_LINK_CREATE), "cannot prepare group '{}'", group));
  check(H5Pset_create_intermediate_group(links.get(), 1), "cannot prepare group '{}'", group);
  const GroupHandle made(check(H5Gcreate2(id(), group.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT),
                               "cannot create group '{}' in '{}'", group, path_));
}

void File::hard_link(const std::string& existing, const std::string& name) {
  check(H5Lcreate_hard(id(), existing.c_str(), id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
        "cannot link '{}' in '{}'", name, path_);
}

void File::reserve(std::uint64_t bytes) const {
  check_limit(path_, bytes);
  set_aside(path_, bytes);
}

void File::reserve(std::uint64_t bytes, const Communicator& comm) const {
  comm.together([&] {
    check_limit(path_, bytes);
    if (comm.is_root()) set_aside(path_, bytes);
  });
}

void File::flush() {
  check(H5Fflush(id(), H5F_SCOPE_GLOBAL), "cannot write '{}'", path_);
  const PropertyHandle access(check(H5Fget_access_plist(id()), "cannot write '{}'", path_));
  if (H5Pget_driver(access.get()) != H5FD_MPIO) sync(path_);  // as MPI-IO does
}

void File::close() {
  if (!handle_) return;
  const hid_t file = handle_.release();
  check(H5Fclose(file), "cannot finish writing '{}'", path_);
}

std::uint64_t file_size(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    throw RuntimeError(fmt::format("cannot read '{}' ({})", path, std::strerror(errno)));
  if (!S_ISREG(status.st_mode))
    throw RuntimeError(fmt::format("cannot read '{}' ({})", path,
                                   S_ISDIR(status.st_mode) ? "it is a folder" : "it is not a regular file"));
  return static_cast<std::uint64_t>(status.st_size);
}

void trim(const std::string& path) {
  // Setting a file's size, even to what it is, frees the blocks behind its end.
  if (::truncate(path.c_str(), static_cast<off_t>(file_size(path))) != 0)
    throw RuntimeError(fmt::format("cannot write '{}' ({})", path, std::strerror(errno)));
}

}  // namespace ranvier::hdf5

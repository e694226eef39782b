#include "io/hdf5/library.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"

namespace ranvier::hdf5 {
namespace {

/// The stack names every function on the way out; these say nothing beyond what the innermost cause says.
constexpr std::size_t kept_causes = 3;

herr_t collect(unsigned, const H5E_error2_t* entry, void* data) {
  auto& causes = *static_cast<std::vector<std::string>*>(data);
  std::string text = entry->desc ? entry->desc : "";
  if (text.empty() || std::find(causes.begin(), causes.end(), text) != causes.end()) return 0;
  causes.push_back(std::move(text));
  return 0;
}

bool mentions(std::string_view text, std::string_view what) { return text.find(what) != std::string_view::npos; }

/// The serial driver reports the operating system's reason inside a long line of addresses: keep what failed and why.
std::string without_addresses(const std::string& cause) {
  const std::string_view mark = "error message = '";
  const auto begin = cause.find(mark);
  if (begin == std::string::npos) return cause;
  const auto end = cause.find('\'', begin + mark.size());
  const auto reason = cause.substr(begin + mark.size(), end == std::string::npos ? end : end - begin - mark.size());
  return cause.substr(0, cause.find_first_of(":,")) + ": " + reason;
}

std::string advice(std::string_view causes) {
  if (mentions(causes, "unable to lock"))
    return "; another program has the file open: close it, or, where the file system has no locks, set "
           "HDF5_USE_FILE_LOCKING=FALSE";
  if (mentions(causes, "No space left") || mentions(causes, "quota"))
    return "; free space there or choose another --output";
  if (mentions(causes, "signature not found")) return "; it is not an HDF5 file";
  if (mentions(causes, "truncated file")) return "; it was cut short: copy it again, or run again";
  if (mentions(causes, "Fletcher32")) return "; the file was damaged after it was written";
  return "";
}

}  // namespace

void initialise() {
  static const bool ready = [] {
    H5dont_atexit();
    H5open();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return true;
  }();
  static_cast<void>(ready);
}

std::string take_error_stack() {
  std::vector<std::string> causes;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &causes);
  H5Eclear2(H5E_DEFAULT);
  std::string text;
  // Where the first cause says it all, the way out adds nothing.
  const std::size_t kept = !causes.empty() && !advice(causes[0]).empty() ? 1 : std::min(causes.size(), kept_causes);
  for (std::size_t i = 0; i < kept; ++i) {
    if (i > 0) text += ", ";
    text += without_addresses(causes[i]);
  }
  return text;
}

void fail(const std::string& what) {
  const int error = errno;  // MPI-IO keeps the operating system's reason to itself: errno is all that is left of it
  std::string causes = take_error_stack();
  if (mentions(causes, "MPI_File") && (error == ENOSPC || error == EDQUOT || error == EFBIG || error == EIO))
    causes = std::string(std::strerror(error)) + ", " + causes;
  if (causes.empty()) causes = "HDF5 gave no reason";
  throw RuntimeError(what + " (" + causes + ")" + advice(causes));
}

}  // namespace ranvier::hdf5

#include "io/results/output_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

constexpr const char* advice = "; choose another folder with --output";

void check_writable(const std::string& folder) {
  const auto probe = (std::filesystem::path(folder) / ".ranvier-writable").string();
  const int file = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  // One byte: a full disk still lets empty files be made.
  const bool written = file >= 0 && ::write(file, "\n", 1) == 1;
  const int error = errno;
  if (file >= 0) ::close(file);
  ::unlink(probe.c_str());
  if (!written)
    throw RuntimeError(fmt::format("cannot write to output folder '{}' ({}){}", folder, std::strerror(error), advice));
}

}  // namespace

void prepare_output_folder(const std::string& folder, const Communicator& comm) {
  comm.together([&] {
    if (!comm.is_root()) return;
    if (folder.empty()) throw RuntimeError(fmt::format("the output folder has no name{}", advice));
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (!error && !std::filesystem::is_directory(folder)) error = std::make_error_code(std::errc::not_a_directory);
    if (error)
      throw RuntimeError(fmt::format("cannot create output folder '{}' ({}){}", folder, error.message(), advice));
    check_writable(folder);
  });
}

}  // namespace ranvier

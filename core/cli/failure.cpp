#include "core/cli/failure.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <set>

#include "core/base/memory.hpp"
#include "core/base/printable.hpp"

namespace ranvier::cli {

std::string error_text(const std::exception& error) { return printable(what_failed(error)); }

void print_warning(const std::string& what) {
  std::fflush(stdout);
  std::fprintf(stderr, "ranvier: warning: %s\n", what.c_str());
}

ExitCode exit_code(const std::exception& error) {
  return dynamic_cast<const UsageError*>(&error) != nullptr ? ExitCode::usage : ExitCode::runtime;
}

ExitCode fail(const Communicator& comm, const std::exception& error, double patience_s) {
  const ExitCode code = exit_code(error);
  const std::string text = error_text(error);
  std::fflush(stdout);
  if (!comm.barrier(patience_s)) comm.abort(text, static_cast<int>(code));
  const auto texts = comm.gather(text);
  if (comm.is_root()) {
    std::set<std::string> told;
    for (std::size_t r = 0; r < texts.size(); ++r) {
      if (!told.insert(texts[r]).second) continue;
      const bool shared = told.size() == 1;
      std::fputs((shared ? fmt::format("ranvier: {}\n", texts[r]) : fmt::format("ranvier: rank {}: {}\n", r, texts[r]))
                     .c_str(),
                 stderr);
    }
    std::fflush(stderr);
  }
  return static_cast<ExitCode>(comm.max(static_cast<int>(code)));
}

}  // namespace ranvier::cli

#include "io/files/guard.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <cerrno>
#include <cstring>
#include <exception>

#include "core/base/error.hpp"
#include "core/base/memory.hpp"

namespace ranvier::guard {
namespace {

/// One message from the child: a letter, then for results the text up to the end of the stream.
enum Message : char { alive = '.', result = 'R', failure = 'F', usage = 'U' };

int channel = -1;  // of a child, to its parent
bool disabled = false;

void send_all(int to, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::write(to, data, size);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) _exit(3);
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
}

[[noreturn]] void be_child(int to, const std::function<std::string()>& work) {
  channel = to;
  // Crashes are expected here and are reported by the parent: neither core files nor inherited handlers.
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (const int s : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL, SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) signal(s, SIG_DFL);
  char kind = result;
  std::string text;
  try {
    text = work();
  } catch (const UsageError& e) {
    kind = usage;
    text = e.what();
  } catch (const std::exception& e) {
    kind = failure;
    text = what_failed(e);
  }
  send_all(to, &kind, 1);
  send_all(to, text.data(), text.size());
  _exit(0);  // neither destructors nor exit handlers of the parent's libraries
}

/// Everything the child says until it ends; false where it fell silent for too long.
bool listen(int from, double patience_seconds, std::string& message) {
  char buffer[65536];
  for (;;) {
    pollfd ready{from, POLLIN, 0};
    const int status = poll(&ready, 1, static_cast<int>(patience_seconds * 1e3));
    if (status < 0 && errno == EINTR) continue;
    if (status <= 0) return false;
    const ssize_t got = ::read(from, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    for (ssize_t i = 0; i < got; ++i)
      if (!message.empty() || buffer[i] != alive) {
        message.append(buffer + i, static_cast<std::size_t>(got - i));
        break;
      }
  }
}

}  // namespace

void disable() { disabled = true; }

void progress() {
  if (channel >= 0) send_all(channel, ".", 1);
}

std::string run(const std::string& what, const std::function<std::string()>& work, double patience_seconds) {
  if (disabled) return work();
  int ends[2];
  if (pipe(ends) != 0) throw RuntimeError(what + " (no pipe: " + std::strerror(errno) + ")");
  const pid_t child = fork();
  if (child < 0) {
    const int error = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    throw RuntimeError(what + " (no child process: " + std::strerror(error) + ")");
  }
  if (child == 0) {
    ::close(ends[0]);
    be_child(ends[1], work);
  }
  ::close(ends[1]);
  std::string message;
  const bool finished = listen(ends[0], patience_seconds, message);
  ::close(ends[0]);
  if (!finished) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!finished)
    throw RuntimeError(fmt::format("{} (no progress in {:g} s); the file is damaged", what, patience_seconds));
  if (WIFSIGNALED(status) || message.empty())
    throw RuntimeError(fmt::format("{} (the HDF5 library crashed on it{}); the file is damaged", what,
                                   WIFSIGNALED(status) ? fmt::format(": {}", strsignal(WTERMSIG(status))) : ""));
  if (message[0] == usage) throw UsageError(message.substr(1));
  if (message[0] == failure) throw RuntimeError(message.substr(1));
  return message.substr(1);
}

}  // namespace ranvier::guard

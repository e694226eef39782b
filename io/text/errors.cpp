#include "io/text/errors.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

constexpr std::size_t most_errors = 100;
/// What a file holds is quoted in messages; a line of a message stays readable.
constexpr std::size_t longest_message = 400;

/// Shortens, and keeps control characters out of the terminal.
std::string on_one_line(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, longest_message)) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  if (text.size() <= longest_message) return out;
  // Never end within a UTF-8 sequence.
  while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();
  if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0) out.pop_back();
  return out + "...";
}

}  // namespace

Errors::Errors(std::string file, std::vector<std::string> set) : file_(std::move(file)), set_(std::move(set)) {}

std::string Errors::print(const Place& place) const {
  if (place.source > 0) return "--set " + on_one_line(set_[static_cast<std::size_t>(place.source - 1)]);
  const auto line = static_cast<std::size_t>(place.line - 1);
  if (line < origins_.size() && !origins_[line].empty()) return origins_[line];
  return fmt::format("{}:{}:{}", file_, place.line, place.column);
}

void Errors::take_origins(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::size_t mark = line.rfind(origin_mark);
    origins_.emplace_back(mark == std::string_view::npos ? "" : on_one_line(line.substr(mark + origin_mark.size())));
    at = end + 1;
  }
}

void Errors::add(const Place& place, std::string_view what) {
  std::string text = fmt::format("{}: {}", print(place), on_one_line(what));
  if (!seen_.insert(text).second) return;
  entries_.push_back({place, std::move(text)});
  if (entries_.size() >= most_errors) raise_if_any();
}

void Errors::raise_if_any() const {
  if (entries_.empty()) return;
  auto sorted = entries_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.place.source, a.place.line, a.place.column) <
           std::tie(b.place.source, b.place.line, b.place.column);
  });
  std::string all;
  for (const auto& entry : sorted) {
    if (!all.empty()) all += '\n';
    all += entry.text;
  }
  if (entries_.size() >= most_errors)
    all += fmt::format("\n{}: there may be more errors; these are the first {}", file_, most_errors);
  throw UsageError(all);
}

}  // namespace ranvier

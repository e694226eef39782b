#include "io/files/file_facts.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "core/base/error.hpp"
#include "io/text/text_file.hpp"

namespace ranvier {
namespace {

void pack(std::string& into, const std::string& text) {
  const std::uint64_t size = text.size();
  into.append(reinterpret_cast<const char*>(&size), sizeof size);
  into += text;
}

std::string unpack(const std::string& from, std::size_t& at) {
  std::uint64_t size = 0;
  if (from.size() - at < sizeof size) throw std::logic_error("facts of files are incomplete");
  std::memcpy(&size, from.data() + at, sizeof size);
  at += sizeof size;
  if (from.size() - at < size) throw std::logic_error("facts of files are incomplete");
  std::string text = from.substr(at, size);
  at += size;
  return text;
}

}  // namespace

FileFacts::FileFacts(const std::string& packed) {
  for (std::size_t at = 0; at < packed.size();) {
    std::string name = unpack(packed, at);
    known_[std::move(name)] = unpack(packed, at);
  }
}

std::string FileFacts::packed() const {
  std::string all;
  for (const auto& [name, fact] : known_) {
    pack(all, name);
    pack(all, fact);
  }
  return all;
}

const std::string& FileFacts::get(const std::string& name, const std::function<std::string()>& read) {
  const auto found = known_.find(name);
  return found != known_.end() ? found->second : known_.emplace(name, read()).first->second;
}

const std::string& FileFacts::text(const std::string& path, std::size_t most) {
  return get("text of " + path, [&] {
    std::string text = read_text_file(path, most + 1);
    if (text.size() > most) throw UsageError(fmt::format("{}: is larger than {} MB", path, most / 1'000'000));
    return text;
  });
}

}  // namespace ranvier

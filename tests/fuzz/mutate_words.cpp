// A mutator for targets whose input is lines of words: it moves, copies and drops lines and words, and lets libFuzzer
// change the bytes of single words. Changes of bytes anywhere mostly make lines that mean nothing.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed);

namespace {

using Parts = std::vector<std::string>;

Parts split(const std::string& text, char at) {
  Parts parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(at, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::string join(const Parts& parts, char with) {
  std::string text;
  for (const auto& part : parts) text += (&part == &parts.front() ? "" : std::string(1, with)) + part;
  return text;
}

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string mutate(const std::string& text) {
    auto lines = split(text, '\n');
    auto& line = lines[below(lines.size())];
    switch (below(8)) {
      case 0: shuffle(lines); break;
      case 1: line = bytes(line); break;
      default: {
        auto words = split(line, ' ');
        if (below(3) == 0)
          shuffle(words);
        else if (below(3) == 0)
          words[below(words.size())] = word_of(lines);
        else if (auto& word = words[below(words.size())]; below(3) == 0)
          word = number();
        else
          word = bytes(word);
        line = join(words, ' ');
      }
    }
    return join(lines, '\n');
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }

  /// Drops, copies or moves one.
  void shuffle(Parts& parts) {
    const auto from = parts.begin() + static_cast<std::ptrdiff_t>(below(parts.size()));
    const std::string part = *from;
    const auto choice = below(3);
    if (choice != 0 && parts.size() > 1) parts.erase(from);
    if (choice != 1) parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(below(parts.size() + 1)), part);
  }

  std::string word_of(const Parts& lines) {
    const auto words = split(lines[below(lines.size())], ' ');
    return words[below(words.size())];
  }

  std::string number() {
    static const Parts numbers{"0",   "1",    "-1",    "2",          "255",        "65536",
                               "1e9", "nan",  "inf",   "4294967295", "4294967296", "9223372036854775807",
                               "0x4", "4x0",  "1x1x1", "0.1",        "-1e308",     "18446744073709551615",
                               ".",   "1e-9", "2x3",   "-",          "0.05",       "1152921504606846976x0"};
    return numbers[below(numbers.size())];
  }

  std::string bytes(const std::string& text) {
    std::vector<std::uint8_t> buffer(std::max<std::size_t>(64, text.size() * 2));
    std::memcpy(buffer.data(), text.data(), text.size());
    buffer.resize(LLVMFuzzerMutate(buffer.data(), text.size(), buffer.size()));
    return {buffer.begin(), buffer.end()};
  }

  std::minstd_rand random_;
};

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  Mutator mutator(seed);
  std::string text(reinterpret_cast<const char*>(data), size);
  do text = mutator.mutate(text);
  while (seed % 3 == 0 && (seed /= 3) > 0);
  text.resize(std::min(text.size(), max_size));
  std::memcpy(data, text.data(), text.size());
  return text.size();
}

#include "tests/fuzz/described_files.hpp"

#include <hdf5.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "io/hdf5/handle.hpp"
#include "io/hdf5/library.hpp"
#include "tests/fuzz/described_types.hpp"

namespace ranvier::fuzz {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t most_files = 12, most_lines = 256;
constexpr hsize_t largest_chunk = hsize_t{1} << 20;  // bytes: the library holds whole chunks in memory

/// %XX is a byte, but for the one that ends C strings.
std::string decoded(std::string_view word) {
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    char* end = nullptr;
    const std::string digits(word.substr(i + 1, 2));
    const auto byte = word[i] == '%' ? std::strtoul(digits.c_str(), &end, 16) : 0;
    const bool escaped = byte != 0 && end == digits.c_str() + 2;
    text += escaped ? static_cast<char>(byte) : word[i];
    if (escaped) i += 2;
  }
  return text;
}

Words words_of(std::string_view line) {
  Words words;
  for (std::size_t begin = 0; (begin = line.find_first_not_of(" \t\r", begin)) != std::string_view::npos;) {
    const auto end = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.push_back(decoded(line.substr(begin, end - begin)));
    begin = end;
  }
  return words;
}

std::vector<hsize_t> sizes_of(const std::string& text) {
  std::vector<hsize_t> sizes;
  for (const char* at = text.c_str(); *at != '\0' && sizes.size() < 8;) {
    char* end = nullptr;
    sizes.push_back(std::strtoull(at, &end, 10));
    if (end == at) return {};
    at = *end == 'x' ? end + 1 : end;
  }
  return sizes;
}

hdf5::SpaceHandle space_of(const std::string& shape, bool growing) {
  if (shape == ".") return hdf5::SpaceHandle(H5Screate(H5S_SCALAR));
  if (shape == "-") return hdf5::SpaceHandle(H5Screate(H5S_NULL));
  const auto sizes = sizes_of(shape);
  if (sizes.empty()) return {};
  const std::vector<hsize_t> unlimited(sizes.size(), H5S_UNLIMITED);
  return hdf5::SpaceHandle(
      H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), growing ? unlimited.data() : nullptr));
}

/// The number of elements, or nothing where there are more than a small file should hold.
std::optional<std::size_t> few_elements(hid_t space, std::size_t element_bytes) {
  hsize_t size[H5S_MAX_RANK] = {};
  const int rank = H5Sget_simple_extent_dims(space, size, nullptr);
  if (rank < 0 || H5Sget_simple_extent_type(space) == H5S_NULL || element_bytes > 65536) return std::nullopt;
  std::size_t elements = 1;
  for (int d = 0; d < rank; ++d) {
    if (size[d] > 65536) return std::nullopt;
    elements *= static_cast<std::size_t>(size[d]);
    if (elements * element_bytes > 65536) return std::nullopt;
  }
  return elements;
}

/// Layout words of a `data` line.
struct Layout {
  hdf5::PropertyHandle creation{H5Pcreate(H5P_DATASET_CREATE)};
  bool growing = false, empty = false;

  void add(const std::string& word, std::size_t element_bytes) {
    if (word.rfind("chunk=", 0) == 0) chunk(sizes_of(word.substr(6)), element_bytes);
    if (word == "gzip") H5Pset_deflate(creation.get(), 6);
    if (word == "fletcher") H5Pset_fletcher32(creation.get());
    if (word == "shuffle") H5Pset_shuffle(creation.get());
    if (word == "compact") H5Pset_layout(creation.get(), H5D_COMPACT);
    growing = growing || word == "growing";
    empty = empty || word == "empty";
  }

 private:
  void chunk(const std::vector<hsize_t>& sizes, std::size_t element_bytes) {
    hsize_t bytes = element_bytes;
    for (const auto n : sizes) {
      bytes *= n;
      empty = empty || n > largest_chunk || bytes > largest_chunk;
    }
    if (!sizes.empty()) H5Pset_chunk(creation.get(), static_cast<int>(sizes.size()), sizes.data());
  }
};

class DescribedHdf5 {
 public:
  explicit DescribedHdf5(std::string path) : path_(std::move(path)) {}

  void line(const Words& words) {
    const auto& verb = words[0];
    if (verb == "format" && !file_) new_format_ = true;
    if (!file_) open();
    if (!file_ || words.size() < 2) return;
    if (verb == "group")
      hdf5::GroupHandle(H5Gcreate2(file_.get(), words[1].c_str(), links_.get(), H5P_DEFAULT, H5P_DEFAULT));
    if (verb == "data" && words.size() >= 4) data(words);
    if (verb == "attr" && words.size() >= 5) attribute(words);
    if (verb == "link" && words.size() >= 3)
      H5Lcreate_hard(file_.get(), words[1].c_str(), H5L_SAME_LOC, words[2].c_str(), links_.get(), H5P_DEFAULT);
    if (verb == "soft" && words.size() >= 3)
      H5Lcreate_soft(words[1].c_str(), file_.get(), words[2].c_str(), links_.get(), H5P_DEFAULT);
    if (verb == "external" && words.size() >= 4 && words[1].find('/') == std::string::npos)
      H5Lcreate_external(words[1].c_str(), words[2].c_str(), file_.get(), words[3].c_str(), links_.get(), H5P_DEFAULT);
  }

  void open() {
    const hdf5::PropertyHandle access(H5Pcreate(H5P_FILE_ACCESS));
    if (new_format_) H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_LATEST);
    H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
    file_ = hdf5::FileHandle(H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()));
    links_ = hdf5::PropertyHandle(H5Pcreate(H5P_LINK_CREATE));
    H5Pset_create_intermediate_group(links_.get(), 1);
  }

 private:
  static std::pair<Words::const_iterator, Words::const_iterator> values_of(const Words& words) {
    auto equals = std::find(words.begin(), words.end(), "=");
    return {equals == words.end() ? equals : equals + 1, words.end()};
  }

  void data(const Words& words) {
    const auto type = described_type(words[2]);
    if (!type) return;
    Layout layout;
    const auto [first, last] = values_of(words);
    for (auto w = words.begin() + 4; w < first; ++w) layout.add(*w, H5Tget_size(type.get()));
    const auto space = space_of(words[3], layout.growing);
    if (!space) return;
    const hdf5::DatasetHandle dataset(H5Dcreate2(file_.get(), words[1].c_str(), type.get(), space.get(), links_.get(),
                                                 layout.creation.get(), H5P_DEFAULT));
    const auto elements = few_elements(space.get(), H5Tget_size(type.get()));
    if (!dataset || layout.empty || !elements) return;
    const DescribedValues values(type.get(), *elements, {first, last});
    H5Dwrite(dataset.get(), values.memory_type(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  }

  void attribute(const Words& words) {
    const auto type = described_type(words[3]);
    const auto space = space_of(words[4], false);
    if (!type || !space) return;
    const auto elements = few_elements(space.get(), H5Tget_size(type.get()));
    // The library holds whole attributes in memory, also to write them.
    if (!elements && H5Sget_simple_extent_type(space.get()) != H5S_NULL) return;
    const hdf5::AttributeHandle attribute(H5Acreate_by_name(file_.get(), words[1].c_str(), words[2].c_str(), type.get(),
                                                            space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    if (!attribute || !elements) return;
    const auto [first, last] = values_of(words);
    const DescribedValues values(type.get(), *elements, {first, last});
    H5Awrite(attribute.get(), values.memory_type(), values.data());
  }

  std::string path_;
  bool new_format_ = false;
  hdf5::PropertyHandle links_;
  hdf5::FileHandle file_;
};

void write_hdf5(const std::string& path, std::string_view description) {
  DescribedHdf5 file(path);
  std::size_t lines = 0;
  for (std::size_t begin = 0; begin < description.size() && lines < most_lines; ++lines) {
    const auto end = std::min(description.find('\n', begin), description.size());
    const auto words = words_of(description.substr(begin, end - begin));
    if (!words.empty()) file.line(words);
    begin = end + 1;
  }
  if (lines == 0) file.open();
  H5Eclear2(H5E_DEFAULT);
}

/// A file's name may not lead out of the folder.
bool plain_name(std::string_view name) {
  return !name.empty() && name.size() < 64 && name.find('/') == std::string_view::npos && name != "." && name != ".." &&
         name.find('\0') == std::string_view::npos;
}

}  // namespace

std::vector<std::string> write_described(const std::string& folder, std::string_view description) {
  hdf5::initialise();
  constexpr std::string_view mark = ">> ";
  std::vector<std::string> names;
  while (description.substr(0, mark.size()) == mark && names.size() < most_files) {
    const auto name_end = std::min(description.find('\n'), description.size());
    const std::string name(description.substr(mark.size(), name_end - mark.size()));
    description.remove_prefix(std::min(name_end + 1, description.size()));
    const auto next = description.substr(0, mark.size()) == mark ? 0 : description.find("\n>> ");
    const auto body = description.substr(0, next == 0 || next == std::string_view::npos ? next : next + 1);
    description.remove_prefix(body.size());
    if (!plain_name(name) || std::find(names.begin(), names.end(), name) != names.end()) continue;
    names.push_back(name);
    if (name.size() > 3 && name.substr(name.size() - 3) == ".h5")
      write_hdf5(folder + "/" + name, body);
    else
      std::ofstream(folder + "/" + name, std::ios::binary)
          .write(body.data(), static_cast<std::streamsize>(body.size()));
  }
  return names;
}

}  // namespace ranvier::fuzz

// HDF5 itself is the judge: it checks the checksum of every chunk that it reads.
#include "io/hdf5/fletcher32.hpp"

#include <gmock/gmock.h>

#include <cstring>
#include <random>

#include "core/base/error.hpp"
#include "io/files/descriptor.hpp"
#include "io/hdf5/dataset.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier::hdf5 {
namespace {

/// A file with one chunk, whose bytes and checksum are then written past the library.
std::vector<std::uint64_t> through_file(const std::string& path, const std::vector<std::uint64_t>& values,
                                        std::uint32_t error) {
  Dataset::Place place;
  {
    auto file = File::create(path);
    auto data = Dataset::create_growing<std::uint64_t>(file, "/data", {values.size()}, {values.size()});
    place = data.chunk_runs(0, 0).at(0).place;
    file.close();
  }
  EXPECT_EQ(place.bytes, values.size() * 8 + 4);
  std::vector<std::byte> bytes(values.size() * 8 + 4);
  std::memcpy(bytes.data(), values.data(), values.size() * 8);
  const std::uint32_t sum = fletcher32(std::span(bytes).first(values.size() * 8)) + error;
  std::memcpy(bytes.data() + values.size() * 8, &sum, 4);
  write_at(open_for_writing(path), path, place.offset, bytes.size(), bytes.data());
  const auto file = File::open(path);
  return Dataset::open(file, "/data").read<std::uint64_t>();
}

TEST(Fletcher32, IsThatOfTheLibrary) {
  const testing::ScratchFolder folder;
  const std::string path = folder.path() + "/chunk.h5";
  std::mt19937_64 random(5);
  // Lengths about those of blocks, and values at which sums are 0 or a multiple of 65535.
  for (const std::size_t length : {1u, 63u, 64u, 65u, 1000u, 16384u})
    for (const int kind : {0, 1, 2, 3}) {
      std::vector<std::uint64_t> values(length);
      for (auto& v : values) v = kind == 0 ? 0 : kind == 1 ? ~std::uint64_t{0} : kind == 2 ? random() : random() & 255;
      EXPECT_EQ(through_file(path, values, 0), values) << length << " values of kind " << kind;
    }
}

TEST(Fletcher32, ThatIsWrongIsFound) {
  const testing::ScratchFolder folder;
  EXPECT_THROW(through_file(folder.path() + "/chunk.h5", {1, 2, 3}, 1), RuntimeError);
}

}  // namespace
}  // namespace ranvier::hdf5

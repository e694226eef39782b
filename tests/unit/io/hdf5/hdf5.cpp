// The HDF5 layer: numbers come back as they went in, and everything that can go wrong says what, where and why.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <limits>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/numbers.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier::hdf5 {
namespace {

using ::testing::HasSubstr;

template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const RuntimeError& e) {
    return e.what();
  }
  return "(no error)";
}

struct Hdf5 : ::testing::Test {
  ranvier::testing::ScratchFolder folder;
  std::string path = folder / "x.h5";

  template <class T>
  void write(const std::string& name, const std::vector<T>& values) const {
    auto file = File::create(path);
    auto data = Dataset::create<T>(file, name, {values.size()});
    data.template write<T>({0}, {values.size()}, values.data());
    file.close();
  }
};

TEST_F(Hdf5, numbers_come_back) {
  const std::vector<std::uint64_t> ids{0, 1, std::numeric_limits<std::uint64_t>::max()};
  write("/a/b/ids", ids);
  const auto file = File::open(path);
  EXPECT_EQ(Dataset::open(file, "/a/b/ids").read<std::uint64_t>(), ids);
  EXPECT_EQ(file.members("/a"), std::vector<std::string>{"b"});
  EXPECT_FALSE(file.has("/a/c/ids"));
}

TEST_F(Hdf5, a_growing_dataset_is_written_and_read_in_blocks) {
  auto file = File::create(path);
  auto data = Dataset::create_growing<float>(file, "/v", {0, 3}, {4, 2});
  std::vector<float> values(30);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  data.extend({10, 3});
  data.write<float>({0, 0}, {10, 3}, values.data());
  std::vector<double> block(4);
  data.read<double>({6, 1}, {2, 2}, block.data());
  EXPECT_EQ(block, (std::vector<double>{19, 20, 22, 23}));
  EXPECT_THAT(message_of([&] { data.read<double>({9, 1}, {2, 2}, block.data()); }), HasSubstr("'/v' of '" + path));
}

TEST_F(Hdf5, attributes_come_back) {
  auto file = File::create(path);
  write_attribute(file, "/", "text", std::string("\u00b5S"));
  write_attribute(file, "/", "list", std::vector<std::uint32_t>{0, 1});
  write_attribute(file, "/", "number", 0.1);
  write_enum_attribute(file, "/", "kind", {"none", "some"}, 1);
  rewrite_attribute(file, "/", "number", 0.3);
  EXPECT_EQ(read_text_attribute(file, "/", "text"), "\u00b5S");
  EXPECT_EQ(read_attribute<std::uint32_t>(file, "/", "list"), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(read_scalar_attribute<double>(file, "/", "number"), 0.3);
  EXPECT_EQ(read_scalar_attribute<std::uint8_t>(file, "/", "kind"), 1);
  EXPECT_EQ(read_text_attribute(file, "/", "number"), std::nullopt);
  EXPECT_EQ(read_scalar_attribute<double>(file, "/", "nothing"), std::nullopt);
}

TEST_F(Hdf5, ids_are_whole_and_not_negative) {
  write<std::int64_t>("/n", {3, 0, -1});
  EXPECT_EQ(message_of([&] { read_ids(Dataset::open(File::open(path), "/n")); }),
            "number 2 of '/n' of '" + path + "' is -1; whole numbers from 0 on are expected");
  write<double>("/n", {3, 0.5});
  EXPECT_THAT(message_of([&] { read_ids(Dataset::open(File::open(path), "/n")); }), HasSubstr("is 0.5; whole"));
  write<float>("/n", {3, 7});
  EXPECT_EQ(read_ids(Dataset::open(File::open(path), "/n")), (std::vector<std::uint64_t>{3, 7}));
}

TEST_F(Hdf5, what_is_missing_is_named) {
  EXPECT_EQ(message_of([&] { File::open(path); }), "cannot read '" + path + "' (No such file or directory)");
  EXPECT_EQ(message_of([&] { File::open(folder.path()); }), "cannot read '" + folder.path() + "' (it is a folder)");
  write<double>("/n", {1});
  EXPECT_EQ(message_of([&] { Dataset::open(File::open(path), "/m/n"); }), "'" + path + "' has no dataset '/m/n'");
  EXPECT_EQ(message_of([&] { Dataset::open(File::open(path), "/"); }), "'/' of '" + path + "' is not a dataset");
}

TEST_F(Hdf5, a_locked_file_names_the_variable) {
  write<double>("/n", {1});
  const int other = open(path.c_str(), O_RDWR);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  EXPECT_THAT(message_of([&] { File::open(path); }), HasSubstr("HDF5_USE_FILE_LOCKING"));
  close(other);
}

TEST_F(Hdf5, sizes_are_checked_against_the_file_before_memory_is_taken) {
  auto file = File::create(path);
  Dataset::create_growing<double>(file, "/few", {0}, {1024}).extend({10});
  file.close();
  // As large as the format can say, with nothing behind it.
  auto raw = FileHandle(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT));
  const hsize_t size = hsize_t{1} << 40, chunk = 1024;
  const SpaceHandle space(H5Screate_simple(1, &size, nullptr));
  const PropertyHandle creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_chunk(creation.get(), 1, &chunk);
  {
    const DatasetHandle dataset(
        H5Dcreate2(raw.get(), "/huge", H5T_IEEE_F64LE, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT));
  }
  raw.reset();
  const auto opened = File::open(path);
  EXPECT_THAT(message_of([&] { Dataset::open(opened, "/huge").read<double>(); }),
              HasSubstr("claims 1099511627776 elements, but the file holds 0 bytes of it"));
}

/// In a process of its own: the library must survive the failed write up to and including the end of the process.
TEST_F(Hdf5, a_failed_write_gives_the_reason_and_does_not_crash_at_exit) {
  const auto fill_disk = [&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100000, 100000};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto file = File::create(path);
    try {
      auto data = Dataset::create_growing<double>(file, "/n", {0}, {1024});
      const std::vector<double> values(100000, 1.5);
      data.extend({values.size()});
      data.write<double>({0}, {values.size()}, values.data());
      file.close();
    } catch (const RuntimeError& e) {
      file.abandon();
      std::fprintf(stderr, "%s\n", e.what());
      std::exit(7);
    }
    std::exit(0);
  };
  EXPECT_EXIT(fill_disk(), ::testing::ExitedWithCode(7), "'/n' of '.*x.h5' \\(.*File too large");
}

}  // namespace
}  // namespace ranvier::hdf5

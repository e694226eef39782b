#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/value.hpp"
#include "io/hdf5/dataset.hpp"

/// One-dimensional numbers out of files that users give (checked first by check_datasets, io/datasets/numbers.hpp). Everything throws RuntimeError naming dataset and file.
namespace ranvier::hdf5 {

/// How many numbers the dataset holds; it must be one-dimensional.
std::uint64_t count_numbers(const ranvier::Dataset& dataset);
/// All, or `count` from `first` on, times the dataset's unit factor. Throws where one is not finite.
std::vector<double> read_numbers(const ranvier::Dataset& dataset);
std::vector<double> read_numbers(const ranvier::Dataset& dataset, std::uint64_t first, std::uint64_t count);

/// Whole numbers from 0 on, from any numeric type. Throws where one is negative or has a fraction: the library itself
/// would turn -1 into 0 without a word.
std::vector<std::uint64_t> read_ids(const Dataset& dataset);
std::vector<std::uint64_t> read_ids(const Dataset& dataset, std::uint64_t first, std::uint64_t count);

}  // namespace ranvier::hdf5

#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/value.hpp"
#include "io/network/config.hpp"
#include "io/sonata/nodes/node_values.hpp"

/// Numbers that a config takes from HDF5 files.
namespace ranvier {

/// Elements [first, first + count) of a one-dimensional dataset, times its unit factor. Relative paths start at
/// `directory`. RuntimeError where the file or dataset cannot be read, or does not hold `expected` numbers.
std::vector<double> read_numbers(const Dataset& dataset, const std::string& directory, std::uint64_t first,
                                 std::uint64_t count, std::uint64_t expected);
/// The whole dataset.
std::vector<double> read_numbers(const Dataset& dataset, const std::string& directory);

/// Times of spikes in ms of neurons [first, first + count), one list each, from a file of spikes (io/sonata/recordings/spike_input.hpp).
/// Neurons without spikes have empty lists. The ids in the file are neurons, or nodes where `nodes` says which those are.
std::vector<std::vector<double>> read_spike_times(const Dataset& population, const std::string& directory,
                                                  std::uint64_t first, std::uint64_t count,
                                                  const NodeIds* nodes = nullptr);

/// Reads every dataset that a config names once, in child processes that a damaged file may crash in our stead, and
/// checks its shape, its length and that its numbers are finite. One rank calls it before anything is allocated. Throws
/// UsageError with all that is wrong, one per line.
void check_datasets(const Config& config);

}  // namespace ranvier

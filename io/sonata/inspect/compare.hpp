#pragma once
#include <string>

#include "io/hdf5/file.hpp"

namespace ranvier {

struct Comparison {
  std::string first_difference;  ///< in words; empty where there is none
  std::string what;              ///< what was compared and found the same, such as "12345 spikes of 2 populations"
};

/// Compares the contents of two files, provenance aside: spikes by step (or time) and neuron, reports by bits, all other
/// datasets by bits. Throws RuntimeError where one cannot be read.
Comparison compare(const hdf5::File& a, const hdf5::File& b);

}  // namespace ranvier

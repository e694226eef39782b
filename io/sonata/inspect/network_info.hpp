#pragma once
#include <string>

#include "io/hdf5/file.hpp"

/// What files of a network hold, for people: part of `info` (io/sonata/inspect/info.hpp). All of a file is read, in pieces.
namespace ranvier::sonata {

/// Populations of `/nodes`: sizes, types, and the range of each attribute.
std::string describe_nodes(const hdf5::File& file);
/// Populations of `/edges`: between whom, how many, types, order, indices, and the range of each attribute.
std::string describe_edges(const hdf5::File& file);

}  // namespace ranvier::sonata

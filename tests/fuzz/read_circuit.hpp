#pragma once
#include <string>

namespace ranvier::fuzz {

/// Reads a SONATA config as `ranvier run` does, and the numbers that the nodes of its populations have; throws what the
/// readers throw.
void read_circuit(const std::string& path);

}  // namespace ranvier::fuzz

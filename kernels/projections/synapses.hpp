#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/model/model.hpp"
#include "kernels/space/portable.hpp"

/// Synapses as they are delivered: by (block, source), packed, in the memory of the space.
namespace ranvier {

/// Synapses from one population. A source is a row; the synapses of row r onto block b are
/// [offsets[b * (rows + 1) + r], offsets[b * (rows + 1) + r + 1]) counted from first[b].
/// What is the same for the whole table is stored once:
///   delay constant   index16[k] is the port in the block         2 bytes
///   delays vary      index32[k] is delay * ports + port          4 bytes
///   weight constant  `weight`                                    0 bytes
///   weights vary     weights[k]                                  4 (single) or 8 (double) bytes
template <class Exec, class Real>
struct SynapseTable {
  std::uint32_t rows = 0;
  std::uint32_t row0 = 0;  ///< source slot of row 0: slots of a population are consecutive
  bool constant_delay = false;
  bool constant_weight = false;
  std::uint32_t delay = 0;             ///< steps
  Accumulator<Real> weight = 0;        ///< in units of the ring
  Array<std::uint64_t, Exec> first;    ///< per block
  Array<std::uint32_t, Exec> offsets;  ///< per block, rows + 1
  Array<std::uint16_t, Exec> index16;
  Array<std::uint32_t, Exec> index32;
  Array<Accumulator<Real>, Exec> weights;

  std::uint64_t size() const { return constant_delay ? index16.extent(0) : index32.extent(0); }
  std::size_t synapse_bytes() const {
    return index16.span() * sizeof(std::uint16_t) + index32.span() * sizeof(std::uint32_t) +
           weights.span() * sizeof(Accumulator<Real>);
  }
  std::size_t row_bytes() const {
    return first.span() * sizeof(std::uint64_t) + offsets.span() * sizeof(std::uint32_t);
  }
};

/// The tables of one source population on this rank.
template <class Exec, class Real>
struct SourceTables {
  std::string population;
  std::uint32_t slot0 = 0, slots = 0;  ///< source slots of this population
  std::vector<SynapseTable<Exec, Real>> tables;
};

}  // namespace ranvier

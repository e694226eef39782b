#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/model/model.hpp"
#include "kernels/space/host_buffer.hpp"

/// Synapses as the build hands them over and as the host delivers them: by (block, source), packed, in host memory.
namespace ranvier {

/// Synapses from one population. A source is a row; the synapses of row r onto block b are
/// [offsets[b * (rows + 1) + r], offsets[b * (rows + 1) + r + 1]) counted from first[b].
/// What is the same for the whole table is stored once:
///   delay constant   index16[k] is the port in the block         2 bytes
///   delays vary      index32[k] is delay * ports + port          4 bytes
///   weight constant  `weight`                                    0 bytes
///   weights vary     weights[k]                                  4 (single) or 8 (double) bytes
template <class Real>
struct SynapseTable {
  std::uint32_t rows = 0;
  std::uint32_t row0 = 0;  ///< source slot of row 0: slots of a population are consecutive
  bool constant_delay = false;
  bool constant_weight = false;
  std::uint32_t delay = 0;            ///< steps
  Accumulator<Real> weight = 0;       ///< in units of the ring
  HostBuffer<std::uint64_t> first;    ///< per block
  HostBuffer<std::uint32_t> offsets;  ///< per block, rows + 1
  HostBuffer<std::uint16_t> index16;
  HostBuffer<std::uint32_t> index32;
  HostBuffer<Accumulator<Real>> weights;

  std::uint64_t size() const { return constant_delay ? index16.size() : index32.size(); }
  std::size_t synapse_bytes() const { return index16.bytes() + index32.bytes() + weights.bytes(); }
  std::size_t row_bytes() const { return first.bytes() + offsets.bytes(); }
};

/// A population with targets on this rank: its neurons that have some are the source slots [slot0, slot0 + slots).
struct SourceSlots {
  std::string population;
  std::uint32_t slot0 = 0, slots = 0;
};

/// The tables of one source population on this rank.
template <class Real>
struct SourceTables {
  std::size_t source = 0;              ///< index in RankNetwork::sources
  std::uint32_t slot0 = 0, slots = 0;  ///< source slots of this population
  std::vector<SynapseTable<Real>> tables;
};

}  // namespace ranvier

#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/model/model.hpp"
#include "kernels/space/host_buffer.hpp"

/// Synapses as the build hands them over and as the host delivers them: by (block, source), packed, in host memory.
namespace ranvier {

/// What the synapses of a table share, and bytes of one synapse:
///   delay constant   index16[k] is the port in the block         2
///   delays vary      index32[k] is delay * ports + port          4
///   weight constant  `weight`                                    0
///   weights vary     weights[k]                                  4 (single) or 8 (double)
inline std::size_t bytes_per_synapse(bool constant_delay, bool constant_weight, std::size_t accumulator_bytes) {
  return (constant_delay ? sizeof(std::uint16_t) : sizeof(std::uint32_t)) + (constant_weight ? 0 : accumulator_bytes);
}
/// Bytes of one row offset for each of `rows` sources and of their end, for one block.
inline std::size_t bytes_of_rows(std::size_t rows) { return (rows + 1) * sizeof(std::uint32_t); }

/// The synapses of a table onto one block.
struct TablePart {
  std::uint32_t block = 0;
  std::uint64_t first = 0;  ///< the first synapse of the part in the arrays of the table
};

/// Synapses from one population that have one format. A source is a row. There is a part for each block onto which there is a
/// synapse, and for no other: those of row r in part p are
/// [offsets[p * (rows + 1) + r], offsets[p * (rows + 1) + r + 1]) counted from parts[p].first.
template <class Real>
struct SynapseTable {
  std::uint32_t rows = 0;
  std::uint32_t row0 = 0;  ///< source slot of row 0: slots of a population are consecutive
  bool constant_delay = false;
  bool constant_weight = false;
  std::uint32_t delay = 0;            ///< steps
  Accumulator<Real> weight = 0;       ///< in units of the ring
  std::vector<TablePart> parts;       ///< ascending blocks
  HostBuffer<std::uint32_t> offsets;  ///< per part, rows + 1
  HostBuffer<std::uint16_t> index16;
  HostBuffer<std::uint32_t> index32;
  HostBuffer<Accumulator<Real>> weights;

  std::uint64_t size() const { return constant_delay ? index16.size() : index32.size(); }
  std::uint32_t* offsets_of(std::size_t part) { return offsets.data() + part * (std::size_t{rows} + 1); }
  const std::uint32_t* offsets_of(std::size_t part) const { return offsets.data() + part * (std::size_t{rows} + 1); }
  std::size_t synapse_bytes() const { return index16.bytes() + index32.bytes() + weights.bytes(); }
  std::size_t row_bytes() const { return parts.size() * sizeof(TablePart) + offsets.bytes(); }
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

#pragma once
#include <memory>
#include <span>
#include <string_view>

#include "comm/exchange/exchange_statistics.hpp"
#include "comm/exchange/routing.hpp"
#include "comm/mpi/communicator.hpp"
#include "core/base/spike.hpp"

namespace ranvier {

/// Carries the spikes of one exchange interval to every rank that holds targets of them. Per interval, on all ranks:
///
///   exchange.start(emitted);   // returns at once
///   deliver(exchange.local()); // while the rest travels
///   deliver(exchange.finish());
///
/// The order of spikes within local() and finish() is that of the senders' ranks and, per sender, of emission.
class SpikeExchange {
 public:
  virtual ~SpikeExchange() = default;

  /// Spikes of this rank's neurons in the interval; `source` is the local index. The span may be reused on return.
  virtual void start(std::span<const Spike> emitted) = 0;
  /// Those with targets on this rank, `source` being the slot here. Valid from start() to the next start().
  virtual std::span<const Spike> local() const = 0;
  /// Waits; those of other ranks with targets here, `source` being the slot here. Valid until the next start().
  virtual std::span<const Spike> finish() = 0;

  virtual ExchangeStatistics statistics() const = 0;
  /// Bytes of routing tables and buffers on this rank.
  virtual std::uint64_t bytes() const = 0;
  /// In a word, for summaries: "local", "neighbours", "all-to-all", "dry run", "nccl".
  virtual std::string_view name() const = 0;
};

enum class ExchangeKind {
  automatic,   ///< local on one rank; else neighbours, or all_to_all where nearly all of many ranks talk to each other
  local,       ///< one rank only
  neighbours,  ///< one message to each rank that shares synapses
  all_to_all,  ///< one nonblocking collective with a fixed chunk per pair of ranks
  nccl         ///< between GPUs; neighbours where a GPU is shared or NCCL is not built in
};

/// Collective. `routing` is this rank's from build_routing over the same communicator.
std::unique_ptr<SpikeExchange> make_exchange(const Communicator& comm, Routing routing,
                                             ExchangeKind kind = ExchangeKind::automatic);

/// One process as one rank of many: what it sends comes back as if the others had sent it. `routing` is from
/// pretend_routing.
std::unique_ptr<SpikeExchange> make_dry_run_exchange(Routing routing);

}  // namespace ranvier

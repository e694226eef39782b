#pragma once
#include <memory>
#include <span>
#include <string_view>

#include "comm/exchange/exchange_statistics.hpp"
#include "comm/exchange/routing.hpp"
#include "comm/mpi/communicator.hpp"
#include "core/base/spike_list.hpp"

namespace ranvier {

/// Bytes of an exchange on one rank.
struct ExchangeBytes {
  std::uint64_t routing = 0;  ///< who must hear of whom
  std::uint64_t buffers = 0;  ///< spikes on their way; grows with the activity
};

/// Carries the spikes of one exchange interval to every rank that holds targets of them. Per interval, on all ranks:
///
///   exchange.start(emitted);   // returns at once
///   deliver(exchange.local()); // while the rest travels
///   deliver(exchange.finish());
///
/// Spikes are taken and given where they are: in the memory of space(). In host memory, the order of spikes within local()
/// and finish() is that of the senders' ranks and, per sender, of emission; on a device they come in any order.
class SpikeExchange {
 public:
  virtual ~SpikeExchange() = default;

  /// The memory in which start() takes spikes, and local() and finish() give them.
  virtual MemorySpace space() const { return MemorySpace::host; }
  /// Spikes of this rank's neurons in the interval; `source` is the local index. A list in host memory may be reused on
  /// return, one on a device when what is queued there has been done.
  virtual void start(const SpikeList& emitted) = 0;
  /// Those with targets on this rank, `source` being the slot here. Valid from start() to the next start().
  virtual SpikeList local() const = 0;
  /// Waits; those of other ranks with targets here, `source` being the slot here. Valid until the next start().
  virtual SpikeList finish() = 0;

  virtual ExchangeStatistics statistics() const = 0;
  virtual ExchangeBytes bytes() const = 0;
  /// In a word, for summaries: "local", "neighbours", "all-to-all", "nccl".
  virtual std::string_view name() const = 0;
};

enum class ExchangeKind {
  automatic,   ///< on one rank none is needed; else nccl where spikes are on devices that NCCL can serve; else mpi
  mpi,         ///< neighbours, or all_to_all where nearly all of many ranks talk to each other
  nccl,        ///< between GPUs, one for each rank
  neighbours,  ///< over MPI, one message to each rank that shares synapses
  all_to_all   ///< over MPI, one nonblocking collective with a fixed chunk per pair of ranks
};

/// Collective. `routing` is this rank's from build_routing over the same communicator; `spikes` is the memory in which this
/// rank's spikes are made. UsageError on all ranks where `kind` is nccl and NCCL cannot serve them, with the reason.
std::unique_ptr<SpikeExchange> make_exchange(const Communicator& comm, Routing routing,
                                             MemorySpace spikes = MemorySpace::host,
                                             ExchangeKind kind = ExchangeKind::automatic);

}  // namespace ranvier

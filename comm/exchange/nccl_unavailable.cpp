#include <stdexcept>

#include "comm/exchange/exchanges.hpp"

namespace ranvier {

std::string why_no_nccl(const Communicator&, MemorySpace) { return "NCCL is not part of this build"; }

std::unique_ptr<SpikeExchange> make_nccl_exchange(const Communicator&, const Routing&) {
  throw std::logic_error("NCCL is not part of this build");
}

}  // namespace ranvier

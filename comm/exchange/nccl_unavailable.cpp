#include "comm/exchange/exchanges.hpp"

namespace ranvier {

std::unique_ptr<SpikeExchange> make_nccl_exchange(const Communicator&, Routing&) { return nullptr; }

}  // namespace ranvier

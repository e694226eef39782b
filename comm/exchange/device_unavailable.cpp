#include <stdexcept>

#include "comm/exchange/exchanges.hpp"

namespace ranvier {

std::unique_ptr<SpikeExchange> make_local_device_exchange(const Routing&) {
  throw std::logic_error("this build has no exchange of spikes on devices");
}

}  // namespace ranvier

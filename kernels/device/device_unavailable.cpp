#include <stdexcept>

#include "kernels/device/device.hpp"
#include "kernels/engine/engine.hpp"

namespace ranvier {

bool has_device_code() { return false; }
void open_device(int, Registry&) { throw std::logic_error("this build has no code for a device"); }
void close_device() {}

bool has_device_backend() { return false; }
std::string device_backend() { throw std::logic_error("this build has no code for a device"); }

// The signature is that of builds with a device, which take the network over.
// NOLINTBEGIN(performance-unnecessary-value-param)
template <>
std::unique_ptr<Engine> make_device_engine(RankNetwork<double>, const Registry&) {
  throw std::logic_error("this build has no code for a device");
}
template <>
std::unique_ptr<Engine> make_device_engine(RankNetwork<float>, const Registry&) {
  throw std::logic_error("this build has no code for a device");
}
// NOLINTEND(performance-unnecessary-value-param)

}  // namespace ranvier

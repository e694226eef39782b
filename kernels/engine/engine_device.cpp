#include "kernels/engine/engine_impl.hpp"

namespace ranvier {

bool has_device_backend() { return has_device; }
std::string device_backend() { return DeviceExec::name(); }

template <class Real>
std::unique_ptr<Engine> make_device_engine(RankNetwork<Real> network, const Registry& models) {
  return std::make_unique<EngineOn<DeviceExec, Real>>(std::move(network), models);
}

template std::unique_ptr<Engine> make_device_engine(RankNetwork<double>, const Registry&);
template std::unique_ptr<Engine> make_device_engine(RankNetwork<float>, const Registry&);

}  // namespace ranvier

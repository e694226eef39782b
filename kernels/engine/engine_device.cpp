#include "kernels/engine/engine_impl.hpp"

namespace ranvier {

template <class Real>
std::unique_ptr<Engine> make_device_engine(RankNetwork<Real> network) {
  return std::make_unique<EngineOn<DeviceExec, Real>>(std::move(network));
}

template std::unique_ptr<Engine> make_device_engine(RankNetwork<double>);
template std::unique_ptr<Engine> make_device_engine(RankNetwork<float>);

}  // namespace ranvier

#include "kernels/engine/engine_impl.hpp"

namespace ranvier {

std::string host_backend() { return HostExec::name(); }

template <class Real>
std::unique_ptr<Engine> make_host_engine(RankNetwork<Real> network, const Registry& models) {
  return std::make_unique<EngineOn<HostExec, Real>>(std::move(network), models);
}

template std::unique_ptr<Engine> make_host_engine(RankNetwork<double>, const Registry&);
template std::unique_ptr<Engine> make_host_engine(RankNetwork<float>, const Registry&);

}  // namespace ranvier

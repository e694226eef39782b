#pragma once
#include <memory>

#include "kernels/engine/engine.hpp"

namespace ranvier {

/// In the device half.
template <class Real>
std::unique_ptr<Engine> make_engine_on_device(RankNetwork<Real> network, const Registry& models);

}  // namespace ranvier

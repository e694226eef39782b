#pragma once
#include "core/base/error.hpp"

namespace ranvier {

/// There is no device to be used, or no driver for one; `--device auto` then computes on the cpu.
struct NoDevice : RuntimeError {
  using RuntimeError::RuntimeError;
};

}  // namespace ranvier

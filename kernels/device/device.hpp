#pragma once
#include <string>

#include "kernels/device/no_device.hpp"

namespace ranvier {

class Registry;

/// Whether this build has code for a device (RANVIER_USE_CUDA).
bool has_device_code();

/// Loads the device half, takes the device of that number among those of the host (modulo their number) for this process, and
/// adds to the models what they bring for it. Throws NoDevice where there is none, RuntimeError where it cannot be used.
/// Once for each process; the models must not be used after close_device().
void open_device(int number, Registry& models);
/// To be called after the last engine is gone.
void close_device();

}  // namespace ranvier

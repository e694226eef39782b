#include "core/session/device_session.hpp"

#include <Kokkos_Core.hpp>

#include "core/base/error.hpp"
#include "kernels/device/device.hpp"
#include "kernels/engine/engine.hpp"

namespace ranvier {

DeviceSession::DeviceSession() {
  if (!Kokkos::is_initialized()) Kokkos::initialize();
}

DeviceSession::DeviceSession(Device wanted, Session& session, const Communicator& comm) : DeviceSession() {
  if (wanted == Device::gpu && !has_device_code())
    throw UsageError("--device gpu: this build has no GPU backend (Kokkos was built without CUDA); use --device cpu");
  if (wanted == Device::cpu || !has_device_code()) return;
  const int number = comm.on_node().rank().value;
  if (wanted == Device::gpu) {
    comm.together([&] {
      try {
        open_device(number, session.models());
      } catch (const RuntimeError& error) {
        throw RuntimeError(std::string("--device gpu: ") + error.what() + "; use --device cpu");
      }
    });
    return;
  }
  try {
    open_device(number, session.models());
  } catch (const NoDevice&) {
  } catch (const RuntimeError& error) {
    why_not_ = error.what();
  }
  // All ranks or none: they exchange spikes in one way.
  if (!comm.all(has_device_backend())) close_device();
}

DeviceSession::~DeviceSession() {
  close_device();
  if (Kokkos::is_initialized()) Kokkos::finalize();
}

}  // namespace ranvier

#include "core/session/device_session.hpp"

#include <algorithm>

#include "kernels/space/portable.hpp"

namespace ranvier {

DeviceSession::DeviceSession(int&, char**, int rank_on_node) {
  if (Kokkos::is_initialized()) return;
#if KOKKOS_VERSION >= 30700
  Kokkos::InitializationSettings settings;
#if KOKKOS_VERSION >= 40100
  if (has_device) settings.set_device_id(rank_on_node % std::max(1, Kokkos::num_devices()));
#else
  if (has_device) settings.set_map_device_id_by("mpi_rank");
#endif
#else
  Kokkos::InitArguments settings;
#endif
  (void)rank_on_node;
  Kokkos::initialize(settings);
}

DeviceSession::~DeviceSession() {
  if (Kokkos::is_initialized()) Kokkos::finalize();
}

}  // namespace ranvier

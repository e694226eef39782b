#pragma once

namespace ranvier {

/// Kokkos for the life of the object: to be made before the first simulation of the process, after MPI.
class DeviceSession {
 public:
  /// `rank_on_node` chooses among the devices of the host.
  DeviceSession(int& argc, char** argv, int rank_on_node);
  ~DeviceSession();
  DeviceSession(const DeviceSession&) = delete;
  DeviceSession& operator=(const DeviceSession&) = delete;
};

}  // namespace ranvier

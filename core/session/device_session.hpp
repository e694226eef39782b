#pragma once
#include <string>

#include "comm/mpi/communicator.hpp"
#include "core/session/session.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// What kernels run on, for the life of the object: Kokkos on the host's processors and, where that is wanted, a GPU. To be
/// made before the first simulation of the process, after MPI, and to be outlived by no engine.
class DeviceSession {
 public:
  /// The host's processors alone.
  DeviceSession();
  /// Collective. `gpu`: every rank takes a GPU of its host; UsageError where this build has no code for one, RuntimeError where a
  /// rank finds none that it can use. `automatic`: the same, but the host's processors where a rank finds none. The models get
  /// what they bring for the device.
  DeviceSession(Device wanted, Session& session, const Communicator& comm);
  ~DeviceSession();
  DeviceSession(const DeviceSession&) = delete;
  DeviceSession& operator=(const DeviceSession&) = delete;

  /// Why this rank could not use a GPU that it has; empty where it did, has none or was not to.
  const std::string& why_not() const { return why_not_; }

 private:
  std::string why_not_;
};

}  // namespace ranvier

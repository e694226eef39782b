#pragma once
#include <cstdint>
#include <string>
#include <type_traits>

#include "kernels/portable.hpp"

namespace ranvier {

/// Runs body(i) for all i < n on a space, in any order; returns at once where the space is a device.
///
/// A body goes to a device byte by byte, so it is made of pointers and numbers: the owners of the memory stay on the host.
/// A view inside would do harm: nvcc 13 lays out Kokkos 4.6's, which have members without addresses, otherwise
/// than the host's compiler. A trivially copyable type cannot hold one.
template <class Exec, class Body>
void launch(const std::string& label, std::size_t n, const Body& body) {
  static_assert(std::is_trivially_copyable_v<Body>, "a kernel's body holds pointers and numbers, no views");
  if (n == 0) return;
  // As an argument of the launch: from constant memory, where Kokkos puts larger bodies, one launch waits for another.
  const auto policy = Kokkos::Experimental::require(Kokkos::RangePolicy<Exec>(0, n),
                                                    Kokkos::Experimental::WorkItemProperty::HintLightWeight);
  Kokkos::parallel_for(label, policy, body);
}

}  // namespace ranvier

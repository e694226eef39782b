#pragma once
#include <type_traits>

#include "core/base/ids.hpp"
#include "kernels/math/math.hpp"
#include "kernels/space/portable.hpp"

/// States that only decay become subnormal numbers in the end, with which x86 processors compute some ten times slower than
/// with others. Their modes that take such numbers for 0 are not everybody's, so that results would depend on the
/// processor. Here, in every so many steps, states that are too small to matter become 0: on every processor, and
/// whatever the launches and intervals that the steps are computed in.
namespace ranvier {

/// The states settle in the steps that are multiples of this.
inline constexpr Step settling_steps = 32;

/// x, or 0 where its absolute value is below 2^-500 (2^-76 in single precision): so far above the subnormal numbers that what
/// decays cannot reach them between two such steps, unless its time constant is below a tenth of a step (below one step in
/// single); then it is 0 soon by itself.
template <class Real>
RANVIER_INLINE Real settled(Real x) {
  constexpr Real least = std::is_same_v<Real, double> ? Real(0x1p-500) : Real(0x1p-76);
  return math::absolute(x) < least ? Real(0) : x;
}

/// All states of a population and of what is attached to it.
template <class Exec, class Real>
class SettleStates {
 public:
  /// What a kernel needs: one pointer for each state.
  struct Lanes {
    Real* const* states;
    std::uint32_t count;
    RANVIER_INLINE void lane(std::size_t i) const {
      for (std::uint32_t k = 0; k < count; ++k) states[k][i] = settled(states[k][i]);
    }
  };

  SettleStates() = default;
  template <class States>
  explicit SettleStates(const States& states) {
    std::vector<Real*> pointers;
    pointers.reserve(states.size());
    for (const auto& state : states) pointers.push_back(state.values.data());
    pointers_ = StructArray<Exec, Real*>(pointers);
  }

  Lanes lanes() const { return {pointers_.data(), pointers_.size()}; }

  /// Host spaces only: lanes [begin, end).
  void run(std::size_t begin, std::size_t end) const {
    for (std::uint32_t k = 0; k < pointers_.size(); ++k) {
      Real* const state = pointers_.data()[k];
      RANVIER_SIMD
      for (std::size_t i = begin; i < end; ++i) state[i] = settled(state[i]);
    }
  }

 private:
  StructArray<Exec, Real*> pointers_;
};

}  // namespace ranvier

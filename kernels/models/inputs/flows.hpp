#pragma once
#include <limits>

#include "core/catalogue/catalogue.hpp"
#include "kernels/math/math.hpp"
#include "kernels/populations/neuron_kernel.hpp"
#include "kernels/random/random.hpp"

/// What inputs that act on the membrane itself have in common: where they add to its drive, when, and the draws of those that
/// are noise.
namespace ranvier {

/// A current into lane i.
template <class Real>
struct AsCurrent {
  Real* J;

  RANVIER_INLINE void add(std::size_t i, Real I) const { J[i] += I; }
};

/// A conductance of lane i, with its reversal potential.
template <class Real>
struct AsConductance {
  Real* G;
  Real* J;
  Real E_rev;

  RANVIER_INLINE void add(std::size_t i, Real g) const {
    G[i] += g;
    J[i] += g * E_rev;
  }
};

/// The number `draw` of neuron `index`: N(0, 1). A block of four words serves two draws.
template <class Real>
RANVIER_INLINE Real normal_draw(Key key, std::uint64_t index, std::uint64_t draw) {
  const Words words = philox(key, index, draw / 2);
  const bool odd = (draw & 1) != 0;
  return math::normal_quantile(uniform<Real>(odd ? words.w[2] : words.w[0], odd ? words.w[3] : words.w[1]));
}

/// Common fields of inputs that last for a time.
inline void add_window_fields(ModelInfo& m) {
  m.constraints.push_back({"start", "stop", false});
  m.fields.push_back(
      {"start", unit::ms, 0.0, range::non_negative, Role::parameter, "acts after this time", Form::constant});
  m.fields.push_back({"stop", unit::ms, std::numeric_limits<double>::infinity(), range::non_negative, Role::parameter,
                      "acts up to this time", Form::constant});
}

/// One number of an input.
inline FieldInfo input_number(const char* name, Unit unit, Range range, const char* doc) {
  return {name, unit, 0.0, range, Role::parameter, doc, Form::constant};
}
inline FieldInfo required_number(const char* name, Unit unit, Range range, const char* doc) {
  return {name, unit, 0.0, range, Role::parameter, doc, Form::constant, true};
}

}  // namespace ranvier

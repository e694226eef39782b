#pragma once
#include <concepts>
#include <cstdint>

#include "core/catalogue/catalogue.hpp"
#include "kernels/model/fields.hpp"

/// What a model is. A model is one struct template over the floating-point type, with four plain structs inside:
///   Parameters  what the user sets, in double and default units
///   Constants   what the step needs, derived from the parameters and dt on the host
///   State       what changes
/// each listing its members in a constexpr function `fields()`, and pure functions over them. A neuron is also told
/// what its receptors do in a step (its Drive); it never sees them.
namespace ranvier {

/// What arrives at a neuron is summed in integers of the width of the floating-point type: the order does not matter.
template <class Real>
struct AccumulatorOf;
template <>
struct AccumulatorOf<double> {
  using type = std::int64_t;
};
template <>
struct AccumulatorOf<float> {
  using type = std::int32_t;
};
template <class Real>
using Accumulator = typename AccumulatorOf<Real>::type;

/// What a neuron's step returns, in place of the number of spikes, where its state is no finite number.
inline constexpr int not_finite = -1;

/// Which receptors of a neuron are conductances.
enum class Conductance { none, some, all };

/// What receptors do to the membrane in one step: a current J - G V (pA, nS), their mean over the step, and a jump of
/// the potential (mV) by what arrives at its end. The type says what can be other than zero, so that
/// a membrane need not compute with zeros.
template <class Real, Conductance Kind = Conductance::some, bool HasJump = true>
struct Drive {
  static constexpr Conductance conductance = Kind;
  static constexpr bool has_conductance = Kind != Conductance::none;
  static constexpr bool has_jump = HasJump;
  Real G{0}, J{0}, jump{0};
};

/// Where no receptor is a conductance the membrane may use constants instead of an exponential.
template <class Real>
using CurrentDrive = Drive<Real, Conductance::none>;

/// A drive that nothing has been added to yet: the first receptor's addition is an assignment.
template <class D>
struct EmptyDrive {
  static constexpr Conductance conductance = D::conductance;
  static constexpr bool has_conductance = D::has_conductance;
  using Real = decltype(D::G);
  struct Term {
    Real& value;
    RANVIER_INLINE void operator+=(Real first) const { value = first; }
  };
  Term G, J, jump;
  RANVIER_INLINE explicit EmptyDrive(D& drive) : G{drive.G}, J{drive.J}, jump{drive.jump} {}
};

/// Drive of a model with receptors of its own: an external current and what arrived at each of its ports.
template <class Real, int Ports>
struct PortDrive {
  static constexpr bool has_conductance = false;
  Real J{0};
  Real arrived[Ports] = {};
};

/// Steps that a neuron is refractory for after a spike.
inline double refractory_steps(double t_ref, double dt) { return std::floor(t_ref / dt + 0.5); }

template <class M>
concept HasStructs = requires(const typename M::Parameters& p, double dt) {
  { M::info() } -> std::same_as<ModelInfo>;
  { M::derive(p, dt) } -> std::same_as<typename M::Constants>;
  { M::initial(p) } -> std::same_as<typename M::State>;
  M::Parameters::fields();
  M::Constants::fields();
  M::State::fields();
};

/// A model whose step takes settings of its population besides, the same for all neurons: the method of integration.
template <class M>
concept HasSettings = requires {
  typename M::Settings;
};

namespace detail {
struct NoSettings {};
template <class M>
struct Settings {
  using type = NoSettings;
};
template <HasSettings M>
struct Settings<M> {
  using type = typename M::Settings;
};
}  // namespace detail

template <class M>
using SettingsOf = typename detail::Settings<M>::type;

/// A neuron whose receptors are listed in the config. `step` goes from the start to the end of a step and says whether
/// the neuron spiked at the end. (The concepts are over Lif<double>, not Lif: nvcc 13 cannot use the latter in a body.)
template <class M>
concept ComposedNeuron = HasStructs<M> && requires(typename M::State& s, const typename M::Constants& c) {
  { M::step(s, c, Drive<double>{}) } -> std::same_as<bool>;
  { M::step(s, c, CurrentDrive<double>{}) } -> std::same_as<bool>;
};

/// A neuron integrated exactly together with receptors of its own, one port each. `step` says how many spikes it emits.
template <class M>
concept OwnPortsNeuron = HasStructs<M> && requires(typename M::State& s, const typename M::Constants& c) {
  requires M::ports >
  0;
  { M::step(s, c, PortDrive<double, M::ports>{}) } -> std::integral;
};

/// An OwnPortsNeuron that emits a spike for each that arrives, so that several leave it in one step.
template <class M>
concept RepeatsArrivals = requires {
  M::repeats_arrivals;
};

/// A receptor whose step is told the membrane potential at the start of the step besides.
template <class M>
concept NeedsVoltage = requires {
  M::needs_voltage;
};

/// A receptor at which a signal arrives in place of spikes: a sum over neurons of one of their states.
template <class M>
concept TakesSignal = requires {
  M::takes_signal;
};

namespace detail {
template <class M>
concept StepsAlone = requires(typename M::State& s, const typename M::Constants& c, Drive<double>& d,
                              CurrentDrive<double>& j) {
  M::step(s, c, 1.0, d);
  M::step(s, c, 1.0, j);
};
template <class M>
concept StepsWithVoltage = NeedsVoltage<M> &&
    requires(typename M::State& s, const typename M::Constants& c, Drive<double>& d, CurrentDrive<double>& j) {
  M::step(s, c, 1.0, 1.0, d);
  M::step(s, c, 1.0, 1.0, j);
};
}  // namespace detail

/// A receptor adds what its state does over the step to the drive, then advances the state and adds what arrived at
/// the end of the step: step(s, c, arrived, drive), or step(s, c, arrived, V_m, drive) where it needs the voltage. The
/// presence of `E_rev` in the config makes it a conductance; where the model has a default for it, always.
template <class M>
concept Receptor = requires(const typename M::Parameters& p) {
  { M::info() } -> std::same_as<ModelInfo>;
  { M::derive(p, 0.1) } -> std::same_as<typename M::Constants>;
}
&&(detail::StepsAlone<M> || detail::StepsWithVoltage<M>);

/// The catalogue entry of a model: its words and the fields of its structs.
template <template <class> class M>
ModelInfo model_info(ModelKind kind) {
  ModelInfo info = M<double>::info();
  info.kind = kind;
  append_field_infos<typename M<double>::Parameters>(info.fields);
  append_field_infos<typename M<double>::State>(info.fields);
  return info;
}

}  // namespace ranvier

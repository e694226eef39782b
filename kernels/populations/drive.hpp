#pragma once
#include "kernels/populations/machine.hpp"
#include "kernels/populations/storage.hpp"

/// Where a neuron's drive comes from. Each source has `gather(tile, i, slot)`: the drive of lane i in the step whose
/// arrivals are in `slot`, with everything that was consumed cleared for the next use of the slot.
namespace ranvier {

/// Reads and clears what arrived at one port of lane i, in the unit of the weight.
template <class Real>
struct Arrivals {
  Accumulator<Real>* ring;
  Real inverse_scale;
  std::uint32_t receptor;

  RANVIER_INLINE Real take(const Tile& t, std::size_t i, std::uint32_t slot) const {
    Accumulator<Real>* at = ring + t.port_at(slot, receptor, t.first) + (i - t.first);
    const Real arrived = static_cast<Real>(*at) * inverse_scale;
    *at = 0;
    return arrived;
  }
};

/// Own ports of an exactly integrated neuron, and an external current where there is one.
template <class Real, int Ports, bool HasCurrent>
struct PortSource {
  Arrivals<Real> ports[Ports];
  Real* current;

  RANVIER_INLINE PortDrive<Real, Ports> gather(const Tile& t, std::size_t i, std::uint32_t slot) const {
    PortDrive<Real, Ports> drive;
    for (int r = 0; r < Ports; ++r) drive.arrived[r] = ports[r].take(t, i, slot);
    if constexpr (HasCurrent) {
      drive.J = current[i];
      current[i] = Real(0);
    }
    return drive;
  }
};

/// K receptors of one model, with the same constants for all neurons, evaluated together with the membrane: the drive
/// never leaves the registers.
template <class Real, template <class> class Model, int K, Conductance Kind, bool HasCurrent>
struct StackSource {
  using State = typename Model<Real>::State;
  using StackDrive = Drive < Real, Kind, requires { Model<Real>::jumps; }
  > ;
  Arrivals<Real> ports[K];
  typename Model<Real>::Constants constants[K];
  Real* states[K];
  std::uint32_t stride;
  Real* current;

  RANVIER_INLINE StackDrive gather(const Tile& t, std::size_t i, std::uint32_t slot) const {
    StackDrive drive;
    if constexpr (HasCurrent) {
      drive.J = current[i];
      current[i] = Real(0);
      evaluate(0, t, i, slot, drive);
    } else {
      EmptyDrive<StackDrive> empty(drive);
      evaluate(0, t, i, slot, empty);
    }
    for (int k = 1; k < K; ++k) evaluate(k, t, i, slot, drive);
    return drive;
  }

 private:
  template <class D>
  RANVIER_INLINE void evaluate(int k, const Tile& t, std::size_t i, std::uint32_t slot, D& drive) const {
    State s = load<State>(states[k] + i, stride);
    Model<Real>::step(s, constants[k], ports[k].take(t, i, slot), drive);
    store(s, states[k] + i, stride);
  }
};

/// Arrays over the lanes of a population to which receptors of any model add, and the membrane potential at the start of
/// the step (null where the membrane has none).
template <class Real>
struct Scratch {
  Real* G;
  Real* J;
  Real* jump;
  const Real* V_m;
};

/// What those arrays hold once all receptors have added to them.
template <class Real, Conductance Kind>
struct ScratchSource {
  Scratch<Real> from;

  RANVIER_INLINE Drive<Real, Kind> gather(const Tile&, std::size_t i, std::uint32_t) const {
    Drive<Real, Kind> drive;
    drive.J = from.J[i];
    drive.jump = from.jump[i];
    from.J[i] = Real(0);
    from.jump[i] = Real(0);
    if constexpr (Kind != Conductance::none) {
      drive.G = from.G[i];
      from.G[i] = Real(0);
    }
    return drive;
  }
};

/// In place of Arrivals: what a signal brings to all neurons of a population at the end of the step.
template <class Real>
struct Broadcast {
  Real value;
  RANVIER_INLINE Real take(const Tile&, std::size_t, std::uint32_t) const { return value; }
};

/// The work of one receptor of any model: adding to those arrays.
template <class Real, template <class> class Model, class ConstantReader, class Port>
struct AddReceptor {
  using State = typename Model<Real>::State;
  Port port;
  ConstantReader constants;
  Real* states;
  std::uint32_t stride;
  Scratch<Real> to;

  /// The same with another reader of the constants.
  template <class Reader>
  RANVIER_INLINE AddReceptor<Real, Model, Reader, Port> with(const Reader& reader) const {
    return {port, reader, states, stride, to};
  }

  RANVIER_INLINE void lane(const Tile& t, std::size_t i, std::uint32_t slot, Step) const {
    Drive<Real> drive{to.G[i], to.J[i], to.jump[i]};
    State s = load<State>(states + i, stride);
    if constexpr (NeedsVoltage<Model<Real>>)
      Model<Real>::step(s, constants.at(i), port.take(t, i, slot), to.V_m[i], drive);
    else
      Model<Real>::step(s, constants.at(i), port.take(t, i, slot), drive);
    store(s, states + i, stride);
    to.G[i] = drive.G;
    to.J[i] = drive.J;
    to.jump[i] = drive.jump;
  }
};

}  // namespace ranvier

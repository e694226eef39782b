#pragma once
#include <algorithm>

#include "kernels/model/fields.hpp"
#include "kernels/populations/constants.hpp"
#include "kernels/populations/population.hpp"

/// A model's numbers in memory: states as structures of arrays, constants as one struct or as rows (constants.hpp).
namespace ranvier {

/// The value of a parameter for neuron `i`: the config's, or the model's default.
inline double value_or(const Columns& columns, const std::string& name, std::size_t i, double otherwise) {
  const auto it = columns.find(name);
  return it == columns.end() ? otherwise : it->second.at(i);
}

template <class Parameters>
Parameters parameters_of(const Columns& columns, std::size_t i) {
  Parameters p{};
  for_each_field<Parameters>(
      [&](std::size_t, const auto& f) { p.*f.member = value_or(columns, f.name, i, f.default_value); });
  return p;
}

template <class Parameters>
bool all_uniform(const Columns& columns) {
  bool uniform = true;
  for_each_field<Parameters>([&](std::size_t, const auto& f) {
    const auto it = columns.find(f.name);
    uniform = uniform && (it == columns.end() || it->second.uniform());
  });
  return uniform;
}

/// Structure of arrays: field k of element i is data()[k * stride() + i]. Fields, and stores of one population (by
/// `stagger`), begin at different cache lines of a page: where they begin at the same one, loads are taken to depend on
/// stores to other arrays and sets of the first-level cache overflow, which costs up to half of the speed.
template <class Exec, class Real, class Struct>
class FieldStore {
 public:
  FieldStore() = default;
  /// `make(i)` gives element i; elements past `count` repeat the last one, so that padding computes ordinary numbers.
  template <class Make>
  FieldStore(const std::string& label, std::uint32_t count, std::uint32_t padded, std::uint32_t stagger, Make&& make)
      : padded_(padded), stride_(padded + 3 * line), lead_((stagger % 8) * 8 * line) {
    HostArray<Real> host(label, lead_ + std::size_t{stride_} * field_count<Struct>);
    for (std::size_t i = 0; i < padded; ++i) {
      const Struct s = make(static_cast<std::uint32_t>(std::min<std::size_t>(i, count - 1)));
      for_each_field_value(s, [&](std::size_t k, Real value) { host(lead_ + k * stride_ + i) = value; });
    }
    data_ = to_space<Exec>(host);
  }

  Real* data() const { return data_.data() + lead_; }
  std::uint32_t stride() const { return stride_; }
  std::size_t bytes() const { return data_.span() * sizeof(Real); }
  Array<Real, Exec> field(std::size_t k) const {
    const std::size_t first = lead_ + k * stride_;
    return Kokkos::subview(data_, std::pair<std::size_t, std::size_t>(first, first + padded_));
  }

 private:
  template <class F>
  static void for_each_field_value(const Struct& s, F&& f) {
    for_each_field<Struct>([&](std::size_t k, const auto& field) { f(k, s.*field.member); });
  }

  static constexpr std::uint32_t line = 64 / sizeof(Real);

  Array<Real, Exec> data_;
  std::uint32_t padded_ = 0, stride_ = 0, lead_ = 0;
};

/// The state arrays of a store under the names of the config.
template <class Exec, class Real, class State>
void append_states(const FieldStore<Exec, Real, State>& store, const std::string& prefix,
                   std::vector<StateArray<Exec, Real>>& out) {
  for_each_field<State>([&](std::size_t k, const auto& f) { out.push_back({prefix + f.name, store.field(k)}); });
}

/// The initial state of each neuron: the model's, with what the config sets under `init`.
template <class Exec, class Real, template <class> class Model>
FieldStore<Exec, Real, typename Model<Real>::State> initial_states(const PopulationPlan& plan, std::uint32_t stagger,
                                                                   const Columns& parameters,
                                                                   const std::string& prefix) {
  using M = Model<Real>;
  return {"ranvier::state", plan.layout.count, plan.layout.padded(), stagger, [&](std::size_t i) {
            auto s = M::initial(parameters_of<typename M::Parameters>(parameters, i));
            for_each_field<typename M::State>([&](std::size_t, const auto& f) {
              s.*f.member = Real(value_or(plan.initial, prefix + f.name, i, double(s.*f.member)));
            });
            return s;
          }};
}

/// Derives the constants on the host and keeps them for the kernels of a population.
template <class Exec, class Real, template <class> class Model>
class ConstantStore {
 public:
  using Constants = typename Model<Real>::Constants;
  using Parameters = typename Model<Real>::Parameters;

  /// `as_arrays`: arrays even where all neurons have the same.
  ConstantStore(const PopulationPlan& plan, const Columns& parameters, double dt, bool as_arrays = false)
      : uniform_(!as_arrays && all_uniform<Parameters>(parameters)),
        value_(Model<Real>::derive(parameters_of<Parameters>(parameters, 0), dt)) {
    if (!uniform_)
      rows_ = {plan.layout.count, plan.layout.padded(),
               [&](std::size_t i) { return Model<Real>::derive(parameters_of<Parameters>(parameters, i), dt); }};
  }

  /// Calls f with the reader that fits: UniformConstants or ArrayConstants.
  template <class F>
  auto visit(F&& f) const {
    if (uniform_) return f(UniformConstants<Constants>{value_});
    return f(arrays());
  }

  /// The reader of arrays, where there are arrays.
  const ArrayConstants<Constants, Real>& arrays() const { return rows_.reader(); }

  std::size_t bytes() const { return rows_.bytes(); }

 private:
  bool uniform_;
  Constants value_;
  ConstantRows<Exec, Real, Constants> rows_;
};

}  // namespace ranvier

#pragma once
#include <cstdint>
#include <span>

#include "core/base/value.hpp"
#include "kernels/random/random.hpp"

namespace ranvier {

/// Draws of one distribution, each a pure function of (key, index, j): a parameter of neuron `index`, or the weight or
/// delay of its synapse j. Built on kernels/math/math.hpp only, so every machine draws the same bits. A draw outside of the
/// distribution's `min` and `max` is made again under the next attempt number.
class Sampler {
 public:
  /// Throws RuntimeError where the parameters make no distribution (negative standard deviation, min above max...).
  Sampler(const Distribution& distribution, Key key);

  /// In the default unit of the field. Throws RuntimeError where `min` and `max` exclude (all but) every draw.
  double operator()(std::uint64_t index, std::uint64_t j = 0) const;

  /// values[i] = (*this)(index, first_j + i), several times faster; first_j even, all j below 2^33.
  void fill(std::uint64_t index, std::span<double> values, std::uint64_t first_j = 0) const;

  /// values[i] = (*this)(first_index + i), for one value per neuron.
  void fill_indices(std::uint64_t first_index, std::span<double> values) const;

  /// No draw is outside of these (infinite where the distribution is unbounded).
  double lower() const { return lower_; }
  double upper() const { return upper_; }

 private:
  double attempt(std::uint64_t index, std::uint64_t j, std::uint64_t attempt) const;
  double redraw(std::uint64_t index, std::uint64_t j) const;
  double gamma(std::uint64_t index, std::uint64_t j, std::uint64_t attempt) const;
  void check() const;

  Distribution d_;
  Key key_;
  double lower_, upper_;
};

}  // namespace ranvier

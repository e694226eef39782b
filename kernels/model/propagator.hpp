#pragma once
#include <array>
#include <cmath>
#include <cstddef>

/// Exact steps of linear systems, on the host.
namespace ranvier {

template <std::size_t N>
using Matrix = std::array<std::array<double, N>, N>;

template <std::size_t N>
Matrix<N> product(const Matrix<N>& a, const Matrix<N>& b) {
  Matrix<N> c{};
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t k = 0; k < N; ++k)
      for (std::size_t j = 0; j < N; ++j) c[i][j] += a[i][k] * b[k][j];
  return c;
}

/// exp(a t): what takes x' = a x over t. A Taylor series of a t / 2^s, then s squarings, with s such that the series needs
/// few terms; every operation is rounded once, so that the result is the same on every processor.
template <std::size_t N>
Matrix<N> exponential(const Matrix<N>& a, double t) {
  double norm = 0.0;
  for (const auto& row : a) {
    double sum = 0.0;
    for (const double x : row) sum += std::abs(x * t);
    norm = sum > norm ? sum : norm;
  }
  int squarings = 0;
  for (; norm > 0.5 && squarings < 1000; norm *= 0.5) ++squarings;
  const double step = std::ldexp(t, -squarings);
  Matrix<N> scaled = a, term{}, sum{};
  for (auto& row : scaled)
    for (double& x : row) x *= step;
  for (std::size_t i = 0; i < N; ++i) term[i][i] = sum[i][i] = 1.0;
  constexpr int terms = 18;  // 0.5^18 / 18! < 1e-21
  for (int k = 1; k <= terms; ++k) {
    term = product(term, scaled);
    for (std::size_t i = 0; i < N; ++i)
      for (std::size_t j = 0; j < N; ++j) {
        term[i][j] /= k;
        sum[i][j] += term[i][j];
      }
  }
  for (int k = 0; k < squarings; ++k) sum = product(sum, sum);
  return sum;
}

}  // namespace ranvier

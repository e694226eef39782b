#include "core/connectivity/distributions.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "core/base/error.hpp"
#include "kernels/math/math.hpp"

namespace ranvier {
namespace {

using Kind = Distribution::Kind;

/// Draws j and j + 1 (j even) share the four words of one call; attempts are told apart by the upper counter bits.
constexpr std::uint64_t counter_of(std::uint64_t j, std::uint64_t attempt) { return (attempt << 32) | (j >> 1); }
constexpr std::uint64_t max_attempts = 10'000'000;
constexpr std::uint32_t lanes = 16;

/// The distributions that are a function of one uniform number; forced inline, or loops over lanes do not vectorise.
struct Normal {
  RANVIER_INLINE double operator()(const Distribution& d, double u) const {
    return d.a + d.b * math::normal_quantile(u);
  }
};
struct Lognormal {
  RANVIER_INLINE double operator()(const Distribution& d, double u) const {
    return math::exp(Normal{}(d, u)) * d.unit_factor;
  }
};
struct Uniform {
  RANVIER_INLINE double operator()(const Distribution& d, double u) const { return d.a + (d.b - d.a) * u; }
};
struct Exponential {
  RANVIER_INLINE double operator()(const Distribution& d, double u) const { return -d.a * math::log(u); }
};

/// Calls `f` with the function that makes this kind of one uniform number; not for gamma, which has none.
template <class F>
void with_transform(Kind kind, F f) {
  switch (kind) {
    case Kind::normal:
    case Kind::truncated_normal: return f(Normal{});
    case Kind::lognormal: return f(Lognormal{});
    case Kind::uniform: return f(Uniform{});
    case Kind::exponential: return f(Exponential{});
    case Kind::gamma: return;
  }
}

/// A loop of its own: in one with philox, GCC 12 turns the selects of the normal quantile into branches.
template <class Transform>
void transform_chunk(const Distribution& distribution, Transform transform, double (&u)[2 * lanes],
                     std::span<double> values) {
  const Distribution d = distribution;
#pragma omp simd
  for (std::uint32_t i = 0; i < 2 * lanes; ++i) u[i] = transform(d, u[i]);
  std::copy_n(u, values.size(), values.begin());
}

double support_lower(const Distribution& d) {
  switch (d.kind) {
    case Kind::normal:
    case Kind::truncated_normal: return d.b == 0.0 ? d.a : -std::numeric_limits<double>::infinity();
    case Kind::uniform: return d.a;
    default: return 0.0;
  }
}

double support_upper(const Distribution& d) {
  if (d.kind == Kind::uniform) return d.b;
  const bool normal = d.kind == Kind::normal || d.kind == Kind::truncated_normal;
  return normal && d.b == 0.0 ? d.a : std::numeric_limits<double>::infinity();
}

}  // namespace

Sampler::Sampler(const Distribution& distribution, Key key)
    : d_(distribution),
      key_(key),
      lower_(std::max(support_lower(d_), d_.min.value_or(-std::numeric_limits<double>::infinity()))),
      upper_(std::min(support_upper(d_), d_.max.value_or(std::numeric_limits<double>::infinity()))) {
  check();
}

void Sampler::check() const {
  const bool spread = d_.kind == Kind::normal || d_.kind == Kind::truncated_normal || d_.kind == Kind::lognormal;
  if (spread && !(d_.b >= 0.0)) throw RuntimeError("a standard deviation must not be negative; correct `std`");
  if (d_.kind == Kind::uniform && !(d_.a <= d_.b))
    throw RuntimeError("the lower end of a uniform distribution is above its upper end; exchange them");
  if (d_.kind == Kind::exponential && !(d_.a >= 0.0))
    throw RuntimeError("the mean of an exponential distribution must not be negative; correct `mean`");
  if (d_.kind == Kind::gamma && !(d_.a > 0.0 && d_.b >= 0.0))
    throw RuntimeError("a gamma distribution needs shape > 0 and scale >= 0; correct them");
  if (!(lower_ <= upper_)) throw RuntimeError("a distribution has no values between its min and max; widen them");
}

double Sampler::operator()(std::uint64_t index, std::uint64_t j) const {
  const double x = attempt(index, j, 0);
  return x >= lower_ && x <= upper_ ? x : redraw(index, j);
}

double Sampler::redraw(std::uint64_t index, std::uint64_t j) const {
  for (std::uint64_t n = 1; n < max_attempts; ++n) {
    const double x = attempt(index, j, n);
    if (x >= lower_ && x <= upper_) return x;
  }
  throw RuntimeError("10 million draws of a distribution all fell outside of its min " + std::to_string(lower_) +
                     " and max " + std::to_string(upper_) + "; widen them, or move the distribution");
}

double Sampler::attempt(std::uint64_t index, std::uint64_t j, std::uint64_t attempt) const {
  if (d_.kind == Kind::gamma) return gamma(index, j, attempt);
  const Words w = philox(key_, index, counter_of(j, attempt));
  const double u = (j & 1) ? uniform53(w.w[2], w.w[3]) : uniform53(w.w[0], w.w[1]);
  double x = 0.0;
  with_transform(d_.kind, [&](auto transform) { x = transform(d_, u); });
  return x;
}

/// Marsaglia and Tsang (2000) A simple method for generating gamma variables, ACM TOMS 26; shapes below 1 by
/// gamma(a) = gamma(a + 1) U^(1/a). The tries within one draw need a stream of their own per j.
double Sampler::gamma(std::uint64_t index, std::uint64_t j, std::uint64_t attempt) const {
  Stream random(key_, index, (attempt << 40) | (j << 8));
  const double shape = d_.a < 1.0 ? d_.a + 1.0 : d_.a;
  const double boost = d_.a < 1.0 ? math::pow(random.uniform(), 1.0 / d_.a) : 1.0;
  const double d = shape - 1.0 / 3.0, c = 1.0 / (3.0 * math::sqrt(d));
  for (;;) {
    const double x = math::normal_quantile(random.uniform()), u = random.uniform();
    const double root = 1.0 + c * x;
    if (root <= 0.0) continue;
    const double v = root * root * root;
    if (math::log(u) < 0.5 * x * x + d * (1.0 - v + math::log(v))) return d * v * boost * d_.b;
  }
}

void Sampler::fill(std::uint64_t index, std::span<double> values, std::uint64_t first_j) const {
  if (d_.kind == Kind::gamma) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = (*this)(index, first_j + i);
    return;
  }
  with_transform(d_.kind, [&, d = d_, key = key_](auto transform) {
    double u[2 * lanes];
    for (std::size_t begin = 0; begin < values.size(); begin += 2 * lanes) {
      const std::uint64_t counter = counter_of(first_j + begin, 0);
#pragma omp simd
      for (std::uint32_t i = 0; i < lanes; ++i) {
        const Words w = philox(key, index, counter + i);
        u[2 * i] = uniform53(w.w[0], w.w[1]);
        u[2 * i + 1] = uniform53(w.w[2], w.w[3]);
      }
      transform_chunk(d, transform, u, values.subspan(begin, std::min<std::size_t>(2 * lanes, values.size() - begin)));
    }
  });
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!(values[i] >= lower_ && values[i] <= upper_)) values[i] = redraw(index, first_j + i);
}

void Sampler::fill_indices(std::uint64_t first_index, std::span<double> values) const {
  if (d_.kind == Kind::gamma) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = (*this)(first_index + i);
    return;
  }
  with_transform(d_.kind, [&, d = d_, key = key_](auto transform) {
    double u[2 * lanes];
    for (std::size_t begin = 0; begin < values.size(); begin += 2 * lanes) {
      const std::uint64_t first = first_index + begin;
#pragma omp simd
      for (std::uint32_t i = 0; i < 2 * lanes; ++i) {
        const Words w = philox(key, first + i, 0);
        u[i] = uniform53(w.w[0], w.w[1]);
      }
      transform_chunk(d, transform, u, values.subspan(begin, std::min<std::size_t>(2 * lanes, values.size() - begin)));
    }
  });
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!(values[i] >= lower_ && values[i] <= upper_)) values[i] = redraw(first_index + i, 0);
}

}  // namespace ranvier

#pragma once
#include "kernels/math/logarithm.hpp"

namespace ranvier::math {
namespace detail {

RANVIER_INLINE double square_root(double x) {
#if defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__)
  return ::sqrt(x);
#else
  return __builtin_sqrt(x);
#endif
}
RANVIER_INLINE float square_root(float x) {
#if defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__)
  return ::sqrtf(x);
#else
  return __builtin_sqrtf(x);
#endif
}

/// One coefficient of the three regions of Wichura's approximations.
template <class Real>
struct Region {
  bool central, middle;
  RANVIER_INLINE Real operator()(Real c, Real m, Real t) const { return central ? c : (middle ? m : t); }
};

}  // namespace detail

/// Square root, correctly rounded.
template <class Real>
RANVIER_INLINE Real sqrt(Real x) {
  return detail::square_root(x);
}

/// Quantile of the standard normal distribution for p in (0, 1); -infinity at 0, infinity at 1.
/// Wichura (1988) Algorithm AS 241, Applied Statistics 37, 477-484: PPND16, relative error 1e-16 before rounding,
/// within 6 ulp after; all regions share one evaluation, with selected coefficients.
RANVIER_INLINE double normal_quantile(double p) {
  const double q = p - 0.5;
  const double tail = q < 0.0 ? p : 1.0 - p;
  const bool central = detail::absolute(q) <= 0.425;
  const double root = sqrt(-log(tail));
  const detail::Region<double> pick{central, root <= 5.0};
  const double r = central ? 0.180625 - q * q : root - (root <= 5.0 ? 1.6 : 5.0);
  const double numerator =
      detail::polynomial(r, pick(3.3871328727963666080, 1.42343711074968357734, 6.65790464350110377720),
                         pick(1.3314166789178437745e2, 4.63033784615654529590, 5.46378491116411436990),
                         pick(1.9715909503065514427e3, 5.76949722146069140550, 1.78482653991729133580),
                         pick(1.3731693765509461125e4, 3.64784832476320460504, 2.96560571828504891230e-1),
                         pick(4.5921953931549871457e4, 1.27045825245236838258, 2.65321895265761230930e-2),
                         pick(6.7265770927008700853e4, 2.41780725177450611770e-1, 1.24266094738807843860e-3),
                         pick(3.3430575583588128105e4, 2.27238449892691845833e-2, 2.71155556874348757815e-5),
                         pick(2.5090809287301226727e3, 7.74545014278341407640e-4, 2.01033439929228813265e-7));
  const double denominator =
      detail::polynomial(r, 1.0, pick(4.2313330701600911252e1, 2.05319162663775882187, 5.99832206555887937690e-1),
                         pick(6.8718700749205790830e2, 1.67638483018380384940, 1.36929880922735805310e-1),
                         pick(5.3941960214247511077e3, 6.89767334985100004550e-1, 1.48753612908506148525e-2),
                         pick(2.1213794301586595867e4, 1.48103976427480074590e-1, 7.86869131145613259100e-4),
                         pick(3.9307895800092710610e4, 1.51986665636164571966e-2, 1.84631831751005468180e-5),
                         pick(2.8729085735721942674e4, 5.47593808499534494600e-4, 1.42151175831644588870e-7),
                         pick(5.2264952788528545610e3, 1.05075007164441684324e-9, 2.04426310338993978564e-15));
  const double y = numerator / denominator;
  const double finite = central ? q * y : (q < 0.0 ? -y : y);
  return tail == 0.0 ? (q < 0.0 ? -detail::infinity<double>() : detail::infinity<double>()) : finite;
}

/// PPND7 of the same paper, in single precision throughout: within 6 ulp.
RANVIER_INLINE float normal_quantile(float p) {
  const float q = p - 0.5f;
  const float tail = q < 0.0f ? p : 1.0f - p;
  const bool central = detail::absolute(q) <= 0.425f;
  const float root = sqrt(-log(tail));
  const detail::Region<float> pick{central, root <= 5.0f};
  const float r = central ? 0.180625f - q * q : root - (root <= 5.0f ? 1.6f : 5.0f);
  const float numerator = detail::polynomial(r, pick(3.3871327179f, 1.4234372777f, 6.6579051150f),
                                             pick(5.0434271938e1f, 2.7568153900f, 3.0812263860f),
                                             pick(1.5929113202e2f, 1.3067284816f, 4.2868294337e-1f),
                                             pick(5.9109374720e1f, 1.7023821103e-1f, 1.7337203997e-2f));
  const float denominator =
      detail::polynomial(r, 1.0f, pick(1.7895169469e1f, 7.3700164250e-1f, 2.4197894225e-1f),
                         pick(7.8757757664e1f, 1.2021132975e-1f, 1.2258202635e-2f), pick(6.7187563600e1f, 0.0f, 0.0f));
  const float y = numerator / denominator;
  const float finite = central ? q * y : (q < 0.0f ? -y : y);
  return tail == 0.0f ? (q < 0.0f ? -detail::infinity<float>() : detail::infinity<float>()) : finite;
}

}  // namespace ranvier::math

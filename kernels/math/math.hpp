#pragma once
#include "kernels/math/exponential.hpp"
#include "kernels/math/hyperbolic.hpp"
#include "kernels/math/logarithm.hpp"
#include "kernels/math/normal.hpp"
#include "kernels/math/power.hpp"

/// ranvier::math: exp, expm1, exprel, log, pow, tanh, cosh, sqrt, normal_quantile for float and double.
///
/// The same instructions on every processor, hence the same bits: only + - * / sqrt and fused multiply-add, each
/// rounded once by IEEE 754, and integer operations on the bits; no table, no branch (selects only), so that a loop
/// over lanes vectorises. libm and CUDA's library agree with neither each other nor themselves across versions.
/// Needs -ffp-contract=off (--fmad=false in nvcc), and vectorises with -fno-math-errno -fno-trapping-math.
/// NaN in, NaN out; overflow to infinity; underflow through the subnormals to 0.
namespace ranvier::math {

/// a b + c, rounded once.
using detail::fused;
/// |x|.
using detail::absolute;

}  // namespace ranvier::math

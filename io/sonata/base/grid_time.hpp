#pragma once
#include <cmath>
#include <cstdint>

#include "core/base/ids.hpp"

namespace ranvier {

/// Time of a step in ms, such that it prints as a person would write it: with dt = 0.1, step 3 is 0.3 and not
/// 0.30000000000000004. A dt that is a decimal fraction a/b gives step * a / b, which rounds once.
class GridTime {
 public:
  explicit GridTime(double dt_ms) : numerator_(dt_ms) {
    for (double b = 1.0; b <= 1e9; b *= 10.0) {
      const double a = std::round(dt_ms * b);
      if (a >= 1.0 && a / b == dt_ms) {
        numerator_ = a;
        denominator_ = b;
        return;
      }
    }
  }
  double operator()(Step step) const { return static_cast<double>(step) * numerator_ / denominator_; }

 private:
  double numerator_, denominator_ = 1.0;
};

}  // namespace ranvier

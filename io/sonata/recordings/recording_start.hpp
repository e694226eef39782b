#pragma once
#include "core/base/ids.hpp"

namespace ranvier {

/// Where a recording begins, or goes on in a file that holds everything up to `step`.
struct RecordingStart {
  Step step = 0;
  bool append = false;
};

}  // namespace ranvier

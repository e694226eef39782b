#pragma once
#include <chrono>

namespace ranvier {

using Clock = std::chrono::steady_clock;

inline double in_seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }
inline double seconds_since(Clock::time_point begin) { return in_seconds(Clock::now() - begin); }

}  // namespace ranvier

#pragma once
#include <cstdint>
#include <string>

/// Numbers for people.
namespace ranvier {

/// "298,880,968".
std::string readable_count(std::uint64_t count);
/// "1.25 GB" (powers of ten).
std::string readable_bytes(double bytes);
/// "250 ms", "5 s": biological time.
std::string readable_time(double ms);
/// "0.25 s", "3 min 05 s", "2 h 03 min": wall time.
std::string readable_duration(double seconds);

}  // namespace ranvier

#pragma once
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Physical dimensions and units. Every number inside the simulator is in the default unit of its dimension:
/// ms, mV, pA, nS, pF, um, Hz; these are coherent (pF mV / ms = nS mV = pA), Hz excepted (1 Hz = 1e-3 / ms).
namespace ranvier {

/// Exponents over the base quantities time, voltage, current, length, amount of substance.
struct Dimension {
  std::int8_t time = 0, voltage = 0, current = 0, length = 0, amount = 0;
  friend constexpr bool operator==(const Dimension&, const Dimension&) = default;
};

/// A unit: `scale` converts a number in this unit to the coherent SI unit (s, V, A, m, mol) of `dimension`.
struct Unit {
  std::string_view symbol;
  Dimension dimension;
  double scale = 1.0;
};

namespace unit {
inline constexpr Unit one{"", {}, 1.0};
inline constexpr Unit ms{"ms", {.time = 1}, 1e-3};
inline constexpr Unit mV{"mV", {.voltage = 1}, 1e-3};
inline constexpr Unit pA{"pA", {.current = 1}, 1e-12};
inline constexpr Unit nS{"nS", {.voltage = -1, .current = 1}, 1e-9};
inline constexpr Unit pF{"pF", {.time = 1, .voltage = -1, .current = 1}, 1e-12};
inline constexpr Unit um{"um", {.length = 1}, 1e-6};
inline constexpr Unit Hz{"Hz", {.time = -1}, 1.0};
inline constexpr Unit GOhm{"GOhm", {.voltage = 1, .current = -1}, 1e9};
inline constexpr Unit per_ms{"1/ms", {.time = -1}, 1e3};
inline constexpr Unit per_mV{"1/mV", {.voltage = -1}, 1e3};
inline constexpr Unit mM{"mM", {.length = -3, .amount = 1}, 1.0};
inline constexpr Unit per_mM_ms{"1/mM/ms", {.time = -1, .length = 3, .amount = -1}, 1e3};
/// Densities of membranes given per area; coherent with each other and with ms and mV as pF, nS and pA are.
inline constexpr Unit uF_per_cm2{"uF/cm2", {.time = 1, .voltage = -1, .current = 1, .length = -2}, 1e-2};
inline constexpr Unit mS_per_cm2{"mS/cm2", {.voltage = -1, .current = 1, .length = -2}, 1e1};
inline constexpr Unit uA_per_cm2{"uA/cm2", {.current = 1, .length = -2}, 1e-2};
}  // namespace unit

/// A dimension in words for messages: "time", "voltage", "conductance", ... or base exponents such as "V^2/s".
std::string dimension_name(const Dimension& dimension);

/// Parses a unit such as `ms`, `mV`, `nS`, `uF/cm2`, `mV/ms`, `kHz`, `1/s`, `um^2`, `MOhm`; empty is dimensionless.
/// Returns nothing where the text is no unit.
struct ParsedUnit {
  Dimension dimension;
  double scale = 1.0;
};
std::optional<ParsedUnit> parse_unit(std::string_view text);

/// The known unit symbol nearest to `text`, for "did you mean"; empty where none is near.
std::string nearest_unit(std::string_view text);

}  // namespace ranvier

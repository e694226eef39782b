#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/value.hpp"
#include "io/config/context.hpp"

/// Reads the right-hand sides of a config. Each function reports a mistake at its place and then returns nothing.
namespace ranvier {

/// A number in `expected.unit`, within its range: a quantity, an expression, or a bare number in that unit.
std::optional<double> read_number(Context&, const YamlNode&, const Expected&);
/// A whole number from 0 up to 2^53, within the range.
std::optional<std::uint64_t> read_count(Context&, const YamlNode&, const Expected&);
/// A whole number from 0 to 2^64 - 1.
std::optional<std::uint64_t> read_seed(Context&, const YamlNode&, const std::string& name);
std::optional<bool> read_flag(Context&, const YamlNode&, const std::string& name);
/// A number, a distribution or a dataset, as the form allows.
std::optional<Value> read_value(Context&, const YamlNode&, const Expected&);
/// A list of numbers.
std::optional<std::vector<double>> read_series(Context&, const YamlNode&, const Expected&);
/// {hdf5: "file.h5:/path"}; the file must exist. `node` is the map.
std::optional<Dataset> read_dataset(Context&, const YamlNode&, const std::string& name);
bool is_dataset(const YamlNode&);
/// The absolute path of a file that exists.
std::optional<std::string> read_file_name(Context&, const YamlNode&, const std::string& name);

/// Text, not empty.
std::optional<std::string> read_text(Context&, const YamlNode&, const std::string& name);
/// One of `choices`, or an error with the nearest one. `what` says what kind of name it is: "population".
std::optional<std::string> read_choice(Context&, const YamlNode&, const std::string& name, const std::string& what,
                                       const std::vector<std::string>& choices);
/// One name or a list of distinct names, with their places. None of them is checked.
std::vector<std::pair<std::string, Place>> read_names(Context&, const YamlNode&, const std::string& name);

using IdRanges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
/// "0-9, 15" as half-open ranges, sorted and disjoint, all below `size`.
std::optional<IdRanges> read_ids(Context&, const YamlNode&, const std::string& name, std::uint64_t size);

/// Times beyond this many steps, 2^53, are refused: doubles no longer tell one step from the next.
inline constexpr double most_steps = 9007199254740992.0;

/// Whether `time` is a whole number of steps (to a millionth of one).
bool on_grid(double time, double dt);

/// "6 mV", "3": shortest text that reads back as the same number.
std::string with_unit(double value, const Unit&);
/// "above 0 pF", "at least 0", "from 0 to 1".
std::string describe(const Range&, const Unit&);

}  // namespace ranvier

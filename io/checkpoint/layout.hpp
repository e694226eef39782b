#pragma once
#include <string>

/// Names in a checkpoint, for its writer and its reader.
///
///   /checkpoint                    attributes schema, step, dt_ms
///   /checkpoint/network, files     texts
///   /checkpoint/recordings/<n>     what a recording needs to go on: attributes name, what, size, mark, mark_at
///   /state/<population>/<variable> [neuron]
///   /arrivals/<population>/<receptor>/sums [step][neuron], with the steps at whose ends they arrive in `steps`
///   /signals/<n>                   sums of the last steps, the latest last
namespace ranvier::checkpoint {

inline constexpr const char* header_group = "/checkpoint";
inline constexpr const char* recordings_group = "/checkpoint/recordings";
inline constexpr const char* network_text_path = "/checkpoint/network";
inline constexpr const char* files_text_path = "/checkpoint/files";

inline std::string state_path(const std::string& population, const std::string& variable) {
  return "/state/" + population + "/" + variable;
}
inline std::string arrivals_path(const std::string& population, const std::string& receptor) {
  return "/arrivals/" + population + "/" + receptor + "/sums";
}
/// Of the sums' rows.
inline std::string steps_path(const std::string& sums) { return sums.substr(0, sums.rfind('/')) + "/steps"; }
inline std::string signal_path(std::size_t number) { return "/signals/" + std::to_string(number); }

}  // namespace ranvier::checkpoint

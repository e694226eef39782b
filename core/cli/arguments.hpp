#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "comm/exchange/spike_exchange.hpp"
#include "io/network/config.hpp"

/// The command line as plain data.
namespace ranvier::cli {

struct RunArguments {
  std::string config;
  std::vector<std::string> set;  ///< "path.to.key=value", in order
  std::string output;            ///< folder; empty: as the config says
  std::string restart;           ///< a checkpoint, or a folder with some; empty: start at time 0
  std::optional<double> until_ms;
  Device device = Device::automatic;
  ExchangeKind exchange = ExchangeKind::automatic;
  std::optional<Precision> precision;  ///< nothing: as the config says
  double max_walltime_s = 0.0;         ///< 0: no limit
};

struct ValidateArguments {
  std::string config;
  std::vector<std::string> set;
  int ranks = 1;  ///< for the estimate
};

struct DescribeArguments {
  std::string model;  ///< empty: all
};

struct SchemaArguments {};

struct InfoArguments {
  std::string file;
};

struct DiffArguments {
  std::string left, right;
};

struct ConvertArguments {
  std::string input;   ///< a network, a SONATA simulation_config.json, or a file of spikes
  std::string output;  ///< a folder for the circuit, or the file
  std::vector<std::string> set;
  std::optional<Precision> precision;  ///< of the network; nothing: as the config says
};

using Command = std::variant<RunArguments, ValidateArguments, DescribeArguments, SchemaArguments, InfoArguments,
                             DiffArguments, ConvertArguments>;

/// What the user wants: a command, or a text that answers at once (help, version).
using Request = std::variant<Command, std::string>;

/// Throws UsageError where the command line is wrong.
Request parse_arguments(int argc, const char* const* argv);

/// "12:30:00", "1-00:00:00" (days first, as batch systems write), "90:00" (minutes) or plain seconds.
/// Throws UsageError.
double parse_walltime_s(const std::string& text);

/// "500 ms", "2 s", "250" (ms). Throws UsageError; `option` names what it is for.
double parse_time_ms(const std::string& text, const std::string& option);

}  // namespace ranvier::cli

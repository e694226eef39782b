#pragma once
#include "io/config/populations.hpp"

namespace ranvier {

/// Reads `record`: which spikes and states are written.
RecordConfig read_record(Context&, const YamlNode&, const Populations&, const std::vector<InputConfig>&);

/// Reads `checkpoint`.
CheckpointConfig read_checkpoint(Context&, const YamlNode&);

}  // namespace ranvier

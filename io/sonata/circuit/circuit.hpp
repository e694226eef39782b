#pragma once
#include <functional>
#include <string>

#include "io/files/file_facts.hpp"

namespace ranvier::sonata {

/// The network of a SONATA config (a simulation config, or one that names a circuit and a simulation) as a config of ours, in YAML. All
/// that is checked of any config is checked of that. Throws UsageError with all that is wrong or not supported, one per
/// line "file:line:column: what". Keys that mean nothing here are told to `warn`, once each. What is found out about nodes files is
/// added to `files`.
std::string yaml_of_circuit(const std::string& path, FileFacts& files,
                            const std::function<void(const std::string&)>& warn);
/// The same, for whom the text is all.
std::string yaml_of_circuit(const std::string& path);

}  // namespace ranvier::sonata

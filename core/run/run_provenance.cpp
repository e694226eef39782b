#include "core/run/run_provenance.hpp"

#include "core/base/version.hpp"

namespace ranvier {

Provenance provenance_of(const Config& config, const std::string& device, const Communicator& comm) {
  Provenance p;
  p.version = version();
  p.git_hash = git_hash();
  p.build = build_description();
  p.config = config.resolved_yaml;
  p.seed = config.seed;
  p.ranks = comm.size();
  p.device = device;
  p.precision = config.precision == Precision::single ? "single" : "double";
  p.date = comm.broadcast(date_now());
  p.run_id = comm.broadcast(new_run_id());
  return p;
}

}  // namespace ranvier

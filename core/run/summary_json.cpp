#include "core/run/summary_json.hpp"

#include <nlohmann/json.hpp>

namespace ranvier {
namespace {

using Json = nlohmann::ordered_json;

Json memory(const MemoryByStructure& m) {
  return {{"synapses", m.synapses}, {"rings", m.rings},     {"state", m.state},
          {"tables", m.tables},     {"buffers", m.buffers}, {"all", m.total()}};
}

Json exchange(const ExchangeStatistics& e) {
  const double n = e.exchanges > 0 ? static_cast<double>(e.exchanges) : 1.0;
  return {{"exchanges", e.exchanges},
          {"spikes_sent", e.spikes_sent},
          {"spikes_received", e.spikes_received},
          {"bytes_sent", e.bytes_sent},
          {"second_rounds", e.second_rounds},
          {"wait_s", e.wait_seconds},
          {"spikes_per_exchange", static_cast<double>(e.spikes_sent) / n},
          {"bytes_per_exchange", static_cast<double>(e.bytes_sent) / n}};
}

/// "exchange_wait" for "exchange wait".
std::string key(Phase phase) {
  std::string name(phase_name(phase));
  for (char& c : name)
    if (c == ' ') c = '_';
  return name;
}

Json phases(const PhaseSeconds& seconds) {
  Json json = Json::object();
  for (std::size_t p = 0; p < phase_count; ++p) json[key(static_cast<Phase>(p))] = seconds[p];
  return json;
}

Json rank(const RankSummary& r) {
  return {{"neurons", r.neurons},
          {"synapses", r.synapses},
          {"spikes", r.spikes},
          {"peak_memory_bytes", r.peak_memory},
          {"memory_bytes", memory(r.memory)},
          {"phases_s", phases(r.phases)},
          {"exchange", exchange(r.exchange)}};
}

Json min_mean_max(const Spread& s) { return {{"min", s.min}, {"mean", s.mean}, {"max", s.max}}; }

Json over_ranks(const std::vector<RankSummary>& ranks) {
  Json times = Json::object();
  for (std::size_t p = 0; p < phase_count; ++p)
    times[key(static_cast<Phase>(p))] = min_mean_max(spread(ranks, [p](const RankSummary& r) { return r.phases[p]; }));
  return {{"phases_s", times},
          {"synapses", min_mean_max(spread(ranks, [](const RankSummary& r) { return r.synapses; }))},
          {"memory_bytes", min_mean_max(spread(ranks, [](const RankSummary& r) { return r.memory.total(); }))},
          {"peak_memory_bytes", min_mean_max(spread(ranks, [](const RankSummary& r) { return r.peak_memory; }))}};
}

}  // namespace

Json summary_json(const RunSummary& s) {
  Json json{{"name", s.name},
            {"complete", s.complete},
            {"precision", s.precision},
            {"device", s.device},
            {"exchange", s.exchange},
            {"ranks", s.ranks},
            {"seed", s.seed},
            {"dt_ms", s.dt_ms},
            {"from_ms", s.from_ms},
            {"until_ms", s.until_ms},
            {"exchange_interval_steps", s.interval_steps},
            {"neurons", s.neurons},
            {"synapses", s.synapses},
            {"spikes", s.spikes},
            {"build_s", s.build_seconds},
            {"simulate_s", s.simulate_seconds},
            {"output_s", s.output_seconds},
            {"checkpoints", s.checkpoints},
            {"checkpoint_s", s.checkpoint_seconds},
            {"checkpoint_bytes", s.checkpoint_bytes},
            {"real_time_factor", s.real_time_factor()},
            {"real_time_factor_with_output", s.real_time_factor_with_output()}};
  json["populations"] = Json::array();
  for (const auto& p : s.populations)
    json["populations"].push_back({{"name", p.name},
                                   {"model", p.model},
                                   {"neurons", p.neurons},
                                   {"spikes", p.spikes},
                                   {"rate_hz", p.rate(s.biological_ms())}});
  json["over_ranks"] = over_ranks(s.by_rank);
  json["by_rank"] = Json::array();
  for (const auto& r : s.by_rank) json["by_rank"].push_back(rank(r));
  return json;
}

}  // namespace ranvier

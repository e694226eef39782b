#include "core/recorder.hpp"

#include <algorithm>
#include <limits>

#include "io/config/populations.hpp"
#include "kernels/registry.hpp"

namespace ranvier {

namespace {

constexpr std::uint32_t not_recorded = std::numeric_limits<std::uint32_t>::max();

/// Later than any run, with room to add to.
constexpr Step no_sample = std::numeric_limits<Step>::max() / 4;

std::size_t population_index(const Config& config, const std::string& name) {
  const auto& all = config.populations;
  return static_cast<std::size_t>(
      std::find_if(all.begin(), all.end(), [&](const PopulationConfig& p) { return p.name == name; }) - all.begin());
}

/// Neurons of a share, as indices of the share, that a trace asks for.
std::vector<std::uint32_t> selected(const TraceConfig& trace, const PopulationLayout& share) {
  std::vector<std::uint32_t> neurons;
  for (std::uint32_t i = 0; i < share.count; ++i) {
    const std::uint64_t id = share.first + i;
    const bool chosen = trace.ids.empty() || std::any_of(trace.ids.begin(), trace.ids.end(), [&](const auto& range) {
                          return id >= range.first && id < range.second;
                        });
    if (chosen) neurons.push_back(i);
  }
  return neurons;
}

/// `exc.V_m.h5`; a second report of the same variable gets a number.
std::string report_name(const std::string& population, const std::string& variable, std::vector<std::string>& taken) {
  std::string name = population + "." + variable;
  for (int n = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++n)
    name = population + "." + variable + "." + std::to_string(n);
  taken.push_back(name);
  return name + ".h5";
}

}  // namespace

Recorder::Recorder(const Config& config, const Layout& layout, const std::string& folder, Step last,
                   const Communicator& comm, const Provenance& provenance)
    : layout_(layout), comm_(comm), recorded_(layout.populations.size(), not_recorded) {
  std::vector<SpikeWriter::Population> populations;
  for (const std::string& name : config.record.spikes) {
    const std::size_t p = population_index(config, name);
    if (recorded_[p] != not_recorded) continue;
    recorded_[p] = static_cast<std::uint32_t>(populations.size());
    populations.push_back({name, layout.populations[p].size});
  }
  if (!populations.empty())
    spike_writer_ = std::make_unique<SpikeWriter>(folder + "/spikes.h5", comm.handle(), populations, config.dt,
                                                  static_cast<double>(last) * config.dt, provenance);
  open_traces(config, folder, last, provenance);
}

Recorder::~Recorder() = default;

std::string Recorder::unit_of(const Config& config, std::size_t population, const std::string& variable) const {
  const PopulationConfig& p = config.populations[population];
  const ModelInfo& model = registry().population(p.model).info;
  const ModelInfo all = with_all_states(model, p, config.inputs, registry().catalogue());
  const FieldInfo* field = all.find(variable);
  return field == nullptr ? "" : std::string(field->unit.symbol);
}

void Recorder::open_traces(const Config& config, const std::string& folder, Step last, const Provenance& provenance) {
  std::vector<std::string> taken;
  for (const TraceConfig& request : config.record.traces) {
    const std::size_t p = population_index(config, request.population);
    const PopulationLayout& share = layout_.populations[p];
    for (const std::string& variable : request.variables) {
      Trace trace{p, variable, request.every, selected(request, share), {}, 0, nullptr};
      trace.values.resize(trace.neurons.size());
      std::vector<std::uint64_t> ids;
      for (const std::uint32_t n : trace.neurons) ids.push_back(share.first + n);
      ReportConfig report{request.population,
                          variable,
                          unit_of(config, p, variable),
                          0.0,
                          static_cast<double>(request.every) * config.dt,
                          static_cast<std::uint64_t>(last / request.every + 1),
                          request.double_precision};
      trace.writer = std::make_unique<ReportWriter>(folder + "/" + report_name(request.population, variable, taken),
                                                    comm_.handle(), report, ids, provenance);
      traces_.push_back(std::move(trace));
    }
  }
}

void Recorder::spikes(std::span<const Spike> spikes, Step first) {
  if (!spike_writer_) return;
  batch_.clear();
  for (const Spike& spike : spikes) {
    std::size_t p = 0;
    while (spike.source >= layout_.populations[p].local0 + layout_.populations[p].count) ++p;
    if (recorded_[p] == not_recorded) continue;
    const PopulationLayout& share = layout_.populations[p];
    for (std::uint16_t n = 0; n < spike.multiplicity; ++n)
      batch_.push_back({recorded_[p], share.first + (spike.source - share.local0), first + spike.offset});
  }
  spike_writer_->append(batch_);
}

Step Recorder::next_sample(Step step) const {
  Step next = no_sample;
  for (const Trace& trace : traces_) next = std::min(next, (step / trace.every + 1) * trace.every);
  return next;
}

void Recorder::sample(Engine& engine, Step step) {
  for (Trace& trace : traces_) {
    if (step % trace.every != 0) continue;
    engine.read_state(trace.population, trace.variable, trace.neurons, trace.values.data());
    trace.writer->append(trace.frames, 1, std::span<const double>(trace.values));
    ++trace.frames;
  }
}

void Recorder::flush(Step step) {
  if (spike_writer_) spike_writer_->flush(step);
  for (Trace& trace : traces_) trace.writer->flush();
}

void Recorder::close(Step step) {
  if (spike_writer_) spike_writer_->close(step);
  for (Trace& trace : traces_) trace.writer->close();
}

std::uint64_t Recorder::buffered_bytes() const {
  std::uint64_t bytes = spike_writer_ ? spike_writer_->buffered_bytes() : 0;
  for (const Trace& trace : traces_) bytes += trace.writer->buffered_bytes();
  return bytes;
}

}  // namespace ranvier

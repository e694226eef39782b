#include "core/run/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/run/spike_counter.hpp"
#include "io/config/populations.hpp"
#include "io/sonata/base/grid_time.hpp"

namespace ranvier {

namespace {

constexpr std::uint32_t not_recorded = std::numeric_limits<std::uint32_t>::max();

/// Later than any run, with room to add to.
constexpr Step no_sample = std::numeric_limits<Step>::max() / 4;

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

/// What files call a population: nodes keep the name that they have in their own file.
const std::string& group_name(const PopulationConfig& p) { return p.nodes ? p.nodes->population : p.name; }

/// `exc.V_m.h5`; a second report of the same variable gets a number.
std::string report_name(const std::string& population, const std::string& variable, std::vector<std::string>& taken) {
  const std::string first = population + "." + variable;
  std::string name = first + ".h5";
  for (int n = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++n)
    name = first + "." + std::to_string(n) + ".h5";
  taken.push_back(name);
  return name;
}

/// What a trace records, to tell it from others under the same name.
std::string description(const TraceConfig& trace, const std::string& variable, double dt) {
  std::string ids = trace.ids.empty() ? "all" : "";
  for (const auto& [begin, end] : trace.ids) ids += fmt::format(" {}-{}", begin, end - 1);
  return fmt::format("{} of {} every {} steps of {} ms, neurons {}, {}", variable, trace.population, trace.every, dt,
                     ids, trace.double_precision ? "double" : "single");
}

/// Bytes of a trace's numbers in a file, for each recorded neuron and step.
double bytes_per_step(const TraceConfig& trace) {
  return (trace.double_precision ? 8.0 : 4.0) / static_cast<double>(trace.every);
}

}  // namespace

std::uint64_t recording_memory(const Config& config, int ranks) {
  double spikes = 0.0, traces = 0.0;
  // 8 bytes each: as emitted, numbered, sorted from one array to another, sent from one to another, sorted again.
  if (!config.record.spikes.empty()) spikes = 7.0 * 8.0 * static_cast<double>(most_buffered_spikes);
  for (const TraceConfig& trace : config.record.traces) {
    double neurons = 0.0;
    for (const auto& [begin, end] : trace.ids) neurons += static_cast<double>(end - begin);
    if (trace.ids.empty()) neurons = static_cast<double>(config.find_population(trace.population)->size);
    traces += std::ceil(neurons / ranks) * static_cast<double>(trace.variables.size()) * bytes_per_step(trace);
  }
  // What is buffered, by column, what other ranks send, and what is written.
  traces = 4.0 * std::min(traces * static_cast<double>(config.steps), static_cast<double>(most_buffered_traces));
  return static_cast<std::uint64_t>(spikes + traces);
}

Recorder::Recorder(const Config& config, const Registry& models, const Layout& layout, const NodeSelections& nodes,
                   Step first, Step last, const Communicator& comm, const Provenance& provenance,
                   const std::vector<checkpoint::FileImage>& images)
    : models_(models),
      layout_(layout),
      nodes_(nodes),
      comm_(comm),
      folder_(config.output),
      run_id_(provenance.run_id),
      first_(first),
      last_(last),
      images_(images),
      recorded_(layout.populations.size(), not_recorded),
      population_of_(populations_of_neurons(layout)),
      ids_(layout.populations.size()) {
  open_spikes(config, provenance);
  open_traces(config, provenance);
}

/// Whether a recording continues a file of the checkpoint, which is then as it was. What it records must be the same.
bool Recorder::go_on(const std::string& name, const std::string& what) {
  const std::string path = folder_ + "/" + name;
  int goes_on = 0;
  std::string mark = run_id_;
  comm_.together([&] {
    if (!comm_.is_root()) return;
    const auto image =
        std::find_if(images_.begin(), images_.end(), [&](const auto& i) { return i.name == name && i.what == what; });
    if (image == images_.end() || !std::filesystem::exists(path)) return;
    checkpoint::restore(*image, path);
    mark = image->mark;
    goes_on = 1;
  });
  recordings_.push_back({name, what, checkpoint::FileImager(path, mark)});
  return comm_.broadcast(goes_on) != 0;
}

void Recorder::open_spikes(const Config& config, const Provenance& provenance) {
  std::vector<SpikeWriter::Population> populations;
  std::string what = fmt::format("spikes every {} ms of", config.dt);
  for (const std::string& name : config.record.spikes) {
    const std::size_t p = config.population_index(name);
    if (recorded_[p] != not_recorded) continue;
    const PopulationConfig& population = config.populations[p];
    const auto group = std::find_if(populations.begin(), populations.end(),
                                    [&](const auto& other) { return other.name == group_name(population); });
    recorded_[p] = static_cast<std::uint32_t>(group - populations.begin());
    const PopulationLayout& share = layout_.populations[p];
    for (std::uint32_t n = 0; population.nodes && n < share.count; ++n)
      ids_[p].push_back(nodes_.id(p, share.first + n));
    if (group == populations.end())
      populations.push_back({group_name(population), population.nodes ? population.nodes->size : population.size});
    what += fmt::format(" {} ({})", name, layout_.populations[p].size);
  }
  all_recorded_ = std::find(recorded_.begin(), recorded_.end(), not_recorded) == recorded_.end();
  if (populations.empty()) return;
  const std::string& file = config.record.spikes_file;
  const bool append = go_on(file, what);
  spike_writer_ =
      std::make_unique<SpikeWriter>(folder_ + "/" + file, comm_, populations, config.dt,
                                    static_cast<double>(last_) * config.dt, provenance, RecordingStart{first_, append});
}

Recorder::~Recorder() = default;

std::string Recorder::unit_of(const Config& config, std::size_t population, const std::string& variable) const {
  const PopulationConfig& p = config.populations[population];
  const ModelInfo& model = models_.population(p.model).info;
  const ModelInfo all = with_all_states(model, p, config.inputs, models_.catalogue());
  const FieldInfo* field = all.find(variable);
  return field == nullptr ? "" : std::string(field->unit.symbol);
}

void Recorder::open_traces(const Config& config, const Provenance& provenance) {
  std::vector<std::string> taken{config.record.spikes_file};
  for (const TraceConfig& request : config.record.traces) taken.push_back(request.file);
  double bytes = 0.0;  // of this rank in a step
  for (const TraceConfig& request : config.record.traces) {
    const std::size_t p = config.population_index(request.population);
    const PopulationLayout& share = layout_.populations[p];
    for (const std::string& variable : request.variables) {
      const std::string name = request.file.empty() ? report_name(request.population, variable, taken) : request.file;
      const std::string what = description(request, variable, config.dt);
      const bool append = go_on(name, what);
      const Step begin = (first_ + request.every - 1) / request.every * request.every;
      Trace trace{p, variable, request.every, selected(request, share), {}, begin, nullptr};
      // The frame at the time of a checkpoint is in the file.
      if (append && begin == first_) trace.next += request.every;
      trace.values.resize(trace.neurons.size());
      bytes += static_cast<double>(trace.neurons.size()) * bytes_per_step(request);
      std::vector<std::uint64_t> ids;
      for (const std::uint32_t n : trace.neurons) ids.push_back(nodes_.id(p, share.first + n));
      ReportConfig report{group_name(config.populations[p]),
                          variable,
                          unit_of(config, p, variable),
                          GridTime(config.dt)(begin),
                          static_cast<double>(request.every) * config.dt,
                          static_cast<std::uint64_t>((last_ - first_) / request.every + 1),
                          request.double_precision};
      trace.writer = std::make_unique<ReportWriter>(folder_ + "/" + name, comm_, report, ids, provenance, append);
      traces_.push_back(std::move(trace));
    }
  }
  bytes = comm_.max(bytes);
  const double steps = bytes > 0.0 ? static_cast<double>(most_buffered_traces) / bytes : 0.0;
  traces_every_ =
      bytes > 0.0 && steps < static_cast<double>(no_sample) ? std::max<Step>(1, static_cast<Step>(steps)) : no_sample;
  next_traces_ = first_ + traces_every_;
}

void Recorder::spikes(std::span<const Spike> spikes, Step first) {
  if (!spike_writer_ || spikes.empty()) return;
  if (all_recorded_) {
    emitted_.records.insert(emitted_.records.end(), spikes.begin(), spikes.end());
    for (const Spike& spike : spikes) emitted_.spikes += spike.multiplicity;
  } else {
    for (const Spike& spike : spikes) {
      if (recorded_[population_of_(spike.source)] == not_recorded) continue;
      emitted_.records.push_back(spike);
      emitted_.spikes += spike.multiplicity;
    }
  }
  emitted_.intervals.push_back({first, emitted_.records.size()});
}

std::function<void(SpikeWriter::Keys&)> Recorder::take_spikes() {
  const auto emitted = std::make_shared<Emitted>(std::move(emitted_));
  emitted_ = {};
  emitted_.records.reserve(emitted->records.size());
  emitted_.intervals.reserve(emitted->intervals.size());
  return [this, emitted](SpikeWriter::Keys& keys) { number(*emitted, keys); };
}

/// On the writer's thread: reads only what does not change during a run.
void Recorder::number(const Emitted& emitted, SpikeWriter::Keys& keys) const {
  keys.reserve(keys.size() + emitted.spikes);
  std::size_t next = 0;
  for (const auto& [first, end] : emitted.intervals)
    for (; next < end; ++next) {
      const Spike& spike = emitted.records[next];
      const std::size_t p = population_of_(spike.source);
      const PopulationLayout& share = layout_.populations[p];
      const std::uint32_t neuron = spike.source - share.local0;
      const std::uint64_t id = ids_[p].empty() ? share.first + neuron : ids_[p][neuron];
      const std::uint64_t key = spike_writer_->key({recorded_[p], id, first + spike.offset});
      for (std::uint16_t n = 0; n < spike.multiplicity; ++n) keys.push_back(key);
    }
}

Step Recorder::next_sample(Step step) const {
  Step next = no_sample;
  for (const Trace& trace : traces_) next = std::min(next, (step / trace.every + 1) * trace.every);
  return next;
}

void Recorder::sample(NetworkState& network, Step step) {
  for (Trace& trace : traces_) {
    if (step != trace.next) continue;
    network.read_state(trace.population, trace.variable, trace.neurons, trace.values.data());
    trace.writer->append(trace.writer->frames(), 1, std::span<const double>(trace.values));
    trace.next += trace.every;
  }
}

void Recorder::write_spikes() {
  if (spike_writer_) spike_writer_->write(std::nullopt, take_spikes());
}

void Recorder::wait() {
  if (spike_writer_) spike_writer_->wait();
}

void Recorder::write_traces(Step step) {
  wait();
  for (Trace& trace : traces_) trace.writer->write();
  next_traces_ = step + traces_every_;
}

void Recorder::flush(Step step) {
  if (spike_writer_) spike_writer_->flush(step, take_spikes());
  for (Trace& trace : traces_) trace.writer->flush();
  next_traces_ = step + traces_every_;
}

void Recorder::close(Step step) {
  if (spike_writer_) spike_writer_->close(step, take_spikes());
  for (Trace& trace : traces_) trace.writer->close();
}

std::vector<checkpoint::FileImage> Recorder::images() {
  std::vector<checkpoint::FileImage> images;
  comm_.together([&] {
    if (!comm_.is_root()) return;
    for (Recording& recording : recordings_) {
      images.push_back(recording.imager.take());
      images.back().name = recording.name;
      images.back().what = recording.what;
    }
  });
  return images;
}

}  // namespace ranvier

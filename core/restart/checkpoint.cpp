#include "core/restart/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <sstream>

#include "core/base/error.hpp"
#include "io/checkpoint/layout.hpp"
#include "io/checkpoint/seal.hpp"
#include "io/config/resolved.hpp"
#include "io/network/data_files.hpp"

namespace ranvier {

using checkpoint::ArrayPlan;
using checkpoint::CheckpointFile;
using checkpoint::CheckpointWriter;
using checkpoint::Number;
using checkpoint::Series;

namespace {

constexpr std::size_t sums_at_a_time = std::size_t{1} << 20;
constexpr const char* units_path = "/arrivals/units";

template <class T, class Value>
void write_as(CheckpointWriter& writer, const ArrayPlan& array, const PopulationLayout& share,
              const std::vector<Value>& values) {
  const std::vector<T> numbers(values.begin(), values.end());
  writer.write(array, share.first, share.count, numbers.data());
}

}  // namespace

std::string hashes_of_data(const Config& config, const Communicator& comm) {
  std::string text;
  for (const std::string& file : data_files(config))
    text += fmt::format("{}: {}\n", file, checkpoint::hash_file(file, 0, comm));
  return text;
}

Checkpoint::Checkpoint(const Config& config, Catalogue catalogue, const Layout& layout, Ports ports,
                       const Partition& partition, const Communicator& comm)
    : config_(config),
      catalogue_(std::move(catalogue)),
      layout_(layout),
      ports_(std::move(ports)),
      partition_(partition),
      comm_(comm) {}

/// A rank without neurons of a population does not know its states: the rank of the first neuron tells.
void Checkpoint::name_states(const NetworkState& network) {
  if (!states_.empty()) return;
  for (std::size_t p = 0; p < layout_.populations.size(); ++p) {
    states_.emplace_back();
    if (partition_.size(p) == 0) continue;
    std::istringstream names(
        comm_.broadcast(fmt::format("{}", fmt::join(network.state_names(p), "\n")), partition_.rank_of(p, 0)));
    for (std::string name; std::getline(names, name);) states_.back().push_back(name);
  }
}

std::string Checkpoint::port_name(std::size_t population, std::uint32_t receptor) const {
  const std::string& name = ports_[population][receptor].name;
  return name.empty() ? std::to_string(receptor) : name;
}

/// Most slots of the ring are empty most of the time: those are left out.
std::vector<Step> Checkpoint::steps_with_arrivals(NetworkState& network, std::size_t population, std::uint32_t receptor,
                                                  Step step) const {
  const std::uint32_t count = layout_.populations[population].count;
  const Step all = network.steps_ahead();
  std::vector<int> used(static_cast<std::size_t>(all), 0);
  const Step stride = std::clamp<Step>(static_cast<Step>(sums_at_a_time / std::max<std::uint32_t>(count, 1)), 1, all);
  std::vector<std::int64_t> sums;
  for (Step begin = 0; begin < all && count > 0; begin += stride) {
    const Step steps = std::min(stride, all - begin);
    sums.resize(static_cast<std::size_t>(steps) * count);
    network.save_arrivals(population, receptor, step + 1 + begin, sums);
    for (Step s = 0; s < steps; ++s) {
      const auto row = sums.begin() + static_cast<std::ptrdiff_t>(s) * count;
      used[static_cast<std::size_t>(begin + s)] = std::any_of(row, row + count, [](auto x) { return x != 0; }) ? 1 : 0;
    }
  }
  comm_.max(std::span<int>(used));
  std::vector<Step> steps;
  for (Step s = 0; s < all; ++s)
    if (used[static_cast<std::size_t>(s)] != 0) steps.push_back(step + 1 + s);
  return steps;
}

/// By population and receptor the power of two that one unit of a sum is: another network would have others.
Series Checkpoint::units() const {
  Series series{units_path, {}};
  for (const auto& ports : ports_)
    for (const PortShape& port : ports) series.values.push_back(std::bit_cast<std::int64_t>(port.unit));
  return series;
}

std::uint64_t Checkpoint::save(NetworkState& network, Step step, const std::vector<checkpoint::FileImage>& recordings,
                               const Provenance& provenance) {
  if (const auto unsaved = network.unsaved_synapses(); !unsaved.empty())
    throw RuntimeError(
        fmt::format("the states of the synapse model '{}' cannot be saved in a checkpoint", unsaved.front()));
  name_states(network);
  if (!files_) files_ = hashes_of_data(config_, comm_);
  const bool single = config_.precision == Precision::single;
  std::vector<ArrayPlan> states, arrivals;
  for (std::size_t p = 0; p < layout_.populations.size(); ++p) {
    const PopulationLayout& share = layout_.populations[p];
    for (const std::string& name : states_[p])
      states.push_back(
          {checkpoint::state_path(share.name, name), single ? Number::float32 : Number::float64, share.size, {}});
    for (std::uint32_t r = 0; r < share.receptors; ++r)
      arrivals.push_back({checkpoint::arrivals_path(share.name, port_name(p, r)),
                          single ? Number::int32 : Number::int64, share.size,
                          share.size == 0 ? std::vector<Step>{} : steps_with_arrivals(network, p, r, step)});
  }
  std::vector<ArrayPlan> arrays = states;
  std::copy_if(arrivals.begin(), arrivals.end(), std::back_inserter(arrays),
               [](const ArrayPlan& a) { return !a.steps.empty(); });
  std::vector<Series> series{units()};
  for (const auto& sums : network.save_signals(step))
    series.push_back({checkpoint::signal_path(series.size() - 1), sums});
  const checkpoint::Header header{step, config_.dt, network_text(config_, catalogue_), *files_, provenance};
  CheckpointWriter writer(config_.output, comm_, header, arrays, series, recordings);

  std::size_t state = 0, port = 0;
  for (std::size_t p = 0; p < layout_.populations.size(); ++p) {
    const PopulationLayout& share = layout_.populations[p];
    std::vector<double> values(share.count);
    for (std::size_t k = 0; k < states_[p].size(); ++k, ++state) {
      network.save_state(p, k, values);
      single ? write_as<float>(writer, states[state], share, values)
             : write_as<double>(writer, states[state], share, values);
    }
    for (std::uint32_t r = 0; r < share.receptors; ++r, ++port) {
      const std::vector<Step>& steps = arrivals[port].steps;
      if (steps.empty()) continue;
      std::vector<std::int64_t> sums(steps.size() * share.count);
      for (std::size_t row = 0; row < steps.size(); ++row)
        network.save_arrivals(p, r, steps[row], std::span(sums).subspan(row * share.count, share.count));
      single ? write_as<std::int32_t>(writer, arrivals[port], share, sums)
             : write_as<std::int64_t>(writer, arrivals[port], share, sums);
    }
  }
  return writer.finish(config_.checkpoint ? config_.checkpoint->keep : CheckpointConfig{}.keep);
}

void Checkpoint::restore_arrivals(NetworkState& network, const CheckpointFile& file, std::size_t population,
                                  std::uint32_t receptor) const {
  const PopulationLayout& share = layout_.populations[population];
  const auto arrivals =
      file.arrivals(share.name, port_name(population, receptor), share.first, share.count, share.size);
  for (std::size_t row = 0; row < arrivals.steps.size(); ++row) {
    const Step ahead = arrivals.steps[row] - file.header().step;
    if (ahead < 1 || ahead > network.steps_ahead())
      throw RuntimeError(
          fmt::format("'{}' contains spikes that arrive {} steps ahead, but the longest delay is {} steps", file.path(),
                      ahead, layout_.max_delay));
    network.restore_arrivals(population, receptor, arrivals.steps[row],
                             std::span(arrivals.sums).subspan(row * share.count, share.count));
  }
}

void Checkpoint::restore(NetworkState& network, const CheckpointFile& file) {
  name_states(network);
  files_ = file.header().files;  // those of the config, as was checked
  comm_.together([&] {
    if (file.series(units_path) != units().values)
      throw RuntimeError(fmt::format("'{}' was saved by a network with other weights", file.path()));
    for (std::size_t p = 0; p < layout_.populations.size(); ++p) {
      const PopulationLayout& share = layout_.populations[p];
      for (std::size_t k = 0; k < states_[p].size(); ++k)
        network.restore_state(p, k, file.state(share.name, states_[p][k], share.first, share.count, share.size));
      for (std::uint32_t r = 0; r < share.receptors && share.size > 0; ++r) restore_arrivals(network, file, p, r);
    }
    std::vector<std::vector<std::int64_t>> signals;
    while (file.has(checkpoint::signal_path(signals.size())))
      signals.push_back(file.series(checkpoint::signal_path(signals.size())));
    network.restore_signals(file.header().step, signals);
  });
}

}  // namespace ranvier

#pragma once
#include <algorithm>
#include <memory>
#include <vector>

#include "kernels/populations/drive.hpp"
#include "kernels/populations/lanes.hpp"
#include "kernels/populations/settle.hpp"
#include "kernels/populations/storage.hpp"

namespace ranvier {

/// One lane of a population in one step: load, compute, store. Says how many spikes the neuron emitted, or not_finite.
template <class Real, template <class> class Model, class Source, class ConstantReader>
struct UpdateNeuron {
  using Number = Real;
  using State = typename Model<Real>::State;
  Source source;
  ConstantReader constants;
  Real* states;
  std::uint32_t stride;
  SettingsOf<Model<Real>> settings;

  RANVIER_INLINE Accumulator<Real> lane(const Tile& t, std::size_t i, std::uint32_t slot) const {
    return lane(t, i, slot, constants);
  }
  /// The same with another reader of the constants.
  template <class Reader>
  RANVIER_INLINE Accumulator<Real> lane(const Tile& t, std::size_t i, std::uint32_t slot, const Reader& reader) const {
    const auto drive = source.gather(t, i, slot);
    State s = load<State>(states + i, stride);
    const auto spikes = static_cast<Accumulator<Real>>(step(s, reader.at(i), drive));
    store(s, states + i, stride);
    return spikes;
  }

 private:
  template <class C, class D>
  RANVIER_INLINE auto step(State& s, const C& c, const D& drive) const {
    if constexpr (HasSettings<Model<Real>>)
      return Model<Real>::step(s, c, drive, settings);
    else
      return Model<Real>::step(s, c, drive);
  }
};

/// One of the populations that a device updates together.
template <class Exec, class Update>
struct UpdatePart {
  Update update;
  typename SettleStates<Exec, typename Update::Number>::Lanes settle;
  const Tile* tiles;
  std::uint32_t local0;
  std::uint32_t lanes;
};

/// Where a chunk of lanes lies in a launch over several populations.
struct PartChunk {
  std::uint32_t part, first;
};

/// Runs UpdateNeuron over a device: one thread takes one neuron through the steps of a launch.
template <class Exec, class Update>
struct LaunchUpdate {
  const UpdatePart<Exec, Update>* parts;
  const PartChunk* chunks;
  SpikeBuffer spikes;
  std::uint32_t slots, slot;  ///< of the ring, and that of `first`
  Step first, interval_first;
  int steps;

  KOKKOS_FUNCTION void operator()(std::size_t thread) const {
    const PartChunk chunk = chunks[thread / chunk_lanes];
    const UpdatePart<Exec, Update> part = parts[chunk.part];  // a copy: no store to an array changes it
    const std::size_t i = chunk.first + thread % chunk_lanes;
    const Tile t = part.tiles[i / tile_lanes];
    std::uint32_t at = slot;
    for (Step s = first; s < first + steps; ++s) {
      const auto fired = part.update.lane(t, i, at);
      if (s % settling_steps == 0) part.settle.lane(i);
      at = at + 1 < slots ? at + 1 : 0;
      if (fired != 0 && i < t.first + t.count)
        spikes.report(static_cast<std::uint32_t>(part.local0 + i), s, interval_first, static_cast<std::int32_t>(fired));
    }
  }
};

/// The populations of one update kernel: small networks of many populations are bound by the number of launches.
template <class Exec, class Update>
class UpdateParts {
 public:
  explicit UpdateParts(const UpdatePart<Exec, Update>& part) : parts_{part} {}

  void take(UpdateParts& other) {
    parts_.insert(parts_.end(), other.parts_.begin(), other.parts_.end());
    other.parts_.clear();
    ready_ = false;
  }

  void run(const std::string& label, SpikeBuffer spikes, std::uint32_t slots, Step first, int steps,
           Step interval_first) {
    if (!ready_) copy();
    launch<Exec>(label, chunks_.extent(0) * chunk_lanes,
                 LaunchUpdate<Exec, Update>{device_parts_.data(), chunks_.data(), spikes, slots,
                                            static_cast<std::uint32_t>(first % slots), first, interval_first, steps});
  }

 private:
  void copy() {
    std::vector<PartChunk> chunks;
    for (std::uint32_t p = 0; p < parts_.size(); ++p)
      for (std::uint32_t lane = 0; lane < parts_[p].lanes; lane += chunk_lanes) chunks.push_back({p, lane});
    device_parts_ = StructArray<Exec, UpdatePart<Exec, Update>>(parts_);
    chunks_ = to_space<Exec>(host_array("ranvier::update::chunks", chunks));
    ready_ = true;
  }

  std::vector<UpdatePart<Exec, Update>> parts_;
  StructArray<Exec, UpdatePart<Exec, Update>> device_parts_;
  Array<PartChunk, Exec> chunks_;
  bool ready_ = false;
};

/// Runs UpdateNeuron on the host: one tile through the steps of a launch, vectorised over chunks of lanes.
template <class Exec, class Real, class Update>
struct UpdateTile {
  using Constants = ChunkConstants<decltype(Update::constants)>;
  Update update;
  SpikeBuffer spikes;
  std::uint32_t local0;
  Step interval_first;

  void operator()(const Tile& tile, Step step, std::uint32_t slot, Constants& constants) const {
    // Copies whose address does not escape: the compiler then knows that no store to an array changes them.
    const Update u = update;
    const Tile t = tile;
    for (std::size_t begin = t.first; begin < std::size_t{t.first} + t.padded; begin += chunk_lanes) {
      alignas(64) Accumulator<Real> fired[chunk_lanes];
      Accumulator<Real> any = 0;
      const auto reader = constants.in_chunk(begin);
      RANVIER_SIMD_OR(any)
      for (std::size_t i = 0; i < chunk_lanes; ++i) {
        fired[i] = u.lane(t, begin + i, slot, reader);
        any |= fired[i];
      }
      if (any != 0) emit(t, begin, step, fired);
    }
  }

 private:
  void emit(const Tile& t, std::size_t begin, Step step, const Accumulator<Real>* fired) const {
    const std::size_t lanes = std::min<std::size_t>(chunk_lanes, t.first + t.count - begin);
    constexpr std::size_t group = 8;  // most groups of a chunk with a spike have none
    for (std::size_t g = 0; g < lanes; g += group) {
      Accumulator<Real> any = 0;
      for (std::size_t i = g; i < g + group; ++i) any |= fired[i];
      if (any == 0) continue;
      for (std::size_t i = g; i < std::min(g + group, lanes); ++i)
        if (fired[i] != 0)
          spikes.report(static_cast<std::uint32_t>(local0 + begin + i), step, interval_first,
                        static_cast<std::int32_t>(fired[i]));
    }
  }
};

/// What a population owns besides the membrane: receptors and inputs, in the order in which they act in a step.
template <class Exec, class Real>
struct Attachments {
  std::vector<std::unique_ptr<StepKernel<Exec>>> kernels;
  std::vector<StateArray<Exec, Real>> states;
  std::vector<Array<Real, Exec>> scratch;
  std::vector<std::shared_ptr<const void>> keep;  ///< owners of what the kernels point to

  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& k : kernels) sum += k->bytes();
    for (const auto& s : states) sum += s.values.span() * sizeof(Real);
    for (const auto& s : scratch) sum += s.span() * sizeof(Real);
    return sum;
  }
};

/// A population of neurons: what is attached acts first in each step, then the membrane.
template <class Exec, class Real, template <class> class Model, class Update>
class NeuronKernel : public Population<Exec, Real> {
 public:
  using State = typename Model<Real>::State;

  NeuronKernel(const PopulationPlan& plan, const Machine<Exec, Real>& machine, Update update,
               FieldStore<Exec, Real, State> states, ConstantStore<Exec, Real, Model> constants,
               Attachments<Exec, Real> attachments)
      : label_("ranvier::update::" + plan.layout.name),
        layout_(plan.layout),
        machine_(machine),
        tiles_(plan.layout),
        update_(update),
        states_(std::move(states)),
        constants_(std::move(constants)),
        attachments_(std::move(attachments)),
        settle_(all_states()),
        parts_(UpdatePart<Exec, Update>{update, settle_.lanes(), tiles_.tiles.data(), plan.layout.local0,
                                        tiles_.padded}) {}

  void prepare(Step first, int steps) override {
    if constexpr (!is_host<Exec>)
      for (const auto& kernel : attachments_.kernels)
        if (kernel->adds_to_ring_only()) kernel->launch_steps(first, steps);
  }

  void update(Step first, int steps, Step interval_first) override {
    if constexpr (is_host<Exec>)
      update_on_host(first, steps, interval_first);
    else
      update_on_device(first, steps, interval_first);
  }

  bool take(Population<Exec, Real>& other) override {
    if constexpr (!is_host<Exec>) {
      auto* const alike = dynamic_cast<NeuronKernel*>(&other);
      if (alike == nullptr || step_by_step() || alike->step_by_step()) return false;
      parts_.take(alike->parts_);
      return true;
    }
    return false;
  }

  void observe(std::unique_ptr<StepKernel<Exec>> kernel) override { observers_.push_back(std::move(kernel)); }

  std::vector<StateArray<Exec, Real>> states() const override { return all_states(); }

  std::size_t bytes() const override {
    return states_.bytes() + constants_.bytes() + attachments_.bytes() + tiles_.tiles.span() * sizeof(Tile);
  }

 private:
  std::vector<StateArray<Exec, Real>> all_states() const {
    std::vector<StateArray<Exec, Real>> out;
    append_states<Exec, Real, State>(states_, "", out);
    out.insert(out.end(), attachments_.states.begin(), attachments_.states.end());
    return out;
  }

  void update_on_host(Step first, int steps, Step interval_first) {
    const UpdateTile<Exec, Real, Update> update_tile{update_, machine_.spikes, layout_.local0, interval_first};
    const auto body = [&](const std::size_t tile_index) {
      const Tile& tile = layout_.tiles[tile_index];
      typename UpdateTile<Exec, Real, Update>::Constants constants(update_.constants);
      for (Step step = first; step < first + steps; ++step) {
        for (const auto& kernel : attachments_.kernels) kernel->run_tile(tile, step);
        update_tile(tile, step, static_cast<std::uint32_t>(step % machine_.slots), constants);
        if (step % settling_steps == 0) settle_.run(tile.first, std::size_t{tile.first} + tile.padded);
        for (const auto& observer : observers_) observer->run_tile(tile, step);
      }
    };
    Kokkos::parallel_for(label_, Kokkos::RangePolicy<Exec>(0, layout_.tiles.size()), body);
  }

  /// All steps in one launch where nothing else has to act in between.
  void update_on_device(Step first, int steps, Step interval_first) {
    const int stride = step_by_step() ? 1 : steps;
    for (int done = 0; done < steps; done += stride) {
      const Step step = first + done;
      for (const auto& kernel : attachments_.kernels)
        if (!kernel->adds_to_ring_only()) kernel->launch_steps(step, 1);
      parts_.run(label_, machine_.spikes, machine_.slots, step, stride, interval_first);
      for (const auto& observer : observers_) observer->launch_steps(step, 1);
    }
  }

  bool step_by_step() const {
    return !observers_.empty() || std::any_of(attachments_.kernels.begin(), attachments_.kernels.end(),
                                              [](const auto& kernel) { return !kernel->adds_to_ring_only(); });
  }

  std::string label_;
  PopulationLayout layout_;
  Machine<Exec, Real> machine_;
  TileArray<Exec> tiles_;
  Update update_;
  FieldStore<Exec, Real, State> states_;
  ConstantStore<Exec, Real, Model> constants_;
  Attachments<Exec, Real> attachments_;
  SettleStates<Exec, Real> settle_;
  UpdateParts<Exec, Update> parts_;
  std::vector<std::unique_ptr<StepKernel<Exec>>> observers_;
};

}  // namespace ranvier

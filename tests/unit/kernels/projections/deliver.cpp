#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "kernels/engine/engine.hpp"
#include "kernels/factories/models.hpp"
#include "kernels/projections/deliver_on_device.hpp"
#include "tests/support/kokkos_session.hpp"

/// Delivery into parrots, which emit in each step what arrived in it: their spikes show every sum of the delay ring.
namespace ranvier {
namespace {

const Registry& models() {
  static const Registry all = [] {
    Registry r;
    add_models(r);
    return r;
  }();
  return all;
}

constexpr int weight_exponent = 4;  // one unit of the ring is 1/16

/// (step, neuron, number of spikes)
using Arrival = std::tuple<Step, std::uint32_t, std::uint32_t>;

/// Three parrots in one block, ports 0, 1 and 2 of 64; delays up to 5 steps on a ring of 9 slots.
template <class Real>
RankNetwork<Real> parrots(SynapseTable<Real> table) {
  RankNetwork<Real> network;
  PopulationLayout share;
  share.name = "parrots";
  share.size = share.count = 3;
  share.receptors = 1;
  network.layout.populations = {share};
  network.layout.interval = 2;
  network.layout.max_delay = 5;
  lay_out(network.layout, {.accumulator_bytes = sizeof(Accumulator<Real>)});
  PopulationPlan plan;
  plan.model = "parrot";
  plan.layout = network.layout.populations[0];
  plan.receptors = {{"spikes", "", {}, std::ldexp(1.0, -weight_exponent), {}}};
  network.populations = {plan};
  network.sources = {{"sources", table.row0, table.rows}};
  SourceTables<Real> of_source{0, table.row0, table.rows, {}};
  of_source.tables.push_back(std::move(table));
  ProjectionPlan<Real> plan_of_synapses{"static", {}, {}};
  plan_of_synapses.sources.push_back(std::move(of_source));
  network.projections.push_back(std::move(plan_of_synapses));
  return network;
}

/// Rows: source 7 to neurons 0 and 2, source 8 to none, source 9 to neuron 2 twice.
template <class Real>
SynapseTable<Real> table_of_three_rows() {
  SynapseTable<Real> table;
  table.rows = 3;
  table.row0 = 7;
  table.parts = {{0, 0}};
  table.offsets = HostBuffer<std::uint32_t>{0, 2, 2, 4};
  return table;
}

template <class Real>
SynapseTable<Real> constant_table() {
  auto table = table_of_three_rows<Real>();
  table.constant_delay = table.constant_weight = true;
  table.delay = 3;
  table.weight = 2 << weight_exponent;
  table.index16 = HostBuffer<std::uint16_t>{0, 2, 2, 2};
  return table;
}

/// Delays 2 and 5, 2 and 4; weights 1 and 3, 5 and 7.
template <class Real>
SynapseTable<Real> individual_table() {
  auto table = table_of_three_rows<Real>();
  table.index32 = HostBuffer<std::uint32_t>{2 * 64 + 0, 5 * 64 + 2, 2 * 64 + 2, 4 * 64 + 2};
  constexpr Accumulator<Real> one = 1 << weight_exponent;
  table.weights = HostBuffer<Accumulator<Real>>{1 * one, 3 * one, 5 * one, 7 * one};
  return table;
}

/// Runs 20 steps in intervals of two; `spikes` are delivered after the interval that begins at `delivered`.
template <class Real>
std::vector<Arrival> arrivals(SynapseTable<Real> table, const std::vector<Spike>& spikes, Step delivered) {
  const auto engine = make_host_engine<Real>(parrots<Real>(std::move(table)), models());
  std::vector<Arrival> found;
  for (Step first = 1; first < 20; first += 2) {
    engine->begin_spikes(first);
    engine->update(first, 2);
    for (const Spike& s : engine->emitted(MemorySpace::host).on_host())
      found.emplace_back(first + s.offset, s.source, s.multiplicity);
    if (first == delivered) engine->deliver(SpikeList(std::span<const Spike>(spikes)), first);
  }
  std::sort(found.begin(), found.end());
  return found;
}

template <class Real>
class Deliver : public ::testing::Test {};
using Precisions = ::testing::Types<double, float>;
TYPED_TEST_SUITE(Deliver, Precisions);

TYPED_TEST(Deliver, AddsAConstantWeightAfterAConstantDelay) {
  const std::vector<Spike> spikes{{7, 0, 1}, {9, 1, 1}};
  // Stamped in steps 1 and 2, delay 3, weight 2; source 9 has two synapses onto neuron 2.
  EXPECT_EQ(arrivals(constant_table<TypeParam>(), spikes, 1), (std::vector<Arrival>{{4, 0, 2}, {4, 2, 2}, {5, 2, 4}}));
}

TYPED_TEST(Deliver, AddsEachWeightAfterItsOwnDelay) {
  const std::vector<Spike> spikes{{7, 0, 1}, {9, 1, 1}};
  EXPECT_EQ(arrivals(individual_table<TypeParam>(), spikes, 1),
            (std::vector<Arrival>{{3, 0, 1}, {4, 2, 5}, {6, 2, 3 + 7}}));
}

TYPED_TEST(Deliver, CountsSpikesOfOneStepTogether) {
  const std::vector<Spike> spikes{{9, 0, 3}, {8, 0, 9}, {7, 0, 2}};
  EXPECT_EQ(arrivals(constant_table<TypeParam>(), spikes, 1), (std::vector<Arrival>{{4, 0, 4}, {4, 2, 4 + 12}}));
  EXPECT_EQ(arrivals(individual_table<TypeParam>(), spikes, 1),
            (std::vector<Arrival>{{3, 0, 2}, {3, 2, 15}, {5, 2, 21}, {6, 2, 6}}));
}

/// Steps 7 and 8 are slots 7 and 8 of 9: what they bring wraps around the end of the ring.
TYPED_TEST(Deliver, WrapsAroundTheRing) {
  const std::vector<Spike> spikes{{7, 0, 1}, {9, 1, 1}};
  EXPECT_EQ(arrivals(constant_table<TypeParam>(), spikes, 7),
            (std::vector<Arrival>{{10, 0, 2}, {10, 2, 2}, {11, 2, 4}}));
  EXPECT_EQ(arrivals(individual_table<TypeParam>(), spikes, 7),
            (std::vector<Arrival>{{9, 0, 1}, {10, 2, 5}, {12, 2, 3 + 7}}));
}

/// What a device does, in host memory: a ring of 9 slots with 64 ports, after spikes of the interval that begins at step 1.
template <class Real>
std::vector<std::tuple<std::uint32_t, std::uint32_t, Accumulator<Real>>> sums(SynapseTable<Real> table,
                                                                              const SpikeList& what) {
  std::vector<SourceTables<Real>> sources;
  sources.push_back({0, 0, 7, {}});
  sources.push_back({1, 7, 3, {}});
  sources.back().tables.push_back(std::move(table));
  const Array<Accumulator<Real>, HostExec> ring("ring", 9 * 64);
  DeviceDelivery<HostExec, Real>(sources, {Block{0, 64}})(what, ring, 9, 1);
  std::vector<std::tuple<std::uint32_t, std::uint32_t, Accumulator<Real>>> found;  // slot, port, units
  for (std::uint32_t i = 0; i < 9 * 64; ++i)
    if (ring(i) != 0) found.emplace_back(i / 64, i % 64, ring(i) >> weight_exponent);
  return found;
}

TYPED_TEST(Deliver, ADeviceAddsToTheSameSums) {
  using Sums = std::vector<std::tuple<std::uint32_t, std::uint32_t, Accumulator<TypeParam>>>;
  const std::vector<Spike> spikes{{7, 0, 1}, {9, 1, 2}, {8, 0, 1}};
  const SpikeList all{std::span<const Spike>(spikes)};
  EXPECT_EQ(sums(constant_table<TypeParam>(), all), (Sums{{4, 0, 2}, {4, 2, 2}, {5, 2, 8}}));
  EXPECT_EQ(sums(individual_table<TypeParam>(), all), (Sums{{3, 0, 1}, {4, 2, 10}, {6, 2, 3 + 14}}));
}

/// Of four spikes of this rank's neurons the first is delivered already; neuron 1 has no targets.
TYPED_TEST(Deliver, ADeviceDeliversItsOwnSpikesOnce) {
  using Sums = std::vector<std::tuple<std::uint32_t, std::uint32_t, Accumulator<TypeParam>>>;
  const std::vector<Spike> spikes{{0, 0, 1}, {1, 1, 1}, {2, 7, 1}, {0, 1, 1}};
  const std::vector<std::uint32_t> slot_of{7, without_slot, 9};
  const std::uint32_t begin = 1, end = 4;
  std::uint32_t next = 0;
  SpikeList own;
  own.records = spikes.data();
  own.begin = &begin;
  own.end = &end;
  own.next = &next;
  own.slot_of = slot_of.data();
  // Stamped in steps 8 and 2: slots 8 and 2 of 9.
  EXPECT_EQ(sums(individual_table<TypeParam>(), own), (Sums{{1, 2, 5}, {3, 2, 7}, {4, 0, 1}, {7, 2, 3}}));
  EXPECT_EQ(next, 4u);
}

}  // namespace
}  // namespace ranvier

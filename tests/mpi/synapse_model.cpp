// A model of synapses that is not part of the build: it passes weights on, and notes what a projection is told.
#include <gmock/gmock.h>

#include <map>

#include "core/run/simulation.hpp"
#include "core/session/device_session.hpp"
#include "io/config/reader.hpp"
#include "io/sonata/inspect/diff.hpp"
#include "kernels/factories/register.hpp"
#include "kernels/projections/projection.hpp"
#include "tests/mpi/shared_folder.hpp"

namespace ranvier {
namespace {

using testing::world;

/// What projections of the model have been told in this process.
struct Told {
  int made = 0;
  std::map<std::string, double> parameters;
  std::uint64_t emitted = 0;  ///< spikes of this rank's neurons, after intervals
  std::vector<Step> before;   ///< steps that it acted before
  Step last_interval_begin = 0;
};
Told told;

/// The plainest implementation of what static synapses do: one spike, table, part and synapse after the other.
template <class Exec, class Real>
class PassOnProjection : public Projection<Exec, Real> {
 public:
  PassOnProjection(ProjectionPlan<Real> plan, const Machine<Exec, Real>& machine)
      : sources_(std::move(plan.sources)), ring_(machine.ring), layout_(*machine.layout) {
    ++told.made;
    told.parameters = plan.parameters;
  }

  void deliver(const ArrivingSpikes<Exec>& spikes, Step first) override {
    for (const SourceTables<Real>& source : sources_)
      for (const Spike& spike : spikes.of(source.source))
        for (const SynapseTable<Real>& table : source.tables)
          for (std::size_t part = 0; part < table.parts.size(); ++part)
            deliver(table, spike.source - table.row0, part, first + spike.offset, spike.multiplicity);
  }
  void before_step(Step step) override { told.before.push_back(step); }
  void after_interval(const SpikeList& spikes, Step first, int) override {
    for (const Spike& spike : spikes.on_host()) told.emitted += spike.multiplicity;
    told.last_interval_begin = first;
  }
  Rhythm rhythm() const override { return {7, true}; }
  ProjectionBytes bytes() const override { return {}; }

 private:
  void deliver(const SynapseTable<Real>& table, std::uint32_t row, std::size_t part, Step stamped,
               std::uint16_t multiplicity) {
    const auto [block, first] = table.parts[part];
    const std::uint32_t ports = layout_.blocks[block].ports;
    const std::uint32_t* offsets = table.offsets_of(part) + row;
    for (std::uint64_t k = first + offsets[0]; k < first + offsets[1]; ++k) {
      const std::uint32_t delay = table.constant_delay ? table.delay : table.index32[k] / ports;
      const std::uint32_t port = table.constant_delay ? table.index16[k] : table.index32[k] % ports;
      const auto slot = static_cast<std::uint64_t>(stamped + delay) % layout_.slots;
      const Accumulator<Real> weight = table.constant_weight ? table.weight : table.weights[k];
      ring_.data()[layout_.blocks[block].ring + slot * ports + port] += weight * multiplicity;
    }
  }

  std::vector<SourceTables<Real>> sources_;
  Array<Accumulator<Real>, Exec> ring_;
  Layout layout_;
};

template <class Exec, class Real>
struct PassOn {
  static ModelInfo info() {
    ModelInfo m;
    m.name = "pass_on";
    m.doc = "Passes weights on";
    FieldInfo field;
    field.name = "tau";
    field.unit = unit::ms;
    field.default_value = 20.0;
    field.range = range::positive;
    field.form = Form::constant;
    m.fields = {field};
    return m;
  }
  static std::unique_ptr<Projection<Exec, Real>> make(ProjectionPlan<Real> plan, const Machine<Exec, Real>& machine) {
    return std::make_unique<PassOnProjection<Exec, Real>>(std::move(plan), machine);
  }
};

/// Weights and delays of all four formats of tables, a Poisson source, and populations of several tiles.
constexpr const char* network = R"(
name: pass_on
simulation: {duration: 80 ms, dt: 0.1 ms, seed: 7}
populations:
  drive: {size: 300, model: poisson, params: {rate: 800 Hz}}
  exc:
    size: 1200
    model: lif
    receptors: {ampa: {model: exponential, tau: 5 ms, E_rev: 0 mV}, gaba: {model: exponential, tau: 10 ms, E_rev: -80 mV}}
  inh: {like: exc, size: 300}
projections:
  - {source: drive, target: [exc, inh], receptor: ampa, rule: fixed_indegree, indegree: 30, weight: 2 nS, delay: 0.5 ms, SYNAPSE}
  - {source: exc, target: [exc, inh], receptor: ampa, rule: pairwise_bernoulli, p: 0.05, weight: {normal: {mean: 2 nS, std: 0.4 nS, min: 0 nS}}, delay: 1 ms, SYNAPSE}
  - {source: exc, target: exc, receptor: ampa, rule: fixed_indegree, indegree: 5, weight: 1 nS, delay: {uniform: {low: 0.5 ms, high: 4 ms}}}
  - {source: inh, target: [exc, inh], receptor: gaba, rule: fixed_outdegree, outdegree: 40, weight: {uniform: {low: 5 nS, high: 20 nS}}, delay: {uniform: {low: 0.5 ms, high: 3 ms}}, SYNAPSE}
record: {spikes: [exc, inh, drive]}
)";

/// The network, some of whose projections have this key.
std::string with_synapse(const std::string& synapse) {
  std::string text = network;
  for (std::size_t at; (at = text.find(", SYNAPSE")) != std::string::npos;) text.replace(at, 9, synapse);
  return text;
}

struct SynapseModel : testing::SharedFolderTest {
  /// Runs a network into a folder of its own; the spikes.
  std::uint64_t run(const std::string& name, const std::string& synapse, Precision precision) {
    Session session;
    add_synapse<PassOn>(session.models());
    Config config = parse_config(with_synapse(synapse), "config.yaml", "", session.catalogue(), {});
    RunOptions options;
    options.precision = precision;
    options.output = (folder / name).string();
    told = {};
    Simulation simulation(std::move(config), options, session, *world);
    simulation.build();
    RunControl control(*world);
    EXPECT_EQ(simulation.run(control), RunStatus::complete);
    return simulation.summary().spikes;
  }

  void expect_same(const std::string& a, const std::string& b) {
    if (rank != 0) return;
    const DiffResult result = diff((folder / a).string(), (folder / b).string());
    EXPECT_EQ(result.exit_code, 0) << result.text;
  }
};

TEST_F(SynapseModel, GivesTheBitsOfStaticSynapses) {
  for (const Precision precision : {Precision::double_, Precision::single}) {
    const std::uint64_t spikes = run("static", "", precision);
    EXPECT_GT(spikes, 5000U);
    EXPECT_EQ(told.made, 0);
    EXPECT_EQ(run("pass_on", ", synapse: {model: pass_on, tau: 30 ms}", precision), spikes);
    EXPECT_EQ(told.made, 1) << "projections with the same synapses are one object";
    EXPECT_THAT(told.parameters, ::testing::ElementsAre(::testing::Pair("tau", 30.0)));
    expect_same("static", "pass_on");
  }
}

TEST_F(SynapseModel, ActsInTheRhythmThatItAsksFor) {
  const std::uint64_t spikes = run("rhythm", ", synapse: pass_on", Precision::double_);
  EXPECT_EQ(world->sum(told.emitted), spikes);
  std::vector<Step> every_seventh;
  for (Step step = 1; step <= 800; step += 7) every_seventh.push_back(step);
  EXPECT_EQ(told.before, every_seventh);
  EXPECT_EQ(told.last_interval_begin, 796);  // intervals of five steps
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) {
  const ranvier::DeviceSession device;
  return ranvier::testing::run_mpi_tests(argc, argv);
}

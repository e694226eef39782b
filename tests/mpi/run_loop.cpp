// The stages of an exchange interval, seen by an engine and an exchange that note what they are asked for.
#include "core/run/run_loop.hpp"

#include <gmock/gmock.h>

#include "core/session/session.hpp"
#include "tests/mpi/shared_folder.hpp"
#include "tests/support/without_state.hpp"

namespace ranvier {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::world;

using Log = std::vector<std::string>;

std::string word(MemorySpace space) { return space == MemorySpace::host ? "host" : "device"; }

/// One neuron of one population, which fires in every step.
class NotingEngine : public testing::WithoutState<Engine> {
 public:
  NotingEngine(Log& log, MemorySpace space, int most) : log_(log), space_(space), most_(most) {}

  void begin_spikes(Step first) override {
    note("begin", first);
    spikes_.clear();
    first_ = first;
  }
  int most_intervals() const override { return most_; }
  void update(Step first, int steps) override {
    note("update", first, steps);
    for (Step s = first; s < first + steps; ++s) spikes_.push_back({0, static_cast<std::uint16_t>(s - first_), 1});
  }
  bool acts_after_interval() const override { return after_interval; }
  void end_interval(Step first, int steps) override { note("end_interval", first, steps); }
  MemorySpace spike_space() const override { return space_; }
  SpikeList emitted(MemorySpace where) override {
    log_.push_back("emitted " + word(where));
    if (where == MemorySpace::host) return SpikeList(std::span<const Spike>(spikes_));
    SpikeList list;
    list.space = MemorySpace::device;
    return list;
  }
  void deliver(const SpikeList& spikes, Step first) override { note("deliver " + word(spikes.space), first); }
  void fence() override {}

  void begin_signals() override { log_.emplace_back("begin_signals"); }
  void sum_initial_signals() override { log_.emplace_back("sum_initial_signals"); }
  std::span<std::int64_t> signals(Step first) override {
    note("signals", first);
    return sums_;
  }
  void receive_signals(Step first, int steps) override { note("receive_signals", first, steps); }

  void read_state(std::size_t, const std::string&, std::span<const std::uint32_t>, double*) override {}
  std::optional<BadState> find_non_finite() override { return bad_state; }
  std::optional<Step> first_non_finite() const override { return bad_state ? std::optional<Step>(3) : std::nullopt; }
  EngineBytes bytes() const override { return {}; }

  bool after_interval = false;
  std::optional<BadState> bad_state;

 private:
  void note(const std::string& what, Step first) { log_.push_back(what + " " + std::to_string(first)); }
  void note(const std::string& what, Step first, int steps) {
    log_.push_back(what + " " + std::to_string(first) + "+" + std::to_string(steps));
  }

  Log& log_;
  MemorySpace space_;
  int most_;
  Step first_ = 1;
  std::vector<Spike> spikes_;
  std::vector<std::int64_t> sums_ = std::vector<std::int64_t>(4, 1);
};

class NotingExchange : public SpikeExchange {
 public:
  NotingExchange(Log& log, MemorySpace space) : log_(log), space_(space) {}

  MemorySpace space() const override { return space_; }
  void start(const SpikeList& emitted) override { log_.push_back("start " + word(emitted.space)); }
  SpikeList local() const override { return list(); }
  SpikeList finish() override {
    log_.emplace_back("finish");
    return list();
  }
  ExchangeStatistics statistics() const override { return {}; }
  ExchangeBytes bytes() const override { return {}; }
  std::string_view name() const override { return "noting"; }

 private:
  SpikeList list() const {
    SpikeList list;
    list.space = space_;
    return list;
  }

  Log& log_;
  MemorySpace space_;
};

struct RunLoopStages : testing::SharedFolderTest {
  void make(MemorySpace space, int most = 1) {
    network.layout.populations.resize(1);
    network.layout.populations[0].count = 1;
    auto noting = std::make_unique<NotingEngine>(log, space, most);
    engine = noting.get();
    network.engine = std::move(noting);
    network.exchange = std::make_unique<NotingExchange>(log, space);
  }
  RunLoop& loop() {
    if (!loop_) loop_.emplace(network, recorder, finite, *world, timer);
    return *loop_;
  }
  /// What an interval of this many steps asks for, one word for each.
  Log interval(Step first, int steps) {
    log.clear();
    loop().run({first, steps});
    return log;
  }
  /// What is due only where there are other ranks.
  Log with_others(Log expected, const Log& of_others, std::size_t at) const {
    if (ranks > 1)
      expected.insert(expected.begin() + static_cast<std::ptrdiff_t>(at), of_others.begin(), of_others.end());
    return expected;
  }

  Log log;
  Config config = [this] {
    Config c;
    c.output = folder.string();
    c.populations.resize(1);
    return c;
  }();
  Session session;
  RunningNetwork network;
  NotingEngine* engine = nullptr;
  NodeSelections nodes{config, *world};
  Recorder recorder{config, session.models(), network.layout, nodes, 0, 100, *world, Provenance{}, {}};
  PhaseTimer timer;
  struct Late : FiniteCheck {
    explicit Late(RunningNetwork& n) : network(n) {}
    std::optional<BadState> find_non_finite() override { return network.engine->find_non_finite(); }
    std::optional<Step> first_non_finite() const override { return network.engine->first_non_finite(); }
    RunningNetwork& network;
  } late{network};
  FiniteStates finite{late, network.layout, 0.1, *world};
  std::optional<RunLoop> loop_;
};

TEST_F(RunLoopStages, InHostMemory) {
  make(MemorySpace::host);
  const Log first = with_others({"begin 1", "update 1+5", "emitted host", "start host", "deliver host 1"},
                                {"finish", "deliver host 1"}, 5);
  EXPECT_EQ(interval(1, 5), first);
  EXPECT_EQ(interval(6, 2)[0], "begin 6");
  EXPECT_EQ(loop().spikes().all(), 7U);
  log.clear();
  loop().collect();
  EXPECT_THAT(log, IsEmpty()) << "nothing is kept";
}

/// The host fetches spikes only when the device has no room for another interval, or when it is asked to.
TEST_F(RunLoopStages, OnADevice) {
  make(MemorySpace::device, 3);
  EXPECT_EQ(interval(1, 2), with_others({"begin 1", "update 1+2", "emitted device", "start device", "deliver device 1"},
                                        {"finish", "deliver device 1"}, 5));
  EXPECT_EQ(interval(3, 2), with_others({"update 3+2", "emitted device", "start device", "deliver device 1"},
                                        {"finish", "deliver device 1"}, 4));
  EXPECT_EQ(loop().spikes().all(), 0U);
  EXPECT_EQ(interval(5, 2).back(), "emitted host");
  EXPECT_EQ(loop().spikes().all(), 6U);
  EXPECT_EQ(interval(7, 2).front(), "begin 7");
  log.clear();
  loop().collect();
  EXPECT_THAT(log, ElementsAre("emitted host"));
  EXPECT_EQ(loop().spikes().all(), 8U);
  EXPECT_EQ(interval(9, 2).front(), "begin 9");
}

TEST_F(RunLoopStages, SignalsAndActionsAfterAnInterval) {
  make(MemorySpace::host);
  engine->after_interval = true;
  network.has_signals = true;
  EXPECT_EQ(interval(1, 4), with_others({"begin 1", "begin_signals", "update 1+4", "end_interval 1+4", "emitted host",
                                         "start host", "deliver host 1", "signals 1", "receive_signals 1+4"},
                                        {"finish", "deliver host 1"}, 9));
  log.clear();
  loop().send_initial_signals();
  EXPECT_THAT(log, ElementsAre("begin_signals", "sum_initial_signals", "signals 0", "receive_signals 0+1"));
}

TEST_F(RunLoopStages, AStateThatIsNotFiniteEndsTheRun) {
  make(MemorySpace::host);
  network.layout.populations[0].name = "exc";
  engine->bad_state = FiniteCheck::BadState{0, 0, "V_m"};
  try {
    loop().run({1, 5});
    FAIL() << "no error";
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("population exc: V_m of neuron 0"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("0.3 ms")) << "the step in which it arose";
  }
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }

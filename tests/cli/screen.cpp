// What a user sees of a run: progress and the summary table.
#include <gmock/gmock.h>

#include <cstdio>
#include <memory>

#include "core/base/readable.hpp"
#include "core/cli/summary_table.hpp"
#include "core/run/progress.hpp"

namespace ranvier {
namespace {

using ::testing::HasSubstr;

TEST(Readable, CountsBytesDurations) {
  EXPECT_EQ(readable_count(0), "0");
  EXPECT_EQ(readable_count(999), "999");
  EXPECT_EQ(readable_count(1000), "1,000");
  EXPECT_EQ(readable_count(298880968), "298,880,968");
  EXPECT_EQ(readable_bytes(0), "0 B");
  EXPECT_EQ(readable_bytes(999), "999 B");
  EXPECT_EQ(readable_bytes(1000), "1.00 kB");
  EXPECT_EQ(readable_bytes(12345678), "12.3 MB");
  EXPECT_EQ(readable_bytes(2.5e11), "250 GB");
  EXPECT_EQ(readable_duration(0.034), "0.03 s");
  EXPECT_EQ(readable_duration(59.94), "59.9 s");
  EXPECT_EQ(readable_duration(185), "3 min 05 s");
  EXPECT_EQ(readable_duration(7380), "2 h 03 min");
}

RunSummary two_ranks() {
  RunSummary s;
  s.name = "coba";
  s.precision = "double";
  s.device = "cpu (Serial)";
  s.exchange = "neighbours";
  s.ranks = 2;
  s.dt_ms = 0.1;
  s.until_ms = 5000.0;
  s.neurons = 4000;
  s.synapses = 320000;
  s.build_seconds = 0.25;
  s.simulate_seconds = 1.5;
  s.output_seconds = 0.01;
  s.run_seconds = 1.51;
  s.complete = true;
  s.spikes = 430000;
  s.populations = {{"exc", "lif", 3200, 344000}, {"inh", "lif", 800, 86000}};
  s.by_rank.resize(2);
  s.by_rank[0].phases = {1.0, 0.25, 0.0, 0.125, 0.0, 0.125};
  s.by_rank[1].phases = {0.5, 0.25, 0.0, 0.625, 0.0, 0.125};
  for (auto& r : s.by_rank) {
    r.peak_memory = 50'000'000;
    r.memory.synapses = 1'920'000;
    r.exchange = {.exchanges = 50000, .spikes_sent = 215000, .bytes_sent = 2'120'000};
  }
  return s;
}

TEST(Summary, HeadingSaysWhatRuns) {
  EXPECT_EQ(heading(two_ranks()),
            "coba: 4,000 neurons, 320,000 synapses\n"
            "2 ranks, cpu (Serial), double precision\n");
}

TEST(Summary, TableHoldsTheNumbers) {
  const auto text = summary_table(two_ranks());
  EXPECT_THAT(text, HasSubstr("5 s of biological time, real-time factor 0.3 without output, 0.302 with it\n"));
  EXPECT_THAT(text, HasSubstr("build 0.250 s, simulate 1.500 s, output 0.010 s\n"));
  EXPECT_THAT(text, HasSubstr("  exc                3,200         344,000     21.500\n"));
  EXPECT_THAT(text, HasSubstr("  all                4,000         430,000     21.500\n"));
  EXPECT_THAT(text, HasSubstr("  update                   0.750       0.500       1.000\n"));
  EXPECT_THAT(text, HasSubstr("  exchange wait            0.375       0.125       0.625\n"));
  EXPECT_THAT(text, HasSubstr("  synapses               1.92 MB     1.92 MB     1.92 MB\n"));
  EXPECT_THAT(
      text, HasSubstr("  exchange           neighbours, every 0.1 ms; 4.3 spikes and 42 B sent by a rank each time\n"));
}

TEST(Summary, AlignsItsColumns) {
  const auto text = summary_table(two_ranks());
  std::size_t begin = text.find("  phase (s)"), width = text.find('\n', begin) - begin;
  for (std::size_t row = 0; row <= phase_count; ++row) {
    const auto end = text.find('\n', begin);
    EXPECT_EQ(end - begin, width) << text.substr(begin, end - begin);
    begin = end + 1;
  }
}

TEST(Summary, OneRankOneColumn) {
  auto s = two_ranks();
  s.by_rank.resize(1);
  s.ranks = 1;
  s.complete = false;
  const auto text = summary_table(s);
  EXPECT_THAT(text, HasSubstr("stopped after 5 s"));
  EXPECT_THAT(text, HasSubstr("  update                   1.000\n"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("sent by a rank")));
}

/// What a Progress writes to its file.
template <class Use>
std::string written(bool terminal, Use use) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  {
    Progress progress(file.get(), terminal);
    use(progress);
  }
  std::rewind(file.get());
  std::string text(10000, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  return text;
}

TEST(Progress, SaysNothingOfAShortRun) {
  for (const bool terminal : {false, true})
    EXPECT_EQ(written(terminal,
                      [](Progress& p) {
                        p.begin(0.0, 1000.0, 10);
                        for (int i = 0; i < 1000; ++i) p.update(i, 5);
                        p.end();
                      }),
              "");
}

TEST(Progress, TextHoldsTimeFactorRateAndRest) {
  EXPECT_EQ(progress_line({.now_ms = 250, .from_ms = 0, .until_ms = 1000, .wall_s = 20, .factor = 80, .rate_hz = 3.25}),
            "0.250 / 1.000 s after 20.0 s: RTF 80, 3.25 Hz, 1 min 00 s left");
  const auto bar =
      progress_bar({.now_ms = 250, .from_ms = 0, .until_ms = 1000, .wall_s = 20, .factor = 80, .rate_hz = 3.25});
  EXPECT_THAT(bar, HasSubstr("███████░░░░░░░░░░░░░░░░░░░░░  25 %  0.250 / 1.000 s  RTF 80  3.25 Hz  1 min 00 s left"));
}

}  // namespace
}  // namespace ranvier

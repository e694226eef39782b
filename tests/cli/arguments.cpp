#include "core/cli/arguments.hpp"

#include <gmock/gmock.h>

#include "core/base/error.hpp"

namespace ranvier::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Request parse(std::vector<const char*> words) {
  words.insert(words.begin(), "ranvier");
  return parse_arguments(static_cast<int>(words.size()), words.data());
}

template <class T>
T command(const std::vector<const char*>& words) {
  return std::get<T>(std::get<Command>(parse(words)));
}

std::string error(const std::vector<const char*>& words) {
  try {
    parse(words);
  } catch (const UsageError& e) {
    return e.what();
  }
  return "no error";
}

TEST(Arguments, RunTakesEverything) {
  const auto run = command<RunArguments>({"run", "net.yaml", "--set", "variables.scale=10",
                                          "--set=record.spikes=[a, b]", "--output", "out", "--until", "1.5 s",
                                          "--device", "cpu", "--precision", "single", "--max-walltime", "01:30:00"});
  EXPECT_EQ(run.config, "net.yaml");
  EXPECT_THAT(run.set, ElementsAre("variables.scale=10", "record.spikes=[a, b]"));
  EXPECT_EQ(run.output, "out");
  EXPECT_DOUBLE_EQ(*run.until_ms, 1500.0);
  EXPECT_EQ(run.device, Device::cpu);
  EXPECT_EQ(*run.precision, Precision::single);
  EXPECT_DOUBLE_EQ(run.max_walltime_s, 5400.0);
}

TEST(Arguments, DefaultsLeaveTheConfigAlone) {
  const auto run = command<RunArguments>({"run", "net.yaml"});
  EXPECT_TRUE(run.set.empty());
  EXPECT_TRUE(run.output.empty());
  EXPECT_FALSE(run.until_ms.has_value());
  EXPECT_EQ(run.device, Device::automatic);
  EXPECT_FALSE(run.precision.has_value());
  EXPECT_EQ(run.max_walltime_s, 0.0);
}

TEST(Arguments, SetDoesNotSwallowTheConfig) {
  const auto run = command<RunArguments>({"run", "--set", "a.b=1", "net.yaml"});
  EXPECT_EQ(run.config, "net.yaml");
  EXPECT_THAT(run.set, ElementsAre("a.b=1"));
}

TEST(Arguments, OtherCommands) {
  EXPECT_EQ(command<ValidateArguments>({"validate", "n.yaml", "--ranks", "4096"}).ranks, 4096);
  EXPECT_EQ(command<ValidateArguments>({"validate", "n.yaml"}).ranks, 1);
  EXPECT_EQ(command<DescribeArguments>({"describe"}).model, "");
  EXPECT_EQ(command<DescribeArguments>({"describe", "lif"}).model, "lif");
  EXPECT_NO_THROW(command<SchemaArguments>({"schema"}));
  EXPECT_EQ(command<InfoArguments>({"info", "spikes.h5"}).file, "spikes.h5");
  const auto diff = command<DiffArguments>({"diff", "a.h5", "b.h5"});
  EXPECT_EQ(diff.left + diff.right, "a.h5b.h5");
  const auto convert = command<ConvertArguments>({"convert", "--set", "a.b=1", "net.yaml", "--output", "files"});
  EXPECT_EQ(convert.input + ">" + convert.output, "net.yaml>files");
  EXPECT_THAT(convert.set, ElementsAre("a.b=1"));
  EXPECT_FALSE(convert.precision.has_value());
  EXPECT_EQ(*command<ConvertArguments>({"convert", "n.yaml", "--output", "f", "--precision", "single"}).precision,
            Precision::single);
}

TEST(Arguments, HelpAndVersionAnswerAtOnce) {
  const auto help = std::get<std::string>(parse({"--help"}));
  for (const char* name : {"run", "validate", "describe", "schema", "info", "diff", "convert", "75 checkpointed early"})
    EXPECT_THAT(help, HasSubstr(name));
  EXPECT_THAT(std::get<std::string>(parse({"run", "--help"})), HasSubstr("--max-walltime"));
  EXPECT_THAT(std::get<std::string>(parse({"--version"})), ::testing::StartsWith("ranvier 0."));
}

TEST(Arguments, MistakesAreNamed) {
  EXPECT_EQ(error({"rum", "net.yaml"}), "there is no command 'rum'. Did you mean 'run'? See 'ranvier --help'.");
  EXPECT_EQ(error({"frobnicate"}), "there is no command 'frobnicate'. See 'ranvier --help'.");
  EXPECT_THAT(error({}), HasSubstr("See 'ranvier --help'."));
  EXPECT_EQ(error({"run"}), "CONFIG is required. See 'ranvier run --help'.");
  EXPECT_EQ(error({"convert", "net.yaml"}), "--output is required. See 'ranvier convert --help'.");
  EXPECT_THAT(error({"run", "a.yaml", "--device", "tpu"}), HasSubstr("--device"));
  EXPECT_THAT(error({"run", "a.yaml", "--nonsense"}), HasSubstr("--nonsense"));
  EXPECT_THAT(error({"run", "a.yaml", "b.yaml"}), HasSubstr("b.yaml"));
  EXPECT_THAT(error({"validate", "a.yaml", "--ranks", "0"}), HasSubstr("--ranks"));
  EXPECT_THAT(error({"validate", "a.yaml", "--ranks", "100001"}), HasSubstr("--ranks"));
  EXPECT_THAT(error({"run", "a.yaml", "--until", "5 mV"}), HasSubstr("'mV' is not a unit of time"));
}

TEST(Arguments, Walltime) {
  EXPECT_DOUBLE_EQ(parse_walltime_s("00:00:30"), 30.0);
  EXPECT_DOUBLE_EQ(parse_walltime_s("12:30:05"), 45005.0);
  EXPECT_DOUBLE_EQ(parse_walltime_s("2-01:00:00"), 176400.0);
  EXPECT_DOUBLE_EQ(parse_walltime_s("05:00"), 300.0);
  EXPECT_DOUBLE_EQ(parse_walltime_s("90"), 90.0);
  EXPECT_DOUBLE_EQ(parse_walltime_s("0.5"), 0.5);
  for (const char* wrong : {"", "soon", "1:2:3:4", "1:60:00", "-5", "0", "1:", ":1", "1 h", "nan", "inf", "1--2", "1-"})
    EXPECT_THROW(parse_walltime_s(wrong), UsageError) << wrong;
}

TEST(Arguments, Times) {
  EXPECT_DOUBLE_EQ(parse_time_ms("500 ms", "--until"), 500.0);
  EXPECT_DOUBLE_EQ(parse_time_ms("500ms", "--until"), 500.0);
  EXPECT_DOUBLE_EQ(parse_time_ms("0.25 s", "--until"), 250.0);
  EXPECT_DOUBLE_EQ(parse_time_ms("250", "--until"), 250.0);
  for (const char* wrong : {"", "ms", "-1 ms", "1 mV", "1 ms ms", "nan", "1e999"})
    EXPECT_THROW(parse_time_ms(wrong, "--until"), UsageError) << wrong;
}

}  // namespace
}  // namespace ranvier::cli

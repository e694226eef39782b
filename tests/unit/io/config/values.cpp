#include "io/config/values.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "io/config/distributions.hpp"
#include "io/text/yaml.hpp"
#include "tests/unit/io/config/small_catalogue.hpp"

namespace ranvier {
namespace {

/// Reads one value from text; errors are collected as text.
class ConfigValues : public testing::Test {
 protected:
  YamlNode node(const std::string& text) { return parse_yaml(text, 0, errors_); }
  std::optional<double> number(const std::string& text, const Unit& unit, const Range& range = range::any) {
    return read_number(context_, node(text), {"x", unit, range});
  }
  std::optional<Distribution> distribution(const std::string& text, const Unit& unit = unit::mV,
                                           const Range& range = range::any) {
    const auto value = read_value(context_, node(text), {"x", unit, range});
    return value ? std::optional(std::get<Distribution>(*value)) : std::nullopt;
  }
  /// What has been reported since the last call.
  std::string said() {
    std::string text;
    try {
      errors_.raise_if_any();
    } catch (const UsageError& error) {
      text = error.what();
    }
    errors_ = Errors("f", {});
    return text;
  }

  Errors errors_{"f", {}};
  Variables variables_{nullptr, errors_};
  Catalogue catalogue_ = test::small_catalogue();
  FileFacts files_;
  Context context_{catalogue_, errors_, variables_, files_, "", 0.1};
};

TEST_F(ConfigValues, NumbersInTheUnitOfTheField) {
  EXPECT_EQ(number("20 ms", unit::ms), 20.0);
  EXPECT_EQ(number("20", unit::ms), 20.0);
  EXPECT_EQ(number("\"20 ms\"", unit::ms), 20.0);
  EXPECT_EQ(number("0.2 nF", unit::pF), 200.0);
  EXPECT_EQ(number("0.008 /ms", unit::Hz), 8.0);
  EXPECT_EQ(number("8", unit::Hz), 8.0);
  EXPECT_EQ(number("-70 mV", unit::mV), -70.0);
  EXPECT_EQ(said(), "");
}

TEST_F(ConfigValues, WrongDimension) {
  EXPECT_FALSE(number("6 mV", unit::nS));
  EXPECT_EQ(said(), "f:1:1: x: expected a conductance (nS), got 6 mV (a voltage)");
  EXPECT_FALSE(number("100 ms", unit::Hz));
  EXPECT_EQ(said(), "f:1:1: x: expected a frequency (Hz), got 100 ms (a time)");
  EXPECT_FALSE(number("3 mV", unit::one));
  EXPECT_EQ(said(), "f:1:1: x: expected a plain number, got 3 mV (a voltage)");
}

TEST_F(ConfigValues, Ranges) {
  EXPECT_FALSE(number("0", unit::pF, range::positive));
  EXPECT_EQ(said(), "f:1:1: x: must be above 0 pF, got 0 pF");
  EXPECT_FALSE(number("-1 us", unit::ms, range::non_negative));
  EXPECT_EQ(said(), "f:1:1: x: must be at least 0 ms, got -0.001 ms");
  EXPECT_FALSE(number("1.5", unit::one, range::probability));
  EXPECT_EQ(said(), "f:1:1: x: must be from 0 to 1, got 1.5");
}

TEST_F(ConfigValues, CountsComeOutWhole) {
  const auto count = [&](const std::string& text) { return read_count(context_, node(text), {"n"}); };
  EXPECT_EQ(count("0.8 * 4000"), 3200u);
  EXPECT_EQ(count("0.1 * 30"), 3u);  // 3.0000000000000004
  EXPECT_EQ(count("round(2.6)"), 3u);
  EXPECT_EQ(count("9007199254740992"), 9007199254740992u);
  EXPECT_FALSE(count("0.8 * 4001"));
  EXPECT_EQ(said(), "f:1:1: n: must be a whole number, but 0.8 * 4001 is 3200.8; use round(), floor() or ceil()");
  EXPECT_FALSE(count("1.00000001"));
  EXPECT_NE(said(), "");
  EXPECT_FALSE(count("-1"));
  EXPECT_EQ(said(), "f:1:1: n: must be from 0 to 9007199254740992, got -1");
}

TEST_F(ConfigValues, Seeds) {
  EXPECT_EQ(read_seed(context_, node("18446744073709551615"), "seed"), 18446744073709551615u);
  EXPECT_EQ(read_seed(context_, node("40 + 2"), "seed"), 42u);
  EXPECT_FALSE(read_seed(context_, node("18446744073709551616"), "seed"));
  EXPECT_EQ(said(), "f:1:1: seed: must be a whole number from 0 to 2^64 - 1, got 18446744073709551616");
}

TEST_F(ConfigValues, Ids) {
  const auto ids = [&](const std::string& text) {
    return read_ids(context_, node(text), "ids", 100).value_or(IdRanges{});
  };
  EXPECT_EQ(ids("\"0-9, 15\""), (IdRanges{{0, 10}, {15, 16}}));
  EXPECT_EQ(ids("[5, 3-4, 6]"), (IdRanges{{3, 7}}));
  EXPECT_EQ(ids("99"), (IdRanges{{99, 100}}));
  EXPECT_EQ(said(), "");
  EXPECT_TRUE(ids("0-100").empty());
  EXPECT_EQ(said(), "f:1:1: ids: 100 is not below the size of the population, 100");
  EXPECT_TRUE(ids("9-3").empty());
  EXPECT_EQ(said(), "f:1:1: ids: expected ids such as \"0-9, 15\", got '9-3'");
}

TEST_F(ConfigValues, DistributionsAndTheirUnits) {
  const auto normal = distribution("{normal: {mean: -0.055 V, std: 5 mV, max: -50 mV}}").value();
  EXPECT_EQ(normal.a, -55.0);
  EXPECT_EQ(normal.b, 5.0);
  EXPECT_EQ(normal.max, -50.0);
  EXPECT_FALSE(normal.min);
  const auto gamma = distribution("{gamma: {shape: 2, scale: 3}}").value();
  EXPECT_EQ(gamma.a, 2.0);
  EXPECT_EQ(gamma.b, 3.0);
  const auto exponential = distribution("{exponential: {scale: 3 mV}}").value();
  EXPECT_EQ(exponential.a, 3.0);
  EXPECT_EQ(said(), "");
}

TEST_F(ConfigValues, LognormalByMomentsOrByLogarithm) {
  // Mean exp(mu + sigma^2 / 2), variance (exp(sigma^2) - 1) exp(2 mu + sigma^2).
  const auto moments = distribution("{lognormal: {mean: 2 mV, std: 1 mV}}").value();
  EXPECT_NEAR(std::exp(moments.a + 0.5 * moments.b * moments.b), 2.0, 1e-15);
  EXPECT_NEAR(std::expm1(moments.b * moments.b) * std::exp(2 * moments.a + moments.b * moments.b), 1.0, 1e-14);
  const auto logarithm = distribution("{lognormal: {mu: 0.5, sigma: 0.25}}").value();
  EXPECT_EQ(logarithm.a, 0.5);
  EXPECT_EQ(logarithm.b, 0.25);
  EXPECT_EQ(logarithm.unit_factor, 1.0);
}

TEST_F(ConfigValues, UniformByEndsOrBounds) {
  for (const char* text : {"{uniform: {min: 1, max: 3}}", "{uniform: {low: 1, high: 3}}",
                           "{uniform: {low: 0, high: 5, min: 1, max: 3}}"}) {
    const auto d = distribution(text).value();
    EXPECT_EQ(d.a, 1.0) << text;
    EXPECT_EQ(d.b, 3.0) << text;
    EXPECT_FALSE(d.min) << text;
  }
}

TEST_F(ConfigValues, WrongDistributions) {
  const auto error = [&](const std::string& text, const Range& range = range::any) {
    EXPECT_FALSE(distribution(text, unit::mV, range)) << text;
    return said();
  };
  EXPECT_EQ(error("{normal: {mean: 0}}"), "f:1:2: x: normal: 'std' is missing");
  EXPECT_EQ(error("{normal: {mean: 0, std: -1}}"), "f:1:25: x: normal: std: must be at least 0 mV, got -1 mV");
  EXPECT_EQ(error("{normal: {mean: 0, sd: 1}}"),
            "f:1:2: x: normal: 'std' is missing\n"
            "f:1:20: x: normal: unknown key 'sd'. Did you mean 'std'?");
  EXPECT_EQ(error("{norml: {mean: 0, std: 1}}"), "f:1:2: x: unknown distribution 'norml'. Did you mean 'normal'?");
  EXPECT_EQ(error("{normal: {mean: 0, std: 1 ms}}"),
            "f:1:25: x: normal: std: expected a voltage (mV), got 1 ms (a time)");
  EXPECT_EQ(error("{uniform: {low: 3, high: 1}}"),
            "f:1:2: x: uniform: the lower end (3) must be below the upper end (1)");
  EXPECT_EQ(error("{truncated_normal: {mean: 0, std: 1}}"), "f:1:2: x: truncated_normal: 'min' or 'max' is missing");
  EXPECT_EQ(error("{normal: {mean: 0, std: 1, min: 2, max: 1}}"), "f:1:2: x: normal: min (2) must be below max (1)");
  EXPECT_EQ(error("{normal: {mean: 0, std: 1, min: 40}}"),
            "f:1:2: x: normal: min and max keep only 0 of the draws; at least 0.001 must remain");
  EXPECT_EQ(error("{lognormal: {mu: 1000, sigma: 1}}"), "f:1:2: x: lognormal: may draw infinite numbers");
  EXPECT_EQ(error("{normal: {mean: 3, std: 1}}", range::positive),
            "f:1:2: x: normal: may draw values that are not allowed (must be above 0 mV); give min");
  EXPECT_EQ(error("[1, 2]"),
            "f:1:1: x: expected a voltage (mV), got a list; write numbers for each into an HDF5 file and give {hdf5: "
            "\"file.h5:/path\"}");
  EXPECT_EQ(error("{normal: 3}"), "f:1:10: x: normal: expected a map of arguments, got '3'");
}

TEST_F(ConfigValues, RangesThatADistributionCannotLeaveInPractice) {
  EXPECT_TRUE(distribution("{normal: {mean: 10, std: 1}}", unit::mV, range::positive));
  EXPECT_TRUE(distribution("{normal: {mean: 3, std: 1, min: 0}}", unit::mV, range::positive));
  EXPECT_TRUE(distribution("{lognormal: {mean: 3, std: 1}}", unit::mV, range::positive));
  EXPECT_EQ(said(), "");
}

}  // namespace
}  // namespace ranvier

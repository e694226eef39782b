#include "core/base/units.hpp"

#include <gtest/gtest.h>

namespace ranvier {
namespace {

TEST(Units, ScaleAndDimension) {
  const auto check = [](const char* text, const Dimension& dimension, double scale) {
    const auto unit = parse_unit(text);
    ASSERT_TRUE(unit) << text;
    EXPECT_EQ(unit->dimension, dimension) << text;
    EXPECT_NEAR(unit->scale / scale, 1.0, 1e-15) << text;
  };
  check("ms", {.time = 1}, 1e-3);
  check("mV", {.voltage = 1}, 1e-3);
  check("nS", {.voltage = -1, .current = 1}, 1e-9);
  check("pF", {.time = 1, .voltage = -1, .current = 1}, 1e-12);
  check("MOhm", {.voltage = 1, .current = -1}, 1e6);
  check("1/s", {.time = -1}, 1.0);
  check("kHz", {.time = -1}, 1e3);
  check("um^2", {.length = 2}, 1e-12);
  check("um2", {.length = 2}, 1e-12);
  check("ms^-1", {.time = -1}, 1e3);
  check("mV/ms", {.time = -1, .voltage = 1}, 1.0);
  check("mM", {.length = -3, .amount = 1}, 1.0);
  check("min", {.time = 1}, 60.0);
  check("", {}, 1.0);
}

TEST(Units, DensitiesOfTheModelTables) {
  // 1 uF/cm2 = 1e-6 F / 1e-4 m2 = 0.01 F/m2.
  const auto capacitance = parse_unit("uF/cm2");
  ASSERT_TRUE(capacitance);
  EXPECT_NEAR(capacitance->scale, 0.01, 1e-16);
  EXPECT_EQ(dimension_name(capacitance->dimension), "capacitance density");
  const auto conductance = parse_unit("mS/cm2");
  ASSERT_TRUE(conductance);
  EXPECT_NEAR(conductance->scale, 10.0, 1e-14);
}

TEST(Units, MicroAndOhmSigns) {
  EXPECT_NEAR(parse_unit("\xC2\xB5"
                         "A")
                  .value()
                  .scale,
              1e-6, 1e-21);
  EXPECT_NEAR(parse_unit("\xCE\xBCs").value().scale, 1e-6, 1e-21);
  EXPECT_NEAR(parse_unit("M\xCE\xA9").value().scale, 1e6, 1e-6);
}

TEST(Units, NoUnits) {
  for (const char* text :
       {"mv", "MS2x", "x", "mV/", "/ms", "m V", "ms^0", "ms^99", "kg", "mmV", "2", "ms//ms", "um^2^2"})
    EXPECT_FALSE(parse_unit(text)) << text;
  EXPECT_FALSE(parse_unit(std::string(1000, 'm')));
}

TEST(Units, NamesOfDimensions) {
  EXPECT_EQ(dimension_name(unit::one.dimension), "plain number");
  EXPECT_EQ(dimension_name(unit::nS.dimension), "conductance");
  EXPECT_EQ(dimension_name(unit::Hz.dimension), "frequency");
  EXPECT_EQ(dimension_name({.voltage = 2, .current = -1}), "V^2/A");
  EXPECT_EQ(dimension_name({.time = 1, .voltage = 1}), "s V");
  EXPECT_EQ(dimension_name({.time = -2}), "1/s^2");
  EXPECT_EQ(dimension_name({.time = -1, .voltage = -1}), "1/(s V)");
}

TEST(Units, Nearest) {
  EXPECT_EQ(nearest_unit("mv"), "mV");
  EXPECT_EQ(nearest_unit("ns"), "ns");
  EXPECT_EQ(nearest_unit("hz"), "Hz");
  EXPECT_EQ(nearest_unit("Mohm"), "MOhm");
  EXPECT_EQ(nearest_unit("bananas"), "");
}

}  // namespace
}  // namespace ranvier

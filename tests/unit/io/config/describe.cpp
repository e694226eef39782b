#include "io/config/describe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/unit/io/config/small_catalogue.hpp"

namespace ranvier {
namespace {

using ::testing::HasSubstr;

TEST(ConfigDescribe, ListsEveryModelByKind) {
  const std::string text = describe(test::small_catalogue());
  EXPECT_THAT(text, HasSubstr("Neurons (populations: model)\n  lif                 The lif\n"));
  EXPECT_THAT(text,
              HasSubstr("\n\nReceptors (populations: receptors: model)\n  exponential         The exponential\n"));
  for (const auto& model : test::small_catalogue().models) EXPECT_THAT(text, HasSubstr("  " + model.name + " "));
}

TEST(ConfigDescribe, TellsAllAboutOne) {
  EXPECT_EQ(describe(test::small_catalogue(), "lif"), R"(lif: neuron
  The lif

Equations
  C_m dV_m/dt = -g_L (V_m - E_L) + I_e

Parameters
  name     unit  default  allowed
  C_m      pF    250      above 0     the C_m
  g_L      nS    16.6667  above 0     the g_L
  E_L      mV    -70                  the E_L
  V_th     mV    -55                  the V_th
  V_reset  mV    -60                  the V_reset
  t_ref    ms    2        at least 0  the t_ref
  I_e      pA    0                    the I_e

States
  name  unit  default  allowed
  V_m   mV    -70               the V_m

Constraints
  V_reset < V_th

Receptors
  any, listed under 'receptors' of the population
  conductances in nS, currents in pA

Source
  Lapicque 1907
)");
}

TEST(ConfigDescribe, OneNameMayStandForSeveralThings) {
  const std::string text = describe(test::small_catalogue(), "poisson");
  EXPECT_THAT(text, HasSubstr("poisson: source of spikes\n"));
  EXPECT_THAT(text, HasSubstr("poisson: input\n"));
}

TEST(ConfigDescribe, UnknownName) {
  try {
    describe(test::small_catalogue(), "lfi");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "unknown model, receptor, input, rule or synapse 'lfi'. Did you mean 'lif'?");
  }
}

}  // namespace
}  // namespace ranvier

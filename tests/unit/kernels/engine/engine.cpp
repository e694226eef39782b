// What an engine refuses to be made from, and what a registry refuses to take.
#include "kernels/engine/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/factories/models.hpp"
#include "tests/support/kokkos_session.hpp"

namespace ranvier {
namespace {

using ::testing::HasSubstr;

Registry built_in() {
  Registry models;
  add_models(models);
  return models;
}

/// A population of two neurons without synapses.
RankNetwork<double> network(const std::string& model, const std::string& integrator) {
  RankNetwork<double> network;
  PopulationLayout share;
  share.name = "neurons";
  share.size = share.count = 2;
  network.layout.populations = {share};
  lay_out(network.layout, {});
  PopulationPlan plan;
  plan.model = model;
  plan.integrator = integrator;
  plan.layout = network.layout.populations[0];
  network.populations = {plan};
  return network;
}

std::string error(const Registry& models, RankNetwork<double> network) {
  try {
    make_host_engine<double>(std::move(network), models);
  } catch (const std::exception& e) {
    return e.what();
  }
  return "no error";
}

TEST(Engine, IsMadeFromKnownModelsAndMethods) {
  const Registry models = built_in();
  EXPECT_EQ(error(models, network("traub_hh", "rk4")), "no error");
  EXPECT_THAT(error(models, network("traub_hh", "rk5")), HasSubstr("'traub_hh' has no integrator 'rk5'"));
  EXPECT_THAT(error(models, network("traub_hh", "")), HasSubstr("has no integrator ''"));
  EXPECT_NE(error(models, network("no_such_model", "")), "no error");
}

TEST(Engine, RefusesAModelThatMakesNothing) {
  Registry models;
  PopulationEntry entry;
  entry.info.name = "nothing";
  entry.factories.set<HostExec>(
      [](const PopulationPlan&, const Machine<HostExec, double>&) -> std::unique_ptr<Population<HostExec, double>> {
        return nullptr;
      },
      [](const PopulationPlan&, const Machine<HostExec, float>&) -> std::unique_ptr<Population<HostExec, float>> {
        return nullptr;
      });
  models.add(entry);
  EXPECT_THAT(error(models, network("nothing", "")), HasSubstr("'nothing' made no population"));
}

TEST(Registry, RefusesASecondModelOfOneName) {
  Registry models = built_in();
  ReceptorEntry again;
  again.info.name = "exponential";
  EXPECT_THROW(models.add(again), std::logic_error);
  PopulationEntry of_another_kind;
  of_another_kind.info.name = "exponential";
  EXPECT_NO_THROW(models.add(of_another_kind)) << "a receptor and a neuron may share a name";
}

}  // namespace
}  // namespace ranvier

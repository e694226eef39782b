#include "io/sonata/nodes/templates.hpp"

#include <gtest/gtest.h>

#include "kernels/factories/models.hpp"

namespace ranvier::sonata {
namespace {

/// Every name of the table is there in the models that are built in.
TEST(SonataTemplates, name_models_fields_and_states_that_exist) {
  Registry models;
  add_models(models);
  for (const std::string& name : template_names()) {
    const NodeTemplate& t = *find_template(name);
    EXPECT_EQ(find_template(t.name), &t);
    const ModelInfo& model = models.population(std::string(t.model)).info;
    for (const TemplateField& field : t.fields) {
      if (field.part == Part::only || field.part == Part::unused) continue;
      const bool of_receptor = field.part == Part::excitatory || field.part == Part::inhibitory;
      const ModelInfo& owner = of_receptor ? models.receptor(std::string(t.receptor)).info : model;
      const FieldInfo* info = owner.find(field.ours);
      ASSERT_NE(info, nullptr) << name << " " << field.ours;
      EXPECT_TRUE(info->range.contains(field.value)) << name << " " << field.nest;
      EXPECT_EQ(info->role, field.part == Part::state ? Role::state : Role::parameter) << name << " " << field.nest;
    }
    EXPECT_EQ(t.receptor.empty() ? ReceptorPolicy::own : ReceptorPolicy::composed, model.receptors) << name;
    for (const Recordable& r : t.recordables) {
      const bool of_receptor = r.ours.find('.') != std::string_view::npos;
      EXPECT_TRUE(of_receptor || model.find(r.ours) != nullptr) << name << " " << r.ours;
    }
  }
  EXPECT_EQ(find_template("nest:glif_psc"), nullptr);
  EXPECT_EQ(find_template("nrn:IntFire1"), nullptr);
}

}  // namespace
}  // namespace ranvier::sonata

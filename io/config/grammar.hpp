#pragma once
#include <limits>
#include <span>
#include <string_view>

#include "core/base/value.hpp"
#include "core/catalogue/catalogue.hpp"

/// The keys of a config, once: the reader, the printed `run.yaml` and the JSON Schema all go by these tables.
/// What a model brings (its fields) comes from the catalogue.
namespace ranvier::grammar {

/// What may stand under a key.
enum class Shape {
  text,       ///< any text
  new_name,   ///< letters, digits, '_' and '-', starting with a letter or '_'
  file_name,  ///< letters, digits, '.', '_' and '-', starting with a letter, digit or '_', ending in .h5
  name,       ///< the name of something defined elsewhere
  model,      ///< a reference to a model: its name, or a map of `model` and parameters, as `section` has it
  names,      ///< one such name or a list of them
  number,     ///< a number with a unit, or an expression
  value,      ///< a number, a distribution, or a dataset
  count,      ///< a whole number, or an expression that comes out whole
  seed,       ///< 0 to 2^64 - 1
  flag,       ///< true or false
  choice,     ///< one of `choices`
  ids,        ///< "0-9, 15"
  variables,  ///< a map of names to numbers
  params,     ///< a map of a model's parameters
  init,       ///< a map of a model's states
  section,    ///< a map with the keys of `section`
  sections,   ///< a list of such maps
  by_name     ///< a map from new names to such maps
};

struct Section;

struct Key {
  std::string_view name;
  Shape shape = Shape::text;
  std::string_view doc;
  bool required = false;
  Unit unit = unit::one;
  Range range = range::any;
  const Section* section = nullptr;
  std::span<const std::string_view> choices = {};
  std::string_view only_of = {};  ///< the model that has this key, where not all that the section selects from do

  constexpr bool belongs_to(std::string_view model) const { return only_of.empty() || only_of == model; }
  friend constexpr bool operator==(const Key& a, const Key& b) { return a.name == b.name; }
};

struct Section {
  std::string_view name;  ///< in messages: "a projection"
  std::string_view doc;
  std::span<const Key> keys;
  const Key* selects = nullptr;        ///< the key that names a model whose fields are keys here too
  ModelKind kind = ModelKind::neuron;  ///< of that model
  std::string_view word = {};          ///< for such a model, in messages: "rule"
};

inline constexpr double inf = std::numeric_limits<double>::infinity();
/// Wall times read better in seconds than in ms.
inline constexpr Unit seconds{"s", {.time = 1}, 1.0};

// simulation
inline constexpr Key duration{"duration", Shape::number, "biological time to simulate",
                              true,       unit::ms,      range::positive};
inline constexpr Key dt{"dt", Shape::number, "time step (0.1 ms)", false, unit::ms, range::positive};
inline constexpr Key seed{"seed", Shape::seed, "seed of all random draws (1)"};
inline constexpr std::string_view precisions[] = {"single", "double"};
inline constexpr Key precision{"precision", Shape::choice, "precision of states and sums (double)",
                               false,       unit::one,     range::any,
                               nullptr,     precisions};
inline constexpr Key simulation_keys[] = {duration, dt, seed, precision};
inline constexpr Section simulation_section{"simulation", "duration, time step, seed and precision", simulation_keys};

// populations
inline constexpr Key model{"model", Shape::name, "name of a model (see `ranvier describe`)", true};
inline constexpr Key receptor_keys[] = {model};
inline constexpr Section receptor_section{
    "a receptor",        "turns arriving spikes into a conductance (with E_rev) or a current (without E_rev)",
    receptor_keys,       &model,
    ModelKind::receptor, "receptor model"};
inline constexpr Key like{"like", Shape::name,
                          "another population, whose settings are copied unless they are given here"};
inline constexpr Key size{"size", Shape::count, "number of neurons", true};
inline constexpr Key integrator{"integrator", Shape::name,
                                "method for models given by differential equations (see `ranvier describe`)"};
inline constexpr Key tolerance{
    "tolerance", Shape::number, "of the integrator rkf45: largest error of a step relative to 1 + |x| (1e-6)",
    false,       unit::one,     range::positive};
inline constexpr Key params{"params", Shape::params, "parameters of the model"};
inline constexpr Key init{"init", Shape::init, "initial values of the states"};
inline constexpr Key receptors{
    "receptors", Shape::by_name,   "receptors by name, for models that are composed with them", false, unit::one,
    range::any,  &receptor_section};
inline constexpr Key population_keys[] = {like, size, model, integrator, tolerance, params, init, receptors};
inline constexpr Section population_section{"a population", "neurons of one model", population_keys};

// populations from SONATA files
inline constexpr Key sonata{"sonata", Shape::text,
                            "nodes file (HDF5), which defines the population together with the node types", true};
inline constexpr Key nodes_population{"population", Shape::text,
                                      "population in the nodes file; optional if the file has only one"};
inline constexpr Key nodes_types{"types", Shape::text, "node types (CSV)", true};
inline constexpr Key components{"components", Shape::text,
                                "folder of the JSON files that the node types name (the folder of the config)"};
inline constexpr Key node_template{
    "template", Shape::text, "model_template of the selected nodes, or 'virtual'; optional if all nodes have the same"};
inline constexpr Key spikes_hdf5{"hdf5", Shape::text, "SONATA spikes \"file.h5:/spikes/population\""};
inline constexpr Key spikes_csv{"csv", Shape::text, "spikes with the columns timestamps, node_ids and population"};
inline constexpr Key spike_file_keys[] = {spikes_hdf5, spikes_csv};
inline constexpr Section spike_file_section{"the spikes of nodes", "spikes from a file, HDF5 or CSV", spike_file_keys};
inline constexpr Key node_times{"times",   Shape::section, "spikes of virtual nodes", false,
                                unit::one, range::any,     &spike_file_section};
inline constexpr Key nodes_keys[] = {like,       sonata,     nodes_population, nodes_types, components, node_template,
                                     node_times, integrator, tolerance,        params,      init};
inline constexpr Section nodes_section{"a population of SONATA nodes", "neurons of one model from a SONATA nodes file",
                                       nodes_keys};

// projections
inline constexpr Key source{"source", Shape::names, "population or populations that spikes come from", true};
inline constexpr Key target{"target", Shape::names, "population or populations that spikes go to", true};
inline constexpr Key receptor{"receptor", Shape::name, "receptor of the target; optional if the target has only one"};
inline constexpr Key signal{
    "signal", Shape::name,
    "state of the source neurons, or receptor.state, that is sent continuously instead of spikes; "
    "rule all_to_all, onto a receptor that takes signals"};
inline constexpr Key weight{"weight", Shape::value, "weight, in the unit of the receptor (1)"};
inline constexpr Key delay{
    "delay",
    Shape::value,
    "time from a spike to its arrival: at least dt and, if constant, a whole number of steps (1 ms)",
    false,
    unit::ms,
    range::positive};
/// The rule whose synapses are in a file, and what only it has.
inline constexpr std::string_view edges_rule = "edges";
inline constexpr Key edges_file{"file", Shape::text, "SONATA edges (HDF5)", true, unit::one, range::any, nullptr,
                                {},     edges_rule};
inline constexpr Key edges_population{
    "population", Shape::text, "population of edges, /edges/<population>; optional if the file has only one",
    false,        unit::one,   range::any,
    nullptr,      {},          edges_rule};
inline constexpr Key edges_types{
    "types", Shape::text, "edge types (CSV): weights and delays of edges that have none in the file of edges",
    false,   unit::one,   range::any,
    nullptr, {},          edges_rule};
inline constexpr std::string_view signs[] = {"positive", "negative"};
inline constexpr Key edges_sign{
    "sign",  Shape::choice, "reads only edges with this sign of the weight in the file; 0 is positive",
    false,   unit::one,     range::any,
    nullptr, signs,         edges_rule};
inline constexpr Key rule_keys[] = {model, edges_file, edges_population, edges_types, edges_sign};
inline constexpr Section rule_section{
    "a rule", "a connection rule and its parameters", rule_keys, &model, ModelKind::rule, "rule"};
inline constexpr Key synapse_keys[] = {model};
inline constexpr Section synapse_section{
    "a synapse", "a synapse model and its parameters", synapse_keys, &model, ModelKind::synapse, "synapse"};
inline constexpr Key rule{
    "rule",
    Shape::model,
    "connection rule: a name, with the parameters of the rule as keys of the projection, or a map "
    "of 'model' and parameters",
    true,
    unit::one,
    range::any,
    &rule_section};
inline constexpr Key synapse{
    "synapse",  Shape::model,    "synapse model: a name, or a map of 'model' and parameters (static)", false, unit::one,
    range::any, &synapse_section};
inline constexpr Key projection_keys[] = {source, target, receptor,   signal,           rule,        synapse,
                                          weight, delay,  edges_file, edges_population, edges_types, edges_sign};
inline constexpr Section projection_section{
    "a projection", "synapses between populations, by a rule", projection_keys, &rule, ModelKind::rule, "rule"};
/// A projection whose rule is a map: the keys and parameters of the rule are in there.
inline constexpr Section projection_of_map{projection_section.name, projection_section.doc, projection_keys};

// inputs
inline constexpr Key type{"type", Shape::name, "kind of input", true};
inline constexpr Key input_target{"target", Shape::names, "population or populations that receive it", true};
inline constexpr Key input_receptor{"receptor", Shape::name, "receptor that the spikes of the input arrive at"};
inline constexpr Key ids{"ids", Shape::ids, "neurons of the population, such as \"0-9, 15\"; all if left out"};
inline constexpr Key input_name{"name", Shape::new_name,
                                "name of an input with states, which are recorded as name.state"};
inline constexpr Key input_keys[] = {type, input_target, input_receptor, ids, input_name};
inline constexpr Section input_section{
    "an input", "input of a population from outside the network", input_keys, &type, ModelKind::input, "input"};

// record
inline constexpr Key spikes{"spikes", Shape::names, "populations whose spikes are written"};
inline constexpr Key trace_population{"population", Shape::name, "population to record", true};
inline constexpr Key trace_variables{"variables", Shape::names, "states of the model, or receptor.state", true};
inline constexpr Key every{"every", Shape::number, "sampling interval, a whole number of steps (one step)",
                           false,   unit::ms,      range::positive};
inline constexpr Key trace_precision{"precision", Shape::choice, "precision of the file (single, as in SONATA)",
                                     false,       unit::one,     range::any,
                                     nullptr,     precisions};
inline constexpr Key trace_file{
    "file", Shape::file_name,
    "name of the file in the output folder (<population>.<variable>.h5); only for a single variable"};
inline constexpr Key trace_keys[] = {trace_population, ids, trace_variables, every, trace_precision, trace_file};
inline constexpr Section trace_section{"a trace", "states over time", trace_keys};
inline constexpr Key traces{"traces",   Shape::sections, "states to record over time", false, unit::one,
                            range::any, &trace_section};
inline constexpr Key spikes_file{"spikes_file", Shape::file_name, "name of the file of spikes (spikes.h5)"};
inline constexpr Key record_keys[] = {spikes, spikes_file, traces};
inline constexpr Section record_section{"record", "recorded spikes and states", record_keys};

// checkpoint
inline constexpr Key checkpoint_every{"every", Shape::number, "biological time between checkpoints",
                                      false,   unit::ms,      range::positive};
inline constexpr Key every_wall{"every_wall", Shape::number, "wall time between checkpoints",
                                false,        seconds,       range::positive};
inline constexpr Key keep{"keep", Shape::count, "number of checkpoints kept (2)"};
inline constexpr Key checkpoint_keys[] = {checkpoint_every, every_wall, keep};
inline constexpr Section checkpoint_section{"checkpoint", "when the state is saved", checkpoint_keys};

// the config
inline constexpr Key name{"name", Shape::new_name, "name of the network (the name of the file)"};
inline constexpr Key variables{"variables", Shape::variables, "named numbers for use in expressions; in any order"};
inline constexpr Key simulation{
    "simulation", Shape::section,     "duration, time step, seed and precision", true, unit::one,
    range::any,   &simulation_section};
inline constexpr Key populations{"populations", Shape::by_name, "neurons by population", true,
                                 unit::one,     range::any,     &population_section};
inline constexpr Key projections{"projections", Shape::sections, "synapses",         false,
                                 unit::one,     range::any,      &projection_section};
inline constexpr Key inputs{"inputs",   Shape::sections, "inputs from outside the network", false, unit::one,
                            range::any, &input_section};
inline constexpr Key record{"record",   Shape::section, "recorded spikes and states", false, unit::one,
                            range::any, &record_section};
inline constexpr Key checkpoint{"checkpoint", Shape::section, "when the state is saved", false,
                                unit::one,    range::any,     &checkpoint_section};
inline constexpr Key output{"output", Shape::text, "folder for the results (results/<name>)"};
inline constexpr Key config_keys[] = {name,   variables, simulation, populations, projections,
                                      inputs, record,    checkpoint, output};
inline constexpr Section config_section{"the config", "a network, its inputs and its recordings", config_keys};

/// {hdf5: "file.h5:/path"}
inline constexpr Key hdf5{"hdf5", Shape::text,
                          "one-dimensional dataset \"file.h5:/path\", one number per neuron or synapse", true};
inline constexpr Key dataset_keys[] = {hdf5};
inline constexpr Section dataset_section{"a dataset", "numbers from an HDF5 file", dataset_keys};

/// What a number of a distribution counts in.
enum class Argument {
  location,  ///< the unit of the field, any sign
  spread,    ///< the unit of the field, not negative
  positive,  ///< the unit of the field, above 0
  number,    ///< no unit
  shape      ///< no unit, above 0
};

/// One way to write a distribution: {name: {first: .., second: .., min: .., max: ..}}.
struct Spelling {
  Distribution::Kind kind;
  std::string_view name;
  std::string_view first;
  Argument first_is;
  std::string_view second;  ///< empty where there is one argument
  Argument second_is;
  std::string_view doc;
};

/// Of several spellings of one distribution the first that fits is read.
inline constexpr Spelling spellings[] = {
    {Distribution::Kind::normal, "normal", "mean", Argument::location, "std", Argument::spread, "Gaussian"},
    {Distribution::Kind::truncated_normal, "truncated_normal", "mean", Argument::location, "std", Argument::spread,
     "Gaussian truncated to the range from min to max"},
    {Distribution::Kind::lognormal, "lognormal", "mu", Argument::number, "sigma", Argument::number,
     "exp of a Gaussian: mean and standard deviation of the logarithm of the value in the default unit"},
    {Distribution::Kind::lognormal, "lognormal", "mean", Argument::positive, "std", Argument::spread,
     "exp of a Gaussian: mean and standard deviation of the value itself"},
    {Distribution::Kind::uniform, "uniform", "low", Argument::location, "high", Argument::location,
     "uniform from low to high"},
    {Distribution::Kind::uniform, "uniform", "min", Argument::location, "max", Argument::location,
     "uniform from min to max"},
    {Distribution::Kind::exponential, "exponential", "mean", Argument::positive, "", Argument::number,
     "exponential with this mean"},
    {Distribution::Kind::exponential, "exponential", "scale", Argument::positive, "", Argument::number,
     "exponential with this mean"},
    {Distribution::Kind::gamma, "gamma", "shape", Argument::shape, "scale", Argument::positive,
     "mean is shape times scale"},
};
inline constexpr std::string_view bound_min = "min", bound_max = "max";

}  // namespace ranvier::grammar

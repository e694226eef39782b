#include "io/results/provenance.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <nlohmann/json.hpp>
#include <random>

#include "io/hdf5/attribute.hpp"
#include "io/hdf5/dataset.hpp"

namespace ranvier {
namespace {

/// The one list of fields: names as in the files, texts first.
template <class P, class Text, class Number>
void each_field(P& p, Text text, Number number) {
  text("version", p.version);
  text("git_hash", p.git_hash);
  text("build", p.build);
  number("seed", p.seed);
  number("ranks", p.ranks);
  text("device", p.device);
  text("precision", p.precision);
  text("date", p.date);
  text("run_id", p.run_id);
}

constexpr const char* group = "/provenance";
constexpr const char* config_path = "/provenance/config";

}  // namespace

std::string date_now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

std::string new_run_id() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

void write_provenance(hdf5::File& file, const Provenance& provenance) {
  file.make_group(group);
  each_field(
      provenance, [&](const char* name, const std::string& v) { hdf5::write_attribute(file, group, name, v); },
      [&](const char* name, auto v) { hdf5::write_attribute(file, group, name, static_cast<std::uint64_t>(v)); });
  hdf5::write_text(file, config_path, provenance.config);
}

std::optional<Provenance> read_provenance(const hdf5::File& file) {
  if (!file.has(group)) return std::nullopt;
  Provenance p;
  each_field(
      p, [&](const char* name, std::string& v) { v = hdf5::read_text_attribute(file, group, name).value_or(""); },
      [&](const char* name, auto& v) {
        using Number = std::remove_reference_t<decltype(v)>;
        v = static_cast<Number>(hdf5::read_scalar_attribute<std::uint64_t>(file, group, name).value_or(0));
      });
  if (file.has(config_path)) p.config = hdf5::Dataset::open(file, config_path).read_text();
  return p;
}

std::string describe(const Provenance& p) {
  return fmt::format("ranvier {} ({}), seed {}, {} rank{}, {}, {} precision, {}\n  built with {}\n", p.version,
                     p.git_hash.empty() ? "no git hash" : p.git_hash, p.seed, p.ranks, p.ranks == 1 ? "" : "s",
                     p.device, p.precision, p.date, p.build.empty() ? "(not recorded)" : p.build);
}

void to_json(nlohmann::ordered_json& json, const Provenance& provenance) {
  json = nlohmann::ordered_json::object();
  const auto put = [&](const char* name, const auto& v) { json[name] = v; };
  each_field(provenance, put, put);
  json["config"] = provenance.config;
}

void from_json(const nlohmann::ordered_json& json, Provenance& provenance) {
  const auto get = [&](const char* name, auto& v) {
    if (json.contains(name)) json.at(name).get_to(v);
  };
  each_field(provenance, get, get);
  get("config", provenance.config);
}

}  // namespace ranvier

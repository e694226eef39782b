#include "io/results/summary.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "io/text/text_file.hpp"

namespace ranvier {

void write_summary(const std::string& folder, const nlohmann::ordered_json& run, const Provenance& provenance) {
  nlohmann::ordered_json all = run;
  all["provenance"] = provenance;
  // Names may hold any bytes: what is not UTF-8 is replaced rather than refused.
  const auto text = all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  write_text_file((std::filesystem::path(folder) / "summary.json").string(), text + "\n");
}

}  // namespace ranvier

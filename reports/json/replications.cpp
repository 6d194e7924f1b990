#include "reports/json/replications.hpp"

#include <fmt/format.h>

#include <charconv>
#include <system_error>
#include <utility>

#include "base/text/json_text.hpp"
#include "reports/json/figures.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kSeedDigits = 16;

constexpr const char* kReplicationDefinitions = R"json({
  "replications": {"type": "object", "required": ["seeds", "lines"],
    "description": "what each replication came to; absent of one, and where nothing is drawn",
    "properties": {
      "seeds": {"type": "array", "items": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        "description": "of each: with the same seed two variants of a scenario draw the same"},
      "lines": {"type": "array", "items": {"$ref": "#/definitions/replication_line"},
        "description": "of everything, by level, and by workspace and submitter if they are few"}}},
  "replication_line": {"type": "object", "required": ["metric", "values"], "properties": {
    "metric": {"type": "string"}, "level": {"$ref": "#/definitions/level"},
    "workspace": {"type": "string"}, "submitter": {"type": "string"},
    "values": {"type": "array", "items": {"$ref": "#/definitions/number"},
      "description": "one for each seed; null: nothing was measured in it"}}}
})json";

}  // namespace

Json replications_json(const Report& report) {
  const ReplicationValues& replications = report.replication_values;
  Json seeds = Json::array();
  for (const std::uint64_t seed : replications.seeds) seeds.push_back(fmt::format("{:016x}", seed));
  Json lines = Json::array();
  for (const ReplicationLine& line : replications.lines) {
    Json entry{{"metric", info(line.metric).name}};
    entry.update(labels_json(line.subject, report.names));
    entry["values"] = Json::array();
    for (const double value : line.values) entry["values"].push_back(json_number(value));
    lines.push_back(std::move(entry));
  }
  return {{"seeds", std::move(seeds)}, {"lines", std::move(lines)}};
}

void add_replications_schema(Json& schema) {
  schema["definitions"].update(Json::parse(kReplicationDefinitions));
  schema["properties"]["replications"]["$ref"] = "#/definitions/replications";
}

std::optional<std::uint64_t> seed_of(std::string_view digits) {
  std::uint64_t seed = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, seed, 16);
  if (error != std::errc() || stop != end || digits.size() != kSeedDigits) return std::nullopt;
  return seed;
}

}  // namespace sluice

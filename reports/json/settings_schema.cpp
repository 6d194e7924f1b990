#include "reports/json/settings_schema.hpp"

#include <nlohmann/json.hpp>

#include "base/text/json_text.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

/// What all have: the head of the document, and definitions.
constexpr const char* kShared = R"json({
"properties": {
  "format": {"type": "string"}, "version": {"const": 1},
  "scenario": {"type": "object", "additionalProperties": false,
    "required": ["name", "question", "file", "hash", "seed"],
    "properties": {"name": {"type": "string"}, "question": {"type": "string"},
      "file": {"type": "string"}, "hash": {"type": "string"},
      "seed": {"$ref": "#/definitions/count"}}},
  "confidence": {"type": "number", "description": "of everything that is said of one setting"},
  "nominal_confidence": {"type": "number", "description": "of each interval"},
  "looks": {"type": "integer", "minimum": 1}, "cost": {"type": "string"},
  "complete": {"type": "boolean", "description": "false: it was stopped, or is a shard"},
  "spent": {"type": "object", "additionalProperties": false,
    "required": ["settings", "replications", "runs"],
    "properties": {"settings": {"$ref": "#/definitions/count"},
      "replications": {"$ref": "#/definitions/count"}, "runs": {"$ref": "#/definitions/count"}}},
  "build": {"type": "string"},
  "wall": {"type": "object", "required": ["seconds"],
    "properties": {"seconds": {"$ref": "#/definitions/number"}}}},
"definitions": {
  "count": {"type": "integer", "minimum": 0},
  "number": {"type": ["number", "null"], "description": "null: endless, or nothing was measured"},
  "interval": {"type": ["array", "null"], "items": {"$ref": "#/definitions/number"},
    "minItems": 2, "maxItems": 2},
  "texts": {"type": "array", "items": {"type": "string"}},
  "settings": {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
  "difference": {"type": "object", "required": ["pairs", "mean", "interval"],
    "properties": {"pairs": {"$ref": "#/definitions/count"},
      "measure": {"type": "string"}, "mean": {"$ref": "#/definitions/number"},
      "interval": {"$ref": "#/definitions/interval"}}},
  "measured": {"type": "object", "additionalProperties": false,
    "required": ["measure", "value", "interval"],
    "properties": {"measure": {"type": "string"}, "value": {"$ref": "#/definitions/number"},
      "interval": {"$ref": "#/definitions/interval"},
      "difference": {"$ref": "#/definitions/difference"}}},
  "status": {"enum": ["passed", "failed", "inconclusive", "held", "broke"]},
  "expectation": {"type": "object", "additionalProperties": false,
    "required": ["sentence", "status", "value", "interval", "limit", "margin", "reason"],
    "properties": {"sentence": {"type": "string"}, "status": {"$ref": "#/definitions/status"},
      "value": {"$ref": "#/definitions/number"}, "interval": {"$ref": "#/definitions/interval"},
      "limit": {"$ref": "#/definitions/number"}, "margin": {"$ref": "#/definitions/number"},
      "in_replications": {"type": "object", "additionalProperties": false,
        "required": ["wanted"],
        "properties": {"wanted": {"type": "number"}, "held": {"$ref": "#/definitions/count"},
          "missed": {"$ref": "#/definitions/count"}, "undecided": {"$ref": "#/definitions/count"},
          "interval": {"$ref": "#/definitions/interval"}}},
      "reason": {"type": "string"}, "implied": {"const": true}}},
  "expectations": {"type": "array", "items": {"$ref": "#/definitions/expectation"}},
  "reaches": {"type": "array", "items": {"type": "object", "additionalProperties": false,
    "required": ["sentence", "status", "count"],
    "properties": {"sentence": {"type": "string"}, "status": {"$ref": "#/definitions/status"},
      "count": {"$ref": "#/definitions/count"}}}}}
})json";

constexpr const char* kSweep = R"json({
"required": ["format", "version", "scenario", "confidence", "nominal_confidence", "looks",
  "complete", "base", "measures", "settings", "remarks", "spent", "build", "wall"],
"properties": {
  "base": {"$ref": "#/definitions/count", "description": "index of what differences are to"},
  "measures": {"type": "array", "items": {"type": "object", "additionalProperties": false,
    "required": ["measure", "unit", "better", "expected"],
    "properties": {"measure": {"type": "string"}, "unit": {"type": "string"},
      "better": {"enum": ["lower", "higher"]}, "expected": {"type": "boolean"}}}},
  "settings": {"type": "array", "items": {"type": "object", "additionalProperties": false,
    "required": ["settings", "hash", "cost", "replications", "runs", "verdict", "expectations",
      "measures", "undominated"],
    "properties": {"name": {"type": "string"}, "settings": {"$ref": "#/definitions/settings"},
      "hash": {"type": "string"}, "cost": {"$ref": "#/definitions/number"},
      "replications": {"$ref": "#/definitions/count"}, "runs": {"$ref": "#/definitions/count"},
      "verdict": {"enum": ["passed", "failed", "inconclusive", "none", "held", "broke"]},
      "expectations": {"$ref": "#/definitions/expectations"},
      "reaches": {"$ref": "#/definitions/reaches"},
      "measures": {"type": "array", "items": {"$ref": "#/definitions/measured"}},
      "undominated": {"type": "boolean"}}}},
  "remarks": {"$ref": "#/definitions/texts"}}
})json";

constexpr const char* kPlan = R"json({
"required": ["format", "version", "scenario", "confidence", "nominal_confidence", "looks", "cost",
  "complete", "status", "winner", "certificate", "binding", "one_less", "one_more", "got_worse",
  "unmet", "frontier", "open", "tested", "spent", "build", "wall"],
"properties": {
  "status": {"enum": ["found", "infeasible", "undecided"]},
  "winner": {"anyOf": [{"$ref": "#/definitions/planned"}, {"type": "null"}]},
  "certificate": {"type": "object", "additionalProperties": false,
    "required": ["confirmation", "replications", "error", "all_errors", "cheaper", "rests_on",
      "contradictions"],
    "properties": {"confirmation": {"$ref": "#/definitions/count"},
      "replications": {"$ref": "#/definitions/count"}, "error": {"type": "number"},
      "all_errors": {"type": "number"},
      "cheaper": {"type": "object", "additionalProperties": {"$ref": "#/definitions/count"}},
      "rests_on": {"type": "array", "items": {"type": "object", "additionalProperties": false,
        "required": ["belief", "pairs", "settings"],
        "properties": {"belief": {"type": "string"}, "pairs": {"$ref": "#/definitions/count"},
          "settings": {"$ref": "#/definitions/count"}}}},
      "contradictions": {"$ref": "#/definitions/texts"}}},
  "binding": {"$ref": "#/definitions/texts"},
  "one_less": {"$ref": "#/definitions/steps"}, "one_more": {"$ref": "#/definitions/steps"},
  "got_worse": {"$ref": "#/definitions/texts"}, "unmet": {"$ref": "#/definitions/texts"},
  "frontier": {"type": "array", "items": {"$ref": "#/definitions/planned"}},
  "open": {"type": "array", "items": {"$ref": "#/definitions/planned"}},
  "tested": {"type": "array", "items": {"$ref": "#/definitions/planned"}}},
"definitions": {
  "standing": {"enum": ["passed", "confirmed", "rejected", "presumed", "undecided", "untested"]},
  "planned": {"type": "object", "additionalProperties": false,
    "required": ["settings", "cost", "standing", "replications"],
    "properties": {"settings": {"$ref": "#/definitions/settings"}, "cost": {"type": "number"},
      "standing": {"$ref": "#/definitions/standing"},
      "replications": {"$ref": "#/definitions/count"},
      "expectations": {"$ref": "#/definitions/expectations"}, "why": {"type": "string"},
      "measures": {"type": "array", "items": {"$ref": "#/definitions/measured"}}}},
  "steps": {"type": "array", "items": {"type": "object", "additionalProperties": false,
    "required": ["choice", "settings", "cost_difference", "standing", "broken", "differences"],
    "properties": {"choice": {"type": "string"}, "settings": {"$ref": "#/definitions/settings"},
      "cost_difference": {"type": "number"}, "standing": {"$ref": "#/definitions/standing"},
      "broken": {"$ref": "#/definitions/texts"},
      "differences": {"type": "array", "items": {"$ref": "#/definitions/difference"}}}}}}
})json";

constexpr const char* kPlanByMonth = R"json({
"required": ["format", "version", "scenario", "confidence", "nominal_confidence", "looks", "cost",
  "complete", "status", "all_errors", "planned", "months", "spent", "build", "wall"],
"properties": {
  "status": {"enum": ["found", "infeasible", "undecided"],
    "description": "the worst of the months"},
  "all_errors": {"type": "number",
    "description": "at most the probability that any winner does not meet its expectations"},
  "planned": {"type": "integer", "minimum": 2, "description": "fewer months: it ended early"},
  "months": {"type": "array", "items": {"$ref": "#/definitions/month"}}}
})json";

constexpr const char* kMonth = R"json({"type": "object", "additionalProperties": false,
"required": ["month", "window", "days", "runs_per_day", "load", "complete"],
"properties": {
  "month": {"type": "string", "description": "2026-03; month 3 without dates"},
  "window": {"type": "string", "description": "as the scenario's key has it"},
  "days": {"type": "number"}, "runs_per_day": {"$ref": "#/definitions/number"},
  "load": {"$ref": "#/definitions/number", "description": "runs a day against the first month"},
  "complete": {"type": "boolean"}, "spent": {"$ref": "#/definitions/spent"}}
})json";

/// A month has what a plan has besides what it is of.
Json plan_by_month_parts() {
  const Json plan = Json::parse(kPlan);
  Json parts = Json::parse(kPlanByMonth);
  Json month = Json::parse(kMonth);
  for (const auto& [name, schema] : plan["properties"].items()) {
    month["required"].push_back(name);
    month["properties"][name] = schema;
  }
  month["required"].push_back("spent");
  parts["definitions"] = plan["definitions"];
  parts["definitions"]["spent"] = Json::parse(kShared)["properties"]["spent"];
  parts["definitions"]["month"] = std::move(month);
  return parts;
}

std::string schema_text(const char* title, const Json& mine) {
  const Json shared = Json::parse(kShared);
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", title},
              {"type", "object"},
              {"additionalProperties", false},
              {"required", mine["required"]},
              {"properties", shared["properties"]},
              {"definitions", shared["definitions"]}};
  schema["properties"].update(mine["properties"]);
  if (mine.contains("definitions")) schema["definitions"].update(mine["definitions"]);
  return json_text(schema);
}

}  // namespace

std::string sweep_schema() { return schema_text("A sweep of sluice", Json::parse(kSweep)); }

std::string plan_schema() { return schema_text("A plan of sluice", Json::parse(kPlan)); }

std::string plan_by_month_schema() {
  return schema_text("A plan by month of sluice", plan_by_month_parts());
}

}  // namespace sluice

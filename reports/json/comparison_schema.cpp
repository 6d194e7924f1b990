#include "reports/json/comparison_schema.hpp"

#include <nlohmann/json.hpp>

#include "base/text/json_text.hpp"

namespace sluice {
namespace {

constexpr const char* kComparison = R"json({
"$schema": "http://json-schema.org/draft-07/schema#",
"title": "A comparison of sluice",
"type": "object",
"additionalProperties": false,
"required": ["format", "version", "verdict", "scenario", "same_scenario", "repetitions", "needed",
  "pairs", "confidence", "tolerance", "equal", "metrics"],
"properties": {
  "format": {"const": "sluice.comparison"}, "version": {"const": 1},
  "verdict": {"enum": ["no_regression", "regression", "inconclusive"]},
  "scenario": {"type": "string", "description": "the base's name"},
  "same_scenario": {"type": "boolean", "description": "both are the same but for their seeds"},
  "repetitions": {"type": "object", "additionalProperties": false, "required": ["base", "new"],
    "properties": {"base": {"$ref": "#/definitions/count"},
      "new": {"$ref": "#/definitions/count"}}},
  "needed": {"$ref": "#/definitions/count",
    "description": "repetitions of each that could support a difference"},
  "pairs": {"type": "boolean"},
  "confidence": {"type": "number", "description": "of all metrics together, at one look"},
  "tolerance": {"type": "number", "minimum": 0},
  "equal": {"$ref": "#/definitions/count", "description": "metrics that do not differ anywhere"},
  "repetition": {"enum": ["replication", "either"],
    "description": "what a repetition is; absent: a report"},
  "shared_seeds": {"type": "object", "additionalProperties": false,
    "description": "replications with one seed on both sides; absent: none, or not all",
    "required": ["pairs", "left_out"],
    "properties": {"pairs": {"$ref": "#/definitions/count"},
      "left_out": {"$ref": "#/definitions/count", "description": "without a partner"},
      "pairs_needed": {"$ref": "#/definitions/count",
        "description": "there are too few: compared without pairs; absent: within pairs"}}},
  "needed_by_workspace": {"$ref": "#/definitions/count",
    "description": "repetitions to compare by workspace as well; absent: it is, or there are none"},
  "needed_by_submitter": {"$ref": "#/definitions/count"},
  "cause": {"type": "string"},
  "simulated": {"type": "object", "additionalProperties": false,
    "description": "absent: of reports",
    "required": ["base", "new", "confidence", "looks", "same_seed", "exact", "complete"],
    "properties": {"base": {"type": "string"}, "new": {"type": "string"},
      "confidence": {"type": "number", "description": "of all looks together"},
      "looks": {"type": "integer", "minimum": 1},
      "same_seed": {"type": "boolean", "description": "both sides draw the same"},
      "exact": {"type": "boolean", "description": "nothing is drawn"},
      "complete": {"type": "boolean", "description": "false: ended early"}}},
  "metrics": {"type": "array", "items": {"$ref": "#/definitions/metric"}}},
"definitions": {
  "count": {"type": "integer", "minimum": 0},
  "number": {"type": ["number", "null"], "description": "null: endless"},
  "metric": {"type": "object", "additionalProperties": false,
    "required": ["metric", "level", "better", "base", "new", "relative", "p", "adjusted_p",
      "beyond_tolerance", "change"],
    "properties": {"metric": {"type": "string"},
      "level": {"enum": ["HIGH", "MEDIUM", "LOW", null]},
      "workspace": {"type": "string"}, "submitter": {"type": "string"},
      "better": {"enum": ["lower", "higher"]},
      "base": {"type": "number", "description": "mean over the repetitions, in its unit"},
      "new": {"type": "number"},
      "relative": {"$ref": "#/definitions/number", "description": "null: the base is 0"},
      "p": {"type": "number"},
      "adjusted_p": {"type": "number", "description": "for the number of metrics (Holm)"},
      "difference_interval": {"type": "array", "items": {"$ref": "#/definitions/number"},
        "minItems": 2, "maxItems": 2,
        "description": "of pairs: of new - base, all metrics' together at the confidence"},
      "beyond_tolerance": {"type": "boolean"},
      "change": {"enum": ["none", "better", "worse"]},
      "settled": {"type": "boolean",
        "description": "of pairs: it has changed, or the interval is within the tolerance"}}}}
})json";

}  // namespace

std::string comparison_schema() { return json_text(nlohmann::ordered_json::parse(kComparison)); }

}  // namespace sluice

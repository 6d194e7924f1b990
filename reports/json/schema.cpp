#include "reports/json/schema.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/json_text.hpp"
#include "reports/figures/metric.hpp"
#include "reports/json/episodes.hpp"
#include "reports/json/figures.hpp"
#include "reports/json/hours.hpp"
#include "reports/json/load.hpp"
#include "reports/json/replications.hpp"
#include "reports/json/traces.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

/// All that does not depend on the registry. Objects get `additionalProperties: false` below.
constexpr std::string_view kFixedPart = R"json({
"$schema": "http://json-schema.org/draft-07/schema#",
"$id": "https://sluice.example/report.schema.json",
"title": "A report of sluice, version 2",
"description":
  "Times are seconds since the start of the simulation. Figures are in the unit of their metric.",
"type": "object",
"required": ["format", "version", "verdict", "answer", "scenario", "expectations", "reaches",
  "stability", "total",
  "levels", "groups", "workspaces", "workflows", "credentials", "pools", "submitters", "slices",
  "dispatched_meanwhile", "windows", "reached", "incidents", "time_lines",
  "metrics"],
"properties": {
  "format": {"const": "sluice.report"},
  "version": {"const": 2},
  "verdict": {"enum": ["passed", "failed", "inconclusive", "held", "broke", "none", "invalid"],
    "description": "invalid: of a load that was not the one that was asked for"},
  "answer": {"type": "string",
    "description": "Who starves, for how long, because of whom: in plain words."},
  "scenario": {"$ref": "#/definitions/scenario"},
  "expectations": {"type": "array", "items": {"$ref": "#/definitions/expectation"}},
  "reaches": {"type": "array", "items": {"$ref": "#/definitions/reach"}},
  "stability": {"$ref": "#/definitions/stability"},
  "dispatched_meanwhile": {"type": "array", "items": {"$ref": "#/definitions/meanwhile"}},
  "windows": {"type": "array", "items": {"$ref": "#/definitions/window"}},
  "reached": {"$ref": "#/definitions/reached"},
  "incidents": {"type": "array", "items": {"$ref": "#/definitions/incident"}},
  "time_lines": {"$ref": "#/definitions/time_lines"},
  "wait_grid": {"$ref": "#/definitions/wait_grid"},
  "metrics": {"type": "object", "description": "The metrics of this report by name.",
    "additionalProperties": {"$ref": "#/definitions/metric"}},
  "prediction": {"$ref": "#/definitions/prediction"},
  "build": {"type": "object",
    "description": "With `wall` the only part that may differ between two runs.",
    "required": ["id", "compiler"], "properties": {"id": {"type": "string"},
      "compiler": {"type": "string"}}},
  "wall": {"type": "object", "required": ["seconds"],
    "properties": {"seconds": {"$ref": "#/definitions/number"}}}
},
"definitions": {
  "number": {"type": ["number", "null"], "description": "null: not finite (unlimited)"},
  "count": {"type": "integer", "minimum": 0},
  "level": {"enum": ["HIGH", "MEDIUM", "LOW"]},
  "status": {"enum": ["passed", "failed", "inconclusive", "held", "broke"],
    "description": "held, broke: in the only replication of something that is drawn"},
  "figure": {"type": "object", "required": ["value", "samples"], "properties": {
    "value": {"$ref": "#/definitions/number"},
    "samples": {"$ref": "#/definitions/count",
      "description": "observations behind it, over all replications"},
    "censored": {"$ref": "#/definitions/count",
      "description": "of these, still waiting or being submitted at the end; absent: none"},
    "lower_bound": {"const": true,
      "description": "the true value is at least this; absent: it is exact"},
    "upper_bound": {"const": true,
      "description": "the true value is at most this; absent: it is exact"},
    "at_most": {"$ref": "#/definitions/number",
      "description": "of a lower bound: what the true value cannot exceed; absent: unknown"},
    "interval": {"type": "array", "items": {"$ref": "#/definitions/number"}, "minItems": 2,
      "maxItems": 2,
      "description": "[low, high] at the scenario's confidence; absent: too little to tell"},
    "range": {"type": "array", "items": {"$ref": "#/definitions/number"}, "minItems": 2,
      "maxItems": 2,
      "description": "[lowest, highest] of the replications; absent: all the same"},
    "replications": {"$ref": "#/definitions/count",
      "description": "that had this figure; absent: all"}}},
  "metric": {"type": "object", "required": ["unit", "paragraph", "meaning"], "properties": {
    "unit": {"type": "string"}, "paragraph": {"type": "string"}, "meaning": {"type": "string"}}},
  "labels": {"type": "object", "properties": {
    "group": {"type": "string"}, "level": {"$ref": "#/definitions/level"},
      "workspace": {"type": "string"},
    "workflow": {"type": "string"}, "credential": {"type": "string"}, "pool": {"type": "string"},
    "submitter": {"type": "string"}}},
  "by_level": {"type": "object", "properties": {"HIGH": {"type": "number"},
    "MEDIUM": {"type": "number"},
    "LOW": {"type": "number"}}},
  "scenario": {"type": "object",
    "required": ["name", "question", "hash", "seed", "engine", "from_s", "until_s", "warm_up",
      "replications", "drawn",
      "confidence", "complete", "runs", "starvation_threshold_s", "slo_s", "fair_share_factor",
      "slowdown_bound_s", "stability_window_s", "warm_up_period_s"],
    "properties": {
      "name": {"type": "string"}, "question": {"type": "string"},
      "hash": {"type": "string", "description": "of the effective scenario"},
      "seed": {"$ref": "#/definitions/count"},
      "engine": {"type": "string"},
      "from_s": {"type": "number",
        "description": "start of the observation window: what came before is warm-up"},
      "until_s": {"type": "number"},
      "warm_up": {"type": "string", "description": "how its length was found"},
      "replications": {"type": "integer", "minimum": 1},
      "drawn": {"type": "boolean",
        "description": "false: chance has no part in it, replications are all the same"},
      "confidence": {"type": "number", "description": "of all intervals"},
      "complete": {"type": "boolean",
        "description": "false: ended early, figures are about the window as far as it came"},
      "runs": {"$ref": "#/definitions/count",
        "description": "accepted in all replications, warm-up included"},
      "starvation_threshold_s": {"$ref": "#/definitions/by_level"},
      "slo_s": {"$ref": "#/definitions/by_level",
        "description": "wait that is aimed at, for the levels that have a target"},
      "fair_share_factor": {"type": "number"},
      "slowdown_bound_s": {"type": "number"},
      "stability_window_s": {"type": "number",
        "description": "over which sigma slides to find its peak"},
      "warm_up_period_s": {"type": "number",
        "description": "with which arrivals recur: an automatic warm-up is whole ones; 0: none"},
      "looks": {"type": "object", "required": ["taken", "at_most", "confidence", "decided"],
        "description": "of `replications: auto`: `confidence` is that of each interval then",
        "properties": {
          "taken": {"$ref": "#/definitions/count",
            "description": "0: one replication was too large for any"},
          "at_most": {"$ref": "#/definitions/count"},
          "confidence": {"type": "number", "description": "of all looks together, as stated"},
          "decided": {"type": "boolean", "description": "nothing that is expected is undecided"}}},
      "start": {"type": "string",
        "description": "what clocks show at time 0; only with a `start`, as the next two"},
      "time_zone": {"type": "string", "description": "whose clocks they are"},
      "time_zone_data": {"type": "string",
        "description": "version of the time zone database; the same bytes hold for one version"}}},
  "expectation": {"type": "object",
    "required": ["sentence", "status", "reason", "metric", "labels"],
    "oneOf": [{"required": ["comparison", "limit"]}, {"required": ["precision"]}],
    "properties": {
      "sentence": {"type": "string"}, "status": {"$ref": "#/definitions/status"},
        "reason": {"type": "string"},
      "metric": {"type": "string"}, "labels": {"$ref": "#/definitions/labels"},
      "comparison": {"enum": ["<", "<=", ">", ">=", "=="]},
      "limit": {"type": "number", "description": "in the metric's unit"},
      "precision": {"type": "number", "description":
        "instead of a limit: half the interval is to be at most this share of the figure"},
      "over_s": {"type": "number",
        "description": "must hold in each sliding window of this length"},
      "in_replications": {"$ref": "#/definitions/share_of_replications"},
      "because": {"type": "string", "description": "origin of the limit"},
      "implied": {"const": true,
        "description": "no sentence of the scenario: nothing may be lost unless it says so"},
      "file": {"type": "string", "description": "where the sentence stands"},
      "line": {"type": "integer", "minimum": 1},
      "margin": {"$ref": "#/definitions/number", "description":
        "how far the value, or the share, is on the right side of its limit; negative: the wrong"},
      "measured": {"$ref": "#/definitions/figure"},
      "windows": {"$ref": "#/definitions/window_breaks"}}},
  "share_of_replications": {"type": "object",
    "description":
      "of a sentence that must hold in a share of them, each by itself; `measured` decides nothing",
    "required": ["wanted"], "properties": {
      "wanted": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
      "held": {"$ref": "#/definitions/count",
        "description": "absent, as all that follows, of what is measured once: served or loaded"},
      "missed": {"$ref": "#/definitions/count"},
      "undecided": {"$ref": "#/definitions/count",
        "description": "neither; the interval takes them both ways"},
      "interval": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2,
        "description":
          "exact binomial bounds of the share (Clopper-Pearson); of what is not drawn itself"}}},
  "window_breaks": {"type": "object",
    "description": "the sliding windows that an expectation is about, over all replications",
    "required": ["measured", "broken", "times", "replications_broken"], "properties": {
      "measured": {"$ref": "#/definitions/count",
        "description": "windows that had anything to measure; a new one every 60th of its length"},
      "broken": {"$ref": "#/definitions/count", "description": "in which it does not hold"},
      "times": {"$ref": "#/definitions/count",
        "description": "how often a broken one follows one that is not, or comes first"},
      "replications_broken": {"$ref": "#/definitions/count"},
      "first_broken_s": {"type": "number",
        "description": "end of the first broken one, in the replication in which it is earliest"},
      "first_broken_mean_s": {"type": "number",
        "description": "the same, mean over the replications in which one is broken"}}},
  "incident": {"type": "object", "required": ["name", "from_s"], "properties": {
    "name": {"type": "string"}, "from_s": {"type": "number"},
    "to_s": {"type": "number", "description": "absent: for good, or over at once"}}},
  "reach": {"type": "object", "required": ["sentence", "status", "count"], "properties": {
    "sentence": {"type": "string"}, "status": {"$ref": "#/definitions/status"},
    "count": {"$ref": "#/definitions/count"}}},
  "stability": {"type": "object", "required": ["groups", "tight_resources"], "properties": {
    "groups": {"type": "array", "items": {"type": "object", "required": ["group",
      "first_to_starve", "levels"],
      "properties": {
        "group": {"type": "string"},
        "first_to_starve": {"enum": ["HIGH", "MEDIUM", "LOW", null],
          "description": "first level with sigma >= 1"},
        "levels": {"type": "array", "items": {"$ref": "#/definitions/level_line"}}}}},
    "tight_resources": {"type": "array", "items": {"$ref": "#/definitions/resource_line"},
      "description": "credentials and pools, largest sigma first, at most 20"}}},
  "level_line": {"type": "object", "required": ["group", "level", "sigma", "headroom", "servers",
    "servers_needed",
      "arrivals_per_s", "mean_service_s"], "properties": {
    "group": {"type": "string"}, "level": {"$ref": "#/definitions/level"},
    "sigma": {"$ref": "#/definitions/number",
      "description": "of this level and those above it; >= 1 starves"},
    "lower_bound": {"$ref": "#/definitions/sigma_bound"},
    "headroom": {"$ref": "#/definitions/number"},
    "servers": {"$ref": "#/definitions/number", "description": "mean present workers"},
    "servers_needed": {"$ref": "#/definitions/number", "description": "for sigma <= 0.8"},
    "arrivals_per_s": {"$ref": "#/definitions/number"},
    "mean_service_s": {"$ref": "#/definitions/number"},
    "peak": {"$ref": "#/definitions/level_peak"}}},
  "level_peak": {"type": "object", "required": ["sigma", "servers", "servers_needed",
      "overloaded_s", "overloaded"],
    "description": "the highest sigma over a sliding window; absent: not known",
    "properties": {
    "sigma": {"$ref": "#/definitions/number", "description": "mean over replications"},
    "interval": {"type": "array", "items": {"$ref": "#/definitions/number"}, "minItems": 2,
      "maxItems": 2},
    "lower_bound": {"$ref": "#/definitions/sigma_bound"},
    "servers": {"$ref": "#/definitions/number", "description": "workers there then"},
    "servers_needed": {"$ref": "#/definitions/number",
      "description": "for sigma <= 0.8 then: for stability alone"},
    "from_s": {"type": "number",
      "description": "the window; of replications that of their mean"},
    "until_s": {"type": "number"},
    "overloaded_s": {"type": "number",
      "description": "time with sigma >= 1 of the window around"},
    "overloaded": {"type": "array", "description": "when, the longest five",
      "items": {"type": "object", "required": ["from_s", "until_s", "sigma"], "properties": {
        "from_s": {"type": "number"}, "until_s": {"type": "number"},
        "sigma": {"$ref": "#/definitions/number", "description": "the highest"}}}}}},
  "sigma_bound": {"const": true,
    "description": "sigma is at least, headroom at most that: some runs have not ended"},
  "resource_line": {"type": "object", "required": ["sigma", "headroom", "servers",
    "servers_needed",
      "arrivals_per_s", "mean_service_s"], "properties": {
    "credential": {"type": "string"}, "pool": {"type": "string"},
    "sigma": {"$ref": "#/definitions/number"},
    "lower_bound": {"$ref": "#/definitions/sigma_bound"},
    "headroom": {"$ref": "#/definitions/number"},
    "servers": {"$ref": "#/definitions/number", "description": "slots"},
    "servers_needed": {"$ref": "#/definitions/number", "description": "for sigma <= 0.8"},
    "arrivals_per_s": {"$ref": "#/definitions/number"},
    "mean_service_s": {"$ref": "#/definitions/number"},
    "peak": {"$ref": "#/definitions/resource_peak"}}},
  "meanwhile": {"type": "object", "required": ["group", "starved", "dispatches", "shares"],
    "description": "who was dispatched during the starvation episodes of one level",
      "properties": {
      "group": {"type": "string"}, "starved": {"$ref": "#/definitions/level"},
      "dispatches": {"$ref": "#/definitions/count"},
      "shares": {"type": "array", "items": {"type": "object",
        "required": ["level", "workspace", "dispatches", "share"], "properties": {
          "level": {"$ref": "#/definitions/level"}, "workspace": {"type": "string"},
          "dispatches": {"$ref": "#/definitions/count"}, "share": {"type": "number"}}}}}},
  "window": {"type": "object", "required": ["metric", "labels", "over_s", "highest", "lowest"],
    "description": "the worst sliding windows of a metric", "properties": {
      "metric": {"type": "string"}, "labels": {"$ref": "#/definitions/labels"},
        "over_s": {"type": "number"},
      "highest": {"$ref": "#/definitions/figure"}, "lowest": {"$ref": "#/definitions/figure"}}},
  "reached": {"type": "object",
    "description": "how often things happened in the window, all replications",
    "required": ["waited_while_dispatched", "rate_limited", "parked_on_credential",
      "login_failed",
      "sibling_stopped", "worker_lost", "requeued", "pool_skipped_member", "queue_emptied"],
    "properties": {
      "waited_while_dispatched": {"type": "array", "items": {"type": "object",
        "required": ["waiting", "dispatched", "count"], "properties": {
          "waiting": {"$ref": "#/definitions/level"},
            "dispatched": {"$ref": "#/definitions/level"},
          "count": {"$ref": "#/definitions/count"}}}},
      "rate_limited": {"$ref": "#/definitions/count"},
      "parked_on_credential": {"$ref": "#/definitions/count"},
      "login_failed": {"$ref": "#/definitions/count"},
      "sibling_stopped": {"$ref": "#/definitions/count"},
      "worker_lost": {"$ref": "#/definitions/count"},
      "requeued": {"$ref": "#/definitions/count"},
      "pool_skipped_member": {"$ref": "#/definitions/count"},
      "queue_emptied": {"$ref": "#/definitions/count"},
      "timed_out": {"$ref": "#/definitions/count"},
      "expired": {"$ref": "#/definitions/count"},
      "cancelled": {"$ref": "#/definitions/count"}}},
  "prediction": {"type": "object",
    "description": "what was measured of a live target beside what the model gives for this load",
    "required": ["agreement", "replications", "confidence", "figures", "explanations"],
    "properties": {
      "agreement": {"$ref": "#/definitions/agreement"},
      "replications": {"$ref": "#/definitions/count"},
      "confidence": {"type": "number", "description": "of all intervals together"},
      "figures": {"type": "array", "items": {"type": "object",
        "required": ["metric", "labels", "agreement", "predicted_median", "p"], "properties": {
          "metric": {"type": "string"}, "labels": {"$ref": "#/definitions/labels"},
          "agreement": {"$ref": "#/definitions/agreement"},
          "measured": {"$ref": "#/definitions/figure"},
          "predicted": {"type": "array", "items": {"$ref": "#/definitions/number"},
            "minItems": 2, "maxItems": 2,
            "description": "[low, high] for one run of this load; absent: not decided"},
          "predicted_median": {"$ref": "#/definitions/number"},
          "p": {"type": "number",
            "description": "two-sided, of this figure alone, by rank among the replications"}}}},
      "explanations": {"type": "array",
        "description": "variants of the model, best first; empty unless something differs",
        "items": {"type": "object",
        "required": ["change", "as_is", "distance", "p", "differing"], "properties": {
          "change": {"type": "string"}, "as_is": {"type": "boolean"},
          "distance": {"type": "number",
            "description": "mean squared distance in standard deviations; about 1 is usual"},
          "p": {"type": "number",
            "description": "share of the variant's replications as far off or further"},
          "differing": {"$ref": "#/definitions/count"}}}}}},
  "agreement": {"enum": ["agrees", "differs", "undecided"]},
  "time_lines": {"type": "object", "required": ["from_s", "bucket_s", "lines"], "properties": {
    "from_s": {"type": "number"},
    "bucket_s": {"type": "number",
      "description":
        "length of a bucket; the last may be cut short, and the first if a width was given"},
    "lines": {"type": "array", "items": {"type": "object", "required": ["line", "values"],
      "properties": {
      "line": {"enum": ["eligible", "blocked", "running", "present", "dispatched",
        "starving", "accepted", "offered", "oldest_age", "since_dispatch", "in_use", "received",
        "fair", "wait_p50", "wait_p95", "wait_p99"]},
      "group": {"type": "string"}, "level": {"$ref": "#/definitions/level"},
      "credential": {"type": "string"}, "workspace": {"type": "string"},
      "lowest": {"type": "array", "items": {"$ref": "#/definitions/number"},
        "description": "of the replications; absent of one"},
      "highest": {"type": "array", "items": {"$ref": "#/definitions/number"}},
      "values": {"type": "array", "items": {"$ref": "#/definitions/number"}}}}}}},
  "wait_grid": {"type": "object", "required": ["shares", "levels"],
    "description": "quantiles of waits for a picture with an axis of nines", "properties": {
      "shares": {"type": "array", "items": {"type": "number"}},
      "levels": {"type": "array", "items": {"type": "object",
        "required": ["group", "level", "wait_s"], "properties": {
          "group": {"type": "string"}, "level": {"$ref": "#/definitions/level"},
          "wait_s": {"type": "array", "items": {"$ref": "#/definitions/number"}}}}}}}
}
})json";

/// What has figures: how the list is called, the label of its members, and what is said of a member
/// besides figures.
struct Thing {
  std::string_view list, entry;
  Labels label;
  std::vector<std::string_view> described;
};

const std::vector<Thing>& things() {
  static const std::vector<Thing> all{
      {"groups", "group", label::group, {"name"}},
      {"workspaces", "workspace", label::workspace, {"name", "group"}},
      {"workflows", "workflow", label::workflow, {"name"}},
      {"credentials", "credential", label::credential, {"name", "limit"}},
      {"pools", "pool", label::pool, {"name", "members"}},
      {"submitters", "submitter", label::submitter, {"name"}}};
  return all;
}

Json reference(std::string_view definition) {
  Json json = Json::object();
  json["$ref"] = "#/definitions/" + std::string(definition);
  return json;
}

Json object_schema() {
  Json json = Json::object();
  json["type"] = "object";
  json["properties"] = Json::object();
  return json;
}

/// The place of a metric in `schema`, made on the way.
Json& place_of(Json& schema, Metric metric) {
  Json* place = &schema;
  for (const std::string& part : json_path(metric)) {
    Json& inner = (*place)["properties"][part];
    if (inner.is_null()) inner = object_schema();
    place = &inner;
  }
  return *place;
}

/// Properties for the metrics that can be about something with exactly these labels.
void add_metrics(Json& schema, Labels labels, bool any_subset) {
  for (const MetricInfo& metric : all_metrics()) {
    const bool possible = (labels & ~metric.labels) == 0 && (metric.required & ~labels) == 0;
    if (!possible && !any_subset) continue;
    Json& place = place_of(schema, metric.metric);
    place = reference("figure");
    place["description"] =
        std::string(metric.meaning) + " [" + std::string(name(metric.unit)) + "]";
  }
}

Json description_schema(std::string_view property) {
  if (property == "limit")
    return Json::parse(R"({"type": ["integer", "null"], "description": "null: unlimited"})");
  if (property == "members")
    return Json::parse(R"({"type": "array", "items": {"type": "string"}})");
  return Json::parse(R"({"type": "string"})");
}

Json list_of(std::string_view definition) {
  Json json = Json::object();
  json["type"] = "array";
  json["items"] = reference(definition);
  return json;
}

Json level_schema(Labels labels) {
  Json schema = object_schema();
  schema["required"] = Json::array({"level"});
  schema["properties"]["level"] = reference("level");
  add_metrics(schema, labels | label::level, false);
  return schema;
}

Json thing_schema(const Thing& thing) {
  Json schema = object_schema();
  schema["required"] = Json::array();
  for (const std::string_view property : thing.described) {
    schema["required"].push_back(property);
    schema["properties"][std::string(property)] = description_schema(property);
  }
  add_metrics(schema, thing.label, false);
  return schema;
}

void add_thing(Json& schema, const Thing& thing) {
  Json& definitions = schema["definitions"];
  const std::string entry(thing.entry), levels = entry + "_level_figures";
  definitions[entry + "_figures"] = thing_schema(thing);
  Json of_level = level_schema(thing.label);
  if (of_level["properties"].size() > 1) {
    definitions[entry + "_figures"]["properties"]["levels"] = list_of(levels);
    definitions[levels] = std::move(of_level);
  }
  schema["properties"][std::string(thing.list)] = list_of(entry + "_figures");
}

void add_all_figures(Json& schema) {
  Json total = object_schema();
  add_metrics(total, label::none, false);
  schema["definitions"]["total_figures"] = std::move(total);
  schema["properties"]["total"] = reference("total_figures");
  schema["definitions"]["level_figures"] = level_schema(label::none);
  schema["properties"]["levels"] = list_of("level_figures");
  for (const Thing& thing : things()) add_thing(schema, thing);
  Json slice = object_schema();
  slice["required"] = Json::array({"labels"});
  slice["properties"]["labels"] = reference("labels");
  add_metrics(slice, label::none, true);
  schema["definitions"]["slice_figures"] = std::move(slice);
  schema["properties"]["slices"] = list_of("slice_figures");
}

/// Nothing but what the schema names is allowed.
void close_objects(Json& schema) {
  if (!schema.is_structured()) return;
  for (Json& member : schema) close_objects(member);
  const bool is_schema =
      schema.is_object() && schema.contains("type") && schema["type"] == "object";
  if (is_schema && !schema.contains("additionalProperties")) schema["additionalProperties"] = false;
}

/// The peak of a credential or pool is that of a level without what is known of levels alone.
void add_resource_peak(Json& definitions) {
  Json peak = definitions["level_peak"];
  peak["required"] = {"sigma", "servers", "servers_needed"};
  Json& properties = peak["properties"];
  for (const char* key : {"overloaded_s", "overloaded"}) properties.erase(key);
  properties["servers"]["description"] = "slots there then";
  properties["from_s"]["description"] =
      "the window; of replications the first to the last of theirs";
  definitions["resource_peak"] = std::move(peak);
}

}  // namespace

std::string report_schema() {
  Json schema = Json::parse(kFixedPart);
  add_resource_peak(schema["definitions"]);
  add_load_schema(schema);
  add_traces_schema(schema);
  add_all_figures(schema);
  add_episodes_schema(schema);
  add_hours_schema(schema);
  add_replications_schema(schema);
  close_objects(schema);
  return json_text(schema);
}

}  // namespace sluice

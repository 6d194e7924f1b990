#include "reports/json/test_run.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text/json_text.hpp"
#include "reports/json/figures.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTestSchema = R"json({
"$schema": "http://json-schema.org/draft-07/schema#",
"$id": "https://sluice.example/test.schema.json",
"title": "What sluice test found, version 1",
"type": "object",
"additionalProperties": false,
"required": ["format", "version", "exit_code", "complete", "seconds", "files"],
"properties": {
  "format": {"const": "sluice.test"},
  "version": {"const": 1},
  "exit_code": {"type": "integer",
    "description":
      "of the files; the command's own is another after a signal, or where no output was written"},
  "complete": {"type": "boolean", "description": "false: stopped by a signal"},
  "seconds": {"type": "number", "description": "wall time; may differ between two runs"},
  "shard": {"type": "object", "additionalProperties": false, "required": ["index", "count"],
    "description": "absent: these are all files",
    "properties": {"index": {"type": "integer", "minimum": 1},
      "count": {"type": "integer", "minimum": 1}}},
  "tolerance": {"type": "number",
    "description": "a share, of the baselines; absent: there were none to hold against"},
  "baselines": {"type": "object", "additionalProperties": false,
    "required": ["written", "not_written"],
    "description": "what --update-baseline did; absent: it was not asked for",
    "properties": {"written": {"$ref": "#/definitions/count"},
      "not_written": {"type": "array", "items": {"type": "object",
        "additionalProperties": false, "required": ["file", "reason"],
        "properties": {"file": {"type": "string"}, "reason": {"type": "string"}}}}}},
  "files": {"type": "array", "items": {"$ref": "#/definitions/file"},
    "description": "in order of path"}
},
"definitions": {
  "number": {"type": ["number", "null"], "description": "null: not finite"},
  "count": {"type": "integer", "minimum": 0},
  "status": {"enum": ["passed", "failed", "inconclusive", "held", "broke"],
    "description": "held, broke: in the only replication of something that is drawn"},
  "file": {"type": "object", "additionalProperties": false,
    "required": ["file", "outcome", "summary", "seconds"],
    "properties": {
      "file": {"type": "string"},
      "outcome": {"enum": ["passed", "none", "held", "broke", "inconclusive", "failed",
        "regression", "bad_scenario", "internal_error", "skipped", "not_run"],
        "description": "none: nothing was expected; skipped: no test"},
      "summary": {"type": "string"},
      "seconds": {"type": "number", "description": "wall time; may differ between two runs"},
      "scenario": {"type": "string"},
      "hash": {"type": "string", "description": "of the effective scenario"},
      "seed": {"$ref": "#/definitions/count"},
      "replications": {"$ref": "#/definitions/count"},
      "confidence": {"type": "number"},
      "complete": {"type": "boolean"},
      "problems": {"type": "array", "items": {"$ref": "#/definitions/problem"},
        "description": "mistakes and warnings of the loader; absent: none"},
      "expectations": {"type": "array", "items": {"$ref": "#/definitions/expectation"}},
      "reaches": {"type": "array", "items": {"$ref": "#/definitions/reach"}},
      "baseline": {"type": "array", "items": {"$ref": "#/definitions/baseline"},
        "description": "absent: nothing was held against one"}}},
  "problem": {"type": "object", "additionalProperties": false,
    "required": ["severity", "file", "message"],
    "properties": {"severity": {"enum": ["error", "warning"]}, "file": {"type": "string"},
      "line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1},
      "message": {"type": "string"}}},
  "expectation": {"type": "object", "additionalProperties": false,
    "required": ["sentence", "status", "outcome", "figure", "unit", "comparison", "limit"],
    "properties": {
      "sentence": {"type": "string"}, "status": {"$ref": "#/definitions/status"},
      "outcome": {"type": "string"}, "because": {"type": "string"},
      "implied": {"const": true, "description": "no sentence of the scenario"},
      "file": {"type": "string", "description": "where the sentence stands"},
      "line": {"type": "integer", "minimum": 1},
      "figure": {"type": "string", "description": "metric and labels: wait.p95{level=LOW}"},
      "unit": {"type": "string"}, "comparison": {"enum": ["<", "<=", ">", ">=", "=="]},
      "limit": {"$ref": "#/definitions/number"},
      "in_replications": {"type": "object", "additionalProperties": false,
        "required": ["wanted"],
        "properties": {"wanted": {"type": "number"}, "held": {"$ref": "#/definitions/count"},
          "missed": {"$ref": "#/definitions/count"}, "undecided": {"$ref": "#/definitions/count"},
          "interval": {"type": "array", "items": {"$ref": "#/definitions/number"}, "minItems": 2,
            "maxItems": 2}}},
      "margin": {"$ref": "#/definitions/number",
        "description": "negative: on the wrong side of the limit; absent: there is none"},
      "measured": {"$ref": "#/definitions/figure", "description": "absent: nothing"}}},
  "reach": {"type": "object", "additionalProperties": false,
    "required": ["sentence", "status", "outcome", "count"],
    "properties": {"sentence": {"type": "string"}, "status": {"$ref": "#/definitions/status"},
      "outcome": {"type": "string"}, "file": {"type": "string"},
      "line": {"type": "integer", "minimum": 1}, "count": {"$ref": "#/definitions/count"}}},
  "baseline": {"type": "object", "additionalProperties": false,
    "required": ["figure", "status", "outcome"],
    "properties": {
      "figure": {"type": "string"}, "status": {"$ref": "#/definitions/status"},
      "outcome": {"type": "string"}, "file": {"type": "string"},
      "line": {"type": "integer", "minimum": 1}, "unit": {"type": "string"},
      "limit": {"$ref": "#/definitions/number",
        "description": "what the figure may be, by baseline and tolerance"},
      "margin": {"$ref": "#/definitions/number"},
      "measured": {"$ref": "#/definitions/figure"},
      "baseline": {"$ref": "#/definitions/figure"}}},
  "figure": {"type": "object", "additionalProperties": false, "required": ["value", "samples"],
    "properties": {
      "value": {"$ref": "#/definitions/number"}, "samples": {"$ref": "#/definitions/count"},
      "censored": {"$ref": "#/definitions/count"}, "lower_bound": {"const": true},
      "upper_bound": {"const": true}, "at_most": {"$ref": "#/definitions/number"},
      "interval": {"type": "array", "items": {"$ref": "#/definitions/number"}, "minItems": 2,
        "maxItems": 2},
      "range": {"type": "array", "items": {"$ref": "#/definitions/number"}, "minItems": 2,
        "maxItems": 2},
      "replications": {"$ref": "#/definitions/count", "description": "absent: all"}}}
}})json";

Json problem_json(const TestProblem& problem) {
  Json json{{"severity", problem.warning ? "warning" : "error"}, {"file", problem.file}};
  if (problem.line > 0) json["line"] = problem.line;
  if (problem.line > 0 && problem.column > 0) json["column"] = problem.column;
  json["message"] = problem.message;
  return json;
}

void add_place(const TestCase& asked, Json& json) {
  if (!asked.file.empty()) json["file"] = asked.file;
  if (asked.line > 0) json["line"] = asked.line;
}

Json asked_json(const TestedFile& tested, const TestCase& asked) {
  const bool reach = asked.kind == TestCase::Kind::reach;
  const bool baseline = asked.kind == TestCase::Kind::baseline;
  Json json{{baseline ? "figure" : "sentence", asked.sentence},
            {"status", name(asked.status)},
            {"outcome", asked.outcome}};
  if (!asked.because.empty()) json["because"] = asked.because;
  if (asked.implied) json["implied"] = true;
  add_place(asked, json);
  if (reach) {
    json["count"] = asked.count;
    return json;
  }
  if (!baseline) {
    json["figure"] = asked.figure_name;
    json["unit"] = name(asked.unit);
    json["comparison"] = symbol(asked.comparison);
    json["limit"] = json_number(asked.limit);
    if (asked.wanted_share)
      json["in_replications"] =
          share_of_replications_json(*asked.wanted_share, asked.in_replications);
  } else if (asked.base) {
    json["unit"] = name(asked.unit);
    json["limit"] = json_number(asked.limit);
  }
  if (asked.margin) json["margin"] = json_number(*asked.margin);
  if (asked.figure) json["measured"] = figure_json(*asked.figure, tested.replications);
  // Of a baseline it is said over how many replications, whatever this run's are.
  if (asked.base) json["baseline"] = figure_json(*asked.base, 0);
  return json;
}

Json cases_json(const TestedFile& tested, TestCase::Kind kind) {
  Json list = Json::array();
  for (const TestCase& asked : tested.cases)
    if (asked.kind == kind) list.push_back(asked_json(tested, asked));
  return list;
}

Json tested_json(const TestedFile& tested) {
  Json json{{"file", tested.file},
            {"outcome", name(tested.outcome)},
            {"summary", tested.summary},
            {"seconds", json_number(tested.seconds)}};
  if (!tested.problems.empty()) {
    Json& problems = json["problems"] = Json::array();
    for (const TestProblem& problem : tested.problems) problems.push_back(problem_json(problem));
  }
  if (tested.replications == 0) return json;
  json["scenario"] = tested.scenario;
  json["hash"] = tested.hash;
  json["seed"] = tested.seed;
  json["replications"] = tested.replications;
  json["confidence"] = json_number(tested.confidence);
  json["complete"] = tested.complete;
  json["expectations"] = cases_json(tested, TestCase::Kind::expectation);
  json["reaches"] = cases_json(tested, TestCase::Kind::reach);
  if (Json held = cases_json(tested, TestCase::Kind::baseline); !held.empty())
    json["baseline"] = std::move(held);
  return json;
}

}  // namespace

std::string render_test_run_json(const TestRun& run) {
  Json json{{"format", "sluice.test"},
            {"version", kTestJsonVersion},
            {"exit_code", static_cast<int>(exit_code_of(run))},
            {"complete", run.complete},
            {"seconds", json_number(run.seconds)}};
  if (run.shard) json["shard"] = {{"index", run.shard->index}, {"count", run.shard->count}};
  if (run.tolerance) json["tolerance"] = json_number(*run.tolerance);
  if (run.update) {
    Json& not_written = json["baselines"] = {{"written", run.update->written}};
    not_written["not_written"] = Json::array();
    for (const auto& [file, reason] : run.update->not_written)
      not_written["not_written"].push_back({{"file", file}, {"reason", reason}});
  }
  Json& files = json["files"] = Json::array();
  for (const TestedFile& tested : run.files) files.push_back(tested_json(tested));
  return json_text(json);
}

std::string test_run_schema() { return json_text(Json::parse(kTestSchema)); }

}  // namespace sluice

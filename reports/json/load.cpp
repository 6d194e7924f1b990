#include "reports/json/load.hpp"

#include <array>
#include <string_view>
#include <type_traits>

#include "base/text/json_text.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, TimeQuantiles::kShares.size()> kQuantileKeys{
    "p50_s", "p90_s", "p95_s", "p99_s", "p99_9_s", "max_s"};

Json times_json(const TimeQuantiles& times) {
  Json json{{"count", times.count}};
  if (times.count == 0) return json;
  json["mean_s"] = json_number(times.mean.seconds());
  for (std::size_t i = 0; i < kQuantileKeys.size(); ++i)
    json[kQuantileKeys[i]] = json_number(times.at[i].seconds());
  return json;
}

template <class Key>
Json counts_json(const std::map<Key, std::uint64_t>& counts) {
  Json json = Json::object();
  for (const auto& [key, count] : counts)
    if constexpr (std::is_integral_v<Key>)
      json[std::to_string(key)] = count;
    else
      json[key] = count;
  return json;
}

Json wrong_answers_json(const LoadFacts& load) {
  Json json = Json::array();
  for (const LoadFacts::WrongAnswers& wrong : load.wrong_answers)
    json.push_back({{"kind", wrong.kind},
                    {"status", wrong.status},
                    {"count", wrong.count},
                    {"body", wrong.body}});
  return json;
}

Json runs_json(const LoadFacts& load) {
  std::uint64_t starts = 0, ends = 0;
  for (const UnseenRuns& unseen : load.unseen) starts += unseen.starts, ends += unseen.ends;
  return {{"submitted", load.runs_submitted},
          {"gave_up", load.runs_gave_up},
          {"submitting", load.runs_submitting},
          {"accepted", load.runs_accepted},
          {"followed", load.runs_followed},
          {"ended", load.runs_ended},
          {"lost", load.runs_lost},
          {"unfollowed", load.runs_unfollowed},
          {"unseen_starts", starts},
          {"unseen_ends", ends}};
}

constexpr std::string_view kSchema = R"json({"type": "object",
"description":
  "What the generator did, and whether it is what was asked for. Lengths of time are wall time.",
"required": ["target", "time_scale", "follow", "validity", "notes", "requests", "statuses",
  "failures", "wrong_answers", "connections", "runs", "events", "latency", "latency_from_send",
  "lateness", "cpu_s"],
"properties": {
  "target": {"type": "string"},
  "time_scale": {"type": "number", "description": "simulated seconds per second"},
  "follow": {"type": "string", "description": "how the life of runs was seen, at the end"},
  "validity": {"enum": ["valid", "late", "saturated", "clock_jumped", "unseen"]},
  "why_invalid": {"type": "string"},
  "ended_early": {"type": "string", "description": "why; absent: it did not"},
  "target_lost": {"type": "string",
    "description": "how nobody answered at the end; absent: somebody did"},
  "notes": {"type": "array", "items": {"type": "string"}},
  "requests": {"type": "object", "required": ["intended", "sent", "unsent", "unreached", "resent",
    "late", "unanswered", "intended_per_s", "sent_per_s"], "properties": {
    "intended": {"$ref": "#/definitions/count",
      "description": "requests to start a run whose time came, further attempts too"},
    "sent": {"$ref": "#/definitions/count", "description": "each was written once"},
    "unsent": {"$ref": "#/definitions/count",
      "description": "no connection was free in time, or the load ended first"},
    "unreached": {"$ref": "#/definitions/count",
      "description": "no connection to the target came about: refused, cannot resolve, …"},
    "resent": {"$ref": "#/definitions/count", "description":
      "begun anew: the target had closed the kept connection before anything was written by it"},
    "late": {"$ref": "#/definitions/count", "description": "sent later than allowed"},
    "unanswered": {"$ref": "#/definitions/count"},
    "intended_per_s": {"$ref": "#/definitions/number"},
    "sent_per_s": {"$ref": "#/definitions/number"}}},
  "statuses": {"type": "object", "description": "answers by HTTP status",
    "additionalProperties": {"$ref": "#/definitions/count"}},
  "failures": {"type": "object", "description":
    "unanswered requests by reason, wrong answers by kind, runs not seen to start or to end",
    "additionalProperties": {"$ref": "#/definitions/count"}},
  "wrong_answers": {"type": "array", "description":
    "answers 2xx that name no run that can be followed", "items": {"type": "object",
    "required": ["kind", "status", "count", "body"], "properties": {
    "kind": {"type": "string", "description": "as in failures"},
    "status": {"$ref": "#/definitions/count", "description": "HTTP status of the first"},
    "count": {"$ref": "#/definitions/count"},
    "body": {"type": "string", "description": "of the first: cut, control characters escaped"}}}},
  "connections": {"type": "object", "required": ["opened", "most", "streams",
    "streams_silent"], "properties": {
    "opened": {"$ref": "#/definitions/count"},
    "most": {"$ref": "#/definitions/count", "description": "open at once"},
    "streams": {"$ref": "#/definitions/count", "description": "of events, opened"},
    "streams_silent": {"$ref": "#/definitions/count",
      "description": "that said nothing more and were opened again"}}},
  "events": {"type": "object", "required": ["duplicate", "reordered", "bad_signatures"],
    "properties": {
    "duplicate": {"$ref": "#/definitions/count"}, "reordered": {"$ref": "#/definitions/count"},
    "bad_signatures": {"$ref": "#/definitions/count"}}},
  "latency": {"$ref": "#/definitions/measured_times"},
  "latency_from_send": {"$ref": "#/definitions/measured_times"},
  "lateness": {"$ref": "#/definitions/measured_times"},
  "cpu_s": {"$ref": "#/definitions/number", "description": "of the generator's threads"}
}})json";

constexpr std::string_view kRunsSchema = R"json({"type": "object", "description":
    "submitted = followed + lost + gave_up + submitting; accepted = followed + lost + unfollowed",
    "required": ["submitted", "gave_up", "submitting", "accepted", "followed", "ended", "lost",
    "unfollowed", "unseen_starts", "unseen_ends"], "properties": {
    "submitted": {"$ref": "#/definitions/count", "description": "their first attempt's time came"},
    "gave_up": {"$ref": "#/definitions/count",
      "description": "not tried again; unfollowed ones too"},
    "submitting": {"$ref": "#/definitions/count",
      "description": "neither accepted nor given up when the load ended"},
    "accepted": {"$ref": "#/definitions/count", "description": "answered 2xx"},
    "followed": {"$ref": "#/definitions/count",
      "description": "to their end, or to where they were when following ended"},
    "ended": {"$ref": "#/definitions/count"},
    "lost": {"$ref": "#/definitions/count", "description": "where they are is not known"},
    "unfollowed": {"$ref": "#/definitions/count",
      "description": "their answers named no run that can be followed"},
    "unseen_starts": {"$ref": "#/definitions/count", "description": "started, not known when"},
    "unseen_ends": {"$ref": "#/definitions/count",
      "description": "of the others: lost, or ended, not known when"}}})json";

constexpr std::string_view kTimesSchema = R"json({"type": "object", "required": ["count"],
"description": "absent quantiles: nothing was measured",
"properties": {
  "count": {"$ref": "#/definitions/count"}, "mean_s": {"$ref": "#/definitions/number"},
  "p50_s": {"$ref": "#/definitions/number"}, "p90_s": {"$ref": "#/definitions/number"},
  "p95_s": {"$ref": "#/definitions/number"}, "p99_s": {"$ref": "#/definitions/number"},
  "p99_9_s": {"$ref": "#/definitions/number"}, "max_s": {"$ref": "#/definitions/number"}}})json";

}  // namespace

Json load_json(const LoadFacts& load) {
  Json json{{"target", load.target},
            {"time_scale", json_number(load.time_scale)},
            {"follow", load.follow},
            {"validity", name(load.validity)}};
  if (!load.why_invalid.empty()) json["why_invalid"] = load.why_invalid;
  if (!load.ended_early.empty()) json["ended_early"] = load.ended_early;
  if (!load.target_lost.empty()) json["target_lost"] = load.target_lost;
  json["notes"] = load.notes;
  json["requests"] = {{"intended", load.intended},
                      {"sent", load.sent},
                      {"unsent", load.unsent},
                      {"unreached", load.unreached},
                      {"resent", load.resent},
                      {"late", load.late},
                      {"unanswered", load.unanswered},
                      {"intended_per_s", json_number(load.intended_per_s)},
                      {"sent_per_s", json_number(load.sent_per_s)}};
  json["statuses"] = counts_json(load.statuses);
  json["failures"] = counts_json(load.failures);
  json["wrong_answers"] = wrong_answers_json(load);
  json["connections"] = {{"opened", load.connections_opened},
                         {"most", load.connections_most},
                         {"streams", load.streams_opened},
                         {"streams_silent", load.streams_silent}};
  json["runs"] = runs_json(load);
  json["events"] = {{"duplicate", load.duplicate_events},
                    {"reordered", load.reordered_events},
                    {"bad_signatures", load.bad_signatures}};
  json["latency"] = times_json(load.latency);
  json["latency_from_send"] = times_json(load.latency_from_send);
  json["lateness"] = times_json(load.lateness);
  json["cpu_s"] = json_number(load.cpu_seconds);
  return json;
}

void add_load_schema(Json& schema) {
  Json load = Json::parse(kSchema);
  load["properties"]["runs"] = Json::parse(kRunsSchema);
  schema["properties"]["load"] = std::move(load);
  schema["definitions"]["measured_times"] = Json::parse(kTimesSchema);
}

}  // namespace sluice

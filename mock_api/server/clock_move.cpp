#include "mock_api/server/clock_move.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text/json.hpp"
#include "mock_api/contract/event_type.hpp"
#include "mock_api/runs/run_status.hpp"

namespace sluice {
namespace {

using ReadTime = std::function<std::optional<Time>(const std::string&)>;
using ParsedMove = Parsed<ClockMove>;

constexpr const char* kMoveForms =
    R"(the body is {"by": DURATION}, {"to": TIME}, {"to": "next"}, {"until": "idle"} or )"
    R"({"until": {"run": ID, "status": STATUS}}; "next" and "until" with or without "limit")";

/// Events that ask a person: the run's status says nothing of them.
constexpr std::array kAsking{EventType::interaction_waiting, EventType::execution_input_required};

ParsedMove parse_length(const std::string& key, const Json& value, const ReadTime& read_time) {
  if (!value.is_string()) return ParsedMove::wrong(0, kMoveForms);
  const std::string text = value.get<std::string>();
  if (key == "to" && text == "next") return ParsedMove::of({NextEvent{}});
  if (key == "to" && read_time)
    if (const std::optional<Time> time = read_time(text)) return ParsedMove::of({*time});
  const Parsed<Duration> duration = parse_duration(text);
  if (!duration) return ParsedMove::wrong(0, key + ": " + duration.error.message);
  if (key == "by") return ParsedMove::of({*duration});
  return ParsedMove::of({Time::zero() + *duration});
}

ParsedMove parse_run_goal(const Json& value) {
  RunGoal goal;
  for (auto it = value.begin(); it != value.end(); ++it) {
    if ((it.key() != "run" && it.key() != "status") || !it->is_string())
      return ParsedMove::wrong(0, kMoveForms);
    (it.key() == "run" ? goal.session_id : goal.status) = it->get<std::string>();
  }
  if (goal.session_id.empty()) return ParsedMove::wrong(0, "until.run must be a session id");
  goal.asks = std::ranges::count(kAsking, event_type_of(goal.status)) > 0;
  if (!goal.asks && !goal.status.empty() && !run_status_of(goal.status))
    return ParsedMove::wrong(
        0, fmt::format("until.status must be a status such as {}, or {} or {}",
                       name(RunStatus::success), name(kAsking[0]), name(kAsking[1])));
  return ParsedMove::of({std::move(goal)});
}

ParsedMove parse_goal(const Json& value) {
  if (value == "idle") return ParsedMove::of({IdleGoal{}});
  return value.is_object() ? parse_run_goal(value) : ParsedMove::wrong(0, kMoveForms);
}

}  // namespace

ParsedMove parse_clock_move(std::string_view body, const ReadTime& read_time) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return ParsedMove::wrong(0, kMoveForms);
  const bool has_limit = json.contains("limit");
  if (json.size() != 1u + has_limit) return ParsedMove::wrong(0, kMoveForms);
  const auto first = json.begin().key() == "limit" ? std::next(json.begin()) : json.begin();
  const std::string& key = first.key();
  if (key != "by" && key != "to" && key != "until") return ParsedMove::wrong(0, kMoveForms);
  ParsedMove move = key == "until" ? parse_goal(*first) : parse_length(key, *first, read_time);
  if (!move || !has_limit) return move;
  if (!move->has_goal() || !json["limit"].is_string()) return ParsedMove::wrong(0, kMoveForms);
  const Parsed<Duration> limit = parse_duration(json["limit"].get<std::string>());
  if (!limit) return ParsedMove::wrong(0, "limit: " + limit.error.message);
  move.value->limit = *limit;
  return move;
}

}  // namespace sluice

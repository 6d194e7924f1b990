#include "mock_api/served_pipeline/served_story.hpp"

#include <fmt/format.h>

#include "mock_api/scripts/run_script.hpp"
#include "reports/runs/run_words.hpp"

namespace sluice {
namespace {

using Kind = StoryPoint::Kind;

std::string credential_text(std::uint32_t subject, const PipelineConfig& config) {
  if (subject == UINT32_MAX) return "";
  const Need need{subject};
  if (need.is_pool()) return ", pool";
  return fmt::format(", credential {}", config.credentials[subject].name);
}

std::string held_text(const StoryPoint& point, const PipelineConfig& config) {
  return fmt::format(
      "{} ({}{})", point.kind == Kind::holding ? "waits inside a worker" : "passed over",
      name(static_cast<BlockReason>(point.detail)), credential_text(point.subject, config));
}

std::string text_of(const StoryPoint& point, const ServedRun& run, const PipelineConfig& config) {
  switch (point.kind) {
    case Kind::submitted:
      return fmt::format("submitted with {}", name(run.level));
    case Kind::accepted:
      return "accepted, waits";
    case Kind::parked:
    case Kind::holding:
      return held_text(point, config);
    case Kind::woken:
      return "can start again, waits for a worker";
    case Kind::dispatched:
      return fmt::format("dispatched to worker {}", point.subject);
    case Kind::login_succeeded:
      return fmt::format("logged in{}", credential_text(point.subject, config));
    case Kind::login_failed:
      return fmt::format("login failed{}", credential_text(point.subject, config));
    case Kind::requeued:
      return fmt::format("requeued ({})", name(static_cast<RequeueCause>(point.detail)));
    case Kind::rejoined:
      return "joined the tail of its queue";
    case Kind::interaction_waiting:
      return "waits for a person";
    case Kind::interaction_answered:
      return point.detail != 0 ? "a person answered" : "nobody answered";
    case Kind::interrupt_asked:
      return "interrupt asked for";
    case Kind::scripted:
      return fmt::format("scripted by {}: {}", run.script->by, describe(run.script->script));
    case Kind::ended:
      return fmt::format("ended: {}", describe(static_cast<EndReason>(point.detail)));
  }
  return "";
}

/// "37 HIGH, 2 LOW runs of its group were dispatched meanwhile"; "" if none was.
std::string meanwhile(const StoryPoint& before, const StoryPoint& after) {
  std::string counts;
  for (const PriorityLevel level : kAllLevels) {
    std::uint32_t count = after.ahead[index(level)] - before.ahead[index(level)];
    if (count > 0) counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, name(level));
  }
  if (counts.empty()) return "";
  return fmt::format("meanwhile dispatched in its group: {}", counts);
}

bool begins_wait(Kind kind) {
  return kind == Kind::accepted || kind == Kind::woken || kind == Kind::parked ||
         kind == Kind::rejoined || kind == Kind::holding || kind == Kind::requeued;
}

}  // namespace

std::vector<StoryLine> served_story(const ServedRun& run, const PipelineConfig& config) {
  std::vector<StoryLine> lines;
  const StoryPoint* before = nullptr;
  for (const StoryPoint& point : run.story) {
    if (before != nullptr && begins_wait(before->kind))
      if (const std::string others = meanwhile(*before, point); !others.empty())
        lines.push_back({point.at, others});
    lines.push_back({point.at, text_of(point, run, config)});
    before = &point;
  }
  return lines;
}

}  // namespace sluice

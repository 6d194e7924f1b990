#include "mock_api/contract/event_type.hpp"

#include <array>

namespace sluice {
namespace {

constexpr std::array<std::string_view, kEventTypes> kEventNames{
    "execution.queued",     "execution.start",         "execution.step",
    "execution.paused",     "execution.stopped",       "execution.failed",
    "execution.success",    "execution.requeued",      "execution.input_required",
    "file.uploaded",        "screenshot.uploaded",     "video.uploaded",
    "interaction.waiting",  "interaction.finished",    "interaction.failed",
    "agent.error_analysis", "agent.tfa_setup_recovery"};

}  // namespace

std::string_view name(EventType type) { return kEventNames[static_cast<std::size_t>(type)]; }

std::optional<EventType> event_type_of(std::string_view name) {
  if (name == "execution.pause") return EventType::execution_paused;
  for (std::size_t i = 0; i < kEventNames.size(); ++i)
    if (kEventNames[i] == name) return static_cast<EventType>(i);
  return std::nullopt;
}

EventSet EventSet::of(std::span<const std::string> names) {
  if (names.empty()) return all();
  EventSet set = none();
  for (const std::string& each : names)
    if (const auto type = event_type_of(each)) set.add(*type);
  return set;
}

}  // namespace sluice

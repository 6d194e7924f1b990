#include "mock_api/events/run_events.hpp"

#include <array>
#include <limits>

#include "base/check.hpp"
#include "mock_api/contract/stringify.hpp"

namespace sluice {
namespace {

constexpr Duration kStreamValidity{300'000'000'000};

EventType type_of(RunArtifact::Kind kind) {
  switch (kind) {
    case RunArtifact::Kind::file:
      return EventType::file_uploaded;
    case RunArtifact::Kind::video:
      return EventType::video_uploaded;
    case RunArtifact::Kind::screenshot:
      break;
  }
  return EventType::screenshot_uploaded;
}

EventType terminal_event(RunStatus status) {
  SLUICE_REQUIRE(is_terminal(status), "only a run that is over has ended");
  if (status == RunStatus::success) return EventType::execution_success;
  return status == RunStatus::failed ? EventType::execution_failed : EventType::execution_stopped;
}

}  // namespace

std::string event_frame(const Epoch& epoch, Time now, std::string_view event,
                        std::string_view payload) {
  const Time expires = now + kStreamValidity;
  std::string inner = JsonObjectText()
                          .text("event", event)
                          .raw("payload", payload)
                          .number("timestamp", epoch.unix_seconds(now))
                          .number("expires_at", epoch.unix_seconds(expires))
                          .take();
  std::string outer = JsonObjectText()
                          .text("event", "run.event")
                          .raw("data", inner)
                          .text("timestamp", epoch.iso8601(now))
                          .text("expires_at", epoch.iso8601(expires))
                          .take();
  return "event: run.event\ndata: " + outer + "\n\n";
}

bool RunEvents::heard(const ServedRun& run) const {
  return !run.client_id.empty() || outbox_.subscribed(run);
}

bool RunEvents::heard(const ServedRun& run, EventType type) const {
  return !run.client_id.empty() || outbox_.subscribed(run, type);
}

void RunEvents::queued(Time now, const ServedRun& run) {
  if (heard(run, EventType::execution_queued))
    publish(now, run, EventType::execution_queued, documents_.queued(run));
}

void RunEvents::paused(Time now, const ServedRun& run, std::string_view message) {
  if (heard(run, EventType::execution_paused))
    publish(now, run, EventType::execution_paused, documents_.paused(run, message));
}

void RunEvents::started(Time now, const ServedRun& run) {
  if (heard(run, EventType::execution_start))
    publish(now, run, EventType::execution_start, documents_.started(now, run));
}

void RunEvents::step(Time now, const ServedRun& run, std::uint32_t step) {
  if (heard(run, EventType::execution_step))
    publish(now, run, EventType::execution_step, documents_.step(run, step));
}

void RunEvents::requeued(Time now, const ServedRun& run, std::uint32_t max_retries) {
  if (heard(run, EventType::execution_requeued))
    publish(now, run, EventType::execution_requeued, documents_.requeued(run, max_retries));
  uploaded_videos(now, run);
}

void RunEvents::uploaded(Time now, const ServedRun& run, const RunArtifact& artifact) {
  const EventType type = type_of(artifact.kind);
  if (heard(run, type)) publish(now, run, type, documents_.uploaded(now, run, artifact));
}

void RunEvents::uploaded_videos(Time now, const ServedRun& run) {
  for (const RunArtifact& each : run.artifacts)
    if (each.kind == RunArtifact::Kind::video && each.attempt == run.attempts.size())
      uploaded(now, run, each);
}

void RunEvents::interaction_waiting(Time now, const ServedRun& run) {
  if (!heard(run)) return;
  if (documents_.asks_for_inputs(run))
    publish(now, run, EventType::execution_input_required, documents_.input_required(now, run));
  else
    publish(now, run, EventType::interaction_waiting, documents_.interaction_waiting(run));
}

void RunEvents::interaction_finished(Time now, const ServedRun& run) {
  if (heard(run, EventType::interaction_finished) && !documents_.asks_for_inputs(run))
    publish(now, run, EventType::interaction_finished, documents_.interaction_finished(run));
}

void RunEvents::interaction_failed(Time now, const ServedRun& run) {
  if (heard(run, EventType::interaction_failed) && !documents_.asks_for_inputs(run))
    publish(now, run, EventType::interaction_failed, documents_.interaction_failed(run));
}

void RunEvents::error_analysis(Time now, const ServedRun& run, const RunError& error) {
  if (heard(run, EventType::agent_error_analysis))
    publish(now, run, EventType::agent_error_analysis, documents_.error_analysis(run, error));
}

void RunEvents::ended(Time now, const ServedRun& run) {
  const EventType type = terminal_event(run.status);
  if (heard(run, type)) publish(now, run, type, documents_.ended(now, run));
  uploaded_videos(now, run);
}

void RunEvents::stopped_by_login(Time now, const ServedRun& culprit,
                                 std::span<const ServedRun* const> stopped) {
  for (const ServedRun* run : stopped) {
    const std::array one{run};
    to_stream(now, *run, EventType::execution_stopped,
              [&] { return documents_.stopped_by_login(culprit, one); });
  }
  outbox_.add(now, stopped, EventType::execution_stopped,
              [&](std::span<const ServedRun* const> receivers) {
                return documents_.stopped_by_login(culprit, receivers);
              });
  for (const ServedRun* run : stopped) uploaded_videos(now, *run);
}

void RunEvents::publish(Time now, const ServedRun& run, EventType type, std::string_view payload) {
  to_stream(now, run, type, [payload] { return payload; });
  outbox_.add(now, run, type, payload);
}

template <class Payload>
void RunEvents::to_stream(Time now, const ServedRun& run, EventType type, Payload payload) {
  if (run.client_id.empty()) return;
  streams_.append(now, ClientStreams::key(run.workspace, run.client_id),
                  event_frame(documents_.epoch(), now, outbox_.word(type), payload()), run.number);
}

}  // namespace sluice

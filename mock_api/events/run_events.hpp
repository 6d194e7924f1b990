// Tells the outside what happens to runs: to the event streams of client ids and to webhooks.
//
// One call per thing that happened, made after the run's record was changed (state is visible
// before its event is). A call for a run that nobody listens to costs a few loads. Payloads: see
// contract 5.4; envelopes: 5.3 and 6.2; order of one run's events: 2.9, which follows from the
// order of calls. Time is simulated. Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "mock_api/contract/event_type.hpp"
#include "mock_api/events/client_streams.hpp"
#include "mock_api/runs/run_documents.hpp"
#include "mock_api/runs/served_run.hpp"
#include "mock_api/webhooks/webhook_outbox.hpp"

namespace sluice {

/// One event as a frame of an event stream (contract 6.2): LF line ends, one data line, a blank
/// line.
std::string event_frame(const Epoch& epoch, Time now, std::string_view event,
                        std::string_view payload);

/// Refers to its parts, which must outlive it.
class RunEvents {
 public:
  RunEvents(const RunDocuments& documents, ClientStreams& streams, WebhookOutbox& outbox)
      : documents_(documents), streams_(streams), outbox_(outbox) {}

  /// Whether anybody may ever hear of this run: steps of the others need not even be scheduled.
  /// O(1) without registered webhooks.
  bool heard(const ServedRun& run) const;
  bool heard(const ServedRun& run, EventType type) const;

  void queued(Time now, const ServedRun& run);
  void paused(Time now, const ServedRun& run, std::string_view message = {});
  /// An attempt begins; with the live view if the run asked for it.
  void started(Time now, const ServedRun& run);
  /// Step `step` (from 0) begins.
  void step(Time now, const ServedRun& run, std::uint32_t step);
  /// `next_execution` and `retry_delay` are set; then video.uploaded if the attempt left a video.
  void requeued(Time now, const ServedRun& run, std::uint32_t max_retries);
  /// A screenshot, file or video that was added to the run. Not needed for videos of attempts:
  /// requeued() and ended() tell of them.
  void uploaded(Time now, const ServedRun& run, const RunArtifact& artifact);
  /// interaction.waiting, or execution.input_required.
  void interaction_waiting(Time now, const ServedRun& run);
  void interaction_finished(Time now, const ServedRun& run);
  void interaction_failed(Time now, const ServedRun& run);
  void error_analysis(Time now, const ServedRun& run, const RunError& error);
  /// By its status: success, failed or stopped, then video.uploaded. Once per run.
  void ended(Time now, const ServedRun& run);
  /// Those that the failed login of `culprit` has stopped, instead of ended() for each: one event
  /// per run on streams, one webhook for all (contract 2.6). All have `stopped_by` set.
  void stopped_by_login(Time now, const ServedRun& culprit,
                        std::span<const ServedRun* const> stopped);

  /// `payload`: a JSON object as JSON.stringify would write it, with a session_id.
  void publish(Time now, const ServedRun& run, EventType type, std::string_view payload);

 private:
  /// `payload()` gives it, and is asked only if the run has a client.
  template <class Payload>
  void to_stream(Time now, const ServedRun& run, EventType type, Payload payload);
  void uploaded_videos(Time now, const ServedRun& run);

  const RunDocuments& documents_;
  ClientStreams& streams_;
  WebhookOutbox& outbox_;
};

}  // namespace sluice

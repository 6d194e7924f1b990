// A run's record as JSON: payloads of its events, and the parts of GET /run/{session_id} that they
// share with it (contract 1.2 and 5.4).
//
// All texts are compact JSON, the bytes that JSON.stringify would make of them. Pure functions of
// the record, the names and the settings.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/epoch.hpp"
#include "base/time.hpp"
#include "mock_api/artifacts/artifact_urls.hpp"
#include "mock_api/runs/run_names.hpp"
#include "mock_api/runs/served_run.hpp"

namespace sluice {

/// Refers to the names and URLs, which must outlive it.
class RunDocuments {
 public:
  RunDocuments(const Epoch& epoch, const RunNames& names, const ArtifactUrls& urls)
      : epoch_(epoch), names_(names), urls_(urls) {}

  const Epoch& epoch() const { return epoch_; }

  // -- arrays of GET /run; "[]" if there is nothing. `now`: from when on URLs are good.
  std::string errors(const ServedRun& run) const;
  std::string recovered_error_ids(const ServedRun& run) const;
  std::string screenshots(Time now, const ServedRun& run) const;
  std::string screenshots_of_step(Time now, const ServedRun& run, std::uint32_t step) const;
  std::string files(Time now, const ServedRun& run) const;
  std::string videos(Time now, const ServedRun& run) const;
  std::string encrypted_variables(const ServedRun& run) const;  ///< "null" if none were given
  /// Lines of the browser's console, for runs with capture_console_logs; else "null".
  std::string console_logs(const ServedRun& run) const;

  /// Whether a wait for a person is told as execution.input_required, not as interaction.*.
  bool asks_for_inputs(const ServedRun& run) const;

  // -- payloads of events
  std::string queued(const ServedRun& run) const;
  std::string paused(const ServedRun& run, std::string_view message) const;
  std::string started(Time now, const ServedRun& run) const;
  std::string step(const ServedRun& run, std::uint32_t step) const;
  std::string requeued(const ServedRun& run, std::uint32_t max_retries) const;
  std::string uploaded(Time now, const ServedRun& run, const RunArtifact& artifact) const;
  std::string interaction_waiting(const ServedRun& run) const;
  std::string interaction_finished(const ServedRun& run) const;
  std::string interaction_failed(const ServedRun& run) const;
  std::string input_required(Time now, const ServedRun& run) const;
  std::string error_analysis(const ServedRun& run, const RunError& error) const;
  /// Of a run that is over: the end-run shape, or the short one if it never started (2.5).
  std::string ended(Time now, const ServedRun& run) const;
  /// Of one or several runs stopped by a failed login (2.6).
  std::string stopped_by_login(const ServedRun& culprit,
                               std::span<const ServedRun* const> stopped) const;

 private:
  std::string error(const ServedRun& run, const RunError& error) const;
  std::string items(Time now, const ServedRun& run, RunArtifact::Kind kind) const;
  std::string interaction(const ServedRun& run, bool missing, std::string_view message) const;

  const Epoch& epoch_;
  const RunNames& names_;
  const ArtifactUrls& urls_;
};

}  // namespace sluice

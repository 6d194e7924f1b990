#include "mock_api/runs/run_documents.hpp"

#include <algorithm>
#include <vector>

#include "base/random/random.hpp"
#include "base/text/uuid.hpp"
#include "mock_api/contract/stringify.hpp"

namespace sluice {
namespace {

constexpr std::string_view kInterrupted = "INTERRUPTED-E0001";
constexpr std::string_view kStoppedByLogin = "INTERRUPTED-E0002";
constexpr std::string_view kExpired = "INTERRUPTED-E0003";

/// As JSON.stringify writes it; `otherwise` if there is none.
std::string given(const std::string& json, std::string_view otherwise) {
  return json.empty() ? std::string(otherwise) : restringify(json);
}

std::string screenshot_id(const ServedRun& run, const RunArtifact& artifact) {
  const std::uint64_t key = stream_key(stream_key(0, "screenshot"), run.session_id);
  return uuid_of(key, std::uint64_t{artifact.attempt} << 32 | artifact.step);
}

ArtifactName name_of(const ServedRun& run, const RunArtifact& artifact) {
  ArtifactName name{ArtifactKind::screenshot, run.number, artifact.step, artifact.attempt,
                    artifact.of_error};
  if (artifact.kind == RunArtifact::Kind::file) name.kind = ArtifactKind::file;
  if (artifact.kind == RunArtifact::Kind::video) name.kind = ArtifactKind::video;
  return name;
}

std::string file_name_of(const RunArtifact& artifact) {
  if (!artifact.name.empty()) return artifact.name;
  const std::string attempt = std::to_string(artifact.attempt);
  if (artifact.kind == RunArtifact::Kind::video) return "recording-" + attempt + ".mp4";
  if (artifact.kind == RunArtifact::Kind::file) return "file-" + attempt + ".txt";
  return "screenshot-" + attempt + "-" + std::to_string(artifact.step + 1) + ".jpg";
}

/// When line `i` of `count` of the attempt's console was written: evenly spread over it.
Time written(const RunAttempt& attempt, std::uint32_t i, std::uint32_t count) {
  const Time end = attempt.end == Time::never() ? attempt.start + attempt.service : attempt.end;
  return attempt.start + Duration{(end - attempt.start).ns / (count + 1) * (i + 1)};
}

}  // namespace

// -- arrays of GET /run

std::string RunDocuments::error(const ServedRun& run, const RunError& error) const {
  // Clients' types have these texts as texts or not at all.
  const NodeName node = error.step == kNoStep ? NodeName{} : names_.node(run, error.step);
  return JsonObjectText()
      .text("message", error.message)
      .text("error_id", error.error_id)
      .text_if_any("full_url", node.page)
      .text("created_at", epoch_.iso8601(error.created))
      .text_if_any("error_code", error.error_code)
      .text_if_any("action_type", node.action)
      .text_if_any("action_display_name", node.display_name)
      .text_if_any("node_id", node.id)
      .text_if_any("original_error", error.original_error)
      .text_if_any("llm_error_category", error.category)
      .text_if_any("llm_error_sub_type", error.sub_type)
      .text_if_any("llm_error_description", error.description)
      .raw("input_recovery", "null")
      .raw("password_update_recovery", "null")
      .take();
}

std::string RunDocuments::errors(const ServedRun& run) const {
  std::vector<std::string> items;
  for (const RunError& each : run.errors) items.push_back(error(run, each));
  return json_array(items);
}

std::string RunDocuments::recovered_error_ids(const ServedRun& run) const {
  std::vector<std::string> ids;
  for (const RunError& each : run.errors)
    if (each.recovered) ids.push_back(each.error_id);
  return json_array_of_texts(ids);
}

std::string RunDocuments::items(Time now, const ServedRun& run, RunArtifact::Kind kind) const {
  std::vector<std::string> items;
  for (const RunArtifact& each : run.artifacts)
    if (each.kind == kind) items.push_back(uploaded(now, run, each));
  return json_array(items);
}

std::string RunDocuments::screenshots(Time now, const ServedRun& run) const {
  return items(now, run, RunArtifact::Kind::screenshot);
}

std::string RunDocuments::screenshots_of_step(Time now, const ServedRun& run,
                                              std::uint32_t step) const {
  std::vector<std::string> items;
  for (const RunArtifact& each : run.artifacts)
    if (each.kind == RunArtifact::Kind::screenshot && each.step == step)
      items.push_back(uploaded(now, run, each));
  return json_array(items);
}

std::string RunDocuments::files(Time now, const ServedRun& run) const {
  return items(now, run, RunArtifact::Kind::file);
}

std::string RunDocuments::videos(Time now, const ServedRun& run) const {
  return items(now, run, RunArtifact::Kind::video);
}

std::string RunDocuments::encrypted_variables(const ServedRun& run) const {
  if (!run.settings.encrypted_variables_given) return "null";
  return json_array_of_texts(run.settings.encrypted_variables);
}

std::string RunDocuments::console_logs(const ServedRun& run) const {
  if (!run.settings.capture_console_logs) return "null";
  std::vector<std::string> lines;
  for (const RunAttempt& attempt : run.attempts)
    for (std::uint32_t i = 0; i < attempt.steps_done; ++i) {
      const NodeName node = names_.node(run, i);
      lines.push_back(
          JsonObjectText()
              .text("timestamp",
                    epoch_.iso8601(std::max(run.created, written(attempt, i, attempt.steps_done))))
              .text("level", "log")
              .text("message", node.display_name + ": page loaded")
              .text("node_id", node.id)
              .take());
    }
  return json_array(lines);
}

bool RunDocuments::asks_for_inputs(const ServedRun& run) const {
  return names_.interaction(run).input_required;
}

// -- payloads of events

std::string RunDocuments::queued(const ServedRun& run) const {
  return JsonObjectText()
      .text("session_id", run.session_id)
      .text("workflow_id", names_.workflow_id(run))
      .take();
}

std::string RunDocuments::paused(const ServedRun& run, std::string_view message) const {
  return JsonObjectText()
      .text("session_id", run.session_id)
      .text("workflow_id", names_.workflow_id(run))
      .text("message", message.empty() ? "Run is paused before execution" : message)
      .take();
}

std::string RunDocuments::started(Time now, const ServedRun& run) const {
  JsonObjectText text;
  text.text("session_id", run.session_id).text("workflow_id", names_.workflow_id(run));
  if (run.settings.include_live_view) {
    const ArtifactName name{ArtifactKind::live_view, run.number, 0,
                            static_cast<std::uint16_t>(run.attempts.size()), false};
    text.text("live_view_url", urls_.url(now, name, "live.html").url);
  }
  return text.take();
}

std::string RunDocuments::step(const ServedRun& run, std::uint32_t step) const {
  return JsonObjectText()
      .text("session_id", run.session_id)
      .text("workflow_id", names_.workflow_id(run))
      .text("current_step", names_.node(run, step).display_name)
      .text("next_step", names_.node(run, step + 1).display_name)
      .take();
}

std::string RunDocuments::requeued(const ServedRun& run, std::uint32_t max_retries) const {
  constexpr std::int64_t millisecond = 1'000'000;
  return JsonObjectText()
      .text("session_id", run.session_id)
      .text("workflow_id", names_.workflow_id(run))
      .number("retry_attempt", run.requeues)
      .number("max_retries", max_retries)
      .text("next_execution_time", epoch_.iso8601(run.next_execution))
      .number("delay_ms", run.retry_delay.ns / millisecond)
      .take();
}

std::string RunDocuments::uploaded(Time now, const ServedRun& run,
                                   const RunArtifact& artifact) const {
  const SignedUrl signed_url = urls_.url(now, name_of(run, artifact), file_name_of(artifact));
  const std::string made = epoch_.iso8601(artifact.created);
  JsonObjectText text;
  text.text("session_id", run.session_id);
  if (artifact.kind == RunArtifact::Kind::video)
    return text.text("timestamp", made)
        .text("signed_screen_recording_url", signed_url.url)
        .text("signed_screen_recording_url_expires", signed_url.expires)
        .take();
  if (artifact.kind == RunArtifact::Kind::file)
    return text.text("signed_file_url", signed_url.url)
        .text("file_name", file_name_of(artifact))
        .text("timestamp", made)
        .text("signed_file_url_expires", signed_url.expires)
        .raw("metadata", "{}")
        .take();
  const NodeName node = names_.node(run, artifact.step);
  return text.text("screenshot_id", screenshot_id(run, artifact))
      .text("signed_screenshot_url", signed_url.url)
      .text("node_id", node.id)
      .text("node_display_name", node.display_name)
      .text("timestamp", made)
      .text("signed_screenshot_url_expires", signed_url.expires)
      .flag("error_screenshot", artifact.of_error)
      .flag("full_length_screenshot", false)
      .number("retry_index", artifact.attempt > 0 ? artifact.attempt - 1 : 0)
      .raw("metadata", "{}")
      .take();
}

std::string RunDocuments::interaction(const ServedRun& run, bool missing,
                                      std::string_view message) const {
  const InteractionWords words = names_.interaction(run);
  return JsonObjectText()
      .text("session_id", run.session_id)
      .text("workflow_id", names_.workflow_id(run))
      .text("current_step", names_.node(run, run.steps_done).display_name)
      .raw("missing_properties", missing ? json_array_of_texts(words.missing) : "[]")
      .raw("expected_json_schema_datamodel", given(words.expected, "{}"))
      .text("message", message.empty() ? words.message : message)
      .take();
}

std::string RunDocuments::interaction_waiting(const ServedRun& run) const {
  return interaction(run, true, {});
}

std::string RunDocuments::interaction_failed(const ServedRun& run) const {
  return interaction(run, true, "No valid answer arrived in time");
}

std::string RunDocuments::interaction_finished(const ServedRun& run) const {
  if (run.interaction_answer.empty()) return interaction(run, false, {});
  const InteractionWords words = names_.interaction(run);
  return JsonObjectText()
      .text("session_id", run.session_id)
      .text("workflow_id", names_.workflow_id(run))
      .raw("provided_input", restringify(run.interaction_answer))
      .text("message", words.message)
      .raw("expected_json_schema_datamodel", given(words.expected, "{}"))
      .take();
}

std::string RunDocuments::input_required(Time now, const ServedRun& run) const {
  const ArtifactName page{ArtifactKind::screenshot, run.number, run.steps_done,
                          static_cast<std::uint16_t>(run.attempts.size()), false};
  return JsonObjectText()
      .text("session_id", run.session_id)
      .raw("input_variables", given(run.input_variables, "{}"))
      .text("screenshot_url", urls_.url(now, page, "page.jpg").url)
      .text("reason", "input_required")
      .take();
}

std::string RunDocuments::error_analysis(const ServedRun& run, const RunError& error) const {
  return JsonObjectText()
      .text("session_id", run.session_id)
      .text("analysis_step_name", names_.node(run, error.step).display_name)
      .text("ai_analysis", error.description.empty() ? error.message : error.description)
      .text("root_cause_analysis",
            error.original_error.empty() ? error.message : error.original_error)
      .text_if_any("error_category", error.category)
      .take();
}

std::string RunDocuments::ended(Time now, const ServedRun& run) const {
  if (run.status == RunStatus::stopped && !run.ever_started()) {
    const bool expired = run.end_reason == EndReason::expired;
    return JsonObjectText()
        .text("message", expired ? "Run waited longer than its workflow allows"
                                 : "Run was interrupted before it started")
        .text("error_code", expired ? kExpired : kInterrupted)
        .text("session_id", run.session_id)
        .take();
  }
  const bool has_files = std::any_of(run.artifacts.begin(), run.artifacts.end(), [](const auto& a) {
    return a.kind == RunArtifact::Kind::file;
  });
  return JsonObjectText()
      .text("session_id", run.session_id)
      .text("workflow_id", names_.workflow_id(run))
      .raw("data", restringify(names_.output(run)))
      .raw("input_variables", given(run.input_variables, "{}"))
      .raw("errors", errors(run))
      .text("status", name(run.status))
      .raw("encrypted_variables", encrypted_variables(run))
      .raw("file_urls", has_files ? files(now, run) : "null")
      .raw("vault_entries", restringify(names_.vault_entries(run)))
      .take();
}

std::string RunDocuments::stopped_by_login(const ServedRun& culprit,
                                           std::span<const ServedRun* const> stopped) const {
  JsonObjectText text;
  text.text("message", "Stopped: the login of another run with the same credentials failed")
      .text("error_code", kStoppedByLogin)
      .text("session_causing_error", culprit.session_id);
  if (stopped.size() == 1) return text.text("session_id", stopped[0]->session_id).take();
  std::vector<std::string> ids;
  for (const ServedRun* run : stopped) ids.push_back(run->session_id);
  return text.raw("session_ids", json_array_of_texts(ids)).take();
}

}  // namespace sluice

// What the API knows of one run: what was asked for, where it stands, what came of it.
//
// Everything that GET /run/{session_id}, GET /runs and the events of a run tell comes from here.
// Plain values; JSON that a client sent is kept as it was sent. All times are the service's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mock_api/runs/run_status.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/run.hpp"

namespace sluice {

/// The webhook that one POST /run asked for, besides the registered ones.
struct RunWebhook {
  std::string url;
  std::vector<std::string> event_types;  ///< empty: all
  std::string secret;
  std::optional<Duration> validity;  ///< none: the default
};

/// The options of POST /run that are not the pipeline's.
struct RunSettings {
  bool dry_run = false;
  std::string add_to_output;  ///< JSON object of dry_run.add_to_output; "" if absent
  bool debug = false;
  bool force_refresh = false;
  bool capture_console_logs = false;
  bool include_live_view = false;
  bool notifications = true;
  std::string additional_context;                ///< JSON; "" if absent
  std::vector<std::string> encrypted_variables;  ///< names of input variables
  bool encrypted_variables_given = false;        ///< false: null in results
  std::string webhook_metadata;                  ///< JSON object; "" if absent
  std::optional<RunWebhook> webhook;
};

/// Of an error that came while the run was at no step.
inline constexpr std::uint32_t kNoStep = UINT32_MAX;

/// One thing that went wrong in a run (contract 1.2 and 2.4). Empty texts are null in JSON.
struct RunError {
  std::string error_id;
  std::string message;
  std::string error_code;
  std::string category;     ///< llm_error_category
  std::string sub_type;     ///< llm_error_sub_type
  std::string description;  ///< llm_error_description
  std::string original_error;
  std::uint32_t step = 0;     ///< of the workflow at which it happened, from 0; or kNoStep
  std::uint16_t attempt = 1;  ///< in which it happened
  Time created;
  bool recovered = false;  ///< a later attempt went on
};

/// One dispatch of a run.
struct RunAttempt {
  Time start;
  Time end = Time::never();  ///< never: under way
  Duration service{};        ///< as planned, logins included
  Duration login{};          ///< until the last login was over; zero: none was needed
  std::uint32_t steps_done = 0;
};

/// Where the wait for a person stands (contract 2.7).
enum class InteractionState : std::uint8_t { none, waiting, finished, failed };

/// Something that a run left behind, served behind a URL.
struct RunArtifact {
  enum class Kind : std::uint8_t { screenshot, file, video };
  Kind kind = Kind::screenshot;
  std::uint32_t step = 0;     ///< of the workflow, from 0; screenshots only
  std::uint16_t attempt = 1;  ///< in which it was made
  bool of_error = false;
  std::string name;  ///< file name; "" for screenshots
  Time created;
};

/// Longer stories leave out what comes after, but for the end.
inline constexpr std::size_t kMostStoryPoints = 400;

/// One line of a run's story, for the admin API.
struct StoryPoint {
  enum class Kind : std::uint8_t {
    submitted,
    accepted,
    parked,
    woken,
    holding,
    dispatched,
    login_succeeded,
    login_failed,
    requeued,
    rejoined,
    interaction_waiting,
    interaction_answered,
    interrupt_asked,
    ended,
    scripted
  };
  Time at;
  Kind kind = Kind::submitted;
  std::uint8_t detail = 0;                     ///< BlockReason, RequeueCause or EndReason
  std::uint32_t subject = UINT32_MAX;          ///< credential or pool need; UINT32_MAX: none
  std::array<std::uint32_t, kLevels> ahead{};  ///< dispatches of its group since the last line
};

struct StruckScript;  // scripts/run_script.hpp

struct ServedRun {
  std::uint64_t number = 0;  ///< of the session, from 0, never used again
  std::string session_id;    ///< UUID
  WorkspaceId workspace;
  WorkflowId workflow;
  WorkflowId family;  ///< the scenario's workflow of which `workflow` is a version
  std::uint32_t workflow_version = 1;
  PriorityLevel level = PriorityLevel::LOW;
  std::string client_id;        ///< "" if none was given
  std::string input_variables;  ///< JSON object as sent
  RunSettings settings;
  /// `X-Sluice-Run`: the submitter and its number of the run; none without the header.
  SubmitterId submitter;
  std::uint64_t index = 0;
  std::shared_ptr<const StruckScript> script;  ///< null: its draws say how it goes

  Time created;                         ///< unique over all runs, whole microseconds, ascending
  Time queued;                          ///< when the answer of POST /run was due
  std::optional<Time> execution_start;  ///< of the first attempt
  std::optional<Time> execution_end;    ///< of the run
  RunStatus status = RunStatus::queued;
  bool accepted = false;       ///< false: the answer of POST /run is still under way (API latency)
  std::uint16_t retries = 0;   ///< attempts after the first that a failure asked for
  std::uint16_t requeues = 0;  ///< retries, and attempts after a lost worker
  Time next_execution;         ///< while requeued
  Duration retry_delay{};      ///< while requeued
  std::vector<RunAttempt> attempts;
  std::vector<RunError> errors;
  std::vector<RunArtifact> artifacts;

  /// Credentials that it asked for, members of pools included, in order of aliases.
  std::vector<CredentialId> asked;
  /// What serves each alias, in the workflow's order; of the last attempt. None before the first.
  std::array<CredentialId, kMaxNeeds> held{};
  std::uint8_t alias_count = 0;

  std::uint32_t steps_done = 0;  ///< of the current attempt
  InteractionState interaction = InteractionState::none;
  Time interaction_since;
  Time interaction_until;          ///< when it fails, if nobody answers
  std::string interaction_answer;  ///< JSON object that a client gave; "" if none did

  EndReason end_reason = EndReason::completed;  ///< once terminal
  std::uint8_t failure_kind = UINT8_MAX;        ///< of the workflow's failures; UINT8_MAX: none
  bool interrupt_asked = false;
  /// Number of the run whose login failed, for those stopped by it; UINT64_MAX: not stopped so.
  std::uint64_t stopped_by = UINT64_MAX;

  RunSlot slot;  ///< in the pipeline; none once ended
  std::vector<StoryPoint> story;

  bool is_terminal() const { return sluice::is_terminal(status); }
  bool ever_started() const { return execution_start.has_value(); }
};

}  // namespace sluice

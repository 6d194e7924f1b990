// How a scenario is served over HTTP: what the pipeline itself does not need to know.
//
// Everything has a default, so that any scenario can be served as it is. JSON is kept as text; ""
// is not given. Where a default is a choice that no public document states, it is a field here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

struct ServedWorkspace {
  std::string api_key;         ///< "": `sk_` and the workspace's name
  std::string encryption_key;  ///< 64 hex digits; "": made of the workspace's name
};

/// What a run asks a person for, if its workflow has an interaction.
struct ServedInteraction {
  enum class Kind : std::uint8_t {
    user_interaction,  ///< a node of the graph: interaction.waiting, answered by user_interaction
    input_required,    ///< recovery: execution.input_required, answered by new_input_variables
  };
  Kind kind = Kind::user_interaction;
  std::string message = "Please provide the missing data";
  std::string expected;  ///< JSON Schema of the answer; "": an object with one string, `answer`
};

struct ServedWorkflow {
  std::string id;  ///< "": a UUID made of the workflow's name
  std::string description;
  std::string input_schema;   ///< JSON Schema without the aliases; "": any object
  std::string output_schema;  ///< "": that of `output`
  std::string output;         ///< a successful run's data; "": made of the workflow's name
  /// Names of files that a run downloads, one in each of its last steps (the one that asks a person
  /// apart); at most as many as there are such steps.
  std::vector<std::string> downloads;
  /// Domain of each vault alias, by alias. The loader fills in those of the credentials that the
  /// scenario names for them.
  std::map<std::string, std::string> domains;
  ServedInteraction interaction;
};

/// A webhook registered for all runs of a workspace or workflow.
struct ServedWebhook {
  std::string url;
  std::string secret;
  WorkspaceId workspace;            ///< none: of every workspace
  WorkflowId workflow;              ///< none: of every workflow
  std::vector<std::string> events;  ///< empty: all
  Duration validity{300'000'000'000};
};

/// The public API's default.
inline constexpr Duration kInputRequiredTimeout{15'000'000'000};

/// What the mock does of its own accord between the API and its clients.
struct ServeConfig {
  /// Unix nanoseconds of the simulated time zero when the clock is held: 2026-01-05T00:00:00Z.
  std::int64_t start_unix_ns = 1'767'571'200'000'000'000;

  unsigned run_status = 201;                      ///< of POST /run
  bool refuse_unknown_keys = false;               ///< in the body of POST /run; else they are kept
  std::string paused_event = "execution.paused";  ///< or `execution.pause`
  /// People answer after the workflow's InteractionConfig::answer_after; false: only clients do.
  bool people = false;
  /// Instead of the interaction's timeout in workflows that ask by execution.input_required. None:
  /// kInputRequiredTimeout or, with `people`, the interaction's own.
  std::optional<Duration> input_required_timeout;
  Duration signed_url_lifetime{604'800'000'000'000};
  Duration snapshot_url_lifetime{3'600'000'000'000};
  std::uint32_t keep_finished_runs = 1'000;
  Duration keep_finished_for{604'800'000'000'000};
  std::uint32_t keep_requests = 1'000;  ///< in the journal

  Duration ping_interval{15'000'000'000};
  Duration hold_back{100'000'000};  ///< wall time from a run's answer to its first event
  std::uint32_t stream_buffer_events = 10'000;  ///< per client id
  Duration stream_buffer_time{600'000'000'000};
  std::optional<Duration> end_streams_after;  ///< ended cleanly at that age; none: never
  bool streams_count_as_requests = false;     ///< in rate limits

  std::vector<Duration> webhook_retries{{1'000'000'000}, {5'000'000'000}, {25'000'000'000}};
  Duration webhook_timeout{10'000'000'000};
  Duration webhook_max_retry_after{3'600'000'000'000};  ///< real time
  enum class WebhookStamps : std::uint8_t { real, simulated };
  WebhookStamps webhook_stamps = WebhookStamps::real;
  std::uint32_t webhook_posts_per_url = 8, webhook_posts_per_host = 64;  ///< unanswered at once
  std::vector<ServedWebhook> webhooks;

  std::vector<ServedWorkspace> workspaces;  ///< by WorkspaceId; shorter: defaults
  std::vector<ServedWorkflow> workflows;    ///< by WorkflowId; shorter: defaults
};

}  // namespace sluice

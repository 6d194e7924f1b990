// A scenario as its file says it: typed, but with names where the finished Scenario has ids, and
// with counts unexpanded.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/dispatch.hpp"
#include "scenarios/loader/trace/trace.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Of one entry of workspaces, credentials or submitters; 0: one thing with the entry's own name.
using Count = std::uint32_t;
/// More things of one kind than this are an error.
inline constexpr std::uint32_t kMaxThings = 200'000;

struct GroupText {
  Mark mark;
  Unread unread;
  ResourceGroupConfig config;
  ShareWeightsText share_weights;  ///< of `dispatch`
  std::optional<Mark> count_mark;
};

struct WorkspaceText {
  Mark mark;
  Unread unread;
  std::optional<Name> group;  ///< none: the only one
  Count count = 0;
};

struct CredentialText {
  Mark mark;
  CredentialConfig config;
  std::optional<bool> keeps_session;
  std::vector<Mark> outage_marks;
  Count count = 0;
};

/// An alias of a workflow and the credential (or family) whose domain fits it.
struct NeedText {
  Name alias;
  std::optional<Name> family;
};

struct WorkflowText {
  Mark mark;
  Unread unread;
  WorkflowConfig config;
  std::vector<NeedText> needs;
};

/// How a submitter fills one alias. Plain: one name means fixed, or drawn if it names several; a
/// list means a pool.
struct ChoiceText {
  Mark mark;
  std::optional<CredentialChoice::Kind> kind;
  std::vector<Name> members;
};

struct WeightedName {
  Name name;
  std::optional<double> weight;
};

using ArrivalsText =
    std::variant<std::monostate, PoissonArrivals, ConstantArrivals, JitteredArrivals, BurstArrivals,
                 BatchArrivals, ClosedLoop, TraceText>;

struct SubmitterText {
  Mark mark;
  Unread unread;
  std::vector<WeightedName> workspaces;  ///< empty: the only one
  std::vector<WeightedName> workflows;   ///< empty: the only one
  Entries<Name, ChoiceText> credentials;
  SubmitterConfig config;  ///< without workspaces, workflows, arrivals
  ArrivalsText arrivals;
  Count count = 0;
};

struct IncidentText {
  enum class Kind : std::uint8_t {
    none,
    lose_workers,
    restart_workers,
    set_workers,
    pause_credential,
    pause_workflow,
    pause_group,
    arrival_rate,
    failure_rate,
    login_failure_rate,
    api_latency,
    api_error_rate,
    workflow_duration,
    credential_limit,
    credential_expiry
  };
  Mark mark;
  std::string name;
  Time at;
  std::optional<Duration> length;
  Kind kind = Kind::none;
  std::vector<Name>
      names;  ///< of the group, credentials, workflows or submitters; empty: the only one, or all
  std::uint32_t count = 0;
  double value = 1;  ///< factor or rate
  CredentialOverride limits;
};

struct ExpectationText {
  Name sentence;
  std::string because;
};

struct ServedWebhookText {
  Mark mark;
  ServedWebhook webhook;  ///< without workspace and workflow
  std::optional<Name> workspace, workflow;
};

struct ServeText {
  ServeConfig config;  ///< without workspaces, workflows and registered webhooks
  std::vector<ServedWebhookText> webhooks;
  Entries<Name, ServedWorkspace> workspaces;
  Entries<Name, ServedWorkflow> workflows;
};

struct LoadText {
  LoadConfig config;  ///< without workflows and credentials
  Entries<Name, LoadedWorkflow> workflows;
  Entries<Name, std::string> credentials;
};

struct Document {
  Mark mark;
  Unread unread;
  Entries<std::string, Mark> section_marks;  ///< where the maps of things stand
  Mark warm_up_mark;
  Scenario scenario;  ///< what needs no names
  std::optional<std::string> name;
  Entries<Name, GroupText> groups;
  Entries<Name, WorkspaceText> workspaces;
  Entries<Name, CredentialText> credentials;
  Entries<Name, WorkflowText> workflows;
  Entries<Name, SubmitterText> submitters;
  std::vector<IncidentText> incidents;
  std::vector<ExpectationText> expectations;
  std::vector<Name> reaches;
  ServeText serve;
  LoadText load;
};

/// The keys of a scenario file.
const Table<Document>& document_table();
/// Reads all of it, whatever mistakes are found on the way.
void read_document(Reader& reader, TreeNode& root, Document& document);

// The types of its parts.
Type<GroupText> group_type();
Type<CredentialText> credential_type();
Type<WorkflowText> workflow_type();
Type<SubmitterText> submitter_type();
Type<ArrivalsText> arrivals_type();
Type<IncidentText> incident_type();
Type<BackoffConfig> backoff_type(const char* default_base);
Type<std::optional<WebhookConfig>> webhooks_type();
Type<ApiConfig> api_type();
Type<ServeText> serve_type();
Type<LoadText> load_type();

/// `type` that also notes where its object stands, in the member `mark`.
template <class T>
Type<T> with_mark(Type<T> type) {
  return {[read = std::move(type.read)](Reader& reader, TreeNode& node, T& value) {
            value.mark = node.mark;
            return read(reader, node, value);
          },
          std::move(type.schema)};
}

}  // namespace sluice

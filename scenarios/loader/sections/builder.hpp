// Document → Scenario: counts become things, names become ids, traces are read, contradictions are
// found.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/document.hpp"
#include "scenarios/loader/sections/name_index.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// By resource group: at which levels runs are submitted there.
using LevelsByGroup = std::vector<std::array<bool, kLevels>>;

/// One use: make it, call build(). Not thread-safe.
class ScenarioBuilder {
 public:
  ScenarioBuilder(Reader& reader, Document document)
      : reader_(reader), document_(std::move(document)) {}

  /// None if there is any problem, which has been reported then.
  std::optional<Scenario> build();

 private:
  /// Things of one kind with the entries they were made from.
  struct Things {
    explicit Things(std::string kind) : kind(std::move(kind)) {}
    std::string kind;  ///< "workspace"
    NameIndex index{};
    std::vector<std::uint32_t> entry{};  ///< of each thing: which entry of the document made it
    std::vector<bool> used{};            ///< by entry
    /// False: there may be others, or there should be some and are none. Reported already, so that
    /// a name that is not among them is no further mistake.
    bool known = true;
  };
  /// Which credentials fit an alias.
  struct Fit {
    bool any = true;
    std::string domain;
    std::vector<std::uint32_t> ids;
  };

  // names (builder.cpp)
  void note_unread();
  /// At least one is needed in `section`.
  void need_one(Things& things, std::string_view section);
  bool error(const Mark& mark, std::string message) {
    return reader_.error(mark, std::move(message));
  }
  void warning(const Mark& mark, std::string message) {
    reader_.problems.warning(mark, std::move(message));
  }
  /// Adds NAME, or NAME-1 … NAME-count; calls `make` for each name that is new.
  template <class Make>
  void add_things(Things& things, const Name& name, Count count, Make make);
  std::vector<std::uint32_t> resolve(Things& things, const Name& name);
  std::string not_called(const Things& things, const std::string& name) const;
  std::optional<std::uint32_t> resolve_one(Things& things, const Name& name);
  std::optional<std::uint32_t> the_only_one(Things& things, const Mark& mark);
  std::string which(const Things& things) const;

  // the pipeline (build_pipeline.cpp)
  void build_groups();
  void build_workspaces();
  void build_share_weights();
  void build_credentials();
  void build_workflows();
  Fit find_fit(const NeedText& need);
  bool fits(const Fit& fit, std::uint32_t credential) const;

  // submitters (build_submitters.cpp)
  void read_traces();
  void make_trace_workspaces(const TraceText& text, const RawTrace& raw);
  void build_submitters();
  bool build_submitter(const SubmitterText& text, const std::optional<RawTrace>& raw,
                       SubmitterConfig& config);
  bool fill_workspaces(const SubmitterText& text, const std::optional<RawTrace>& raw,
                       SubmitterConfig& config);
  bool fill_workflows(const SubmitterText& text, SubmitterConfig& config);
  bool fill_use(const SubmitterText& text, std::uint32_t workflow, WorkflowUse& use);
  bool fill_choice(const ChoiceText& text, const Fit& fit, const Name& alias,
                   CredentialChoice& choice);
  /// Then nobody knows its aliases, which has been reported.
  bool needs_unread(WorkflowId workflow) const;
  /// That a workflow has a step for each file.
  void check_downloads(const Name& name, std::uint32_t workflow, const ServedWorkflow& served);
  bool check_aliases(const SubmitterText& text, const SubmitterConfig& config);
  bool fill_arrivals(const SubmitterText& text, const std::optional<RawTrace>& raw,
                     SubmitterConfig& config);
  /// That what the aliases can be given is enough for every run (check_needs.cpp).
  bool check_needs(const SubmitterText& text, const SubmitterConfig& config);
  bool refuse_needs(const SubmitterText& text, const WorkflowUse& use,
                    const std::vector<std::size_t>& aliases,
                    const std::vector<CredentialId>& credentials);
  bool fill_trace(const TraceText& text, const RawTrace& raw, SubmitterConfig& config);
  template <class Id>
  bool values_to_ids(const std::vector<TraceValue>& values,
                     const Entries<std::string, Name>& mapping, Things& things,
                     const std::string& file, std::vector<Id>& ids);
  /// Which thing a value of a trace means; none after reporting it there.
  std::optional<std::uint32_t> value_to_id(const TraceValue& value,
                                           const Entries<std::string, Name>& mapping,
                                           Things& things, const std::string& file);

  // incidents, expectations (build_incidents.cpp)
  void build_incidents();
  bool build_incident(const IncidentText& text, Incident& incident);
  bool build_incident_of_one(const IncidentText& text, Incident& incident);
  void warn_without_effect(const IncidentText& text, const CredentialLimits& limits);
  void warn_of_short_recordings(const IncidentText& text);
  void warn_of_short_recording(const IncidentText& text, const SubmitterConfig& submitter);
  void build_expectations();

  // how it is served (build_serve.cpp)
  void build_serve();
  void fill_domains();
  void fill_served_workspaces();
  void fill_served_workflows();
  void fill_webhooks();
  /// As resolve_one; to be named there is not to be used.
  std::optional<std::uint32_t> named_there(Things& things, const Name& name);

  // how it is sent (build_load.cpp)
  void build_load();

  // contradictions (cross_checks.cpp)
  void check_groups();
  void check_times();
  void check_submitters();
  void warn_unused();
  void check_reserved(std::size_t group, const LevelsByGroup& submitted);
  std::uint32_t most_workers(std::size_t group) const;
  bool workers_may_come(std::size_t group) const { return most_workers(group) > 0; }
  bool takes_no_time(const Name& submitter) const;

  // sentences (check_sentences.cpp)
  LevelsByGroup submitted_levels() const;
  void warn_undecidable();

  Reader& reader_;
  Document document_;
  Scenario scenario_;
  Things groups_{"resource group"}, workspaces_{"workspace"}, credentials_{"credential"},
      workflows_{"workflow"}, submitters_{"submitter"};
  std::vector<std::vector<Fit>> fits_;           ///< by workflow, by alias
  std::vector<std::optional<RawTrace>> traces_;  ///< by submitter entry
};

template <class Make>
void ScenarioBuilder::add_things(Things& things, const Name& name, Count count, Make make) {
  const auto entry = static_cast<std::uint32_t>(things.used.size());
  things.used.push_back(false);
  if (things.index.size() + count > kMaxThings) {
    error(name.mark,
          "more than " + std::to_string(kMaxThings) + " things of the kind: " + things.kind);
    return;
  }
  for (Count i = 0; i < std::max<Count>(count, 1); ++i) {
    const std::string full = count == 0 ? name.text : name.text + "-" + std::to_string(i + 1);
    if (!things.index.add(full)) {
      error(name.mark, "there is another " + things.kind + " called `" + full + "`");
      return;
    }
    things.entry.push_back(entry);
    make(full);
  }
}

}  // namespace sluice

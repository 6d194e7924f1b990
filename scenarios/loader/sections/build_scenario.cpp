#include "scenarios/loader/sections/build_scenario.hpp"

#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/loader/sections/contradictions.hpp"
#include "scenarios/loader/sections/dispatch.hpp"
#include "scenarios/loader/sections/names.hpp"
#include "scenarios/loader/sections/sentences.hpp"

namespace sluice {
namespace {

void note_unread(const Unread& unread, DeclaredNames& names) {
  if (unread.has("resource_groups")) names.groups.set_incomplete();
  if (unread.has("workspaces")) names.workspaces.set_incomplete();
  if (unread.has("credentials")) names.credentials.set_incomplete();
  if (unread.has("workflows")) names.workflows.set_incomplete();
  if (unread.has("submitters")) names.submitters.set_incomplete();
}

void declare_all_workspaces(const Document& document, const Recordings& recordings,
                            DeclaredNames& names, std::vector<WorkspaceConfig>& configs) {
  declare_workspaces(document.workspaces, names, configs);
  for (std::size_t i = 0; i < recordings.size(); ++i)
    if (recordings[i])
      declare_recorded_workspaces(std::get<TraceText>(document.submitters[i].second.arrivals.kind),
                                  *recordings[i], names, configs);
  names.workspaces.need_one(document.mark_of("workspaces"));
}

void set_share_weights(const Document& document, DeclaredNames& names, PipelineConfig& pipeline,
                       Problems& problems) {
  for (std::size_t i = 0; i < pipeline.groups.size(); ++i)
    pipeline.groups[i].dispatch.share_weights =
        share_weights(document.groups[names.groups.entry(i)].second.share_weights, GroupId::at(i),
                      pipeline.workspaces, names.workspaces, problems);
}

}  // namespace

std::optional<Scenario> build_scenario(Reader& reader, Document document) {
  Problems& problems = reader.problems;
  Scenario scenario = std::move(document.scenario);
  PipelineConfig& pipeline = scenario.pipeline;
  scenario.calendar = reader.calendar;

  DeclaredNames names(problems);
  note_unread(document.unread, names);
  pipeline.groups = declare_groups(document.groups, names.groups, problems);
  names.groups.need_one(document.mark_of("resource_groups"));
  pipeline.credentials = declare_credentials(document.credentials, names.credentials);
  const auto workflows = declare_workflows(document.workflows, names, pipeline);
  names.workflows.need_one(document.mark_of("workflows"));
  Recordings recordings = read_recordings(reader, document.submitters, names.workspaces);
  declare_all_workspaces(document, recordings, names, pipeline.workspaces);
  set_share_weights(document, names, pipeline, problems);
  for (auto& [name, submitter] : document.submitters)
    submitter.config.growth = submitter.growth.value_or(document.growth.value_or(Growth{}));

  SubmitterContext context{reader, names, workflows, scenario};
  build_submitters(document.submitters, std::move(recordings), context);
  scenario.incidents = build_incidents(document.incidents, names, scenario, problems);
  scenario.expectations = build_expectations(document.expectations, names, pipeline, problems);
  scenario.reaches = build_reaches(document.reaches, problems);
  scenario.serve = build_serve(document.serve, names, workflows, scenario, problems);
  scenario.load = build_load(document.load, names, problems);

  if (document.window) set_window(*document.window, scenario, problems);
  find_contradictions(scenario, document, names, workflows, problems);
  if (problems.any()) return std::nullopt;
  warn_unused(document, names, problems);
  warn_undecidable(scenario, document, names, problems);
  if (problems.any()) return std::nullopt;
  return scenario;
}

}  // namespace sluice

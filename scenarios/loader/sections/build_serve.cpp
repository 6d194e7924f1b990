// How a scenario is served: names become ids, what is not given is found in the rest of it.
#include <algorithm>
#include <set>

#include "scenarios/loader/sections/builder.hpp"

namespace sluice {

std::optional<std::uint32_t> ScenarioBuilder::named_there(Things& things, const Name& name) {
  std::vector<bool> used = things.used;
  const std::optional<std::uint32_t> id = resolve_one(things, name);
  things.used = std::move(used);
  return id;
}

void ScenarioBuilder::build_serve() {
  scenario_.serve = std::move(document_.serve.config);
  fill_served_workspaces();
  fill_served_workflows();
  fill_webhooks();
  fill_domains();
}

void ScenarioBuilder::fill_served_workspaces() {
  if (document_.serve.workspaces.empty()) return;
  auto& served = scenario_.serve.workspaces;
  served.resize(scenario_.pipeline.workspaces.size());
  for (auto& [name, workspace] : document_.serve.workspaces)
    if (const auto id = named_there(workspaces_, name)) served[*id] = std::move(workspace);
  std::set<std::string> keys;
  for (std::size_t i = 0; i < served.size(); ++i) {
    const std::string& given = served[i].api_key;
    const std::string& workspace = scenario_.pipeline.workspaces[i].name;
    const std::string key = given.empty() ? "sk_" + workspace : given;
    if (!keys.insert(key).second)
      error(document_.serve.workspaces[0].first.mark,
            "two workspaces have the same API key: `" + workspace + "` and another one");
  }
}

void ScenarioBuilder::fill_served_workflows() {
  auto& served = scenario_.serve.workflows;
  served.resize(scenario_.pipeline.workflows.size());
  for (auto& [name, workflow] : document_.serve.workflows) {
    const auto id = named_there(workflows_, name);
    if (!id) continue;
    const auto& aliases = scenario_.pipeline.workflows[*id].aliases;
    if (needs_unread(WorkflowId{*id})) continue;
    for (const auto& [alias, domain] : workflow.domains)
      if (std::find(aliases.begin(), aliases.end(), alias) == aliases.end())
        error(name.mark, "the workflow `" + name.text + "` has no alias `" + alias + '`');
    check_downloads(name, *id, workflow);
    served[*id] = std::move(workflow);
  }
  std::set<std::string> ids;
  for (const ServedWorkflow& workflow : served)
    if (!workflow.id.empty() && !ids.insert(workflow.id).second)
      error(document_.serve.workflows[0].first.mark,
            "two workflows have the same id: `" + workflow.id + '`');
}

void ScenarioBuilder::check_downloads(const Name& name, std::uint32_t workflow,
                                      const ServedWorkflow& served) {
  const Unread& unread = document_.workflows[workflows_.entry[workflow]].second.unread;
  if (unread.has("steps") || unread.has("interaction")) return;  // reported already
  const WorkflowConfig& config = scenario_.pipeline.workflows[workflow];
  const std::size_t room = config.steps - (config.interaction ? 1 : 0);
  if (served.downloads.size() > room)
    error(name.mark, "the workflow `" + name.text + "` has " + std::to_string(room) +
                         " steps that can download a file, and more `downloads`");
}

void ScenarioBuilder::fill_webhooks() {
  for (ServedWebhookText& text : document_.serve.webhooks) {
    ServedWebhook webhook = std::move(text.webhook);
    if (text.workspace)
      webhook.workspace.value =
          named_there(workspaces_, *text.workspace).value_or(WorkspaceId::none().value);
    if (text.workflow)
      webhook.workflow.value =
          named_there(workflows_, *text.workflow).value_or(WorkflowId::none().value);
    scenario_.serve.webhooks.push_back(std::move(webhook));
  }
}

/// The domain of an alias is that of the credentials that fit it or, where nothing says which fit,
/// the one that all credentials have that submitters give for it.
void ScenarioBuilder::fill_domains() {
  const auto& credentials = scenario_.pipeline.credentials;
  for (std::size_t w = 0; w < fits_.size(); ++w) {
    ServedWorkflow& served = scenario_.serve.workflows[w];
    const auto& aliases = scenario_.pipeline.workflows[w].aliases;
    for (std::size_t a = 0; a < aliases.size(); ++a) {
      std::set<std::string> domains;
      if (!fits_[w][a].domain.empty()) domains.insert(fits_[w][a].domain);
      for (const SubmitterConfig& submitter : scenario_.submitters)
        for (const auto& [weight, use] : submitter.workflows)
          if (use.workflow.index() == w && a < use.credentials.size())
            for (const CredentialId id : use.credentials[a].members)
              domains.insert(credentials[id.index()].domain);
      if (domains.size() == 1 && !domains.begin()->empty())
        served.domains.emplace(aliases[a], *domains.begin());
    }
  }
}

}  // namespace sluice

// Resource groups, workspaces, credentials, workflows.
#include <algorithm>

#include "scenarios/loader/sections/builder.hpp"

namespace sluice {

void ScenarioBuilder::build_groups() {
  for (auto& [name, text] : document_.groups)
    add_things(groups_, name, 0, [&, &group = text](const std::string& full) {
      group.config.name = full;
      scenario_.pipeline.groups.push_back(group.config);
    });
  need_one(groups_, "resource_groups");
}

void ScenarioBuilder::build_workspaces() {
  for (const auto& [name, text] : document_.workspaces) {
    std::optional<std::uint32_t> group;
    if (text.group)
      group = resolve_one(groups_, *text.group);
    else if (!text.unread.has("group"))
      group = the_only_one(groups_, text.mark);
    add_things(workspaces_, name, text.count, [&](const std::string& full) {
      scenario_.pipeline.workspaces.push_back({full, GroupId{group.value_or(0)}});
    });
  }
  for (std::size_t i = 0; i < traces_.size(); ++i)
    if (traces_[i])
      make_trace_workspaces(std::get<TraceText>(document_.submitters[i].second.arrivals),
                            *traces_[i]);
  need_one(workspaces_, "workspaces");
  build_share_weights();
}

void ScenarioBuilder::build_share_weights() {
  // Naming a workspace here is not using it.
  const std::vector<bool> used = workspaces_.used;
  const auto look_up = [&](const Name& name) { return resolve(workspaces_, name); };
  for (std::size_t i = 0; i < scenario_.pipeline.groups.size(); ++i)
    scenario_.pipeline.groups[i].dispatch.share_weights =
        share_weights(document_.groups[groups_.entry[i]].second.share_weights, GroupId::at(i),
                      scenario_.pipeline.workspaces, look_up, reader_.problems);
  workspaces_.used = used;
}

void ScenarioBuilder::build_credentials() {
  for (auto& [name, text] : document_.credentials)
    add_things(credentials_, name, text.count, [&, &credential = text](const std::string& full) {
      credential.config.name = full;
      scenario_.pipeline.credentials.push_back(credential.config);
    });
}

void ScenarioBuilder::build_workflows() {
  for (auto& [name, text] : document_.workflows) {
    std::vector<Fit> fits;
    for (const NeedText& need : text.needs) {
      text.config.aliases.push_back(need.alias.text);
      fits.push_back(find_fit(need));
    }
    add_things(workflows_, name, 0, [&, &workflow = text](const std::string& full) {
      workflow.config.name = full;
      scenario_.pipeline.workflows.push_back(workflow.config);
      fits_.push_back(fits);
    });
  }
  need_one(workflows_, "workflows");
}

ScenarioBuilder::Fit ScenarioBuilder::find_fit(const NeedText& need) {
  Fit fit;
  if (!need.family) return fit;
  const auto& credentials = scenario_.pipeline.credentials;
  const auto by_domain =
      std::find_if(credentials.begin(), credentials.end(),
                   [&](const CredentialConfig& c) { return c.domain == need.family->text; });
  if (by_domain != credentials.end()) return {false, by_domain->domain, {}};
  // Naming it here is not using it.
  std::vector<bool> used = credentials_.used;
  fit.ids = resolve(credentials_, *need.family);
  credentials_.used = std::move(used);
  fit.any = fit.ids.empty();  // reported already
  if (!fit.any) fit.domain = credentials[fit.ids[0]].domain;
  return fit;
}

bool ScenarioBuilder::fits(const Fit& fit, std::uint32_t credential) const {
  if (fit.any) return true;
  if (!fit.domain.empty()) return scenario_.pipeline.credentials[credential].domain == fit.domain;
  return std::binary_search(fit.ids.begin(), fit.ids.end(), credential);
}

}  // namespace sluice

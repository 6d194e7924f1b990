// How a scenario is sent: names become ids.
#include <set>

#include "scenarios/loader/sections/builder.hpp"

namespace sluice {

void ScenarioBuilder::build_load() {
  scenario_.load = std::move(document_.load.config);
  auto& workflows = scenario_.load.workflows;
  if (!document_.load.workflows.empty()) workflows.resize(workflows_.index.size());
  std::set<std::string> ids;
  for (auto& [name, workflow] : document_.load.workflows) {
    const auto id = named_there(workflows_, name);
    if (!id) continue;
    if (!workflow.id.empty() && !ids.insert(workflow.id).second)
      error(name.mark, "another workflow has the id `" + workflow.id + "`, too");
    workflows[*id] = std::move(workflow);
  }
  auto& credentials = scenario_.load.credentials;
  if (!document_.load.credentials.empty()) credentials.resize(credentials_.index.size());
  for (auto& [name, user] : document_.load.credentials)
    if (const auto id = named_there(credentials_, name)) credentials[*id] = std::move(user);
}

}  // namespace sluice

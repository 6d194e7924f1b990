#include "reports/figures/names.hpp"

#include <utility>

namespace sluice {

Names names_of(const PipelineConfig& config, std::vector<std::string> submitters) {
  Names names;
  for (const auto& group : config.groups) names.groups.push_back(group.name);
  for (const auto& workspace : config.workspaces) {
    names.workspaces.push_back(workspace.name);
    names.group_of_workspace.push_back(workspace.group);
  }
  for (const auto& workflow : config.workflows) names.workflows.push_back(workflow.name);
  for (const auto& credential : config.credentials) {
    names.credentials.push_back(credential.name);
    names.credential_limits.push_back(credential.limit());
  }
  names.submitters = std::move(submitters);
  return names;
}

namespace {

struct NamedLabel {
  std::string_view label;
  std::string name;
};

template <class Id, class Table>
std::string name_of(Id id, const Table& table) {
  return id.index() < table.size() ? std::string(table[id.index()])
                                   : "#" + std::to_string(id.value);
}

std::vector<NamedLabel> named_labels(const Subject& s, const Names& names) {
  std::vector<NamedLabel> labels;
  if (s.level) labels.push_back({"level", std::string(name(*s.level))});
  if (s.group.valid()) labels.push_back({"group", name_of(s.group, names.groups)});
  if (s.workspace.valid()) labels.push_back({"workspace", name_of(s.workspace, names.workspaces)});
  if (s.workflow.valid()) labels.push_back({"workflow", name_of(s.workflow, names.workflows)});
  if (s.credential.valid())
    labels.push_back({"credential", name_of(s.credential, names.credentials)});
  if (s.pool.valid())
    labels.push_back({"pool", s.pool.index() < names.pools.size()
                                  ? names.pools[s.pool.index()].name
                                  : "#" + std::to_string(s.pool.value)});
  if (s.submitter.valid()) labels.push_back({"submitter", name_of(s.submitter, names.submitters)});
  return labels;
}

}  // namespace

std::string describe(const Subject& subject, const Names& names) {
  std::string text;
  for (const NamedLabel& label : named_labels(subject, names)) {
    if (!text.empty()) text += ' ';
    // A level and a workspace speak for themselves.
    if (label.label != "level" && label.label != "workspace") text.append(label.label) += ' ';
    text += label.name;
  }
  return text.empty() ? "everything" : text;
}

std::string labels_text(const Subject& subject, const Names& names) {
  std::string text;
  for (const NamedLabel& label : named_labels(subject, names)) {
    text += text.empty() ? "{" : ", ";
    text.append(label.label).append("=").append(label.name);
  }
  return text.empty() ? text : text + "}";
}

}  // namespace sluice

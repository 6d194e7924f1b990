#include "reports/json/figures.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/text/json_text.hpp"
#include "reports/json/episodes.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

/// The list that a thing with figures stands in.
struct Kind {
  Labels label;
  const char* list;
};
constexpr std::array<Kind, 6> kKinds{{{label::group, "groups"},
                                      {label::workspace, "workspaces"},
                                      {label::workflow, "workflows"},
                                      {label::credential, "credentials"},
                                      {label::pool, "pools"},
                                      {label::submitter, "submitters"}}};

/// Figures of one thing, and of its levels.
struct Figures {
  Json own = Json::object();
  std::map<PriorityLevel, Json> levels;

  Json& at(const std::optional<PriorityLevel>& level) {
    if (!level) return own;
    return levels.try_emplace(*level, Json::object()).first->second;
  }
};

void put(Json& figures, Metric metric, Json figure) {
  Json* place = &figures;
  for (const std::string& part : json_path(metric)) place = &(*place)[part];
  *place = std::move(figure);
}

Json described(const Subject& subject, const Names& names) {
  Json json;
  const auto limit = [&](CredentialId id) { return names.credential_limits.at(id.index()); };
  const auto group = [&](WorkspaceId id) { return names.group_of_workspace.at(id.index()); };
  if (subject.group.valid()) json["name"] = names.groups.at(subject.group.index());
  if (subject.workspace.valid()) {
    json["name"] = names.workspaces.at(subject.workspace.index());
    json["group"] = names.groups.at(group(subject.workspace).index());
  }
  if (subject.workflow.valid()) json["name"] = names.workflows.at(subject.workflow.index());
  if (subject.credential.valid()) {
    json["name"] = names.credentials.at(subject.credential.index());
    json["limit"] =
        limit(subject.credential) == UINT32_MAX ? Json(nullptr) : Json(limit(subject.credential));
  }
  if (subject.pool.valid()) {
    const PoolName& pool = names.pools.at(subject.pool.index());
    json["name"] = pool.name;
    json["members"] = Json::array();
    for (const CredentialId id : pool.members)
      json["members"].push_back(names.credentials.at(id.index()));
  }
  if (subject.submitter.valid()) json["name"] = names.submitters.at(subject.submitter.index());
  return json;
}

Json list_of_levels(const std::map<PriorityLevel, Json>& levels) {
  Json list = Json::array();
  for (const auto& [level, figures] : levels) {
    Json entry = Json::object();
    entry["level"] = name(level);
    entry.update(figures);
    list.push_back(std::move(entry));
  }
  return list;
}

/// Of levels over all groups, or of a workspace's.
void add_episodes(const Report& report, WorkspaceId workspace,
                  const std::map<PriorityLevel, Json>& levels, Json& list) {
  std::size_t i = 0;
  for (const auto& [level, figures] : levels) {
    Json& entry = list[i++];
    if (Json episodes = episodes_json(report, level, workspace); !episodes.is_null())
      entry["episodes"] = std::move(episodes);
    if (!workspace.valid()) entry["starves_in_half"] = starves_in_half_json(report, level);
  }
}

/// All that is known of one kind of thing, by subject without level.
using Things = std::map<Subject, Figures>;

Json list_of_things(const Report& report, const Things& things) {
  Json list = Json::array();
  for (const auto& [subject, figures] : things) {
    Json entry = described(subject, report.names);
    entry.update(figures.own);
    if (!figures.levels.empty()) {
      Json& levels = entry["levels"] = list_of_levels(figures.levels);
      if (subject.workspace.valid())
        add_episodes(report, subject.workspace, figures.levels, levels);
    }
    list.push_back(std::move(entry));
  }
  return list;
}

Json list_of_slices(const std::map<Subject, Json>& slices, const Names& names) {
  Json list = Json::array();
  for (const auto& [subject, figures] : slices) {
    Json entry = Json::object();
    entry["labels"] = labels_json(subject, names);
    entry.update(figures);
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

Json figure_json(const Figure& figure, std::uint32_t replications) {
  Json json{{"value", json_number(figure.value)}, {"samples", figure.samples}};
  if (figure.censored > 0) json["censored"] = figure.censored;
  if (figure.lower_bound) json["lower_bound"] = true;
  if (figure.upper_bound) json["upper_bound"] = true;
  if (figure.at_most) json["at_most"] = json_number(*figure.at_most);
  if (figure.range)
    json["range"] = Json::array({json_number(figure.range->low), json_number(figure.range->high)});
  if (figure.interval)
    json["interval"] =
        Json::array({json_number(figure.interval->low), json_number(figure.interval->high)});
  if (figure.replications != replications) json["replications"] = figure.replications;
  return json;
}

Json share_of_replications_json(double wanted, const std::optional<ShareOfReplications>& share) {
  Json json{{"wanted", json_number(wanted)}};
  if (!share) return json;
  json["held"] = share->held;
  json["missed"] = share->missed;
  json["undecided"] = share->undecided;
  json["interval"] = Json::array({json_number(share->bounds.low), json_number(share->bounds.high)});
  return json;
}

Json labels_json(const Subject& subject, const Names& names) {
  Json json = Json::object();
  if (subject.group.valid()) json["group"] = names.groups.at(subject.group.index());
  if (subject.level) json["level"] = name(*subject.level);
  if (subject.workspace.valid()) json["workspace"] = names.workspaces.at(subject.workspace.index());
  if (subject.workflow.valid()) json["workflow"] = names.workflows.at(subject.workflow.index());
  if (subject.credential.valid())
    json["credential"] = names.credentials.at(subject.credential.index());
  if (subject.pool.valid()) json["pool"] = names.pools.at(subject.pool.index()).name;
  if (subject.submitter.valid()) json["submitter"] = names.submitters.at(subject.submitter.index());
  return json;
}

std::vector<std::string> json_path(Metric metric) {
  const std::string_view name = info(metric).name;
  std::vector<std::string> path;
  bool joined = false;
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    const std::string part(name.substr(begin, end - begin));
    if (joined)
      path.back() += "_" + part;
    else
      path.push_back(part);
    joined = metric_named(name.substr(0, end)).has_value();
    begin = end + 1;
  }
  return path;
}

void add_figures(const Report& report, Json& json) {
  Figures total;
  std::map<Labels, Things> kinds;
  std::map<Subject, Json> slices;
  for (const FigureEntry& entry : report.figures.entries()) {
    Subject thing = entry.key.subject;
    const auto level = std::exchange(thing.level, std::nullopt);
    const int labels = std::popcount(thing.labels());
    Json& figures = labels == 0 ? total.at(level)
                    : labels == 1
                        ? kinds[thing.labels()][thing].at(level)
                        : slices.try_emplace(entry.key.subject, Json::object()).first->second;
    put(figures, entry.key.metric, figure_json(entry.figure, report.header.replications));
  }
  json["total"] = std::move(total.own);
  json["levels"] = list_of_levels(total.levels);
  add_episodes(report, {}, total.levels, json["levels"]);
  for (const Kind& kind : kKinds) json[kind.list] = list_of_things(report, kinds[kind.label]);
  json["slices"] = list_of_slices(slices, report.names);
}

}  // namespace sluice

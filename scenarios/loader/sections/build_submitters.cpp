// Submitters: workspaces, workflows with a credential for each alias, arrivals.
#include <algorithm>
#include <memory>
#include <unordered_set>

#include "scenarios/loader/sections/builder.hpp"
#include "scenarios/loader/trace/trace_report.hpp"

namespace sluice {
namespace {

/// Members of credential choices, over all submitters; more is an error.
constexpr std::size_t kMaxMembers = 10'000'000;

std::size_t members(const SubmitterConfig& config) {
  std::size_t sum = config.workspaces.size();
  for (const auto& [weight, use] : config.workflows)
    for (const CredentialChoice& choice : use.credentials) sum += choice.members.size();
  return sum;
}

bool has_duplicates(const std::vector<CredentialId>& ids) {
  std::unordered_set<std::uint32_t> seen;
  return !std::all_of(ids.begin(), ids.end(),
                      [&](CredentialId id) { return seen.insert(id.value).second; });
}

}  // namespace

void ScenarioBuilder::build_submitters() {
  std::size_t in_all = 0;
  for (std::size_t i = 0; i < document_.submitters.size(); ++i) {
    const auto& [name, text] = document_.submitters[i];
    SubmitterConfig config = text.config;
    config.name = name.text;
    const bool good = build_submitter(text, traces_[i], config);
    traces_[i].reset();
    in_all += members(config) * std::max<Count>(text.count, 1);
    if (in_all > kMaxMembers) {
      error(name.mark, "the submitters together name too many workspaces and credentials");
      return;
    }
    add_things(submitters_, name, text.count, [&](const std::string& full) {
      config.name = full;
      if (good) scenario_.submitters.push_back(config);
    });
  }
}

bool ScenarioBuilder::build_submitter(const SubmitterText& text, const std::optional<RawTrace>& raw,
                                      SubmitterConfig& config) {
  const bool workspaces = fill_workspaces(text, raw, config);
  const bool workflows = fill_workflows(text, config);
  const bool arrivals = fill_arrivals(text, raw, config);
  return arrivals && workspaces && workflows && check_needs(text, config);
}

bool ScenarioBuilder::fill_workspaces(const SubmitterText& text, const std::optional<RawTrace>& raw,
                                      SubmitterConfig& config) {
  const std::vector<RawRow> none;
  const std::vector<RawRow>& rows = raw ? raw->rows : none;
  const auto anybody = std::find_if(
      rows.begin(), rows.end(), [](const RawRow& row) { return row.workspace == RawRow::kNone; });
  if (text.workspaces.empty() && raw && anybody == rows.end()) return true;
  if (text.workspaces.empty() && raw && !raw->workspaces.empty() && workspaces_.index.size() != 1)
    return error(text.mark, "line " + std::to_string(anybody->line) + " of `" + raw->import.file +
                                "` does not say whose run it is; give this submitter a "
                                "`workspace` for such rows");
  const bool unread = (!raw && std::holds_alternative<TraceText>(text.arrivals)) ||
                      text.unread.has("arrivals");  // which may be a trace
  if (text.workspaces.empty() && (unread || text.unread.has("workspace")))
    return false;  // reported already
  if (text.workspaces.empty()) {
    const auto only = the_only_one(workspaces_, text.mark);
    if (only) config.workspaces.push_back(WorkspaceId{*only});
    return only.has_value();
  }
  bool good = true;
  for (const WeightedName& name : text.workspaces) {
    const std::vector<std::uint32_t> ids = resolve(workspaces_, name.name);
    good = good && !ids.empty();
    for (const std::uint32_t id : ids) {
      config.workspaces.push_back(WorkspaceId{id});
      if (name.weight)
        config.workspace_weights.push_back(*name.weight / static_cast<double>(ids.size()));
    }
  }
  return good;
}

bool ScenarioBuilder::fill_workflows(const SubmitterText& text, SubmitterConfig& config) {
  std::vector<std::pair<double, std::uint32_t>> mix;
  if (text.workflows.empty()) {
    if (text.unread.has("workflow")) return false;  // reported already
    const auto only = the_only_one(workflows_, text.mark);
    if (!only) return false;
    mix.emplace_back(1, *only);
  }
  bool good = true;
  for (const WeightedName& name : text.workflows) {
    const std::vector<std::uint32_t> ids = resolve(workflows_, name.name);
    good = good && !ids.empty();
    for (const std::uint32_t id : ids)
      mix.emplace_back(name.weight.value_or(1) / static_cast<double>(ids.size()), id);
  }
  if (!good) return false;
  for (const auto& [weight, id] : mix) {
    WorkflowUse use;
    use.workflow = WorkflowId{id};
    good = fill_use(text, id, use) && good;
    config.workflows.emplace_back(weight, std::move(use));
  }
  return check_aliases(text, config) && good;
}

bool ScenarioBuilder::fill_use(const SubmitterText& text, std::uint32_t workflow,
                               WorkflowUse& use) {
  const WorkflowConfig& config = scenario_.pipeline.workflows[workflow];
  bool good = true;
  for (std::size_t i = 0; i < config.aliases.size(); ++i) {
    const auto given =
        std::find_if(text.credentials.begin(), text.credentials.end(),
                     [&](const auto& entry) { return entry.first.text == config.aliases[i]; });
    CredentialChoice choice;
    if (given == text.credentials.end() && text.unread.has("credentials"))
      good = false;  // reported already
    else if (given == text.credentials.end())
      good = error(text.mark, "the workflow `" + config.name +
                                  "` needs a credential for the alias `" + config.aliases[i] +
                                  "`, and this submitter gives none: `credentials: {" +
                                  config.aliases[i] + ": …}`");
    else
      good = fill_choice(given->second, fits_[workflow][i], given->first, choice) && good;
    use.credentials.push_back(std::move(choice));
  }
  return good;
}

bool ScenarioBuilder::fill_choice(const ChoiceText& text, const Fit& fit, const Name& alias,
                                  CredentialChoice& choice) {
  for (const Name& name : text.members) {
    const std::vector<std::uint32_t> ids = resolve(credentials_, name);
    if (ids.empty()) return false;
    for (const std::uint32_t id : ids) {
      if (!fits(fit, id))
        return error(name.mark,
                     "the credential `" + credentials_.index.name(id) +
                         "` does not fit the alias `" + alias.text +
                         "`, whose credentials are for " +
                         (fit.domain.empty() ? credentials_.index.name(fit.ids[0]) : fit.domain));
      choice.members.push_back(CredentialId{id});
    }
  }
  using Kind = CredentialChoice::Kind;
  choice.kind = text.kind.value_or(choice.members.size() == 1 ? Kind::fixed : Kind::drawn);
  if (choice.kind == Kind::fixed && choice.members.size() != 1)
    return error(text.mark, "`fixed` takes one credential, and this means " +
                                std::to_string(choice.members.size()));
  if (choice.kind == Kind::pool && has_duplicates(choice.members))
    return error(text.mark, "a credential stands in this pool twice");
  return true;
}

bool ScenarioBuilder::needs_unread(WorkflowId workflow) const {
  return document_.workflows[workflows_.entry[workflow.index()]].second.unread.has("needs");
}

bool ScenarioBuilder::check_aliases(const SubmitterText& text, const SubmitterConfig& config) {
  std::vector<std::string_view> known;
  for (const auto& [weight, use] : config.workflows)
    if (needs_unread(use.workflow)) return false;  // reported already: nobody knows its aliases
  for (const auto& [weight, use] : config.workflows)
    for (const std::string& alias : scenario_.pipeline.workflows[use.workflow.index()].aliases)
      known.push_back(alias);
  bool good = true;
  for (const auto& [alias, choice] : text.credentials)
    if (std::find(known.begin(), known.end(), alias.text) == known.end())
      good = error(alias.mark, "no workflow of this submitter needs the alias `" + alias.text +
                                   "`" + suggestion(alias.text, known));
  return good;
}

bool ScenarioBuilder::fill_arrivals(const SubmitterText& text, const std::optional<RawTrace>& raw,
                                    SubmitterConfig& config) {
  return std::visit(
      [&](const auto& arrivals) {
        using A = std::decay_t<decltype(arrivals)>;
        if constexpr (std::is_same_v<A, TraceText>) {
          return raw && fill_trace(arrivals, *raw, config);
        } else if constexpr (!std::is_same_v<A, std::monostate>) {
          config.arrivals = arrivals;
          return true;
        } else {
          return false;  // reported already
        }
      },
      text.arrivals);
}

// ---- traces

void ScenarioBuilder::read_traces() {
  for (const auto& [name, text] : document_.submitters) {
    const TraceText* trace = std::get_if<TraceText>(&text.arrivals);
    traces_.push_back(trace != nullptr ? read_trace(reader_, *trace) : std::nullopt);
    if (trace != nullptr && trace->auto_workspaces && !traces_.back()) workspaces_.known = false;
  }
}

void ScenarioBuilder::make_trace_workspaces(const TraceText& text, const RawTrace& raw) {
  if (!text.auto_workspaces) return;
  const auto group =
      text.group ? resolve_one(groups_, *text.group) : the_only_one(groups_, text.mark);
  const std::string column = text.columns.workspace ? text.columns.workspace->text : "workspace";
  for (const TraceValue& value : raw.workspaces) {
    const Name name{workspace_name_of(column, value.text), text.mark};
    if (workspaces_.index.has(name.text)) continue;
    add_things(workspaces_, name, 0, [&](const std::string& full) {
      scenario_.pipeline.workspaces.push_back({full, GroupId{group.value_or(0)}});
    });
  }
}

std::optional<std::uint32_t> ScenarioBuilder::value_to_id(const TraceValue& value,
                                                          const Entries<std::string, Name>& mapping,
                                                          Things& things, const std::string& file) {
  const auto mapped = std::find_if(mapping.begin(), mapping.end(),
                                   [&](const auto& entry) { return entry.first == value.text; });
  if (mapped != mapping.end()) return resolve_one(things, mapped->second);
  const std::vector<std::uint32_t> ids = things.index.find(value.text);
  if (mapping.empty() && ids.size() == 1) {
    things.used[things.entry[ids[0]]] = true;
    return ids[0];
  }
  std::string message =
      !mapping.empty() ? "the trace holds the value `" + value.text +
                             "`, and it is not said which " + things.kind + " that is"
      : ids.empty() ? not_called(things, value.text)
                    : "`" + value.text + "` means " + std::to_string(ids.size()) + " of the kind " +
                          things.kind + ", and a row can only have one";
  reader_.problems.error_in_file(
      {file, value.line, value.column, value.length, std::move(message), value.source_line, false});
  return std::nullopt;
}

template <class Id>
bool ScenarioBuilder::values_to_ids(const std::vector<TraceValue>& values,
                                    const Entries<std::string, Name>& mapping, Things& things,
                                    const std::string& file, std::vector<Id>& ids) {
  std::size_t errors = 0;
  for (const TraceValue& value : values) {
    const auto id = value_to_id(value, mapping, things, file);
    if (!id && ++errors >= kMaxTraceErrors) break;
    ids.push_back(Id{id.value_or(0)});
  }
  return errors == 0;
}

bool ScenarioBuilder::fill_trace(const TraceText& text, const RawTrace& raw,
                                 SubmitterConfig& config) {
  std::vector<WorkspaceId> workspaces;
  std::vector<CredentialId> credentials;
  std::vector<TraceValue> names = raw.workspaces;
  if (text.auto_workspaces)
    for (TraceValue& name : names)
      name.text = workspace_name_of(
          text.columns.workspace ? text.columns.workspace->text : "workspace", name.text);
  const std::string& file = text.file().text;
  const bool known = values_to_ids(names, text.workspaces, workspaces_, file, workspaces);
  if (!values_to_ids(raw.credentials, text.credentials, credentials_, file, credentials) || !known)
    return false;
  for (const auto& [weight, use] : config.workflows)
    if (!credentials.empty() && use.credentials.empty() && !needs_unread(use.workflow))
      return error(text.mark, "the trace names credentials, and the workflow `" +
                                  workflows_.index.name(use.workflow.index()) + "` needs none");
  const Time end = Time::zero() + scenario_.duration + Duration{1};  // what comes at the end counts
  if (!document_.unread.has("duration")) {
    auto import = report_import(
        reader_, text,
        {scenario_.duration, config.from, std::min(config.until, end), config.max_runs}, raw);
    if (!import) return false;
    import->submitter = config.name;
    scenario_.traces.push_back(std::move(*import));
  }
  auto rows = std::make_shared<std::vector<TraceRow>>();
  rows->reserve(raw.rows.size());
  for (const RawRow& row : raw.rows) {
    TraceRow made;
    made.at = row.at;
    made.service_time = row.service;
    if (row.workspace != RawRow::kNone) made.workspace = workspaces[row.workspace];
    if (row.credential != RawRow::kNone) made.credential = credentials[row.credential];
    made.level = row.level;
    made.failed = row.failed;
    made.has_status = row.has_status;
    rows->push_back(made);
  }
  config.arrivals = TraceArrivals{text.file().text, std::move(rows)};
  return true;
}

}  // namespace sluice

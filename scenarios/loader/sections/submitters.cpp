#include "scenarios/loader/sections/submitters.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <variant>

#include "base/check.hpp"
#include "base/text/suggestion.hpp"
#include "scenarios/loader/keys/clock_types.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/backoff.hpp"
#include "scenarios/loader/sections/distribution_types.hpp"
#include "scenarios/loader/sections/needs.hpp"

namespace sluice {
namespace {

// ---- one of several, with weights

/// A name, a list of names, or a map of names and weights.
Type<std::vector<WeightedName>> names_type(const char* what) {
  using Names = std::vector<WeightedName>;
  auto one = converted<Name, Names>(name_type(), [](Name name) {
    return Names{{std::move(name), std::nullopt}};
  });
  auto many = converted<std::vector<Name>, Names>(
      list<Name>(what, name_type()), [](std::vector<Name> names) {
        Names all;
        for (Name& name : names) all.push_back({std::move(name), std::nullopt});
        return all;
      });
  // Of weights with a mistake among them the names are kept: they are checked as well.
  auto entries_of_weights = entries<Name, double>(what, name_type(), weight_type());
  Type<Names> weighted{
      [read = std::move(entries_of_weights.read)](Reader& reader, TreeNode& node, Names& names) {
        Entries<Name, double> given;
        const bool good = read(reader, node, given);
        for (const auto& [name, weight] : given) names.push_back({name, weight});
        return good;
      },
      std::move(entries_of_weights.schema)};
  Type<Names> type =
      by_shape<Names>(std::string(what) + ": a name, a list, or a map of names and weights",
                      {std::move(one), std::move(many), std::move(weighted)});
  type.read = [read = type.read](Reader& reader, TreeNode& node, Names& names) {
    if (!read(reader, node, names)) return false;
    double sum = 0;
    for (const WeightedName& name : names) sum += name.weight.value_or(1);
    return sum > 0 || reader.error(node.mark, "all weights are 0");
  };
  return type;
}

Type<Mix<PriorityLevel>> priority_type() {
  using Levels = Mix<PriorityLevel>;
  auto one = converted<PriorityLevel, Levels>(level_type(), [](PriorityLevel level) {
    return Levels{{1, level}};
  });
  auto weighted = converted<Entries<PriorityLevel, double>, Levels>(
      entries<PriorityLevel, double>("levels and shares", level_type(), weight_type()),
      [](const Entries<PriorityLevel, double>& entries) {
        Levels levels;
        for (const auto& [level, weight] : entries) levels.emplace_back(weight, level);
        return levels;
      });
  Type<Levels> type =
      by_shape<Levels>("HIGH, MEDIUM, LOW, or a map such as `{MEDIUM: 30%, LOW: 70%}`",
                       {std::move(one), std::nullopt, std::move(weighted)});
  type.read = [read = type.read](Reader& reader, TreeNode& node, Levels& levels) {
    if (!read(reader, node, levels)) return false;
    double sum = 0;
    for (const auto& [weight, level] : levels) sum += weight;
    return sum > 0 || reader.error(node.mark, "all weights are 0");
  };
  return type;
}

// ---- credentials

using ChoiceKind = CredentialChoice::Kind;

Key<ChoiceText> choice_key(const char* name, ChoiceKind kind, const char* description) {
  return key_with<ChoiceText>(
      name, one_or_many<Name>("a credential or a list of credentials", name_type()),
      [kind](ChoiceText& choice, std::vector<Name> members) {
        choice.kind = kind;
        choice.members = std::move(members);
      },
      description);
}

Type<ChoiceText> choice_type() {
  auto plain = converted<Name, ChoiceText>(name_type(), [](Name name) {
    return ChoiceText{{}, std::nullopt, {std::move(name)}};
  });
  auto pool = converted<std::vector<Name>, ChoiceText>(
      list<Name>("the credentials of a pool", name_type()), [](std::vector<Name> names) {
        return ChoiceText{{}, ChoiceKind::pool, std::move(names)};
      });
  auto map = one_key_of<ChoiceText>(
      "a choice of credentials",
      {choice_key("fixed", ChoiceKind::fixed, "always this one"),
       choice_key("drawn", ChoiceKind::drawn, "each run one of these"),
       choice_key("own", ChoiceKind::own, "the i-th for the i-th of the submitter's workspaces"),
       choice_key("pool", ChoiceKind::pool,
                  "a pool of these: the pipeline takes the next that is free")});
  return with_mark(named<ChoiceText>(
      "credential_choice",
      by_shape<ChoiceText>("a credential, a list (a pool), or `{fixed|drawn|own|pool: …}`",
                           {std::move(plain), std::move(pool), std::move(map)})));
}

// ---- options and retries

const Table<OptionMix>& options_table() {
  using O = OptionMix;
  static const Table<O> table{
      "options",
      "Shares of runs that ask for an option.",
      {key("debug", share_type(), &O::debug, "snapshots of each step").or_default("0%"),
       key("capture_console", share_type(), &O::capture_console, "console logs").or_default("0%"),
       key("force_refresh", share_type(), &O::force_refresh, "refreshes the caches first")
           .or_default("0%"),
       key("dry_run", share_type(), &O::dry_run, "stops before it writes").or_default("0%")}};
  return table;
}

const Table<SubmitRetryConfig>& retry_table() {
  using R = SubmitRetryConfig;
  static const Table<R> table{
      "the retries of a submitter",
      "What it does with 429 and 5xx.",
      {key("max_attempts", count_type(1, 1000), &R::max_attempts, "1: gives up at once")
           .or_default("5"),
       key("backoff", backoff_type("1s"), &R::backoff, "delay before the next attempt")
           .or_default("{jitter: 50%}"),
       key("honour_retry_after", bool_type(), &R::honour_retry_after,
           "waits at least as long as it is told")
           .or_default("true")}};
  return table;
}

/// `never`, or a map.
Type<SubmitRetryConfig> retry_type() {
  auto never = word_type<SubmitRetryConfig>("`never` or a map such as `{max_attempts: 8}`",
                                            {{"never", SubmitRetryConfig{}, "gives up at once"}});
  return named<SubmitRetryConfig>(
      "submit_retry",
      by_shape<SubmitRetryConfig>("`never`, or a map such as `{max_attempts: 8}`",
                                  {std::move(never), std::nullopt, object(retry_table)}));
}

template <class V, class M>
Key<SubmitterText> config_key(const char* name, Type<V> type, M SubmitterConfig::*member,
                              const char* description) {
  return key_with<SubmitterText>(
      name, std::move(type),
      [member](SubmitterText& submitter, V value) { submitter.config.*member = std::move(value); },
      description);
}

const Table<SubmitterText>& submitter_table() {
  using S = SubmitterText;
  using Config = SubmitterConfig;
  static const Table<S> table{
      "a submitter",
      "Who starts runs: where, of what, at which level, and when.",
      {kept_key("workspace", names_type("workspaces"), &S::workspaces,
                "each run in one of them; not given: the only one (of a trace: as recorded)"),
       kept_key("workflow", names_type("workflows"), &S::workflows,
                "each run one of them; not given: the only one"),
       config_key("priority", priority_type(), &Config::priority, "a level, or levels and shares")
           .or_default("LOW"),
       kept_key(
           "credentials",
           entries<Name, ChoiceText>("aliases and credentials", name_type(), choice_type(), 0),
           &S::credentials,
           "for each alias of its workflows: one name is that credential, or one drawn from all "
           "that it means; a "
           "list is a pool"),
       config_key("options", object(options_table), &Config::options,
                  "shares of runs with debug, dry run …")
           .or_default("{}"),
       config_key("retry", retry_type(), &Config::retry,
                  "what it does with 429 and 5xx; `never`: gives up at once")
           .or_default("{}"),
       key("arrivals", arrivals_type(), &S::arrivals, "when it submits").required(),
       config_key("from", time_type(), &Config::from, "nothing before").or_default("0s"),
       config_key("until", time_type(), &Config::until,
                  "nothing from here on; not given: to the end"),
       config_key("max_runs", whole_type(), &Config::max_runs,
                  "no more runs than this; not given: no limit"),
       config_key("patience", distribution_type(Quantity::time), &Config::patience,
                  "cancels a run that has waited so long since its first request, and tries no "
                  "longer; not given: waits for ever"),
       key("growth", growth_type(), &S::growth,
           "as many more over each such time, compounding: `5%/30d`; not given: that of the "
           "scenario"),
       key("count", count_type(1, 10'000), &S::count, "makes NAME-1 … NAME-n, all alike")}};
  return table;
}

// ---- what it becomes

/// Members of credential choices, over all submitters; more is an error.
constexpr std::size_t kMaxMembers = 10'000'000;

std::size_t count_members(const SubmitterConfig& config) {
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

/// Of a submitter that names no workspace.
bool fill_only_workspace(const SubmitterText& text, const std::optional<RawTrace>& recording,
                         SubmitterContext& context, SubmitterConfig& config) {
  if (recording) {
    const std::vector<RawRow>& rows = recording->rows;
    const auto anybody = std::find_if(
        rows.begin(), rows.end(), [](const RawRow& row) { return row.workspace == RawRow::kNone; });
    if (anybody == rows.end()) return true;
    if (!recording->workspaces.empty() && context.names.workspaces.size() != 1)
      return context.reader.error(text.mark, "line " + std::to_string(anybody->line) + " of `" +
                                                 recording->import.file +
                                                 "` does not say whose run it is; give this "
                                                 "submitter a `workspace` for such rows");
  }
  const bool unread = (!recording && std::holds_alternative<TraceText>(text.arrivals.kind)) ||
                      text.unread.has("arrivals");           // which may be a trace
  if (unread || text.unread.has("workspace")) return false;  // reported already
  const auto only = context.names.workspaces.the_only_one(text.mark);
  if (only) config.workspaces.push_back(WorkspaceId{*only});
  return only.has_value();
}

bool fill_workspaces(const SubmitterText& text, const std::optional<RawTrace>& recording,
                     SubmitterContext& context, SubmitterConfig& config) {
  if (text.workspaces.empty()) return fill_only_workspace(text, recording, context, config);
  bool good = true;
  for (const WeightedName& name : text.workspaces) {
    const std::vector<std::uint32_t> ids = context.names.workspaces.resolve(name.name);
    good = good && !ids.empty();
    for (const std::uint32_t id : ids) {
      config.workspaces.push_back(WorkspaceId{id});
      if (name.weight)
        config.workspace_weights.push_back(*name.weight / static_cast<double>(ids.size()));
    }
  }
  return good;
}

bool fill_choice(const ChoiceText& text, const AliasFit& fit, const Name& alias,
                 SubmitterContext& context, CredentialChoice& choice) {
  NameTable& credentials = context.names.credentials;
  for (const Name& name : text.members) {
    const std::vector<std::uint32_t> ids = credentials.resolve(name);
    if (ids.empty()) return false;
    for (const std::uint32_t id : ids) {
      if (!fit.takes(id, context.scenario.pipeline.credentials))
        return context.reader.error(
            name.mark, "the credential `" + credentials.name(id) + "` does not fit the alias `" +
                           alias.text + "`, whose credentials are for " +
                           (fit.domain.empty() ? credentials.name(fit.ids[0]) : fit.domain));
      choice.members.push_back(CredentialId{id});
    }
  }
  choice.kind =
      text.kind.value_or(choice.members.size() == 1 ? ChoiceKind::fixed : ChoiceKind::drawn);
  if (choice.kind == ChoiceKind::fixed && choice.members.size() != 1)
    return context.reader.error(text.mark, "`fixed` takes one credential, and this means " +
                                               std::to_string(choice.members.size()));
  if (choice.kind == ChoiceKind::pool && has_duplicates(choice.members))
    return context.reader.error(text.mark, "a credential stands in this pool twice");
  return true;
}

/// A choice for each alias of the workflow.
bool fill_use(const SubmitterText& text, SubmitterContext& context, WorkflowUse& use) {
  const std::size_t workflow = use.workflow.index();
  const WorkflowConfig& config = context.scenario.pipeline.workflows[workflow];
  bool good = true;
  for (std::size_t i = 0; i < config.aliases.size(); ++i) {
    const auto given =
        std::find_if(text.credentials.begin(), text.credentials.end(),
                     [&](const auto& entry) { return entry.first.text == config.aliases[i]; });
    CredentialChoice choice;
    if (given == text.credentials.end() && text.unread.has("credentials"))
      good = false;  // reported already
    else if (given == text.credentials.end())
      good = context.reader.error(
          text.mark, "the workflow `" + config.name + "` needs a credential for the alias `" +
                         config.aliases[i] + "`, and this submitter gives none: `credentials: {" +
                         config.aliases[i] + ": …}`");
    else
      good = fill_choice(given->second, context.workflows[workflow].fits[i], given->first, context,
                         choice) &&
             good;
    use.credentials.push_back(std::move(choice));
  }
  return good;
}

/// That it gives no credential for an alias that none of its workflows has.
bool check_aliases(const SubmitterText& text, SubmitterContext& context,
                   const SubmitterConfig& config) {
  std::vector<std::string_view> known;
  for (const auto& [weight, use] : config.workflows)
    if (context.workflows[use.workflow.index()].unread.has("needs"))
      return false;  // reported already: nobody knows its aliases
  for (const auto& [weight, use] : config.workflows)
    for (const std::string& alias :
         context.scenario.pipeline.workflows[use.workflow.index()].aliases)
      known.push_back(alias);
  bool good = true;
  for (const auto& [alias, choice] : text.credentials)
    if (std::find(known.begin(), known.end(), alias.text) == known.end())
      good = context.reader.error(alias.mark, "no workflow of this submitter needs the alias `" +
                                                  alias.text + "`" + suggestion(alias.text, known));
  return good;
}

bool fill_workflows(const SubmitterText& text, SubmitterContext& context, SubmitterConfig& config) {
  NameTable& workflows = context.names.workflows;
  std::vector<std::pair<double, std::uint32_t>> mix;
  if (text.workflows.empty()) {
    if (text.unread.has("workflow")) return false;  // reported already
    const auto only = workflows.the_only_one(text.mark);
    if (!only) return false;
    mix.emplace_back(1, *only);
  }
  bool good = true;
  for (const WeightedName& name : text.workflows) {
    const std::vector<std::uint32_t> ids = workflows.resolve(name.name);
    good = good && !ids.empty();
    for (const std::uint32_t id : ids)
      mix.emplace_back(name.weight.value_or(1) / static_cast<double>(ids.size()), id);
  }
  if (!good) return false;
  for (const auto& [weight, id] : mix) {
    WorkflowUse use;
    use.workflow = WorkflowId{id};
    good = fill_use(text, context, use) && good;
    config.workflows.emplace_back(weight, std::move(use));
  }
  return check_aliases(text, context, config) && good;
}

bool refuse_need(const UnmetNeed& need, const SubmitterText& text, SubmitterContext& context) {
  const WorkflowConfig& workflow = context.scenario.pipeline.workflows[need.use.workflow.index()];
  const auto add = [](std::string& list, const std::string& name) {
    list += (list.empty() ? "`" : ", `") + name + "`";
  };
  std::string needing, given;
  Mark mark = text.mark;
  for (const std::size_t alias : need.aliases) {
    add(needing, workflow.aliases[alias]);
    for (const auto& [name, choice] : text.credentials)
      if (name.text == workflow.aliases[alias] &&
          need.use.credentials[alias].kind == ChoiceKind::pool)
        mark = choice.mark;
  }
  for (const CredentialId credential : need.credentials)
    add(given, context.names.credentials.name(credential.index()));
  return context.reader.error(mark, "some runs of `" + workflow.name +
                                        "` could never start: the aliases " + needing + " need " +
                                        std::to_string(need.aliases.size()) +
                                        " different credentials and can be given only " + given);
}

bool build_submitter(const SubmitterText& text, const std::optional<RawTrace>& recording,
                     SubmitterContext& context, SubmitterConfig& config) {
  const bool workspaces = fill_workspaces(text, recording, context, config);
  const bool workflows = fill_workflows(text, context, config);
  const bool arrivals = build_arrivals(text.arrivals, recording, context, config);
  if (!arrivals || !workspaces || !workflows) return false;
  const auto unmet = find_unmet_need(config);
  return !unmet || refuse_need(*unmet, text, context);
}

}  // namespace

Type<SubmitterText> submitter_type() {
  Type<SubmitterText> type = with_mark(object(submitter_table));
  type.read = [read = type.read](Reader& reader, TreeNode& node, SubmitterText& submitter) {
    if (!read(reader, node, submitter)) return false;
    return submitter.config.from < submitter.config.until ||
           reader.error(node.find("until")->mark, "`until` must be later than `from`");
  };
  return type;
}

Recordings read_recordings(Reader& reader, const Entries<Name, SubmitterText>& texts,
                           NameTable& workspaces) {
  Recordings recordings;
  recordings.reserve(texts.size());
  for (const auto& [name, text] : texts) {
    const TraceText* trace = std::get_if<TraceText>(&text.arrivals.kind);
    recordings.push_back(trace != nullptr ? read_trace(reader, *trace) : std::nullopt);
    if (trace != nullptr && trace->auto_workspaces && !recordings.back())
      workspaces.set_incomplete();
  }
  return recordings;
}

void build_submitters(const Entries<Name, SubmitterText>& texts, Recordings recordings,
                      SubmitterContext& context) {
  SLUICE_REQUIRE(recordings.size() == texts.size(), "recordings are by entry of the section");
  for (const auto& [name, text] : texts)
    if (never_arrive(text.arrivals))
      context.reader.problems.warning(text.mark, "this submitter never submits: its rate is 0");
  std::size_t members = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto& [name, text] = texts[i];
    SubmitterConfig config = text.config;
    config.name = name.text;
    const bool good = build_submitter(text, recordings[i], context, config);
    recordings[i].reset();
    members += count_members(config) * std::max<Count>(text.count, 1);
    if (members > kMaxMembers) {
      context.reader.error(name.mark,
                           "the submitters together name too many workspaces and credentials");
      return;
    }
    context.names.submitters.declare(name, text.count, [&](const std::string& full) {
      config.name = full;
      if (good) context.scenario.submitters.push_back(config);
    });
  }
}

LevelsByGroup submitted_levels(const Scenario& scenario) {
  LevelsByGroup submitted(scenario.pipeline.groups.size());
  const auto note = [&](WorkspaceId workspace, PriorityLevel level) {
    const std::size_t group = scenario.pipeline.workspaces[workspace.index()].group.index();
    if (group < submitted.size()) submitted[group][index(level)] = true;
  };
  for (const SubmitterConfig& submitter : scenario.submitters) {
    const auto note_in = [&](std::span<const WorkspaceId> workspaces,
                             std::optional<PriorityLevel> recorded) {
      for (const WorkspaceId workspace : workspaces) {
        if (recorded) note(workspace, *recorded);
        for (const auto& [weight, level] : submitter.priority)
          if (!recorded && weight > 0) note(workspace, level);
      }
    };
    const TraceArrivals* trace = std::get_if<TraceArrivals>(&submitter.arrivals);
    if (trace == nullptr) note_in(submitter.workspaces, std::nullopt);
    if (trace == nullptr) continue;
    for (const TraceRow& row : *trace->rows) {
      if (row.workspace.valid())
        note_in({&row.workspace, 1}, row.level);
      else
        note_in(submitter.workspaces, row.level);
    }
  }
  return submitted;
}

}  // namespace sluice

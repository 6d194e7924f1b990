// The keys of submitters: who submits what.
#include <utility>

#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/distribution_types.hpp"
#include "scenarios/loader/sections/document.hpp"

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
           .or_default("1"),
       key("backoff", backoff_type("1s"), &R::backoff, "delay before the next attempt")
           .or_default("{}"),
       key("honour_retry_after", bool_type(), &R::honour_retry_after,
           "waits at least as long as it is told")
           .or_default("true")}};
  return table;
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
       config_key("retry", object(retry_table), &Config::retry, "what it does with 429 and 5xx")
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
       key("count", count_type(1, 10'000), &S::count, "makes NAME-1 … NAME-n, all alike")}};
  return table;
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

}  // namespace sluice

#include "scenarios/loader/sections/workflows.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/backoff.hpp"
#include "scenarios/loader/sections/distribution_types.hpp"

namespace sluice {
namespace {

// ---- failures

const Table<FailureKindConfig>& failure_table() {
  using F = FailureKindConfig;
  static const Table<F> table{
      "a kind of failure",
      "How often an attempt fails like this.",
      {key("rate", share_type(), &F::rate, "probability per attempt").required(),
       key("retry", bool_type(), &F::retry, "requeued while max_retries lasts").or_default("false"),
       key("at", distribution_type(Quantity::share), &F::at,
           "after which share of the attempt's time")
           .or_default("100%")}};
  return table;
}

/// `{rate: 3%, retry: true}` is one kind, anything else a map of kinds.
bool is_one_kind(const TreeNode& node) {
  const TreeNode* rate = node.find("rate");
  return node.entries.empty() || (rate != nullptr && !rate->is_map());
}

bool read_failures(Reader& reader, TreeNode& node, std::vector<FailureKindConfig>& failures) {
  static const Type<FailureKindConfig> one = object(failure_table);
  static const auto kinds = entries<Name, FailureKindConfig>("kinds of failure", name_type(), one);
  if (!node.is_map())
    return reader.wrong(node, "`{rate: 3%, retry: true}`, or a map of such kinds by name");
  if (is_one_kind(node)) {
    FailureKindConfig failure;
    failure.name = "failure";
    if (!one.read(reader, node, failure)) return false;
    failures.push_back(std::move(failure));
    return true;
  }
  Entries<Name, FailureKindConfig> read;
  if (!kinds.read(reader, node, read)) return false;
  for (auto& [name, failure] : read) {
    failure.name = name.text;
    failures.push_back(std::move(failure));
  }
  double sum = 0;
  for (const FailureKindConfig& failure : failures) sum += failure.rate;
  return sum <= 1 + 1e-12 ||
         reader.error(node.mark, "the rates of all kinds of failure add up to more than 100%");
}

Type<std::vector<FailureKindConfig>> failures_type() {
  return {read_failures, [](Schema& schema) {
            Json kind =
                schema.reference("failure", [](Schema& s) { return failure_table().schema(s); });
            Json kinds{{"type", "object"},
                       {"description", "Kinds of failure by name."},
                       {"additionalProperties", kind}};
            return any_of({kind, std::move(kinds)});
          }};
}

// ---- needs

bool check_needs(Reader& reader, const TreeNode& node, const std::vector<NeedText>& needs) {
  for (std::size_t i = 0; i < needs.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (needs[i].alias.text == needs[j].alias.text)
        return reader.error(needs[i].alias.mark,
                            "the alias `" + needs[i].alias.text + "` is given twice");
  return needs.size() <= kMaxNeeds ||
         reader.error(node.mark,
                      "a workflow has at most " + std::to_string(kMaxNeeds) + " aliases");
}

Type<std::optional<Name>> family_type() {
  const Type<Name> name = name_type();
  return {[name](Reader& reader, TreeNode& node, std::optional<Name>& family) {
            if (node.is_null()) return true;
            family.emplace();
            return name.read(reader, node, *family);
          },
          [name](Schema& schema) {
            return any_of({Json{{"type", "null"}}, name.schema(schema)});
          }};
}

Type<std::vector<NeedText>> needs_type() {
  using Needs = std::vector<NeedText>;
  auto map = converted<Entries<Name, std::optional<Name>>, Needs>(
      entries<Name, std::optional<Name>>("aliases and the credentials that fit them", name_type(),
                                         family_type(), 0),
      [](const Entries<Name, std::optional<Name>>& entries) {
        Needs needs;
        needs.reserve(entries.size());
        for (const auto& [alias, family] : entries) needs.push_back({alias, family});
        return needs;
      });
  auto names = converted<std::vector<Name>, Needs>(list<Name>("aliases", name_type(), 0),
                                                   [](std::vector<Name> aliases) {
                                                     Needs needs;
                                                     for (Name& alias : aliases)
                                                       needs.push_back({std::move(alias), {}});
                                                     return needs;
                                                   });
  Type<Needs> type = by_shape<Needs>("a list of aliases, or a map such as `{USER: portal}`",
                                     {std::nullopt, std::move(names), std::move(map)});
  type.read = [read = type.read](Reader& reader, TreeNode& node, Needs& needs) {
    return read(reader, node, needs) && check_needs(reader, node, needs);
  };
  return type;
}

// ---- workflow

const Table<InteractionConfig>& interaction_table() {
  using I = InteractionConfig;
  static const Table<I> table{
      "an interaction",
      "The run stops and waits for a person.",
      {key("probability", share_type(), &I::probability, "share of attempts").or_default("100%"),
       key("answer_after", distribution_type(Quantity::time), &I::answer_after,
           "until the person answers")
           .required(),
       key("timeout", positive_duration_type(), &I::timeout,
           "answered later than this: the run fails; not given: never")}};
  return table;
}

const Table<TimeoutConfig>& timeout_table() {
  using T = TimeoutConfig;
  static const Table<T> table{
      "a timeout",
      "Ends an attempt that takes too long.",
      {key("after", positive_duration_type(), &T::after,
           "since it took its worker; logins, waits for credentials inside the worker and for "
           "people included")
           .required(),
       key("retry", bool_type(), &T::retry, "requeued while max_retries lasts")
           .or_default("false")}};
  return table;
}

struct DryRun {
  double fraction = 1;
};
const Table<DryRun>& dry_run_table() {
  static const Table<DryRun> table{
      "a dry run",
      "Stops before it writes.",
      {key("fraction", share_type(), &DryRun::fraction, "of the attempt's time that it takes")
           .required()}};
  return table;
}

template <class V, class M>
Key<WorkflowText> config_key(const char* name, Type<V> type, M WorkflowConfig::*member,
                             const char* description) {
  return key_with<WorkflowText>(
      name, std::move(type),
      [member](WorkflowText& workflow, V value) { workflow.config.*member = std::move(value); },
      description);
}

const Table<WorkflowText>& workflow_table() {
  using W = WorkflowText;
  using Config = WorkflowConfig;
  const Type<Distribution> time = distribution_type(Quantity::time);
  const Type<double> dry_run = by_shape<double>(
      "a share such as `40%`",
      {share_type(), std::nullopt,
       converted<DryRun, double>(object(dry_run_table), [](DryRun d) { return d.fraction; })});
  const Type<TimeoutConfig> timeout = by_shape<TimeoutConfig>(
      "a time such as `10m`, or `{after: 10m, retry: true}`",
      {converted<Duration, TimeoutConfig>(positive_duration_type(),
                                          [](Duration after) {
                                            return TimeoutConfig{after, false};
                                          }),
       std::nullopt, object(timeout_table)});
  static const Table<W> table{
      "a workflow",
      "What a run does.",
      {key("needs", needs_type(), &W::needs,
           "vault aliases, with the credential (or one of its domain) that fits each: `{USER: "
           "portal}`"),
       config_key("time", time, &Config::time, "of one attempt, without login and options")
           .required(),
       config_key("steps", count_type(1), &Config::steps, "nodes of the workflow").or_default("1"),
       config_key("failure", failures_type(), &Config::failures,
                  "`{rate: 3%, retry: true}`, or several such kinds by name"),
       config_key("max_retries", count_type(0, 1000), &Config::max_retries,
                  "how often a retriable failure requeues a run")
           .or_default("0"),
       config_key("backoff", backoff_type("0s"), &Config::backoff, "delay before a retry")
           .or_default("{}"),
       config_key("debug_snapshot", time, &Config::debug_snapshot,
                  "per step, when a run asks for debug")
           .or_default("0s"),
       config_key("console_capture", time, &Config::console_capture,
                  "per step, when a run captures the console")
           .or_default("0s"),
       config_key("cache_refresh", time, &Config::cache_refresh,
                  "once, when a run forces a refresh")
           .or_default("0s"),
       config_key("dry_run", dry_run, &Config::dry_run_fraction,
                  "share of its time after which a dry run stops")
           .or_default("100%"),
       config_key("interaction", object(interaction_table), &Config::interaction,
                  "waits for a person; not given: none"),
       config_key("timeout", timeout, &Config::timeout,
                  "ends an attempt that takes longer: the run fails; not given: none"),
       config_key("expiry", positive_duration_type(), &Config::expiry,
                  "stops a run that has waited so long since it was accepted; not given: none")}};
  return table;
}

AliasFit find_fit(const NeedText& need, const NameTable& names,
                  const std::vector<CredentialConfig>& credentials) {
  AliasFit fit;
  if (!need.family) return fit;
  const auto by_domain =
      std::find_if(credentials.begin(), credentials.end(),
                   [&](const CredentialConfig& c) { return c.domain == need.family->text; });
  if (by_domain != credentials.end()) return {false, by_domain->domain, {}};
  fit.ids = names.look_up(*need.family);
  fit.any = fit.ids.empty();  // reported already
  if (!fit.any) fit.domain = credentials[fit.ids[0]].domain;
  return fit;
}

}  // namespace

Type<WorkflowText> workflow_type() {
  Type<WorkflowText> type = with_mark(object(workflow_table));
  type.read = [read = type.read](Reader& reader, TreeNode& node, WorkflowText& workflow) {
    if (!read(reader, node, workflow)) return false;
    const std::vector<FailureKindConfig>& failures = workflow.config.failures;
    const bool retried = std::any_of(failures.begin(), failures.end(),
                                     [](const FailureKindConfig& kind) { return kind.retry; });
    const auto& timeout = workflow.config.timeout;
    if (workflow.config.max_retries > 0 && !retried && !(timeout && timeout->retry))
      reader.problems.warning(node.find("max_retries")->mark,
                              "has no effect without a failure that is retried: `failure: {rate: "
                              "…, retry: true}`");
    if (timeout && timeout->retry && workflow.config.max_retries == 0)
      reader.problems.warning(node.find("timeout")->mark,
                              "`retry` has no effect without `max_retries`");
    return true;
  };
  return type;
}

bool AliasFit::takes(std::uint32_t credential,
                     const std::vector<CredentialConfig>& credentials) const {
  if (any) return true;
  if (!domain.empty()) return credentials[credential].domain == domain;
  return std::binary_search(ids.begin(), ids.end(), credential);
}

std::vector<DeclaredWorkflow> declare_workflows(const Entries<Name, WorkflowText>& texts,
                                                DeclaredNames& names, PipelineConfig& pipeline) {
  std::vector<DeclaredWorkflow> declared;
  for (const auto& [name, text] : texts) {
    WorkflowConfig config = text.config;
    DeclaredWorkflow workflow{{}, text.unread};
    for (const NeedText& need : text.needs) {
      config.aliases.push_back(need.alias.text);
      workflow.fits.push_back(find_fit(need, names.credentials, pipeline.credentials));
    }
    names.workflows.declare(name, 0, [&](const std::string& full) {
      config.name = full;
      pipeline.workflows.push_back(std::move(config));
      declared.push_back(std::move(workflow));
    });
  }
  return declared;
}

}  // namespace sluice

#include "scenarios/loader/sections/serve.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "base/iso8601.hpp"
#include "base/text/http_url.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/keys/text_types.hpp"

namespace sluice {
namespace {

// ---- texts that must have a form

/// Text that `fits`; `pattern` says the same to editors.
template <class Fits>
Type<std::string> text_that(const char* what, const char* pattern, Fits fits) {
  return {[what, fits](Reader& reader, TreeNode& node, std::string& text) {
            if (!node.is_scalar() || !fits(node.text)) return reader.wrong(node, what);
            text = node.text;
            return true;
          },
          [what, pattern](Schema&) { return scalar_schema(what, {}, pattern); }};
}

Type<std::string> hex_key_type() {
  return text_that("64 hex digits", "^[0-9a-fA-F]{64}$", [](const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
  });
}

Type<std::string> url_type() {
  constexpr const char* kWhat = "an http or https URL";
  return {
      [](Reader& reader, TreeNode& node, std::string& text) {
        HttpUrl url;
        if (!is_scalar(reader, node, kWhat) || !take(reader, node, parse_http_url(node.text), url))
          return false;
        text = node.text;
        return true;
      },
      [](Schema&) { return scalar_schema(kWhat, {}, "^[hH][tT][tT][pP][sS]?://."); }};
}

Type<std::int64_t> calendar_type() {
  constexpr const char* kWhat = "a date and time such as `2026-01-05T08:00:00Z`";
  return {[](Reader& reader, TreeNode& node, std::int64_t& unix_ns) {
            const auto parsed = node.is_scalar() ? parse_iso8601(node.text) : std::nullopt;
            if (!parsed) return reader.wrong(node, kWhat);
            unix_ns = *parsed;
            return true;
          },
          [](Schema&) { return scalar_schema(kWhat, {}, "^[0-9]{4}-[0-9]{2}-[0-9]{2}"); }};
}

// ---- parts

const Table<ServedWorkspace>& served_workspace_table() {
  using W = ServedWorkspace;
  static const Table<W> table{
      "a served workspace",
      "What its clients need.",
      {key("api_key", token_type("a key of printable characters"), &W::api_key,
           "its clients send it as cc-key; not given: `sk_` and the workspace's name"),
       key("encryption_key", hex_key_type(), &W::encryption_key,
           "of its vault; not given: made of the workspace's name")}};
  return table;
}

const Table<ServedInteraction>& served_interaction_table() {
  using I = ServedInteraction;
  using Kind = I::Kind;
  static const Table<I> table{
      "what a person is asked",
      "What a run of a workflow with an `interaction` waits for.",
      {key("kind",
           word_type<Kind>("a kind of question",
                           {{"user_interaction", Kind::user_interaction, "a node of the workflow"},
                            {"input_required", Kind::input_required, "recovery of an error"}}),
           &I::kind, "how it is asked")
           .or_default("user_interaction"),
       key("message", text_type(), &I::message, "what the person reads")
           .or_default("Please provide the missing data"),
       key("expected", json_object_type("a JSON Schema"), &I::expected,
           "JSON Schema of the answer; not given: an object with the text `answer`")}};
  return table;
}

const Table<ServedWorkflow>& served_workflow_table() {
  using W = ServedWorkflow;
  static const Table<W> table{
      "a served workflow",
      "What clients see of it.",
      {key("id", token_type("an id without spaces"), &W::id,
           "not given: a UUID made of its name, which is an id as well"),
       key("description", text_type(), &W::description, "for people"),
       key("input_schema", json_object_type("a JSON Schema"), &W::input_schema,
           "JSON Schema of a run's inputs; aliases are added to it; not given: any object"),
       key("output_schema", json_object_type("a JSON Schema"), &W::output_schema,
           "JSON Schema of what a run gives; not given: any object"),
       key("output", json_object_type("a map"), &W::output, "what a successful run gives"),
       key("downloads", list<std::string>("file names", text_type(), 0), &W::downloads,
           "files that a run downloads, one in each of its last steps"),
       key_with<W>(
           "domains",
           entries<Name, std::string>("aliases and their domains", name_type(), text_type(), 0),
           [](W& workflow, const Entries<Name, std::string>& domains) {
             for (const auto& [alias, domain] : domains) workflow.domains[alias.text] = domain;
           },
           "of aliases; not given: those of the credentials that fit them"),
       key("ask", object(served_interaction_table), &W::interaction, "what a person is asked")}};
  return table;
}

const Table<ServedWebhookText>& webhook_table() {
  using W = ServedWebhookText;
  static const Table<W> table{
      "a registered webhook",
      "Told of the events of all runs, or of those of a workspace or workflow.",
      {key_with<W>(
           "url", url_type(), [](W& w, std::string url) { w.webhook.url = std::move(url); },
           "where events are posted")
           .required(),
       key_with<W>(
           "secret", text_type(),
           [](W& w, std::string secret) { w.webhook.secret = std::move(secret); },
           "signs the bodies")
           .required(),
       key("workspace", name_type(), &W::workspace, "not given: every one"),
       key("workflow", name_type(), &W::workflow, "not given: every one"),
       key_with<W>(
           "events", list<std::string>("event names", text_type()),
           [](W& w, std::vector<std::string> events) { w.webhook.events = std::move(events); },
           "not given: all"),
       key_with<W>(
           "validity", positive_duration_type(),
           [](W& w, Duration validity) { w.webhook.validity = validity; },
           "from an event's stamp to its expires_at")
           .or_default("5m")}};
  return table;
}

const Table<ServeConfig>& streams_table() {
  using S = ServeConfig;
  static const Table<S> table{
      "event streams",
      "Server-sent events of a client id.",
      {key("ping_interval", positive_duration_type(), &S::ping_interval, "below 60s for clients")
           .or_default("15s"),
       key("hold_back", duration_type(), &S::hold_back,
           "from the answer of POST /run to the run's first event, in wall time")
           .or_default("100ms"),
       key("buffer_events", count_type(1), &S::stream_buffer_events, "kept while no stream is open")
           .or_default("10000"),
       key("buffer_time", positive_duration_type(), &S::stream_buffer_time, "for how long")
           .or_default("10m"),
       key("end_after", positive_duration_type(), &S::end_streams_after,
           "streams of that age are ended cleanly; not given: never"),
       key("count_as_requests", bool_type(), &S::streams_count_as_requests, "in rate limits")
           .or_default("false")}};
  return table;
}

const Table<ServeText>& served_webhooks_table() {
  using S = ServeText;
  using Stamps = ServeConfig::WebhookStamps;
  static const Table<S> table{
      "served webhooks",
      "How webhooks are delivered, and to whom besides those that runs name.",
      {key_with<S>(
           "retries", list<Duration>("delays such as `[1s, 5s, 25s]`", duration_type(), 0),
           [](S& s, std::vector<Duration> r) { s.config.webhook_retries = std::move(r); },
           "delay before each retry")
           .or_default("[1s, 5s, 25s]"),
       key_with<S>(
           "timeout", positive_duration_type(),
           [](S& s, Duration timeout) { s.config.webhook_timeout = timeout; }, "of one attempt")
           .or_default("10s"),
       key_with<S>(
           "max_retry_after", duration_type(),
           [](S& s, Duration most) { s.config.webhook_max_retry_after = most; },
           "a receiver's Retry-After counts up to this, in its own time")
           .or_default("1h"),
       key_with<S>(
           "stamps",
           word_type<Stamps>("a clock of stamps",
                             {{"real", Stamps::real, "real time, as receivers check it"},
                              {"simulated", Stamps::simulated, "the scenario's own time"}}),
           [](S& s, Stamps stamps) { s.config.webhook_stamps = stamps; },
           "the clock of `timestamp` and `expires_at`")
           .or_default("real"),
       key_with<S>(
           "posts_per_url", count_type(1),
           [](S& s, std::uint32_t most) { s.config.webhook_posts_per_url = most; },
           "that wait for an answer at once")
           .or_default("8"),
       key_with<S>(
           "posts_per_host", count_type(1),
           [](S& s, std::uint32_t most) { s.config.webhook_posts_per_host = most; },
           "that wait for an answer at once, each on a connection")
           .or_default("64"),
       key("registered", list<ServedWebhookText>("webhooks", with_mark(object(webhook_table)), 0),
           &S::webhooks, "told of all runs")}};
  return table;
}

template <class V, class M>
Key<ServeText> config_key(const char* name, Type<V> type, M ServeConfig::*member,
                          const char* description) {
  return key_with<ServeText>(
      name, std::move(type),
      [member](ServeText& serve, V value) { serve.config.*member = std::move(value); },
      description);
}

std::vector<Key<ServeText>> run_keys() {
  using S = ServeConfig;
  return {
      config_key("start", calendar_type(), &S::start_unix_ns,
                 "the simulated time zero, when the clock is held")
          .or_default("2026-01-05T00:00:00Z"),
      config_key("run_status", count_type(200, 299), &S::run_status, "of POST /run")
          .or_default("201"),
      config_key("unknown_keys",
                 word_type<bool>("what to do with them",
                                 {{"accept", false, "as the API does"},
                                  {"refuse", true, "status 400, for tests of clients"}}),
                 &S::refuse_unknown_keys, "in the body of POST /run")
          .or_default("accept"),
      config_key(
          "paused_event",
          word_type<std::string>("an event's name", {{"execution.paused", "execution.paused", ""},
                                                     {"execution.pause", "execution.pause", ""}}),
          &S::paused_event, "what a pause is called")
          .or_default("execution.paused"),
      config_key("people", bool_type(), &S::people,
                 "whether people answer runs that wait for one, as the workflow's "
                 "`interaction` says; without them only clients do")
          .or_default("false"),
      config_key("input_required_timeout", positive_duration_type(), &S::input_required_timeout,
                 "how long a run of a workflow whose `ask.kind` is `input_required` waits for "
                 "new input variables; not given: 15s, with `people` as its `interaction` says"),
      config_key("signed_urls", positive_duration_type(), &S::signed_url_lifetime,
                 "how long URLs of artifacts hold")
          .or_default("7d"),
      config_key("snapshot_urls", positive_duration_type(), &S::snapshot_url_lifetime,
                 "how long URLs of debug snapshots hold")
          .or_default("1h"),
      config_key("keep_finished_runs", count_type(1), &S::keep_finished_runs,
                 "so many finished runs are known; those that ended first are forgotten")
          .or_default("1000"),
      config_key("keep_finished_for", positive_duration_type(), &S::keep_finished_for,
                 "finished runs are forgotten at that age")
          .or_default("7d"),
      config_key("keep_requests", count_type(1), &S::keep_requests,
                 "so many requests are in the journal of the admin API, the newest")
          .or_default("1000")};
}

const Table<ServeText>& serve_table() {
  using S = ServeText;
  static const Table<S> table = [] {
    Table<S> all{"serve", "How `sluice serve` serves this scenario over HTTP.", run_keys(), {}};
    all.keys.push_back({{"streams", "events of client ids", "{}", false},
                        [](Reader& reader, TreeNode& node, S& serve) {
                          return streams_table().read(reader, node, serve.config);
                        },
                        [](Schema& schema) { return streams_table().schema(schema); }});
    all.keys.push_back({{"webhooks", "delivery and registered ones", "{}", false},
                        [](Reader& reader, TreeNode& node, S& serve) {
                          return served_webhooks_table().read(reader, node, serve);
                        },
                        [](Schema& schema) { return served_webhooks_table().schema(schema); }});
    all.keys.push_back(key("workspaces",
                           entries<Name, ServedWorkspace>("workspaces by name", name_type(),
                                                          object(served_workspace_table), 0),
                           &S::workspaces, "keys of workspaces"));
    all.keys.push_back(key("workflows",
                           entries<Name, ServedWorkflow>("workflows by name", name_type(),
                                                         object(served_workflow_table), 0),
                           &S::workflows, "what clients see of workflows"));
    return all;
  }();
  return table;
}

// ---- what it becomes

std::vector<ServedWorkspace> build_workspaces(const Entries<Name, ServedWorkspace>& texts,
                                              const NameTable& workspaces, Problems& problems) {
  if (texts.empty()) return {};
  std::vector<ServedWorkspace> served(workspaces.size());
  for (const auto& [name, workspace] : texts)
    if (const auto id = workspaces.look_up_one(name)) served[*id] = workspace;
  std::set<std::string> keys;
  for (std::size_t i = 0; i < served.size(); ++i) {
    const std::string& given = served[i].api_key;
    const std::string& workspace = workspaces.name(i);
    if (!keys.insert(given.empty() ? "sk_" + workspace : given).second)
      problems.error(texts[0].first.mark,
                     "two workspaces have the same API key: `" + workspace + "` and another one");
  }
  return served;
}

/// That a workflow has a step for each file.
void check_downloads(const Name& name, const ServedWorkflow& served, const WorkflowConfig& config,
                     const Unread& unread, Problems& problems) {
  if (unread.has("steps") || unread.has("interaction")) return;  // reported already
  const std::size_t room = config.steps - (config.interaction ? 1 : 0);
  if (served.downloads.size() > room)
    problems.error(name.mark, "the workflow `" + name.text + "` has " + std::to_string(room) +
                                  " steps that can download a file, and more `downloads`");
}

std::vector<ServedWorkflow> build_workflows(const Entries<Name, ServedWorkflow>& texts,
                                            const NameTable& names,
                                            const std::vector<DeclaredWorkflow>& declared,
                                            const std::vector<WorkflowConfig>& configs,
                                            Problems& problems) {
  std::vector<ServedWorkflow> all(configs.size());
  for (const auto& [name, served] : texts) {
    const auto id = names.look_up_one(name);
    if (!id || declared[*id].unread.has("needs")) continue;  // reported already
    const auto& aliases = configs[*id].aliases;
    for (const auto& [alias, domain] : served.domains)
      if (std::find(aliases.begin(), aliases.end(), alias) == aliases.end())
        problems.error(name.mark, "the workflow `" + name.text + "` has no alias `" + alias + '`');
    check_downloads(name, served, configs[*id], declared[*id].unread, problems);
    all[*id] = served;
  }
  std::set<std::string> ids;
  for (const ServedWorkflow& served : all)
    if (!served.id.empty() && !ids.insert(served.id).second)
      problems.error(texts[0].first.mark, "two workflows have the same id: `" + served.id + '`');
  return all;
}

std::vector<ServedWebhook> build_webhooks(const std::vector<ServedWebhookText>& texts,
                                          const DeclaredNames& names) {
  std::vector<ServedWebhook> webhooks;
  for (const ServedWebhookText& text : texts) {
    webhooks.push_back(text.webhook);
    if (text.workspace)
      webhooks.back().workspace.value =
          names.workspaces.look_up_one(*text.workspace).value_or(WorkspaceId::none().value);
    if (text.workflow)
      webhooks.back().workflow.value =
          names.workflows.look_up_one(*text.workflow).value_or(WorkflowId::none().value);
  }
  return webhooks;
}

/// Of all credentials that submitters give for an alias of a workflow.
std::set<std::string> domains_given(const Scenario& scenario, std::size_t workflow,
                                    std::size_t alias) {
  std::set<std::string> domains;
  for (const SubmitterConfig& submitter : scenario.submitters)
    for (const auto& [weight, use] : submitter.workflows)
      if (use.workflow.index() == workflow && alias < use.credentials.size())
        for (const CredentialId id : use.credentials[alias].members)
          domains.insert(scenario.pipeline.credentials[id.index()].domain);
  return domains;
}

/// The domain of an alias is that of the credentials that fit it or, where nothing says which fit,
/// the one that all credentials have that submitters give for it.
void fill_domains(std::vector<ServedWorkflow>& served,
                  const std::vector<DeclaredWorkflow>& declared, const Scenario& scenario) {
  for (std::size_t w = 0; w < declared.size(); ++w) {
    const auto& aliases = scenario.pipeline.workflows[w].aliases;
    for (std::size_t a = 0; a < aliases.size(); ++a) {
      std::set<std::string> domains = domains_given(scenario, w, a);
      const std::string& fitting = declared[w].fits[a].domain;
      if (!fitting.empty()) domains.insert(fitting);
      if (domains.size() == 1 && !domains.begin()->empty())
        served[w].domains.emplace(aliases[a], *domains.begin());
    }
  }
}

}  // namespace

Type<ServeText> serve_type() { return object(serve_table); }

ServeConfig build_serve(const ServeText& text, const DeclaredNames& names,
                        const std::vector<DeclaredWorkflow>& workflows, const Scenario& so_far,
                        Problems& problems) {
  ServeConfig serve = text.config;
  serve.workspaces = build_workspaces(text.workspaces, names.workspaces, problems);
  serve.workflows = build_workflows(text.workflows, names.workflows, workflows,
                                    so_far.pipeline.workflows, problems);
  serve.webhooks = build_webhooks(text.webhooks, names);
  fill_domains(serve.workflows, workflows, so_far);
  return serve;
}

}  // namespace sluice

#include "tests/model/reference/random_script.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <array>

#include "tests/model/reference/enumerators.hpp"
#include "tests/model/reference/log_lines.hpp"

namespace sluice::reference {

namespace {

using namespace sluice::literals;

constexpr int kLastSecond = 60;

int pick(int from, int to) { return *rc::gen::inRange(from, to + 1); }
bool maybe(int percent) { return pick(0, 99) >= 100 - percent; }
Duration seconds(int from, int to) { return pick(from, to) * 1_s; }
Distribution constant(int from, int to) { return Distribution::constant(pick(from, to)); }
std::uint32_t number(int from, int to) { return static_cast<std::uint32_t>(pick(from, to)); }

/// Any of all that there are, those added later too.
template <class E>
E any_of() {
  return static_cast<E>(pick(0, static_cast<int>(enumerator_count<E>()) - 1));
}

DispatchConfig any_policy() {
  DispatchConfig policy;
  policy.kind = any_of<DispatchPolicyKind>();
  policy.promote_after = seconds(1, 6);
  for (auto& weight : policy.weights) weight = number(1, 4);
  for (auto& reserved : policy.reserved) reserved = number(0, 2);
  policy.cap = number(1, 3);
  policy.share_millionths = number(1, 4) * 250'000;
  return policy;
}

/// A schedule, an autoscaler or none of them; failures.
void change_workers(WorkerPoolConfig& workers) {
  if (maybe(25)) {
    workers.autoscaling =
        AutoscalingConfig{number(0, 2),  number(2, 6),  static_cast<double>(pick(1, 3)),
                          seconds(1, 5), seconds(0, 4), seconds(0, 4)};
  } else if (maybe(25)) {
    const Time first{pick(0, 20) * 1'000'000'000LL};
    workers.schedule.push_back({first, number(0, 5)});
    workers.schedule.push_back({first + seconds(1, 10), number(1, 5)});
    if (maybe(50)) workers.schedule_period = seconds(31, 40);
  }
  if (maybe(20)) workers.failures = WorkerFailureConfig{seconds(10, 60), constant(0, 20)};
}

ResourceGroupConfig any_group(std::size_t index) {
  ResourceGroupConfig group;
  group.name = fmt::format("group-{}", index);
  group.workers.count = number(1, 4);
  if (maybe(30)) group.workers.start_up = constant(0, 3);
  if (maybe(30)) group.workers.cool_down = constant(0, 2);
  change_workers(group.workers);
  group.dispatch = any_policy();
  group.when_credential_busy = any_of<WhenCredentialBusy>();
  return group;
}

CredentialConfig any_credential(std::size_t index) {
  CredentialConfig credential;
  credential.name = fmt::format("credential-{}", index);
  credential.allow_multiple_sessions = maybe(60);
  if (maybe(70)) credential.max_concurrency = number(1, 3);
  credential.prevent_concurrency_during_login = maybe(40);
  if (maybe(60)) credential.login = LoginConfig{constant(0, 2), pick(0, 3) * 0.1};
  credential.keeps_session = maybe(60);
  if (maybe(30)) credential.expiry_time_from_last_use = seconds(0, 6);
  if (maybe(30)) credential.expiry_time_from_session_data_set = seconds(0, 8);
  Time from{pick(0, 20) * 1'000'000'000LL};
  for (int outage = pick(0, 9) - 7; outage > 0; --outage) {
    const Duration length = seconds(1, 6);
    credential.outages.push_back({from, length});
    from = from + length + seconds(1, 10);
  }
  return credential;
}

WorkflowConfig any_workflow(std::size_t index) {
  WorkflowConfig workflow;
  workflow.name = fmt::format("workflow-{}", index);
  for (int alias = pick(0, 3); alias > 0; --alias) {
    workflow.aliases.push_back(fmt::format("ALIAS_{}", workflow.aliases.size()));
  }
  workflow.time = Distribution::empirical({0, 1, 1, 2, 3, 5});
  workflow.steps = number(1, 2);
  for (int kind = pick(0, 3) - 1; kind > 0; --kind) {
    FailureKindConfig failure{fmt::format("kind-{}", kind), pick(1, 4) * 0.1, maybe(70), {}};
    failure.at = Distribution::constant(maybe(50) ? 1 : 0.5);
    workflow.failures.push_back(failure);
  }
  workflow.max_retries = number(0, 2);
  workflow.backoff = {seconds(0, 3), 0.5 * pick(2, 4), seconds(2, 5), 0};
  if (maybe(20)) workflow.backoff.jitter = 0.5;
  workflow.debug_snapshot = constant(0, 1);
  workflow.console_capture = constant(0, 1);
  workflow.cache_refresh = constant(0, 2);
  workflow.dry_run_fraction = 0.5;
  if (maybe(25)) {
    workflow.interaction =
        InteractionConfig{0.5, Distribution::empirical({1, 2, 4, 8}), seconds(2, 6)};
  }
  if (maybe(30)) workflow.timeout = TimeoutConfig{seconds(1, 6), maybe(50)};
  if (maybe(25)) workflow.expiry = seconds(1, 15);
  return workflow;
}

ApiConfig any_api() {
  ApiConfig api;
  api.rate_limits.clear();
  if (maybe(30)) api.rate_limits = {{1_s, 4}, {5_s, 10}, {20_s, 25}};
  if (maybe(30)) api.latency = Distribution::empirical({0, 1, 2});
  if (maybe(20)) api.error_rate = 0.2;
  return api;
}

void add_what_the_reference_lacks(PipelineConfig& config) {
  for (CredentialConfig& credential : config.credentials) {
    if (!maybe(30)) continue;
    credential.mean_time_between_outages = seconds(5, 30);
    credential.outage_length = constant(1, 5);
  }
  if (maybe(50)) config.webhooks = WebhookConfig{constant(0, 1), 0.3, 3, {}};
}

PipelineConfig make_config(Features features) {
  PipelineConfig config;
  const std::size_t groups = number(1, 2), workspaces = number(1, 5);
  for (std::size_t g = 0; g < groups; ++g) config.groups.push_back(any_group(g));
  for (std::size_t w = 0; w < workspaces; ++w) {
    const GroupId group{number(0, static_cast<int>(groups) - 1)};
    config.workspaces.push_back({fmt::format("workspace-{}", w), group});
    if (maybe(40))
      config.groups[group.index()].dispatch.share_weights.push_back(
          {WorkspaceId::at(w), number(1, 4)});
  }
  for (std::uint32_t c = number(1, 5); c > 0; --c) config.credentials.push_back(any_credential(c));
  for (std::uint32_t w = number(1, 3); w > 0; --w) config.workflows.push_back(any_workflow(w));
  config.api = any_api();
  config.stop_queued_siblings = maybe(40);
  if (features == Features::all) add_what_the_reference_lacks(config);
  return config;
}

// ---- steps

/// `length` credentials from the one numbered `first` on.
NeedSpec need(const PipelineConfig& config, int first, int length, bool pool) {
  const int count = static_cast<int>(config.credentials.size());
  NeedSpec need;
  need.pool = pool;
  for (int i = 0; i < std::min(count, length); ++i)
    need.members.push_back({static_cast<std::uint32_t>((first + i) % count)});
  return need;
}

/// One of a few ways to use the credentials at hand: alone, and in pools that overlap.
NeedSpec any_need(const PipelineConfig& config, int way) {
  const bool pool = way % 2 == 1 && config.credentials.size() > 1;
  return need(config, way / 2, pool ? 2 + way / 8 % 2 : 1, pool);
}

/// Needs of one run that are in each other's way: one login by name and in a pool in any order of
/// the aliases, several of one pool, pools that share a member. Some can never be met.
NeedSpec competing_need(const PipelineConfig& config, int way, int alias) {
  switch (way % 4) {
    case 0:
      return need(config, 0, alias == way / 4 % 3 ? 1 : 2, alias != way / 4 % 3);
    case 1:
      return need(config, 1, 2 + way / 4 % 2, true);
    case 2:
      return need(config, alias, 2, true);
    default:
      return need(config, 2 - alias, 1 + alias, true);
  }
}

Step submission(const PipelineConfig& config, const RandomStep& random, std::size_t index,
                std::uint64_t seed) {
  Step step;
  RunRequest& request = step.request;
  request.workspace = {static_cast<std::uint32_t>(random.a) %
                       static_cast<std::uint32_t>(config.workspaces.size())};
  request.workflow = {static_cast<std::uint32_t>(random.b) %
                      static_cast<std::uint32_t>(config.workflows.size())};
  request.level = kAllLevels[static_cast<std::size_t>(random.a) / 8 % kLevels];
  request.index = index;
  request.draw_key = stream_key(seed, index);
  if (random.what % 8 == 0) request.service_time = random.b / 8 * 1_s;
  if (random.what % 16 == 1) request.fixed_outcome = FixedOutcome::succeeds;
  if (random.what % 16 == 2) request.fixed_outcome = FixedOutcome::fails;
  if (random.c % 8 == 3) request.patience = random.a % 16 * 1_s;
  const int options = random.c / 64;
  request.options = {options == 1, options == 2, options == 3, options == 4};
  request.attempt = static_cast<std::uint16_t>(1 + random.b / 16 % 2);
  const std::size_t aliases = config.workflows[request.workflow.index()].aliases.size();
  for (std::size_t alias = 0; alias < aliases; ++alias) {
    const int nth = static_cast<int>(alias);
    // Three ways per workflow and alias, so that runs meet.
    step.needs.push_back(random.what % 4 == 3 ? competing_need(config, random.c / 4 % 12, nth)
                                              : any_need(config, random.c % 3 * 5 + nth * 3));
  }
  return step;
}

Step command(const PipelineConfig& config, const RandomStep& random) {
  Step step;
  step.kind = static_cast<StepKind>(1 + static_cast<std::size_t>(random.b) %
                                            (enumerator_count<StepKind>() - 1));
  const auto among = [&](std::size_t n) { return static_cast<std::uint32_t>(random.a) % n; };
  std::size_t targets = config.groups.size();
  switch (step.kind) {
    case StepKind::pause_credential:
    case StepKind::resume_credential:
    case StepKind::login_failure_factor:
    case StepKind::override_credential:
      targets = config.credentials.size();
      break;
    case StepKind::pause_workflow:
    case StepKind::resume_workflow:
    case StepKind::failure_factor:
    case StepKind::duration_factor:
      targets = config.workflows.size();
      break;
    default:
      break;
  }
  step.target = static_cast<std::uint32_t>(among(targets));
  step.count =
      static_cast<std::uint32_t>(step.kind == StepKind::interrupt ? random.c : random.c % 4);
  constexpr std::array kCauses{CauseId{0}, CauseId{1}, kByHand};
  step.cause = kCauses[static_cast<std::size_t>(random.c) / 4 % kCauses.size()];
  if (random.c % 4 > 0) step.limits.max_concurrency = static_cast<std::uint32_t>(random.c % 4);
  if (random.c / 4 % 3 > 0) step.limits.expiry_time_from_last_use = random.c / 4 % 3 * 2_s;
  if (random.c / 12 % 3 == 1) step.limits.expiry_time_from_session_data_set = 3_s;
  if (random.c / 12 % 3 == 2) step.limits.expiry_time_from_session_data_set = Duration::max();
  const bool api_errors = step.kind == StepKind::api_error_rate;
  step.factor = api_errors ? random.c % 3 * 0.25 : random.c % 3;
  return step;
}

Step to_step(const PipelineConfig& config, const RandomStep& random, std::size_t index,
             std::uint64_t seed) {
  const bool is_command = random.what >= 80;
  Step step = is_command ? command(config, random) : submission(config, random, index, seed);
  step.at = Time::zero() + random.at * 1_s;
  step.request.submitted = step.at;
  return step;
}

rc::Gen<RandomStep> any_step() {
  return rc::gen::build<RandomStep>(rc::gen::set(&RandomStep::at, rc::gen::inRange(0, kLastSecond)),
                                    rc::gen::set(&RandomStep::what, rc::gen::inRange(0, 100)),
                                    rc::gen::set(&RandomStep::a, rc::gen::inRange(0, 64)),
                                    rc::gen::set(&RandomStep::b, rc::gen::inRange(0, 64)),
                                    rc::gen::set(&RandomStep::c, rc::gen::inRange(0, 512)));
}

}  // namespace

rc::Gen<PipelineConfig> any_config(Features features) {
  return rc::gen::exec([features] { return make_config(features); });
}

rc::Gen<Script> any_script(Features features) {
  const auto steps = rc::gen::resize(200, rc::gen::container<std::vector<RandomStep>>(any_step()));
  return rc::gen::resize(
      100, rc::gen::exec([=] {
        Script script;
        script.config = *any_config(features);
        script.seed = number(1, 1'000'000);
        script.horizon = Time::zero() + 200_s;
        const int last_second = *rc::gen::element(kLastSecond, 20, 6);
        for (RandomStep& random : *steps) {
          random.at %= last_second;
          script.steps.push_back(to_step(script.config, random, script.steps.size(), script.seed));
        }
        return script;
      }));
}

// ---- showing

namespace {

void show(const ResourceGroupConfig& group, std::ostream& out) {
  const DispatchConfig& policy = group.dispatch;
  fmt::print(out, "group: workers={} start_up={} cool_down={} when_busy={} policy={} promote={}s",
             group.workers.count, group.workers.start_up.mean(), group.workers.cool_down.mean(),
             static_cast<int>(group.when_credential_busy), static_cast<int>(policy.kind),
             policy.promote_after.seconds());
  fmt::print(out, " weights={},{},{} reserved={},{},{} cap={} share={}", policy.weights[0],
             policy.weights[1], policy.weights[2], policy.reserved[0], policy.reserved[1],
             policy.reserved[2], policy.cap, policy.share_millionths);
  for (const auto& [workspace, weight] : policy.share_weights)
    fmt::print(out, " {}:{}", workspace.value, weight);
  for (const CapacityStep& step : group.workers.schedule) {
    fmt::print(out, " ({}s: {})", step.at.seconds(), step.count);
  }
  fmt::print(out, " every {}s", group.workers.schedule_period.seconds());
  if (const auto& scaling = group.workers.autoscaling)
    fmt::print(out, " autoscaling({}..{} backlog={} every={}s delays={}s,{}s)", scaling->min,
               scaling->max, scaling->target_backlog, scaling->every.seconds(),
               scaling->scale_up_delay.seconds(), scaling->scale_down_delay.seconds());
  if (const auto& failures = group.workers.failures)
    fmt::print(out, " failures(mtbf={}s mttr={}s)", failures->mtbf.seconds(),
               failures->repair.mean());
  out << "\n";
}

void show(const CredentialConfig& credential, std::ostream& out) {
  const auto expiry = [](const std::optional<Duration>& d) { return d ? d->seconds() : -1; };
  fmt::print(out, "credential: limit={} guard={} login={} failure={} keeps={} expiries={},{}",
             credential.limit(), credential.prevent_concurrency_during_login,
             credential.login ? credential.login->time.mean() : -1,
             credential.login ? credential.login->failure : 0, credential.keeps_session,
             expiry(credential.expiry_time_from_last_use),
             expiry(credential.expiry_time_from_session_data_set));
  for (const OutageConfig& outage : credential.outages) {
    fmt::print(out, " out({}s+{}s)", outage.at.seconds(), outage.length.seconds());
  }
  out << "\n";
}

void show(const WorkflowConfig& workflow, std::ostream& out) {
  fmt::print(out, "workflow: aliases={} steps={} retries={} backoff={}s*{} cap={}s jitter={}",
             workflow.aliases.size(), workflow.steps, workflow.max_retries,
             workflow.backoff.base.seconds(), workflow.backoff.factor,
             workflow.backoff.cap.seconds(), workflow.backoff.jitter);
  for (const FailureKindConfig& failure : workflow.failures) {
    fmt::print(out, " fails({} retry={} at={})", failure.rate, failure.retry, failure.at.mean());
  }
  fmt::print(out, " interaction={} timeout={}{} expiry={}\n", workflow.interaction.has_value(),
             workflow.timeout ? workflow.timeout->after.seconds() : -1,
             workflow.timeout && workflow.timeout->retry ? " (retried)" : "",
             workflow.expiry ? workflow.expiry->seconds() : -1);
}

void show(const Step& step, std::ostream& out) {
  fmt::print(out, "{}s {}", step.at.seconds(), word(step.kind));
  if (step.kind != StepKind::submit) {
    fmt::print(out, " target={} count={} cause={} factor={} limit={}\n", step.target, step.count,
               step.cause.value, step.factor, step.limits.max_concurrency.value_or(0));
    return;
  }
  const RunRequest& request = step.request;
  fmt::print(out, " index={} workspace={} workflow={} {} time={} outcome={} patience={}",
             request.index, request.workspace.value, request.workflow.value, name(request.level),
             request.service_time.seconds(), static_cast<int>(request.fixed_outcome),
             request.patience.seconds());
  for (const NeedSpec& need : step.needs) {
    fmt::print(out, " {}{}", need.pool ? "pool" : "", credentials_text(need.members));
  }
  out << "\n";
}

}  // namespace

void showValue(const Script& script, std::ostream& out) {
  const PipelineConfig& config = script.config;
  out << "seed=" << script.seed << " stop_queued_siblings=" << config.stop_queued_siblings
      << " rate_limits=" << config.api.rate_limits.size() << " error_rate=" << config.api.error_rate
      << " latency=" << config.api.latency.mean() << "\n";
  for (const auto& group : config.groups) show(group, out);
  for (const auto& workspace : config.workspaces)
    out << "workspace: " << workspace.group.value << "\n";
  for (const auto& credential : config.credentials) show(credential, out);
  for (const auto& workflow : config.workflows) show(workflow, out);
  for (const Step& step : script.steps) show(step, out);
}

}  // namespace sluice::reference

#include "tests/unit/pipeline/pipeline_world.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cassert>

#include "base/random/random.hpp"
#include "pipeline/observer_list.hpp"

namespace sluice::test {

World::World() {
  config.api.rate_limits.clear();
  group(1);
  workflow(0);
}

World::~World() = default;

// ---- given

WorkspaceId World::workspace(GroupId group) {
  assert(!pipeline_ && "the pipeline has started");
  config.workspaces.push_back({fmt::format("workspace-{}", config.workspaces.size()), group});
  return WorkspaceId::at(config.workspaces.size() - 1);
}

CredentialId World::credential(std::uint32_t limit) {
  assert(!pipeline_ && "the pipeline has started");
  CredentialConfig credential;
  credential.name = fmt::format("credential-{}", config.credentials.size());
  credential.allow_multiple_sessions = limit != 1;
  credential.max_concurrency = limit;
  config.credentials.push_back(credential);
  return CredentialId::at(config.credentials.size() - 1);
}

WorkflowId World::workflow(std::size_t aliases) {
  assert(!pipeline_ && "the pipeline has started");
  WorkflowConfig workflow;
  workflow.name = fmt::format("workflow-{}", config.workflows.size());
  workflow.time = Distribution::constant(1);
  for (std::size_t i = 0; i < aliases; ++i) workflow.aliases.push_back(fmt::format("ALIAS_{}", i));
  config.workflows.push_back(workflow);
  return WorkflowId::at(config.workflows.size() - 1);
}

GroupId World::group(std::uint32_t workers) {
  assert(!pipeline_ && "the pipeline has started");
  ResourceGroupConfig group;
  group.name = fmt::format("group-{}", config.groups.size());
  group.workers.count = workers;
  config.groups.push_back(group);
  return GroupId::at(config.groups.size() - 1);
}

// ---- when

void World::start() {
  if (pipeline_) return;
  invariants_ = std::make_unique<invariants::InvariantsObserver>(config);
  both_.reset(new ObserverList({this, invariants_.get()}));
  pipeline_ = std::make_unique<Pipeline>(config, 1, events_, *both_);
}

void World::submit(double second, std::string name, Ask ask) {
  start();
  actions_.push_back([=, this](Time now) { do_submit(now, name, ask); });
  events_.schedule(Time::from_seconds(second), EventClass::arrival,
                   {kPipelineEventKinds, static_cast<std::uint32_t>(actions_.size() - 1), 0});
}

void World::submit_each(double second, const std::vector<std::string>& names, const Ask& ask) {
  for (const std::string& name : names) submit(second, name, ask);
}

void World::at(double second, std::function<void(Pipeline&, Time)> call) {
  start();
  actions_.push_back([=, this](Time now) { call(*pipeline_, now); });
  events_.schedule(Time::from_seconds(second), EventClass::timer,
                   {kPipelineEventKinds, static_cast<std::uint32_t>(actions_.size() - 1), 0});
}

void World::at(double second, const Command& command) {
  at(second, [command](Pipeline& pipeline, Time now) { pipeline.apply(now, command); });
}

void World::interrupt(double second, std::string name) {
  at(second, [=, this](Pipeline& pipeline, Time now) {
    pipeline.interrupt(now, runs_.at(name).first, runs_.at(name).second);
  });
}

void World::run(double until) {
  start();
  const Time end = Time::from_seconds(until);
  while (!events_.empty() && events_.next_time() <= end) {
    const Time now = events_.next_time();
    while (!events_.empty() && events_.next_time() == now) {
      const ScheduledEvent next = events_.pop();
      if (next.event.kind < kPipelineEventKinds) {
        pipeline_->handle(now, next);
      } else {
        actions_[next.event.subject](now);
      }
      if (events_.empty() || events_.next_time() > now) pipeline_->dispatch(now);
    }
  }
  invariants_->finish(*pipeline_);
  EXPECT_EQ(invariants_->violations(), "");
}

void World::do_submit(Time now, const std::string& name, const Ask& ask) {
  RunRequest request;
  request.workspace = ask.workspace;
  request.workflow = ask.workflow;
  request.level = ask.level;
  request.index = names_.size();
  request.draw_key = stream_key(7, request.index);
  request.submitted = now;
  if (ask.seconds >= 0) request.service_time = Duration::from_seconds(ask.seconds);
  request.options = ask.options;
  if (ask.patience >= 0) request.patience = Duration::from_seconds(ask.patience);
  request.fixed_outcome = ask.outcome;
  for (std::size_t alias = 0; alias < ask.needs.size(); ++alias) {
    const Given& given = ask.needs[alias];
    request.needs[alias] =
        given.is_pool ? pipeline_->pool_need(ask.workspace, ask.workflow, alias, given.credentials)
                      : Pipeline::credential_need(given.credentials.front());
  }
  request.need_count = static_cast<std::uint8_t>(ask.needs.size());
  names_.push_back(name);
  pipeline_->submit(now, request);
}

// ---- then

std::string World::story(const std::string& name) const {
  const auto place = stories_.find(name);
  return place == stories_.end() ? "" : place->second;
}

std::string World::dispatch_order() const { return order_; }

double World::dispatched_at(const std::string& name) const {
  const auto place = last_dispatch_.find(name);
  return place == last_dispatch_.end() ? -1 : place->second;
}

void World::happened(Time now, const Run& run, const std::string& what) {
  std::string& story = stories_[name_of(run.request)];
  const std::size_t bracket = what.find(" [");
  const std::string verb = what.substr(0, bracket);
  const std::string held = bracket == std::string::npos ? "" : what.substr(bracket);
  story += fmt::format("{}{} {}{}", story.empty() ? "" : ", ", verb, now.seconds(), held);
}

void World::answered(Time, const RunRequest& request, const Answer& answer) {
  std::string& text = answers_[name_of(request)];
  switch (answer.status) {
    case Answer::Status::accepted:
      text = "accepted";
      return;
    case Answer::Status::server_error:
      text = "server error";
      return;
    case Answer::Status::rate_limited:
      text = fmt::format("429 by window {}, retry after {} s", answer.window,
                         answer.retry_after.seconds());
      return;
  }
}

void World::accepted(Time now, const Run& run) {
  runs_[name_of(run.request)] = {run.slot, run.id};
  happened(now, run, "accepted");
}

void World::parked(Time now, const Run& run, const Blocker& blocker) {
  constexpr std::array<std::string_view, 4> words{"limit", "login", "pause", "cap"};
  happened(now, run, fmt::format("parked ({})", words[static_cast<std::size_t>(blocker.reason)]));
}

void World::woken(Time now, const Run& run) { happened(now, run, "woken"); }

void World::holding(Time now, const Run& run, const Blocker&) { happened(now, run, "holding"); }

void World::dispatched(Time now, const Run& run) {
  std::string held;
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    held += fmt::format("{}{}", i == 0 ? " [" : " ", run.held[i].value);
  }
  happened(now, run, "dispatched" + (held.empty() ? held : held + "]"));
  order_ += (order_.empty() ? "" : " ") + name_of(run.request);
  last_dispatch_[name_of(run.request)] = now.seconds();
}

void World::login_ended(Time now, const Run& run, CredentialId, bool succeeded) {
  happened(now, run, succeeded ? "logged in" : "login failed");
}

void World::requeued(Time now, const Run& run, RequeueCause, Duration) {
  happened(now, run, "requeued");
}

void World::rejoined(Time now, const Run& run) { happened(now, run, "rejoined"); }

void World::ended(Time now, const Run& run, Outcome outcome, EndReason reason) {
  constexpr std::array<std::string_view, 3> outcomes{"succeeded", "failed", "stopped"};
  constexpr std::array<std::string_view, 9> reasons{
      "",           "",           " (login)",    " (no answer)", " (sibling)", " (interrupted)",
      " (timeout)", " (expired)", " (cancelled)"};
  happened(now, run,
           fmt::format("{}{}", outcomes[static_cast<std::size_t>(outcome)],
                       reasons[static_cast<std::size_t>(reason)]));
}

}  // namespace sluice::test

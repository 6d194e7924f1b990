#include "tests/model/reference/real_pipeline.hpp"

#include <fmt/format.h>

#include <map>

#include "pipeline/observer_list.hpp"
#include "pipeline/pipeline.hpp"
#include "tests/model/invariants/invariants_observer.hpp"
#include "tests/model/reference/log_lines.hpp"

namespace sluice::reference {

namespace {

constexpr std::uint32_t kStepEvent = kPipelineEventKinds;

/// Writes every transition as a line.
class LogObserver : public PipelineObserver {
 public:
  Log log;
  Log* into = &log;
  std::map<std::uint64_t, RunSlot> slots;

  void line(Time now, std::string_view text) { into->push_back(at(now, text)); }

  void answered(Time now, const RunRequest& request, const Answer& answer) override {
    line(now, answer_text(request, answer));
  }
  void accepted(Time now, const Run& run) override {
    slots[run.id] = run.slot;
    line(now, accepted_text(run.id, run.request));
  }
  void parked(Time now, const Run& run, const Blocker& blocker) override {
    line(now, blocked_text("parked", run.id, blocker.reason, describe(blocker.need)));
  }
  void woken(Time now, const Run& run) override { line(now, fmt::format("woken id={}", run.id)); }
  void holding(Time now, const Run& run, const Blocker& blocker) override {
    line(now, blocked_text("holding", run.id, blocker.reason, describe(blocker.need)));
  }
  void dispatched(Time now, const Run& run) override {
    const std::vector<CredentialId> held(run.held.begin(),
                                         run.held.begin() + run.request.need_count);
    line(now, fmt::format("dispatched id={} attempt={} held={}", run.id, run.attempt,
                          credentials_text(held)));
  }
  void login_ended(Time now, const Run& run, CredentialId credential, bool succeeded) override {
    line(now, fmt::format("login_ended id={} credential={} {}", run.id, credential.value,
                          succeeded ? "ok" : "failed"));
  }
  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override {
    line(now, fmt::format("requeued id={} {} delay={}", run.id, word(cause), delay.seconds()));
  }
  void rejoined(Time now, const Run& run) override {
    line(now, fmt::format("rejoined id={}", run.id));
  }
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override {
    line(now, fmt::format("ended id={} {} {}", run.id, word(outcome), word(reason)));
  }
  void pool_defined(std::uint32_t pool_use, std::uint32_t, const CredentialId* first,
                    std::size_t count) override {
    pools_[pool_use].assign(first, first + count);
  }

 private:
  std::string describe(Need need) {
    if (need.value == UINT32_MAX) return "-";
    if (need.is_pool()) return "pool " + credentials_text(pools_[need.pool_use()]);
    return fmt::format("credential {}", need.credential().value);
  }

  std::map<std::uint32_t, std::vector<CredentialId>> pools_;
};

/// REQUIRES a step that is neither a submission nor an interrupt.
Command command_of(const Step& step) {
  const CredentialId credential{step.target};
  const WorkflowId workflow{step.target};
  const GroupId group{step.target};
  switch (step.kind) {
    case StepKind::pause_credential:
      return Pause{credential};
    case StepKind::resume_credential:
      return Resume{credential};
    case StepKind::pause_workflow:
      return Pause{workflow};
    case StepKind::resume_workflow:
      return Resume{workflow};
    case StepKind::pause_group:
      return Pause{group};
    case StepKind::resume_group:
      return Resume{group};
    case StepKind::set_workers:
      return SetWorkers{group, step.count, step.cause};
    case StepKind::end_set_workers:
      return EndSetWorkers{group, step.cause};
    case StepKind::lose_workers:
      return LoseWorkers{group, step.count, step.cause};
    case StepKind::restore_workers:
      return RestoreWorkers{group, step.count, step.cause};
    case StepKind::restart_workers:
      return RestartWorkers{group};
    case StepKind::failure_factor:
      return SetFailureFactor{workflow, step.factor};
    case StepKind::login_failure_factor:
      return SetLoginFailureFactor{credential, step.factor};
    case StepKind::api_latency_factor:
      return SetApiLatencyFactor{step.factor};
    case StepKind::duration_factor:
      return SetDurationFactor{workflow, step.factor};
    case StepKind::override_credential:
      return OverrideCredential{credential, step.limits};
    default:
      return SetApiErrorRate{step.factor};
  }
}

class Play {
 public:
  Play(const Script& script, std::span<PipelineObserver* const> listeners)
      : script_(script),
        invariants_(script.config),
        all_(with(listeners)),
        pipeline_(script.config, script.seed, events_, all_),
        last_workers_(script.config.groups.size()) {
    for (std::size_t s = 0; s < script.steps.size(); ++s) {
      const Step& step = script.steps[s];
      const auto event_class =
          step.kind == StepKind::submit ? EventClass::arrival : EventClass::timer;
      events_.schedule(step.at, event_class, {kStepEvent, static_cast<std::uint32_t>(s), 0});
    }
  }

  RealPlay run() {
    while (!events_.empty() && events_.next_time() <= script_.horizon) {
      const Time now = events_.next_time();
      while (!events_.empty() && events_.next_time() == now) {
        while (!events_.empty() && events_.next_time() == now) handle(events_.pop());
        pipeline_.dispatch(now);
      }
      log_changed_workers(now);
    }
    invariants_.finish(pipeline_);
    return {std::move(log_.log), invariants_.violations()};
  }

 private:
  ObserverList with(std::span<PipelineObserver* const> listeners) {
    ObserverList all{&log_, &invariants_};
    for (PipelineObserver* listener : listeners) all.add(*listener);
    return all;
  }

  void handle(const ScheduledEvent& scheduled) {
    if (scheduled.event.kind < kPipelineEventKinds) {
      return pipeline_.handle(scheduled.time, scheduled);
    }
    carry_out(scheduled.time, script_.steps[scheduled.event.subject]);
  }

  void log_changed_workers(Time now) {
    for (std::uint32_t g = 0; g < last_workers_.size(); ++g) {
      const std::string text = workers_text({g}, pipeline_.workers({g}));
      if (text != last_workers_[g]) log_.line(now, text);
      last_workers_[g] = text;
    }
  }

  void submit(Time now, const Step& step) {
    RunRequest request = step.request;
    request.need_count = static_cast<std::uint8_t>(step.needs.size());
    for (std::size_t alias = 0; alias < step.needs.size(); ++alias) {
      const NeedSpec& need = step.needs[alias];
      request.needs[alias] =
          need.pool ? pipeline_.pool_need(request.workspace, request.workflow, alias, need.members)
                    : Pipeline::credential_need(need.members.front());
    }
    pipeline_.submit(now, request);
  }

  void carry_out(Time now, const Step& step) {
    if (step.kind == StepKind::submit) return submit(now, step);
    log_.line(now,
              fmt::format("-- {} target={} count={}", word(step.kind), step.target, step.count));
    if (step.kind != StepKind::interrupt) return pipeline_.apply(now, command_of(step));
    if (const auto place = log_.slots.find(step.count); place != log_.slots.end())
      pipeline_.interrupt(now, place->second, step.count);
  }

  const Script& script_;
  EventQueue events_;
  LogObserver log_;
  invariants::InvariantsObserver invariants_;
  ObserverList all_;
  Pipeline pipeline_;
  std::vector<std::string> last_workers_;
};

}  // namespace

RealPlay play_real(const Script& script, std::span<PipelineObserver* const> listeners) {
  return Play(script, listeners).run();
}

std::unique_ptr<PipelineObserver> log_transitions(Log& log) {
  auto observer = std::make_unique<LogObserver>();
  observer->into = &log;
  return observer;
}

}  // namespace sluice::reference

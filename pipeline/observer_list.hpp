// Several observers in the place of one.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <vector>

#include "pipeline/observer.hpp"

namespace sluice {

/// Passes every call on to its observers, in the order in which they were added. Does not own them.
/// Observers may be added before the first call that they are to see, and all taken out together.
/// `Base` is PipelineObserver or a kind of it.
template <class Base>
class BasicObserverList : public Base {
 public:
  void add(PipelineObserver& observer) { observers_.push_back(&observer); }
  void clear() { observers_.clear(); }

  void expected(const RunRequest& request) override {
    for (auto* o : observers_) o->expected(request);
  }
  void ending(const Run& run) override {
    for (auto* o : observers_) o->ending(run);
  }
  void waking(const Run& run) override {
    for (auto* o : observers_) o->waking(run);
  }
  void submitted(Time now, const RunRequest& request) override {
    for (auto* o : observers_) o->submitted(now, request);
  }
  void answered(Time now, const RunRequest& request, const Answer& answer) override {
    for (auto* o : observers_) o->answered(now, request, answer);
  }
  void gave_up(Time now, const RunRequest& request) override {
    for (auto* o : observers_) o->gave_up(now, request);
  }
  void arrived(Time now, const Run& run, const Answer& answer) override {
    for (auto* o : observers_) o->arrived(now, run, answer);
  }
  void accepted(Time now, const Run& run) override {
    for (auto* o : observers_) o->accepted(now, run);
  }
  void parked(Time now, const Run& run, const Blocker& blocker) override {
    for (auto* o : observers_) o->parked(now, run, blocker);
  }
  void woken(Time now, const Run& run) override {
    for (auto* o : observers_) o->woken(now, run);
  }
  void holding(Time now, const Run& run, const Blocker& blocker) override {
    for (auto* o : observers_) o->holding(now, run, blocker);
  }
  void dispatched(Time now, const Run& run) override {
    for (auto* o : observers_) o->dispatched(now, run);
  }
  void login_ended(Time now, const Run& run, CredentialId credential, bool succeeded) override {
    for (auto* o : observers_) o->login_ended(now, run, credential, succeeded);
  }
  void interaction_ended(Time now, const Run& run, bool answered) override {
    for (auto* o : observers_) o->interaction_ended(now, run, answered);
  }
  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override {
    for (auto* o : observers_) o->requeued(now, run, cause, delay);
  }
  void rejoined(Time now, const Run& run) override {
    for (auto* o : observers_) o->rejoined(now, run);
  }
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override {
    for (auto* o : observers_) o->ended(now, run, outcome, reason);
  }
  void webhook(Time now, const Run& run, std::uint32_t attempts, bool delivered,
               Duration latency) override {
    for (auto* o : observers_) o->webhook(now, run, attempts, delivered, latency);
  }
  void workers_changed(Time now, GroupId group, const WorkerCounts& counts) override {
    for (auto* o : observers_) o->workers_changed(now, group, counts);
  }
  void credential_changed(Time now, CredentialId credential,
                          const CredentialStatus& status) override {
    for (auto* o : observers_) o->credential_changed(now, credential, status);
  }
  void group_paused(Time now, GroupId group, bool paused) override {
    for (auto* o : observers_) o->group_paused(now, group, paused);
  }
  void workflow_paused(Time now, WorkflowId workflow, bool paused) override {
    for (auto* o : observers_) o->workflow_paused(now, workflow, paused);
  }
  void pool_defined(std::uint32_t pool_use, std::uint32_t pool, const CredentialId* first,
                    std::size_t count) override {
    for (auto* o : observers_) o->pool_defined(pool_use, pool, first, count);
  }

 private:
  std::vector<PipelineObserver*> observers_;
};

class ObserverList final : public BasicObserverList<PipelineObserver> {
 public:
  ObserverList() = default;
  ObserverList(std::initializer_list<PipelineObserver*> observers) {
    for (PipelineObserver* observer : observers) add(*observer);
  }
};

}  // namespace sluice

// Two listeners at one pipeline.
#pragma once

#include "pipeline/observer.hpp"

namespace sluice::invariants {

/// Passes every call on to two others.
class TwoObservers : public PipelineObserver {
 public:
  TwoObservers(PipelineObserver& first, PipelineObserver& second)
      : first_(first), second_(second) {}

  void submitted(Time t, const RunRequest& r) override { both(&PipelineObserver::submitted, t, r); }
  void answered(Time t, const RunRequest& r, const Answer& a) override {
    both(&PipelineObserver::answered, t, r, a);
  }
  void gave_up(Time t, const RunRequest& r) override { both(&PipelineObserver::gave_up, t, r); }
  void accepted(Time t, const Run& r) override { both(&PipelineObserver::accepted, t, r); }
  void parked(Time t, const Run& r, const Blocker& b) override {
    both(&PipelineObserver::parked, t, r, b);
  }
  void woken(Time t, const Run& r) override { both(&PipelineObserver::woken, t, r); }
  void holding(Time t, const Run& r, const Blocker& b) override {
    both(&PipelineObserver::holding, t, r, b);
  }
  void dispatched(Time t, const Run& r) override { both(&PipelineObserver::dispatched, t, r); }
  void login_ended(Time t, const Run& r, CredentialId c, bool ok) override {
    both(&PipelineObserver::login_ended, t, r, c, ok);
  }
  void interaction_ended(Time t, const Run& r, bool ok) override {
    both(&PipelineObserver::interaction_ended, t, r, ok);
  }
  void requeued(Time t, const Run& r, RequeueCause c, Duration d) override {
    both(&PipelineObserver::requeued, t, r, c, d);
  }
  void rejoined(Time t, const Run& r) override { both(&PipelineObserver::rejoined, t, r); }
  void ended(Time t, const Run& r, Outcome o, EndReason e) override {
    both(&PipelineObserver::ended, t, r, o, e);
  }
  void webhook(Time t, const Run& r, std::uint32_t n, bool ok, Duration d) override {
    both(&PipelineObserver::webhook, t, r, n, ok, d);
  }
  void workers_changed(Time t, GroupId g, const WorkerCounts& w) override {
    both(&PipelineObserver::workers_changed, t, g, w);
  }
  void credential_changed(Time t, CredentialId c, const CredentialStatus& s) override {
    both(&PipelineObserver::credential_changed, t, c, s);
  }
  void pool_defined(std::uint32_t u, std::uint32_t p, const CredentialId* c,
                    std::size_t n) override {
    both(&PipelineObserver::pool_defined, u, p, c, n);
  }

 private:
  template <class Call, class... Arguments>
  void both(Call call, const Arguments&... arguments) {
    (first_.*call)(arguments...);
    (second_.*call)(arguments...);
  }

  PipelineObserver& first_;
  PipelineObserver& second_;
};

}  // namespace sluice::invariants

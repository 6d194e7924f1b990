// What a scenario promises whatever happens: time goes on, and submitters keep to their bounds.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "pipeline/observer.hpp"
#include "scenarios/scenario.hpp"
#include "tests/model/swarm/faults.hpp"

namespace sluice::swarm {

class PlainWatch final : public PipelineObserver {
 public:
  PlainWatch(const Scenario& scenario, Faults& faults)
      : scenario_(scenario), faults_(faults), submitted_(scenario.submitters.size(), 0) {}

  /// A time at which something happens.
  void at(Time now) {
    if (now < now_) faults_.add(now, "time went back", fmt::format("after {}s", now_.seconds()));
    now_ = std::max(now, now_);
  }
  /// At the end. `submitting`: runs that the pipeline has not accepted yet.
  void finish(std::uint64_t submitting) const;

  void submitted(Time now, const RunRequest& request) override;
  void answered(Time now, const RunRequest& request, const Answer& answer) override;
  void gave_up(Time now, const RunRequest& request) override;
  void accepted(Time now, const Run& run) override;
  void parked(Time now, const Run&, const Blocker&) override { at(now); }
  void woken(Time now, const Run&) override { at(now); }
  void holding(Time now, const Run&, const Blocker&) override { at(now); }
  void dispatched(Time now, const Run&) override { at(now); }
  void login_ended(Time now, const Run&, CredentialId, bool) override { at(now); }
  void requeued(Time now, const Run&, RequeueCause, Duration) override { at(now); }
  void rejoined(Time now, const Run&) override { at(now); }
  void ended(Time now, const Run&, Outcome, EndReason) override { at(now); }
  void workers_changed(Time now, GroupId, const WorkerCounts&) override { at(now); }

  std::uint64_t submitted_in_all() const { return all_submitted_; }

 private:
  using RunKey = std::pair<std::uint32_t, std::uint64_t>;  // submitter, index
  static RunKey key(const RunRequest& request) { return {request.submitter.value, request.index}; }
  void settle(Time now, const RunRequest& request);

  const Scenario& scenario_;
  Faults& faults_;
  Time now_;
  std::vector<std::uint64_t> submitted_;
  std::uint64_t all_submitted_ = 0;
  std::map<RunKey, bool> open_;  ///< neither accepted nor given up: will the answer accept it?
};

}  // namespace sluice::swarm

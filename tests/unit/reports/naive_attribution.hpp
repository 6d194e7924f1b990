// What held each waiting run (S6), recomputed from the transitions alone: at each instant every
// waiting run is looked at, and asked what holds it then. Quadratic, on purpose; shares no code
// with the recorder.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "pipeline/config.hpp"
#include "pipeline/observer.hpp"
#include "reports/figures/wait_part.hpp"

namespace sluice::test {

/// Nanoseconds by WaitPart; nothing in `api`.
using NaiveParts = std::array<std::int64_t, kWaitParts>;

class NaiveAttribution final : public PipelineObserver {
 public:
  /// `compare` is told of every run when a wait of it is over: its slot, and how all of its waits
  /// so far were spent.
  using Compare = std::function<void(const Run&, const NaiveParts&)>;
  NaiveAttribution(const PipelineConfig& config, Compare compare);

  /// Over all runs that waited, those too that still do at `end`.
  NaiveParts sum_until(Time end);
  /// States that were met, by what they are called.
  const std::map<std::string, std::uint64_t>& met() const { return met_; }

  void accepted(Time now, const Run& run) override;
  void parked(Time now, const Run& run, const Blocker& blocker) override;
  void woken(Time now, const Run& run) override;
  void holding(Time now, const Run& run, const Blocker& blocker) override;
  void dispatched(Time now, const Run& run) override;
  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override;
  void rejoined(Time now, const Run& run) override;
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;
  void workers_changed(Time now, GroupId group, const WorkerCounts& counts) override;
  void credential_changed(Time now, CredentialId credential,
                          const CredentialStatus& status) override;
  void group_paused(Time now, GroupId group, bool paused) override;
  void workflow_paused(Time now, WorkflowId workflow, bool paused) override;
  void pool_defined(std::uint32_t pool_use, std::uint32_t pool, const CredentialId* first,
                    std::size_t count) override;

 private:
  enum class State { queued, parked, holding, delayed, running };
  struct SeenRun {
    RunRequest request;
    GroupId group;
    State state = State::queued;
    PriorityLevel level = PriorityLevel::LOW;  // parked: at which it was passed over
    Blocker blocker;       // parked or holding: as last told of it or of one that needs the same
    NaiveParts stretch{};  // since its last transition, in fractions of a ns
    NaiveParts parts{};    // whole ns
    bool has_worker() const { return state == State::holding || state == State::running; }
  };
  struct SeenGroup {
    WorkerCounts workers;
    bool paused = false;
  };

  void pass(Time now);
  void look_at_candidate(SeenRun& run, std::int64_t fractions);
  void look_at_held(SeenRun& run, std::int64_t fractions);
  bool needs_the_same(const SeenRun& a, const SeenRun& b) const;
  void holds(SeenRun& run, const Blocker& blocker);
  static void end_stretch(SeenRun& run);
  void enter(SeenRun& run, State state);
  SeenRun& seen(const Run& run) { return runs_.at(run.slot.value); }
  WorkerCounts& workers(const SeenRun& run) { return groups_[run.group.index()].workers; }

  const PipelineConfig& config_;
  Compare compare_;
  Time now_;
  std::map<std::uint32_t, SeenRun> runs_;  // by slot
  std::vector<SeenGroup> groups_;
  std::vector<CredentialStatus> credentials_;
  std::vector<char> workflow_paused_;
  std::map<std::uint32_t, std::vector<CredentialId>> pools_;  // by use
  NaiveParts sum_{};                                          // of runs that are gone
  std::map<std::string, std::uint64_t> met_;
};

}  // namespace sluice::test

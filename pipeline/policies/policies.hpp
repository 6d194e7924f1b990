// The dispatch policies. See docs/rules.md for each one's rule and dispatch_policy.hpp for the
// contract.
#pragma once

#include <array>
#include <utility>
#include <vector>

#include "base/prefetch.hpp"
#include "pipeline/policies/dispatch_policy.hpp"

namespace sluice {

/// A ring of workspaces per level; subclasses say from which level the next run comes.
class LevelRingsPolicy : public DispatchPolicy {
 public:
  LevelRingsPolicy(WorkspaceQueues queues, std::size_t workspaces);

  void add(Time now, Run& run) override;
  void remove(Run& run) override;
  void dispatched(Run& run) override;
  void passed_over(Run& run, bool block) override;
  void unblock(const Run& run) override;
  void prefetch(WorkspaceId workspace, PriorityLevel level) override {
    fetch_ahead(&queues_.queue(workspace.value, level));
    ring(level).prefetch(workspace.value);
  }

 protected:
  TurnRing& ring(PriorityLevel level) { return rings_[index(level)]; }
  bool level_empty(std::size_t k) const { return rings_[k].empty(); }
  std::size_t allowed_levels() const { return queues_.allowed_levels(); }
  RunSlot first_of(std::size_t k) { return queues_.front(rings_[k].front(), kAllLevels[k]).slot; }
  /// Into the queue of run.queue_level, and its workspace into the ring.
  void enqueue(Run& run);

  WorkspaceQueues queues_;

 private:
  /// Out of the queue; its workspace out of the ring if nothing open is left.
  void dequeue(Run& run);

  std::array<TurnRing, kLevels> rings_;
};

/// The highest level that has a candidate. The rule of the real pipeline.
class StrictPriorityPolicy final : public LevelRingsPolicy {
 public:
  using LevelRingsPolicy::LevelRingsPolicy;
  RunSlot choose(Time now, const WorkersInUse& workers) override;
};

/// Strict over levels that candidates climb with time: one level after each `promote_after`.
class AgeingPolicy final : public LevelRingsPolicy {
 public:
  AgeingPolicy(WorkspaceQueues queues, std::size_t workspaces, Duration promote_after,
               WhenCredentialBusy when_credential_busy);
  void add(Time now, Run& run) override;
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  bool wakes_each_level() const override { return levels_block_; }
  bool moves_candidates() const override { return queues_block_; }
  void advance(Time now) override { promote_due(now); }
  RunSlot take_overtaken() override;
  Time next_move() override;

 private:
  struct Due {
    Time at;
    std::uint64_t sequence;
    RunSlot slot;
    auto operator<=>(const Due&) const = default;
  };
  bool is_void(const Due& due);
  void drop_first_due();
  void enter(Run& run);
  void expect_promotion(const Run& run);
  void promote_due(Time now);

  Duration promote_after_;
  bool levels_block_, queues_block_;
  std::vector<Due> due_;  // min-heap; entries of runs that have gone or moved are void
  std::vector<RunSlot> overtaken_;
};

/// Deficit round robin over levels: `weights` dispatches per level and round.
class WeightedPolicy final : public LevelRingsPolicy {
 public:
  WeightedPolicy(WorkspaceQueues queues, std::size_t workspaces,
                 std::array<std::uint32_t, kLevels> weights);
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  void dispatched(Run& run) override;

 private:
  std::array<std::uint32_t, kLevels> weights_, credit_;
};

/// Strict, but the last idle workers are kept for levels that run fewer than their reserved number.
class ReservedPolicy final : public LevelRingsPolicy {
 public:
  ReservedPolicy(WorkspaceQueues queues, std::size_t workspaces,
                 std::array<std::uint32_t, kLevels> reserved);
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  std::uint32_t kept_idle(const WorkersInUse& workers) const override;
  bool wakes_each_level() const override { return true; }

 private:
  std::array<std::uint32_t, kLevels> reserved_;
};

/// Workspaces in turn first; inside the workspace the highest level.
class FairFirstPolicy final : public DispatchPolicy {
 public:
  FairFirstPolicy(WorkspaceQueues queues, std::size_t workspaces);
  void add(Time now, Run& run) override;
  void remove(Run& run) override;
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  void dispatched(Run& run) override;
  void passed_over(Run& run, bool block) override;
  void unblock(const Run& run) override;

 private:
  bool open(std::uint32_t workspace, std::size_t levels) const;
  void dequeue(Run& run);

  WorkspaceQueues queues_;
  TurnRing ring_;
};

/// By acceptance, whatever the level.
class FifoPolicy final : public DispatchPolicy {
 public:
  explicit FifoPolicy(WorkspaceQueues queues) : queues_(std::move(queues)) {}
  void add(Time now, Run& run) override;
  void remove(Run& run) override;
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  void dispatched(Run& run) override;
  void passed_over(Run& run, bool block) override;
  void unblock(const Run& run) override;

 private:
  using Head =
      std::pair<std::uint64_t, std::uint32_t>;  // sequence of a queue's first run, workspace

  void announce(std::uint32_t workspace, PriorityLevel level);
  void dequeue(Run& run);
  const Head* first(PriorityLevel level);

  WorkspaceQueues queues_;
  std::array<std::vector<Head>, kLevels>
      heads_;  // min-heaps; entries that are no queue's head are void
};

}  // namespace sluice

// ageing: candidates climb with time.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "pipeline/config.hpp"
#include "pipeline/policies/level_rings.hpp"

namespace sluice {

/// Strict over levels that candidates climb: one level after each `promote_after`.
class AgeingPolicy final : public LevelRingsPolicy {
 public:
  /// REQUIRES promote_after > 0.
  AgeingPolicy(WorkspaceQueues queues, Duration promote_after,
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
  void enter(Time now, Run& run);
  void expect_promotion(const Run& run);
  void promote_due(Time now);

  Duration promote_after_;
  bool levels_block_, queues_block_;
  std::vector<Due> due_;  // min-heap; entries of runs that have gone or moved are void
  std::vector<RunSlot> overtaken_;
};

}  // namespace sluice

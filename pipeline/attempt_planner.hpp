// Who says how attempts go, in place of their draws: the mock API's scripted runs.
#pragma once

#include "pipeline/attempt.hpp"
#include "pipeline/run.hpp"

namespace sluice {

/// Asked about runs whose request says FixedOutcome::planned, and no others. Must not call back
/// into the pipeline.
class AttemptPlanner {
 public:
  virtual ~AttemptPlanner() = default;

  /// How the attempt that begins now goes, logins apart. `drawn`: without failures.
  virtual AttemptPlan plan(const Run& run, const AttemptPlan& drawn) const = 0;
  /// How it goes on once a person has answered, from that instant. `run` is as it was before.
  virtual AttemptPlan plan_after_answer(const Run& run) const = 0;
  /// Whether a login of the attempt under way succeeds.
  virtual bool logs_in(const Run& run) const = 0;
  /// Whether its failure is of a kind that is retried, while it has retries left.
  virtual bool retries(const Run& run) const = 0;
};

}  // namespace sluice

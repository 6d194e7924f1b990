// A trial: one setting, so many replications of it, and what they came to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "experiments/warm_up.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"
#include "reports/settings/experiment.hpp"
#include "reports/settings/setting.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// What a report on the replications says, as far as it was asked for.
struct Judged {
  std::vector<ExpectationResult> expectations;  ///< at the end an implied one that does not hold
  std::vector<ReachResult> reaches;
  Verdict verdict = Verdict::none;
  FigureTable figures;  ///< see `asked_for`
  bool drawn = true;    ///< chance has a part in it

  Status status() const { return status_of(expectations, reaches); }
  /// More replications would say nothing else.
  bool is_decided() const { return !drawn || status() != Status::inconclusive; }
};

struct Trial {
  Setting setting;
  std::uint32_t first = 0;  ///< number of its first replication

  // What TrialRunner fills in.
  std::string hash;  ///< of the setting's effective scenario; empty: not loaded yet
  WarmUpEnd warm_up;
  std::vector<ReplicationResult> results;  ///< of replications `first` …; see `asked_for`
  std::uint64_t runs = 0;                  ///< accepted in all of them
  Judged judged;
};

/// What is wanted of each replication besides what the scenario's sentences are about. Waits,
/// starvation, queue age and counts cost the same together.
struct Further {
  std::vector<Metric> metrics;    ///< of everything, by group and level
  std::vector<Subject> subjects;  ///< workspaces and submitters of which they are wanted as well
};

/// Of what a store can keep of a replication (recorded_part) the figures that were asked for: the
/// further ones and those of expectations, of everything, by group and level, and of whom
/// expectations are about.
ReplicationResult asked_for(ReplicationResult result, const Scenario& scenario,
                            const Further& further);

}  // namespace sluice

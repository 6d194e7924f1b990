// The figures of replications by which scenarios and reports are compared.
#pragma once

#include <span>
#include <vector>

#include "experiments/rounds/trial.hpp"
#include "reports/figures/replication_values.hpp"
#include "reports/recorder.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// What has to be recorded: the compared metrics and the parts of waits, of everything, by level,
/// and by workspace and submitter where there are few of them.
Further compared_figures(const Scenario& scenario);

/// Each compared metric of each of its subjects, in order: everything, the levels at which any of
/// `results` has runs, workspaces, submitters. `results` are those of replications 0, 1, …, and
/// have at least compared_figures().
ReplicationValues compared_values(const Scenario& scenario,
                                  std::span<const ReplicationResult> results);

}  // namespace sluice

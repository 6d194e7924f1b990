// The model's prediction of one load: the scenario in virtual time, many times over, beside what
// was measured.
//
// The arrivals are those of the load (the same seed gives the same runs); everything that the
// submitters do not decide (service times, failures, logins) is drawn anew in each replication. So
// the interval is what one run of this load on this pipeline gives, and no more.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "reports/prediction.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct PredictionOptions {
  std::uint32_t replications = 400;
  double confidence = 0.95;
  unsigned threads = 0;                     ///< 0: one per core
  const std::atomic<bool>* stop = nullptr;  ///< ends it early; may be null
  /// Told now and then of the share that is done, 0 … 1, from any thread; may be empty.
  std::function<void(double)> progress;
};

/// Compares the figures of `measured` that a load can see. If something differs, each alternative
/// rule of the design (`when_credential_busy`, dispatch policy, where a requeued run goes …) is
/// simulated as well and ranked by how well it would explain the figures. Deterministic for the
/// same arguments, whatever the number of threads. The window is that of `measured`.
Prediction predict(const Scenario& scenario, const Report& measured,
                   const PredictionOptions& options = {});

}  // namespace sluice

// The model's prediction of one load: the scenario in virtual time, many times over, beside what
// was measured.
//
// The arrivals are those of the load (the same seed gives the same runs); everything that the
// submitters do not decide (service times, failures, logins) is drawn anew in each replication. So
// the interval is what one run of this load on this pipeline gives, and no more. All figures
// together are inside their intervals with the stated confidence: load/prediction/envelope.hpp says
// how. What could explain a difference is ranked by load/prediction/fit.hpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "base/time.hpp"
#include "reports/figures/prediction.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct PredictionOptions {
  enum class Explain : std::uint8_t { if_something_differs, always, never };

  std::uint32_t replications = 400;
  double confidence = 0.95;
  Explain explain = Explain::if_something_differs;
  std::uint32_t explaining_replications = 160;  ///< of each alternative
  /// How exact times were measured, on the pipeline's clock: shorter differences mean nothing, and
  /// an event may have been counted on the wrong side of the window's ends. Zero: exactly.
  Duration resolution{};
  unsigned threads = 0;                     ///< 0: one per core
  const std::atomic<bool>* stop = nullptr;  ///< ends it early; may be null
  /// Told now and then of the share that is done, 0 … 1, from any thread; may be empty.
  std::function<void(double)> progress;
};

/// Compares the figures of `measured` that a load can see. If something differs, each alternative
/// rule of the design (`when_credential_busy`, dispatch policy) is simulated as well and ranked by
/// how well it would explain the figures. Deterministic for the same arguments, whatever the number
/// of threads. Seed and window are those of `measured`; a report of a live target is compared with
/// what can be seen of the model from outside (load/prediction/outside_view.hpp). Stopped early, it
/// answers with the replications that are over; if they are too few, nothing is decided.
Prediction predict(const Scenario& scenario, const Report& measured,
                   const PredictionOptions& options = {});

}  // namespace sluice

// A simulation as somebody sees it who only has the API: when runs were accepted, started, requeued
// and ended, not what held them.
//
// Whoever waits counts as eligible, but for the retry delays that a target tells; parking, workers,
// logins and sessions are not seen. So the figures of a simulation that was recorded through it and
// of a live target mean the same.
#pragma once

#include <vector>

#include "pipeline/observer.hpp"

namespace sluice {

/// Passes on what can be seen from outside. Keeps a reference to the listener. One thread.
class OutsideView final : public PipelineObserver {
 public:
  explicit OutsideView(PipelineObserver& listener) : listener_(listener) {}

  void submitted(Time now, const RunRequest& request) override;
  void answered(Time now, const RunRequest& request, const Answer& answer) override;
  void gave_up(Time now, const RunRequest& request) override;
  void accepted(Time now, const Run& run) override;
  void dispatched(Time now, const Run& run) override;
  /// A run that lost the worker inside which it waited had not started for those outside.
  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override;
  void rejoined(Time now, const Run& run) override;
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;

 private:
  enum class Seen : std::uint8_t { waiting, delayed, running };
  void see(const Run& run, Seen what);

  PipelineObserver& listener_;
  std::vector<Seen> seen_;  // by slot
};

}  // namespace sluice

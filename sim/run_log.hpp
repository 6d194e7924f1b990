// The run log: one record per run, as JSON, one on each line. Its form is described in
// docs/run-log.md.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>

#include "reports/recorder.hpp"
#include "scenarios/scenario.hpp"
#include "sim/experiment.hpp"

namespace sluice {

/// Of the form of the records; changes when a reader would have to.
inline constexpr int kRunLogVersion = 1;

/// The first line of a log.
void write_run_log_header(std::ostream& out, const Scenario& scenario);

/// Writes a record when a run ends or its submitter gives up, in that order; at the end, records of
/// the runs that are still in the pipeline, in order of acceptance, and of those that are still
/// being submitted, in order of their first request. Errors of the stream stay in the stream. About
/// 2 µs a run; memory grows with the runs in the pipeline and before it. Keeps references.
class RunLog final : public ReplicationListener {
 public:
  RunLog(std::ostream& out, const Scenario& scenario, std::uint32_t replication,
         const Recorder& recorder);
  ~RunLog() override;

  void submitted(Time now, const RunRequest& request) override;
  void answered(Time now, const RunRequest& request, const Answer& answer) override;
  void gave_up(Time now, const RunRequest& request) override;
  void arrived(Time now, const Run& run, const Answer& answer) override;
  void accepted(Time now, const Run& run) override;
  void dispatched(Time now, const Run& run) override;
  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override;
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;
  void finish(Time end) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice

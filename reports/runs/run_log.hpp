// The run log: one record per run, as JSON, one on each line. Its form is described in
// docs/run-log.md.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "pipeline/config.hpp"
#include "reports/recorder.hpp"
#include "reports/runs/run_listener.hpp"

namespace sluice {

/// Of the form of the records; changes when a reader would have to.
inline constexpr int kRunLogVersion = 1;

/// What the first line of a log says.
struct RunLogHeader {
  std::string scenario;
  std::string hash;  ///< of the effective scenario
  std::uint64_t seed = 0;
  std::uint32_t replications = 1;
  Duration duration;
};
void write_run_log_header(std::ostream& out, const RunLogHeader& header);

/// Writes a record when a run ends or its submitter gives up, in that order; at the end, records of
/// the runs that are still in the pipeline, in order of acceptance, and of those that are still
/// being submitted, in order of their first request. Errors of the stream stay in the stream. About
/// 2 µs a run; memory grows with the runs in the pipeline and before it. Keeps references.
class RunLog final : public RunListener {
 public:
  RunLog(std::ostream& out, const PipelineConfig& pipeline,
         const std::vector<std::string>& submitters, std::uint32_t replication,
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

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
std::unique_ptr<RunListener> make_run_log(std::ostream& out, const PipelineConfig& pipeline,
                                          const std::vector<std::string>& submitters,
                                          std::uint32_t replication, const Recorder& recorder);

}  // namespace sluice

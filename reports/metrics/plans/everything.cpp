#include "reports/metrics/api.hpp"
#include "reports/metrics/counts.hpp"
#include "reports/metrics/plans/plans.hpp"
#include "reports/metrics/recorder_of.hpp"
#include "reports/metrics/time_lines.hpp"

namespace sluice {

std::unique_ptr<Recorder> record_everything(const RecorderConfig& config,
                                            const PipelineConfig& pipeline) {
  using Everything = RecorderOf<Attribution, Occupancy, Workers, Counts, Api, Waits, Starvation,
                                QueueAge, Inversions, Bypass, QueueLength, Fairness, Slowdown,
                                Stability, Credentials, TimeLineRecorder, Slices>;
  return std::make_unique<Everything>(config, pipeline);
}

}  // namespace sluice

#include "reports/metrics/plans/plans.hpp"
#include "reports/metrics/recorder_of.hpp"

namespace sluice {

std::unique_ptr<Recorder> record_in_detail(const RecorderConfig& config,
                                           const PipelineConfig& pipeline) {
  return std::make_unique<DetailedPlan::In<RecorderOf>>(config, pipeline);
}

}  // namespace sluice

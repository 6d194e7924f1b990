#include "reports/recorder.hpp"

#include "reports/metrics/plans/plans.hpp"

namespace sluice {

bool from_histogram(Metric metric) {
  return (metric >= Metric::wait_p50 && metric <= Metric::wait_p999) ||
         metric == Metric::slowdown_p99 || metric == Metric::api_latency_p99 ||
         metric == Metric::webhooks_latency_p99;
}

std::unique_ptr<Recorder> make_recorder(const RecorderConfig& config,
                                        const PipelineConfig& pipeline) {
  return record_everything(config, pipeline);
}

}  // namespace sluice

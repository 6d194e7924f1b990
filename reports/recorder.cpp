#include "reports/recorder.hpp"

#include <algorithm>

namespace sluice {

bool from_histogram(Metric metric) {
  return (metric >= Metric::wait_p50 && metric <= Metric::wait_p999) ||
         metric == Metric::slowdown_p99 || metric == Metric::api_latency_p99 ||
         metric == Metric::webhooks_latency_p99;
}

void add_slice(RecorderConfig& config, const Subject& subject) {
  if (std::ranges::find(config.slices, subject) == config.slices.end())
    config.slices.push_back(subject);
}

}  // namespace sluice

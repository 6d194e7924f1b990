#include "reports/recorder.hpp"

namespace sluice {

bool from_histogram(Metric metric) {
  return (metric >= Metric::wait_p50 && metric <= Metric::wait_p999) ||
         metric == Metric::slowdown_p99 || metric == Metric::api_latency_p99 ||
         metric == Metric::webhooks_latency_p99;
}

}  // namespace sluice

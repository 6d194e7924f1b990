// Quantiles that are held against a limit: the values in the limit's bucket are kept.
#include <array>

#include "reports/metrics/recorder_impl.hpp"

namespace sluice {

bool from_histogram(Metric metric) {
  return (metric >= Metric::wait_p50 && metric <= Metric::wait_p999) ||
         metric == Metric::slowdown_p99 || metric == Metric::api_latency_p99 ||
         metric == Metric::webhooks_latency_p99;
}

void Recorder::Impl::keep_all_values() {
  for (QueueRecord& queue : queues_) queue.waits.keep_exact();
  for (Slice& slice : slices_) {
    slice.waits.keep_exact();
    slice.abandoned.keep_exact();
  }
}

void Recorder::Impl::keep_near(const QuantileWatch& watch) {
  const bool is_slowdown = watch.metric == Metric::slowdown_p99;
  const Duration limit =
      is_slowdown ? slowdown_as_kept(watch.limit) : Duration::from_seconds(watch.limit);
  if (limit.ns <= 0) return;  // zeros are counted apart
  const std::size_t bucket = LogHistogram::bucket_of(limit);
  const Metric kind = watch.metric <= Metric::wait_p999 ? Metric::wait_p50 : watch.metric;
  refined_.push_back({kind, watch.subject, bucket});
  switch (kind) {
    case Metric::wait_p50:
      return keep_waits_near(watch.subject, bucket);
    case Metric::slowdown_p99:
      for (std::size_t g = 0; g < groups_.size(); ++g)
        for (std::size_t k = 0; k < kLevels; ++k)
          if (covers(watch.subject, GroupId::at(g), k))
            groups_[g].levels[k].slowdown.keep_bucket(kept_room_, bucket);
      return;
    case Metric::api_latency_p99:
      return api_.latency.keep_bucket(kept_room_, bucket);
    default:
      return webhooks_.latency.keep_bucket(kept_room_, bucket);
  }
}

void Recorder::Impl::keep_waits_near(const Subject& subject, std::size_t bucket) {
  for (Slice& slice : slices_) {
    if (slice.subject != subject) continue;
    slice.waits.keep_bucket(kept_room_, bucket);
    slice.abandoned.keep_bucket(kept_room_, bucket);
  }
  if (is_slice(subject)) return;
  for (std::size_t q = 0; q < queues_.size(); ++q)
    if (covers(subject, workspace_groups_[q / kLevels], q % kLevels))
      queues_[q].waits.keep_bucket(kept_room_, bucket);
}

}  // namespace sluice

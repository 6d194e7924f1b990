#include "reports/metrics/waits.hpp"

#include <algorithm>
#include <optional>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

Waits::Waits(Records& records, const PipelineConfig&) {
  if (records.config.exact_quantiles)
    for (QueueRecord& queue : records.queues) queue.waits.record.keep_exact();
  for (const QuantileWatch& watch : records.config.quantiles) {
    const auto watched = watched_bucket(watch);
    if (!watched || watched->kind != Metric::wait_p50 || is_slice(watch.subject)) continue;
    for (std::size_t q = 0; q < records.queues.size(); ++q)
      if (covers(watch.subject, records.workspace_groups[q / kLevels], q % kLevels))
        records.queues[q].waits.record.keep_bucket(records.kept_room, watched->bucket);
  }
}

void Waits::bump_deferred(Records& records) {
  SLUICE_REQUIRE(deferred_count_ <= deferred_.size(), "what is deferred has room");
  constexpr std::size_t kAhead = 8;
  for (std::size_t i = 0; i < deferred_count_; ++i) {
    if (i + 2 * kAhead < deferred_count_) {
      const Deferred& ahead = deferred_[i + 2 * kAhead];
      records.queues[ahead.queue].waits.record.histogram.prefetch(ahead.bucket >> 1);
    }
    if (i + kAhead < deferred_count_) {
      const Deferred& ahead = deferred_[i + kAhead];
      records.queues[ahead.queue].waits.record.histogram.prefetch_counter(records.pool,
                                                                          ahead.bucket >> 1);
    }
    const Deferred& d = deferred_[i];
    records.queues[d.queue].waits.record.histogram.bump(records.pool, d.bucket >> 1, d.bucket & 1);
  }
  deferred_count_ = 0;
}

WaitRecord& Waits::abandoned_of(QueueRest& rest, const WaitRecord& record) {
  if (!rest.abandoned) {
    rest.abandoned = std::make_unique<WaitRecord>();
    if (record.kept) rest.abandoned->kept = record.kept->another();
  }
  return *rest.abandoned;
}

void Waits::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  bump_deferred(records);
  for (QueueRecord& queue : records.queues) {
    queue.waits_line.zeros = 0;
    queue.waits.record.restart(records.pool);
    if (queue.waits_rest.abandoned) queue.waits_rest.abandoned->restart(records.pool);
  }
}

void Waits::add(QueueSums& sums, std::size_t number, const AtEnd& at) const {
  const Records& records = at.records;
  const QueueRecord& queue = records.queues[number];
  const std::size_t k = number % kLevels;
  sums.waits.add(records.pool, queue.waits.record);
  sums.waits.add_zeros(queue.waits_line.zeros);
  if (queue.waits_rest.abandoned)
    sums.waits.add_abandoned(records.pool, *queue.waits_rest.abandoned);
  for (const WaitingRun& run : at.waiting_in(number))
    sums.waits.add_censored(run.wait, records.slo[k], records.config.starvation_threshold[k]);
}

namespace {

/// Whether there is a target for runs of the subject.
bool has_target(const Records& records, const Subject& subject) {
  const auto& slo = records.config.slo;
  if (subject.level) return slo[index(*subject.level)].has_value();
  return std::any_of(slo.begin(), slo.end(), [](const auto& target) { return target.has_value(); });
}

}  // namespace

void Waits::write(FigureSink& sink, const AtEnd& at, const Subject& subject,
                  const QueueSums& sums) const {
  const WaitSummary& waits = sums.waits;
  if (waits.count() == 0) return;
  sink.put(Metric::wait_mean, subject, waits.mean());
  constexpr std::array shares{0.5, 0.9, 0.95, 0.99, 0.999};
  const auto quantiles = waits.quantiles(shares);
  for (std::size_t i = 0; i < shares.size(); ++i)
    sink.put(static_cast<Metric>(static_cast<std::size_t>(Metric::wait_p50) + i), subject,
             quantiles[i]);
  sink.put(Metric::wait_max, subject, waits.longest());
  sink.put(Metric::wait_count, subject, waits.figure(static_cast<double>(waits.count()), false));
  sink.put(Metric::wait_censored, subject,
           waits.figure(static_cast<double>(waits.censored()), false));
  sink.put(Metric::wait_over_threshold, subject, waits.over_threshold());
  const Figure slo = waits.slo_attainment();
  if (has_target(at.records, subject) && slo.samples > 0)
    sink.put(Metric::slo_attainment, subject, slo);
}

}  // namespace sluice

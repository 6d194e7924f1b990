#include "reports/metrics/queue_length.hpp"

#include <algorithm>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

void QueueLength::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (QueueRecord& queue : records.queues) queue.length = {};
  for (GroupRecord& group : records.groups)
    for (LevelRecord& level : group.levels)
      level.length = {level.candidates.count(), level.blocked.count(), 0};
}

void QueueLength::add(QueueSums& sums, std::size_t number, const AtEnd& at) const {
  const QueueRecord& queue = at.records.queues[number];
  const AtEnd::OpenTime& open = at.open_time(number);
  sums.time.candidate_ns += queue.length.candidate_ns + open.candidate_ns;
  sums.time.blocked_ns += queue.length.blocked_ns + open.blocked_ns;
  if (sums.of == QueueSums::Of::workspace) {
    const std::size_t workspace = number / kLevels;
    sums.running_ns = static_cast<double>(at.records.fair.received_in_window(workspace, at.end));
  }
}

void QueueLength::write(FigureSink& sink, const AtEnd& at, const Subject& subject,
                        const QueueSums& sums) const {
  using Of = QueueSums::Of;
  const std::uint64_t n = sums.of == Of::slice ? sums.flow.accepted : sums.runs;
  const auto put_mean = [&](Metric metric, double ns) {
    sink.put(metric, subject, ns * 1e-9 / at.length_s, n);
  };
  put_mean(Metric::queue_length_mean, sums.time.candidate_ns);
  if (sums.of == Of::wide || sums.of == Of::slice)
    put_mean(Metric::blocked_mean, sums.time.blocked_ns);
  if (sums.of == Of::workspace || sums.of == Of::slice)
    put_mean(Metric::running_mean, sums.running_ns);
  if (sums.of != Of::wide || subject.labels() != (label::group | label::level)) return;
  const std::size_t g = subject.group.index();
  const std::size_t k = index(*subject.level);
  if (!at.is_used(g, k) || !(at.length_s > 0)) return;
  const double mean_wait_s = sums.waits.count() > 0 ? sums.waits.mean().value : 0;
  sink.put_level(Metric::little_lambda_w, g, k,
                 static_cast<double>(at.accepted(g, k)) / at.length_s * mean_wait_s,
                 at.records.groups[g].levels[k].dispatched, FigureSink::Over::sum);
}

namespace {

void write_level_lengths(FigureSink& sink, const AtEnd& at, std::size_t g, std::size_t k) {
  using enum FigureSink::Over;
  const GroupRecord& group = at.records.groups[g];
  const LevelRecord& level = group.levels[k];
  const std::uint64_t n = level.dispatched + level.candidates.count();
  sink.put_level(Metric::queue_length_max, g, k, level.length.most_candidates, n, alone);
  sink.put_level(Metric::blocked_max, g, k, level.length.most_blocked, n, alone);
  sink.put_level(Metric::backlog_end, g, k, level.waiting(), n, sum);
  // Of runs that were dispatched before the window, too.
  const double busy_s = seconds(group.clocks.busy_integral(k).until(at.end));
  const std::uint64_t dispatched = level.dispatched;
  if (dispatched > 0 || busy_s > 0)
    sink.put_level(Metric::running_mean, g, k, busy_s / at.length_s, dispatched, sum);
  const Int128 candidate_ns = level.length.candidate_ns + at.open_candidate_ns(g, k);
  sink.put_level(Metric::little_queue_time, g, k, seconds(candidate_ns), dispatched, sum);
  sink.put_level(Metric::little_queue_integral, g, k, seconds(level.candidates.until(at.end)),
                 dispatched, sum);
}

}  // namespace

void QueueLength::write(FigureSink& sink, const AtEnd& at) const {
  for (std::size_t g = 0; g < at.records.groups.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k)
      if (at.is_used(g, k)) write_level_lengths(sink, at, g, k);
}

}  // namespace sluice

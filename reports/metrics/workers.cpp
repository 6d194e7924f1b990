#include "reports/metrics/workers.hpp"

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

void Workers::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (GroupRecord& group : records.groups) {
    group.workers.holding.restart(now);
    group.workers.idle_beside = {};
    group.workers.loss = {};
  }
}

namespace {

/// Worker time of one group or more, in ns.
struct WorkerTime {
  std::array<double, 6> by_metric{};
  double present = 0;
  std::uint64_t dispatched = 0;
};

WorkerTime worker_time(const GroupRecord& group, Time end) {
  Int128 busy = 0;
  WorkerTime time;
  for (std::size_t k = 0; k < kLevels; ++k) {
    busy += group.clocks.busy_integral(k).until(end);
    time.dispatched += group.levels[k].dispatched;
  }
  const Int128 holding = group.workers.holding.until(end);
  const Int128 starting =
      group.clocks.starting_integral().until(end) + group.clocks.cooling_integral().until(end);
  const auto& idle_beside = group.workers.idle_beside;
  time.by_metric = {static_cast<double>(busy - holding),
                    static_cast<double>(holding),
                    static_cast<double>(starting),
                    static_cast<double>(idle_beside[Workers::GroupPart::kCandidates]),
                    static_cast<double>(idle_beside[Workers::GroupPart::kBlocked]),
                    static_cast<double>(idle_beside[Workers::GroupPart::kNobody])};
  time.present = static_cast<double>(group.clocks.present_integral().until(end));
  return time;
}

void write_worker_time(FigureSink& sink, const AtEnd& at, const Subject& subject,
                       const WorkerTime& time) {
  if (!(time.present > 0)) return;
  constexpr std::array metrics{Metric::utilisation,      Metric::workers_holding,
                               Metric::workers_starting, Metric::idle_backlogged,
                               Metric::idle_blocked,     Metric::idle_empty};
  for (std::size_t i = 0; i < metrics.size(); ++i)
    sink.put(metrics[i], subject, time.by_metric[i] / time.present, time.dispatched);
  sink.put(Metric::workers_mean, subject, time.present * 1e-9 / at.length_s, time.dispatched);
}

}  // namespace

void Workers::write(FigureSink& sink, const AtEnd& at) const {
  WorkerTime all;
  Duration loss;
  for (std::size_t g = 0; g < at.records.groups.size(); ++g) {
    const GroupRecord& group = at.records.groups[g];
    const WorkerTime time = worker_time(group, at.end);
    write_worker_time(sink, at, Subject::of(GroupId::at(g)), time);
    sink.put(Metric::work_conservation_loss, Subject::of(GroupId::at(g)),
             group.workers.loss.seconds(), time.dispatched);
    for (std::size_t i = 0; i < all.by_metric.size(); ++i) all.by_metric[i] += time.by_metric[i];
    all.present += time.present;
    all.dispatched += time.dispatched;
    loss += group.workers.loss;
  }
  write_worker_time(sink, at, Subject::all(), all);
  sink.put(Metric::work_conservation_loss, Subject::all(), loss.seconds(), all.dispatched);
}

}  // namespace sluice

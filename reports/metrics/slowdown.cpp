#include "reports/metrics/slowdown.hpp"

#include <cmath>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

Slowdown::Slowdown(Records& records, const PipelineConfig&) {
  for (const QuantileWatch& watch : records.config.quantiles) {
    const auto watched = watched_bucket(watch);
    if (!watched || watched->kind != Metric::slowdown_p99) continue;
    for (std::size_t g = 0; g < records.groups.size(); ++g)
      for (std::size_t k = 0; k < kLevels; ++k)
        if (covers(watch.subject, GroupId::at(g), k))
          records.groups[g].levels[k].slowdown.others.keep_bucket(records.kept_room,
                                                                  watched->bucket);
  }
}

void Slowdown::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (GroupRecord& group : records.groups)
    for (LevelRecord& level : group.levels) {
      level.slowdown.ones = 0;
      level.slowdown.others.restart(records.pool);
      level.slowdown.sum = 0;
    }
}

namespace {

void write_slowdown(FigureSink& sink, const Records& records, const Subject& subject,
                    WaitSummary& summary) {
  summary.clear();
  records.refine(summary, Metric::slowdown_p99, subject);
  double sum = 0;
  for (std::size_t g = 0; g < records.groups.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k) {
      if (!covers(subject, GroupId::at(g), k)) continue;
      const Slowdown::LevelPart& level = records.groups[g].levels[k].slowdown;
      summary.add(records.pool, level.others);
      summary.add_zeros(level.ones);  // below all others: they only have to be counted
      sum += level.sum + static_cast<double>(level.ones);
    }
  const std::uint64_t n = summary.count();
  if (n == 0) return;
  sink.put(Metric::slowdown_mean, subject, sum / static_cast<double>(n), n);
  const auto slowdown = [](double as_kept_s) {
    return std::max(1.0, std::round(as_kept_s * 1e9) / Slowdown::kScale);
  };
  Figure p99 = summary.quantile(0.99);
  p99.value = slowdown(p99.value);
  if (p99.within) p99.within = Interval{slowdown(p99.within->low), slowdown(p99.within->high)};
  sink.put(Metric::slowdown_p99, subject, p99);
}

}  // namespace

void Slowdown::write(FigureSink& sink, const AtEnd& at) const {
  WaitSummary summary;
  const auto write_of = [&](const Subject& subject) {
    write_slowdown(sink, at.records, subject, summary);
  };
  write_of(Subject::all());
  for (const PriorityLevel level : kAllLevels) write_of(Subject::of(level));
  for (std::size_t g = 0; g < at.records.groups.size(); ++g) {
    write_of(Subject::of(GroupId::at(g)));
    for (const PriorityLevel level : kAllLevels) write_of(Subject::of(GroupId::at(g), level));
  }
}

}  // namespace sluice

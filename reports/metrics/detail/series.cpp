#include "reports/metrics/detail/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// Lines with values that are means over time of running totals, and in what a total is counted.
struct TotalLine {
  Line line{};
  Subject subject;
  double per_ns = 1;  ///< value = increase × this ÷ length in ns
};

std::vector<TotalLine> total_lines(std::size_t groups, std::size_t credentials,
                                   std::size_t workspaces) {
  std::vector<TotalLine> lines;
  const auto by_level = [&](Line line, double per_ns) {
    for (std::size_t g = 0; g < groups; ++g)
      for (const PriorityLevel level : kAllLevels)
        lines.push_back({line, Subject::of(GroupId::at(g), level), per_ns});
  };
  by_level(Line::accepted, 60e9);
  by_level(Line::running, 1);
  by_level(Line::oldest_age, 0.5e-9);
  for (std::size_t c = 0; c < credentials; ++c)
    lines.push_back({Line::in_use, Subject::of(CredentialId::at(c)), 1e9});
  for (const Line line : {Line::received, Line::fair})
    for (std::size_t w = 0; w < workspaces; ++w)
      lines.push_back({line, Subject::of(WorkspaceId::at(w)), 1});
  return lines;
}

/// What the runs that still wait have waited, with when they were accepted.
std::vector<std::pair<Time, Duration>> still_waiting_of(const AtEnd& at, std::size_t level) {
  std::vector<std::pair<Time, Duration>> waits;
  for (const WaitingRun& waiting : at.waiting) {
    const RunRecord& run = at.records.runs[waiting.slot];
    if (run.counted && run.group * kLevels + run.level() == level)
      waits.emplace_back(run.accepted, waiting.wait);
  }
  return waits;
}

}  // namespace

Series::Series(Records& records, const PipelineConfig& pipeline)
    : credentials_(std::min(pipeline.credentials.size(), kMostSubjects)),
      workspaces_(std::min(records.workspace_groups.size(), kMostSubjects)),
      accepted_(records.groups.size() * kLevels),
      levels_(records.groups.size() * kLevels) {}

std::vector<double> Series::totals(const Records& records, Time now) const {
  std::vector<double> totals;
  for (const std::uint64_t count : accepted_) totals.push_back(static_cast<double>(count));
  for (const GroupRecord& group : records.groups)
    for (std::size_t k = 0; k < kLevels; ++k)
      totals.push_back(static_cast<double>(group.clocks.busy_integral(k).until(now)));
  for (const GroupRecord& group : records.groups)
    for (std::size_t k = 0; k < kLevels; ++k)
      totals.push_back(static_cast<double>(
          group.levels[k].age.age.until(now, records.config.starvation_threshold[k]).twice_area));
  for (std::size_t c = 0; c < credentials_; ++c)
    totals.push_back(records.credentials.in_use_s(c, now));
  for (std::size_t w = 0; w < workspaces_; ++w)
    totals.push_back(static_cast<double>(records.fair.received_in_window(w, now)));
  for (std::size_t w = 0; w < workspaces_; ++w)
    totals.push_back(records.fair.results[w].entitled_ns);
  return totals;
}

std::vector<double> Series::since_dispatch(const Records& records, Time now) const {
  std::vector<double> times;
  for (const GroupRecord& group : records.groups)
    for (const LevelRecord& level : group.levels) {
      const Episodes& episodes = level.starvation.episodes;
      times.push_back(episodes.open() ? (now - episodes.since()).seconds() : 0);
    }
  return times;
}

void Series::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  const RecorderConfig& config = records.config;
  std::fill(accepted_.begin(), accepted_.end(), 0);
  const Duration length = config.until == Time::never() ? Duration{} : config.until - now;
  if (length.ns <= 0) return;  // how many buckets there will be is not known
  if (config.time_line_bucket.ns > 0)
    buckets_.start_even(now, config.time_line_bucket, totals(records, now));
  else
    buckets_.start(now, length, config.time_line_buckets, totals(records, now));
}

void Series::reached(Time now, Records& records) {
  SLUICE_CHECK(now == buckets_.due(), "when it is due", now, kNoRun);
  buckets_.end_bucket(totals(records, now));
  since_dispatch_.push_back(since_dispatch(records, now));
}

Series::Cells Series::cells_of(Time now, Time accepted, std::size_t level) {
  SLUICE_CHECK(accepted <= now, "it was accepted before", now, kNoRun);
  OfLevel& of = levels_[level];
  Cells cells{nullptr, &of.all};
  if (buckets_.due() == Time::never()) return cells;
  const std::int64_t bucket = (accepted - buckets_.from()).ns / buckets_.bucket().ns;
  if (bucket >= kMostWaitBuckets) return cells;
  const auto number = static_cast<std::size_t>(bucket);
  if (number >= of.buckets.size()) of.buckets.resize(number + 1);
  if (of.buckets[number] == nullptr) of.buckets[number] = std::make_unique<Cell>();
  cells[0] = of.buckets[number].get();
  return cells;
}

void Series::add_waits(ReplicationResult& result, const AtEnd& at, std::size_t buckets) const {
  constexpr std::array lines{Line::wait_p50, Line::wait_p95, Line::wait_p99};
  constexpr std::array shares{0.5, 0.95, 0.99};
  if (buckets > static_cast<std::size_t>(kMostWaitBuckets)) return;
  WaitSummary summary;
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    const Subject subject = Subject::of(GroupId::at(level / kLevels), kAllLevels[level % kLevels]);
    std::vector<std::vector<Duration>> waiting(buckets);
    for (const auto& [accepted, wait] : still_waiting_of(at, level)) {
      const auto bucket =
          static_cast<std::size_t>((accepted - buckets_.from()).ns / buckets_.bucket().ns);
      if (bucket < buckets) waiting[bucket].push_back(wait);
    }
    std::array<std::vector<double>, 3> values;
    for (std::size_t i = 0; i < buckets; ++i) {
      summary.clear();
      if (i < levels_[level].buckets.size() && levels_[level].buckets[i] != nullptr) {
        summary.add(pool_, levels_[level].buckets[i]->waits);
        summary.add_abandoned(pool_, levels_[level].buckets[i]->abandoned);
      }
      for (const Duration wait : waiting[i]) summary.add_censored(wait, Duration::max(), {});
      const auto quantiles =
          summary.count() > 0 ? summary.quantiles(shares) : std::vector<Figure>();
      for (std::size_t q = 0; q < lines.size(); ++q)
        values[q].push_back(quantiles.empty() ? kNothing : quantiles[q].value);
    }
    for (std::size_t q = 0; q < lines.size(); ++q)
      result.time_lines.lines.push_back({lines[q], subject, std::move(values[q])});
  }
}

void Series::add_grid(ReplicationResult& result, const AtEnd& at) const {
  WaitSummary summary;
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    summary.clear();
    summary.add(pool_, levels_[level].all.waits);
    summary.add_abandoned(pool_, levels_[level].all.abandoned);
    for (const auto& [accepted, wait] : still_waiting_of(at, level))
      summary.add_censored(wait, Duration::max(), {});
    if (summary.count() == 0) continue;
    WaitGrid grid{Subject::of(GroupId::at(level / kLevels), kAllLevels[level % kLevels]), {}};
    for (const Figure& figure : summary.quantiles(kWaitGrid)) grid.values.push_back(figure.value);
    result.wait_grids.push_back(std::move(grid));
  }
}

void Series::complete(ReplicationResult& result, const AtEnd& at) const {
  add_grid(result, at);
  if (buckets_.due() == Time::never()) return;
  const auto rows = buckets_.rows(at.end, totals(at.records, at.end));
  const std::size_t buckets = rows.empty() ? 0 : rows[0].size();
  std::vector<double> lengths_ns;
  for (std::size_t i = 0; i < buckets; ++i) {
    const Time from = buckets_.from() + buckets_.bucket() * static_cast<std::int64_t>(i);
    const Duration length =
        std::min(from + buckets_.bucket(), at.end) - std::max(from, at.records.from);
    lengths_ns.push_back(static_cast<double>(std::max<std::int64_t>(1, length.ns)));
  }
  std::size_t row = 0;
  for (const TotalLine& of : total_lines(at.records.groups.size(), credentials_, workspaces_)) {
    TimeLine line{of.line, of.subject, rows[row++]};
    for (std::size_t i = 0; i < buckets; ++i) line.values[i] *= of.per_ns / lengths_ns[i];
    result.time_lines.lines.push_back(std::move(line));
  }
  auto sampled = since_dispatch_;
  if (sampled.size() < buckets) sampled.push_back(since_dispatch(at.records, at.end));
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    TimeLine line{Line::since_dispatch,
                  Subject::of(GroupId::at(level / kLevels), kAllLevels[level % kLevels]),
                  {}};
    for (std::size_t i = 0; i < buckets; ++i) line.values.push_back(sampled[i][level]);
    result.time_lines.lines.push_back(std::move(line));
  }
  add_waits(result, at, buckets);
}

}  // namespace sluice

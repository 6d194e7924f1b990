#include "reports/metrics/time_lines.hpp"

#include <algorithm>
#include <utility>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

void BucketTotals::start(Time from, Duration length, std::uint32_t buckets,
                         std::span<const double> totals) {
  if (buckets == 0) return;
  SLUICE_CHECK(due_ == Time::never(), "time lines begin once", from, kNoRun);
  from_ = from;
  wanted_ = buckets;
  // Rounded up: the last bucket ends with the window or a little later, never a nanosecond before.
  const std::int64_t even = (length.ns + buckets - 1) / buckets;
  bucket_ = {length.ns > 0 ? std::max<std::int64_t>(1, even) : 1'000'000'000};
  due_ = from + bucket_;
  previous_.assign(totals.begin(), totals.end());
  rows_.assign(totals.size(), {});
}

void BucketTotals::start_even(Time from, Duration bucket, std::span<const double> totals) {
  SLUICE_REQUIRE(bucket.ns > 0, "buckets have a width");
  start(from, bucket, 1, totals);
  wanted_ = static_cast<std::uint32_t>(kMostTimeLineBuckets);
  from_ = Time{from.ns / bucket.ns * bucket.ns};
  due_ = from_ + bucket_;
}

void BucketTotals::end_bucket(std::span<const double> totals) {
  SLUICE_REQUIRE(totals.size() == rows_.size(), "there is a total for each row");
  for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i].push_back(totals[i] - previous_[i]);
  previous_.assign(totals.begin(), totals.end());
  if (!rows_.empty() && rows_[0].size() >= 2 * std::size_t{wanted_}) merge_neighbours();
  due_ = due_ + bucket_;
}

void BucketTotals::merge_neighbours() {
  for (std::vector<double>& row : rows_) {
    for (std::size_t i = 0; i < row.size() / 2; ++i) row[i] = row[2 * i] + row[2 * i + 1];
    row.resize(row.size() / 2);
  }
  bucket_ = bucket_ * 2;
}

std::vector<std::vector<double>> BucketTotals::rows(Time now,
                                                    std::span<const double> totals) const {
  std::vector<std::vector<double>> rows = rows_;
  if (rows.empty() || now <= due_ - bucket_) return rows;
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(totals[i] - previous_[i]);
  return rows;
}

// ---- the family

namespace {

/// Running totals of all time lines, in the order of Line, then group, then level.
std::vector<double> line_totals(const Records& records, Time now) {
  std::vector<double> totals;
  for (const GroupRecord& g : records.groups)
    for (const LevelRecord& level : g.levels)
      totals.push_back(static_cast<double>(level.candidates.until(now)));
  for (const GroupRecord& g : records.groups)
    for (const LevelRecord& level : g.levels)
      totals.push_back(static_cast<double>(level.blocked.until(now)));
  for (const GroupRecord& g : records.groups) {
    double busy = 0;
    for (std::size_t k = 0; k < kLevels; ++k)
      busy += static_cast<double>(g.clocks.busy_integral(k).until(now));
    totals.push_back(busy);
  }
  for (const GroupRecord& g : records.groups)
    totals.push_back(static_cast<double>(g.clocks.present_integral().until(now)));
  for (const GroupRecord& g : records.groups)
    for (const LevelRecord& level : g.levels)
      totals.push_back(static_cast<double>(level.dispatched));
  return totals;
}

}  // namespace

void TimeLineRecorder::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  const RecorderConfig& config = records.config;
  const Duration length = config.until == Time::never() ? Duration{} : config.until - now;
  if (config.time_line_bucket.ns > 0)
    buckets_.start_even(now, config.time_line_bucket, line_totals(records, now));
  else
    buckets_.start(now, length, config.time_line_buckets, line_totals(records, now));
}

void TimeLineRecorder::reached(Time now, Records& records) {
  SLUICE_CHECK(now == buckets_.due(), "when it is due", now, kNoRun);
  buckets_.end_bucket(line_totals(records, now));
}

namespace {

/// A bucket as far as it lies in the window.
struct Bucket {
  Bucket(const TimeLines& lines, std::size_t number, const AtEnd& at)
      : from(lines.from + lines.bucket * static_cast<std::int64_t>(number)),
        until(std::min(from + lines.bucket, at.end)) {
    from = std::max(from, at.records.from);
  }
  double length_ns() const { return static_cast<double>((until - from).ns); }

  Time from;
  Time until;
};

/// Share of each bucket that lies in an episode.
TimeLine starving_line(const TimeLines& lines, std::size_t buckets, const AtEnd& at,
                       const std::vector<Episode>& episodes, const Subject& subject) {
  TimeLine line{Line::starving, subject, std::vector<double>(buckets)};
  for (const Episode& episode : episodes) {
    if (episode.group != subject.group || episode.level != subject.level) continue;
    auto i = static_cast<std::size_t>((episode.from - lines.from).ns / lines.bucket.ns);
    for (; i < buckets; ++i) {
      const Bucket bucket(lines, i, at);
      if (bucket.from >= episode.until) break;
      const Duration in_it =
          std::min(bucket.until, episode.until) - std::max(bucket.from, episode.from);
      line.values[i] += static_cast<double>(in_it.ns) / bucket.length_ns();
    }
  }
  return line;
}

}  // namespace

void TimeLineRecorder::complete(ReplicationResult& result, const AtEnd& at) const {
  if (buckets_.due() == Time::never()) return;
  TimeLines& lines = result.time_lines;
  lines.from = buckets_.from();
  lines.bucket = buckets_.bucket();
  const auto rows = buckets_.rows(at.end, line_totals(at.records, at.end));
  const std::size_t buckets = rows.empty() ? 0 : rows[0].size();
  std::size_t row = 0;
  const auto take = [&](Line line, const Subject& subject) {
    TimeLine taken{line, subject, rows[row++]};
    for (std::size_t i = 0; i < buckets; ++i) {
      const double ns = Bucket(lines, i, at).length_ns();
      taken.values[i] *= ns <= 0 ? 0 : line == Line::dispatched ? 60e9 / ns : 1 / ns;
    }
    lines.lines.push_back(std::move(taken));
  };
  const auto by_level = [&](Line line) {
    for (std::size_t g = 0; g < at.records.groups.size(); ++g)
      for (const PriorityLevel level : kAllLevels) take(line, Subject::of(GroupId::at(g), level));
  };
  const auto by_group = [&](Line line) {
    for (std::size_t g = 0; g < at.records.groups.size(); ++g)
      take(line, Subject::of(GroupId::at(g)));
  };
  by_level(Line::eligible);
  by_level(Line::blocked);
  by_group(Line::running);
  by_group(Line::present);
  by_level(Line::dispatched);
  for (std::size_t g = 0; g < at.records.groups.size(); ++g)
    for (const PriorityLevel level : kAllLevels)
      lines.lines.push_back(starving_line(lines, buckets, at, result.starved.levels.episodes,
                                          Subject::of(GroupId::at(g), level)));
}

}  // namespace sluice

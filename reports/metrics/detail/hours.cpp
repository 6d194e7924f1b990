#include "reports/metrics/detail/hours.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {
namespace {

/// Hours since the clock's zero; the first hour of a day and of a week is hour zero.
std::size_t hour_number(Time t) { return static_cast<std::size_t>(t.ns / kOneHour.ns); }

double present_until(const GroupRecord& group, Time now) {
  return seconds(group.clocks.present_integral().until(now));
}

/// How much of the window lies in each hour of the period, in hours.
std::vector<double> covered(Time from, Time until, std::size_t period) {
  std::vector<double> hours(period);
  for (Time t = from; t < until;) {
    const Time next = std::min(until, Time{(t.ns / kOneHour.ns + 1) * kOneHour.ns});
    hours[hour_number(t) % period] += (next - t).seconds() / 3600;
    t = next;
  }
  return hours;
}

void set_waits(const WaitSummary& summary, HourFigures& figures) {
  figures.waits = summary.count();
  if (figures.waits == 0) return;
  constexpr std::array shares{0.5, 0.95};
  const std::vector<Figure> quantiles = summary.quantiles(shares);
  figures.wait_p50_s = quantiles[0].value;
  figures.wait_p95_s = quantiles[1].value;
  figures.lower_bound = quantiles[1].lower_bound;
}

/// What the runs that still wait have waited, by the hour in which they were accepted.
void add_still_waiting(const AtEnd& at, std::size_t queue,
                       std::vector<std::vector<Duration>>& by_hour) {
  for (const WaitingRun& waiting : at.waiting_in(queue)) {
    const RunRecord& run = at.records.runs[waiting.slot];
    if (run.counted) by_hour[hour_number(run.accepted) % by_hour.size()].push_back(waiting.wait);
  }
}

bool has_anything(const HourLine& line) {
  return std::any_of(line.hours.begin(), line.hours.end(), [](const HourFigures& hour) {
    return hour.waits > 0 || hour.arrivals_per_h > 0;
  });
}

}  // namespace

Hours::Hours(Records& records, const PipelineConfig&)
    : levels_(records.groups.size() * kLevels),
      queues_(std::min(records.queues.size(), kMostWorkspaces * kLevels)) {}

void Hours::window_began(Time now, Records& records) {
  SLUICE_CHECK(due_ == Time::never(), "the window begins once", now, kNoRun);
  from_ = Time{now.ns / kOneHour.ns * kOneHour.ns};
  due_ = from_ + kOneHour;
  present_s_.assign(records.groups.size(), {});
  present_before_s_.clear();
  for (const GroupRecord& group : records.groups)
    present_before_s_.push_back(present_until(group, now));
}

void Hours::reached(Time now, Records& records) {
  SLUICE_CHECK(now == due_, "when it is due", now, kNoRun);
  for (std::size_t g = 0; g < present_s_.size(); ++g) {
    const double present = present_until(records.groups[g], now);
    present_s_[g].push_back(present - std::exchange(present_before_s_[g], present));
  }
  due_ = present_s_.empty() || present_s_[0].size() >= kMostHours ? Time::never() : due_ + kOneHour;
}

void Hours::count_arrival(Time now, std::size_t level, std::size_t queue) {
  std::vector<std::uint32_t>& arrivals = levels_[level].arrivals;
  const std::size_t hour = hour_number(now) - hour_number(from_);
  if (hour < kMostHours) {
    if (hour >= arrivals.size()) arrivals.resize(hour + 1);
    SLUICE_CHECK(arrivals[hour] < UINT32_MAX, "so many runs can be counted", now, kNoRun);
    ++arrivals[hour];
  }
  if (queue >= queues_.size()) return;
  if (queues_[queue] == nullptr) queues_[queue] = std::make_unique<OfQueue>();
  ++queues_[queue]->arrivals[hour_number(now) % kHoursOfDay];
}

Hours::Cells Hours::cells_of(Time accepted, std::size_t level, std::size_t queue) {
  SLUICE_CHECK(accepted >= from_, "accepted in the window", accepted, kNoRun);
  const std::size_t hour = hour_number(accepted);
  const auto made = [](std::unique_ptr<Cell>& cell) {
    if (cell == nullptr) cell = std::make_unique<Cell>();
    return cell.get();
  };
  Cells cells{made(levels_[level].cells[hour % kHoursOfWeek]), nullptr};
  if (queue < queues_.size()) cells[1] = made(queues_[queue]->cells[hour % kHoursOfDay]);
  return cells;
}

HourLine Hours::line_of_level(const AtEnd& at, std::size_t level, std::size_t period,
                              WaitSummary& summary) const {
  const OfLevel& of = levels_[level];
  const std::size_t k = level % kLevels;
  const GroupId group = GroupId::at(level / kLevels);
  HourLine line{Subject::of(group, kAllLevels[k]), std::vector<HourFigures>(period)};
  const std::vector<double> lengths = covered(at.records.from, at.end, period);
  for (std::size_t i = 0; i < of.arrivals.size(); ++i)
    line.hours[(hour_number(from_) + i) % period].arrivals_per_h += of.arrivals[i];
  std::vector<std::vector<Duration>> still_waiting(period);
  for (std::size_t q = k; q < at.records.queues.size(); q += kLevels)
    if (at.records.workspace_groups[q / kLevels] == group) add_still_waiting(at, q, still_waiting);
  for (std::size_t hour = 0; hour < period; ++hour) {
    summary.clear();
    for (std::size_t i = hour; i < kHoursOfWeek; i += period) {
      if (of.cells[i] == nullptr) continue;
      summary.add(pool_, of.cells[i]->waits);
      summary.add_abandoned(pool_, of.cells[i]->abandoned);
    }
    for (const Duration wait : still_waiting[hour]) summary.add_censored(wait, Duration::max(), {});
    HourFigures& figures = line.hours[hour];
    if (lengths[hour] > 0) figures.arrivals_per_h /= lengths[hour];
    set_waits(summary, figures);
  }
  return line;
}

HourLine Hours::line_of_queue(const AtEnd& at, std::size_t queue, WaitSummary& summary) const {
  const OfQueue& of = *queues_[queue];
  HourLine line{Subject::of(WorkspaceId::at(queue / kLevels), kAllLevels[queue % kLevels]),
                std::vector<HourFigures>(kHoursOfDay)};
  const std::vector<double> lengths = covered(at.records.from, at.end, kHoursOfDay);
  std::vector<std::vector<Duration>> still_waiting(kHoursOfDay);
  add_still_waiting(at, queue, still_waiting);
  for (std::size_t hour = 0; hour < kHoursOfDay; ++hour) {
    summary.clear();
    if (of.cells[hour] != nullptr) {
      summary.add(pool_, of.cells[hour]->waits);
      summary.add_abandoned(pool_, of.cells[hour]->abandoned);
    }
    for (const Duration wait : still_waiting[hour]) summary.add_censored(wait, Duration::max(), {});
    HourFigures& figures = line.hours[hour];
    if (lengths[hour] > 0) figures.arrivals_per_h = of.arrivals[hour] / lengths[hour];
    set_waits(summary, figures);
  }
  return line;
}

void Hours::complete(ReplicationResult& result, const AtEnd& at) const {
  HourCounts& hours = result.hours;
  hours.recorded = true;
  hours.from = from_;
  for (const OfLevel& level : levels_) hours.arrivals.push_back(level.arrivals);
  hours.present_s = present_s_;
  for (std::size_t g = 0; g < hours.present_s.size(); ++g)
    if (due_ != Time::never())
      hours.present_s[g].push_back(present_until(at.records.groups[g], at.end) -
                                   present_before_s_[g]);
  WaitSummary summary;
  const bool has_weeks = (at.end - at.records.from).ns > 8 * 24 * kOneHour.ns;
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    HourLine line = line_of_level(at, level, kHoursOfDay, summary);
    if (!has_anything(line)) continue;
    hours.day.push_back(std::move(line));
    if (has_weeks) hours.week.push_back(line_of_level(at, level, kHoursOfWeek, summary));
  }
  for (std::size_t q = 0; q < queues_.size(); ++q)
    if (queues_[q] != nullptr) hours.day.push_back(line_of_queue(at, q, summary));
}

}  // namespace sluice

#include "load/measure/abort_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text/units.hpp"

namespace sluice {
namespace {

/// Answers, and requests that will get none although this side did its part.
std::uint64_t answers_of(const LoadCounts& counts) {
  return counts.answers() + counts.unanswered - std::min(counts.unanswered, counts.unsent);
}

std::string text_of(AbortCondition::Measure measure, double value) {
  using Measure = AbortCondition::Measure;
  if (measure == Measure::errors_rate || measure == Measure::rejected_rate)
    return format_share(value);
  return measure == Measure::in_flight_count ? format_count(value) : format_duration(value);
}

}  // namespace

AbortWatch::AbortWatch(const std::vector<AbortCondition>& conditions) : conditions_(conditions) {
  for (const AbortCondition& condition : conditions) longest_ = std::max(longest_, condition.over);
}

std::string AbortWatch::next(SteadyTime now, const LoadCounts& counts, const LoadTimes& times,
                             std::size_t in_flight) {
  if (conditions_.empty()) return {};
  if (next_.begin == SteadyTime()) next_.begin = now;
  next_.times = times;
  intervals_.push_back(
      std::exchange(next_, {now, answers_of(counts), counts.errors, counts.rejected, {}}));
  while (intervals_.size() > 1 &&
         now - intervals_[1].begin >= std::chrono::nanoseconds(longest_.ns))
    intervals_.pop_front();
  for (const AbortCondition& condition : conditions_)
    if (std::string held = judge(condition, now, counts, in_flight); !held.empty()) return held;
  return {};
}

std::string AbortWatch::judge(const AbortCondition& condition, SteadyTime now,
                              const LoadCounts& counts, std::size_t in_flight) const {
  using Measure = AbortCondition::Measure;
  const SteadyTime since = now - std::chrono::nanoseconds(condition.over.ns);
  if (intervals_.front().begin > since) return {};
  const auto after = [since](SteadyTime, const Interval& interval) {
    return interval.begin > since;
  };
  const auto first =
      std::prev(std::upper_bound(intervals_.begin(), intervals_.end(), since, after));
  const std::uint64_t answers = answers_of(counts) - first->answers;
  double value = 0;
  LatencyHistogram times;
  for (auto interval = first; interval != intervals_.end(); ++interval) {
    if (condition.measure == Measure::latency_p99) times.add(interval->times.latency);
    if (condition.measure == Measure::lateness_p99) times.add(interval->times.lateness);
  }
  switch (condition.measure) {
    case Measure::errors_rate:
      value = share_of(counts.errors - first->errors, answers);
      break;
    case Measure::rejected_rate:
      value = share_of(counts.rejected - first->rejected, answers);
      break;
    case Measure::lateness_p99:
    case Measure::latency_p99:
      value = times.quantile(0.99).seconds();
      break;
    case Measure::in_flight_count:
      value = static_cast<double>(in_flight);
      break;
  }
  if (value <= condition.limit) return {};
  const std::string_view measure =
      std::string_view(condition.sentence).substr(0, condition.sentence.find_first_of(" >"));
  return fmt::format("{} was {}: {}", measure, text_of(condition.measure, value),
                     condition.sentence);
}

}  // namespace sluice


#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text/units.hpp"
#include "reports/report.hpp"

namespace sluice {
namespace {

using enum Metric;

/// In order of rank; the maximum is the last.
constexpr std::array<std::pair<Metric, double>, 6> kWaitQuantiles{{{wait_p50, 0.5},
                                                                   {wait_p90, 0.9},
                                                                   {wait_p95, 0.95},
                                                                   {wait_p99, 0.99},
                                                                   {wait_p999, 0.999},
                                                                   {wait_max, 1.0}}};

/// What requests and their answers tell.
constexpr std::array kOfAnswers{
    submitted_count, submitted_rate, submitting_count, submitting_refused_count, accepted_count,
    accepted_rate,   rejected_count, rejected_rate,    rejected_per_minute,      arrivals_rate,
    attribution_api, api_answers,    api_error_count,  api_rate_limited_count,   api_latency_mean,
    api_latency_p99, api_retries,    gave_up_count,    cancelled_count};

constexpr std::array kEnds{succeeded_count, failed_count, stopped_count};

template <class All>
bool contains(const All& all, Metric metric) {
  return std::find(all.begin(), all.end(), metric) != all.end();
}

bool is_wait(Metric metric) {
  return metric == wait_mean || std::any_of(kWaitQuantiles.begin(), kWaitQuantiles.end(),
                                            [&](const auto& q) { return q.first == metric; });
}

/// Whether runs of `a` are of `b`.
bool is_part(const Subject& a, const Subject& b) {
  return (!b.group.valid() || a.group == b.group) && (!b.level || a.level == b.level) &&
         (!b.workspace.valid() || a.workspace == b.workspace) &&
         (!b.workflow.valid() || a.workflow == b.workflow) &&
         (!b.submitter.valid() || a.submitter == b.submitter);
}

std::uint64_t rank(double share, std::uint64_t count) {
  return static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count)));
}

/// The wait at a rank, from the quantiles that are known: one of a lower (or higher) rank.
std::optional<double> wait_below(const FigureTable& figures, const Subject& subject,
                                 std::uint64_t at, std::uint64_t count) {
  std::optional<double> found;
  for (const auto& [metric, share] : kWaitQuantiles)
    if (const Figure* f = figures.find(metric, subject); f != nullptr && rank(share, count) <= at)
      found = f->within ? f->within->low : f->value;
  return found;
}
std::optional<double> wait_above(const FigureTable& figures, const Subject& subject,
                                 std::uint64_t at, std::uint64_t count) {
  for (const auto& [metric, share] : kWaitQuantiles)
    if (const Figure* f = figures.find(metric, subject); f != nullptr && rank(share, count) >= at)
      return f->lower_bound ? f->at_most : f->within ? f->within->high : f->value;
  return std::nullopt;
}

struct WaitBounds {
  double low = 0;
  std::optional<double> high;  ///< none: none is known
};

/// An unseen run may have waited for any time from none up; one that was seen to end, or that is
/// given up, no longer than it seems, unless it was requeued meanwhile.
WaitBounds wait_bounds(const Report& report, const FigureEntry& entry, const UnseenRuns& unseen) {
  const Figure& figure = entry.figure;
  const std::uint64_t count = figure.samples;
  WaitBounds bounds;
  if (entry.key.metric == wait_mean) {
    const double share =
        std::min(1.0, static_cast<double>(unseen.all()) / static_cast<double>(count));
    bounds.low = std::max(0.0, figure.value - share * report.header.until.seconds());
    if (unseen.ends == 0 && !figure.lower_bound) bounds.high = figure.value;
    return bounds;
  }
  double share = 1;
  for (const auto& [metric, of] : kWaitQuantiles)
    if (metric == entry.key.metric) share = of;
  const std::uint64_t at = rank(share, count);
  if (at > unseen.all())
    bounds.low =
        wait_below(report.figures, entry.key.subject, at - unseen.all(), count).value_or(0);
  if (at + unseen.ends <= count)
    bounds.high = wait_above(report.figures, entry.key.subject, at + unseen.ends, count);
  return bounds;
}

Figure bounded(Figure figure, const WaitBounds& bounds) {
  figure.interval.reset();
  figure.within.reset();
  figure.at_most.reset();
  figure.upper_bound = bounds.low <= 0 && bounds.high.has_value();
  figure.lower_bound = !figure.upper_bound;
  figure.value = figure.upper_bound ? *bounds.high : bounds.low;
  if (figure.lower_bound) figure.at_most = bounds.high;
  return figure;
}

}  // namespace

UnseenRuns unseen_runs(const Report& report, const Subject& subject) {
  UnseenRuns sum;
  sum.of = subject;
  if (!report.load) return sum;
  for (const UnseenRuns& runs : report.load->unseen) {
    if (!is_part(runs.of, subject)) continue;
    sum.starts += runs.starts;
    sum.ends += runs.ends;
  }
  return sum;
}

void bound_waits(Report& report) {
  if (!report.load || report.load->unseen.empty()) return;
  FigureTable table;
  for (const FigureEntry& entry : report.figures.entries()) {
    const UnseenRuns unseen = unseen_runs(report, entry.key.subject);
    const bool open = is_wait(entry.key.metric) && unseen.all() > 0 && entry.figure.samples > 0;
    table.add(entry.key.metric, entry.key.subject,
              open ? bounded(entry.figure, wait_bounds(report, entry, unseen)) : entry.figure);
  }
  table.seal();
  report.figures = std::move(table);
}

std::optional<Interval> bounds_with_unseen(const Report& report, const Expectation& expectation,
                                           const Figure& figure) {
  const Interval itself{figure.value, figure.value};
  const UnseenRuns unseen = unseen_runs(report, expectation.subject);
  if (unseen.all() == 0 || contains(kOfAnswers, expectation.metric)) return itself;
  if (expectation.over) return std::nullopt;
  if (is_wait(expectation.metric)) return itself;
  if (contains(kEnds, expectation.metric))
    return Interval{figure.value, figure.value + static_cast<double>(unseen.ends)};
  if (expectation.metric == slo_attainment && figure.samples > 0) {
    const double share = static_cast<double>(unseen.all()) / static_cast<double>(figure.samples);
    return Interval{std::max(0.0, figure.value - share), std::min(1.0, figure.value + share)};
  }
  return std::nullopt;
}

bool unseen_could_reach(const Report& report, const Reach& reach) {
  switch (reach.kind) {
    case ReachKind::rate_limited:
    case ReachKind::cancelled:
      return false;
    case ReachKind::requeued:
      return unseen_runs(report, {}).all() > 0 && report.reached.of(reach) == 0;
    default:
      return unseen_runs(report, {}).all() > 0;
  }
}

std::string unseen_text(const UnseenRuns& unseen) {
  const std::uint64_t count = unseen.all();
  return fmt::format("it depends on {} run{} that {} not seen to start or to end",
                     format_count(static_cast<double>(count)), count == 1 ? "" : "s",
                     count == 1 ? "was" : "were");
}

}  // namespace sluice

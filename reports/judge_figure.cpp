#include "reports/judge_figure.hpp"

#include <cmath>
#include <utility>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/observable.hpp"
#include "reports/report.hpp"

namespace sluice {
namespace {

bool wants_low(Comparison comparison) {
  return comparison == Comparison::less || comparison == Comparison::less_equal;
}

/// The window that is worst for the expectation; of `==` the one that differs from the limit, if
/// any.
std::optional<Figure> worst_window(const Expectation& e, const Measurements& measured) {
  for (const WindowFigure& window : measured.windows) {
    if (window.metric != e.metric || window.subject != e.subject || window.over != *e.over)
      continue;
    const bool high = wants_low(e.comparison) ||
                      (e.comparison == Comparison::equal && window.highest.value != e.limit);
    return high ? window.highest : window.lowest;
  }
  return std::nullopt;
}

bool workers_were_there(const Measurements& measured, const Subject& subject) {
  const Figure* workers = measured.figures.find(Metric::workers_mean, Subject::of(subject.group));
  if (workers == nullptr) workers = measured.figures.find(Metric::workers_mean);
  return value_or_zero(workers) > 0;
}

/// A level without work has the load of those above it; where nothing came at all, there is none.
std::optional<Figure> load_without_arrivals(const Expectation& e, const Measurements& measured) {
  Figure none;
  none.value = e.metric == Metric::stability_headroom ? 1 : 0;
  none.replications = measured.replications;
  if (e.subject.credential.valid()) {
    const bool used = measured.figures.find(Metric::credential_in_use_mean, e.subject) != nullptr;
    return used ? std::nullopt : std::optional(none);
  }
  if (!workers_were_there(measured, e.subject)) return std::nullopt;
  Subject subject = e.subject;
  for (std::size_t k = subject.level ? index(*subject.level) + 1 : kLevels; k-- > 0;) {
    subject.level = kAllLevels[k];
    if (const Figure* figure = measured.figures.find(e.metric, subject)) return *figure;
    // Came, but none was ever started: what its work is, is not known.
    if (value_or_zero(measured.figures.find(Metric::accepted_count, subject)) > 0)
      return std::nullopt;
  }
  return none;
}

std::optional<Figure> found_figure(const Expectation& e, const Measurements& measured) {
  if (e.over) return worst_window(e, measured);
  if (const Figure* figure = measured.figures.find(e.metric, e.subject)) return *figure;
  if (measured.until <= measured.from) return std::nullopt;
  if (measured.from_outside && !observable_from_outside(e.metric)) return std::nullopt;
  if (zero_if_absent(e.metric)) {
    Figure zero;
    zero.replications = measured.replications;
    return zero;
  }
  const bool is_load = e.metric >= Metric::stability_sigma && e.metric <= Metric::workers_needed;
  return is_load ? load_without_arrivals(e, measured) : std::nullopt;
}

/// Between which values the true one lies. `coarse`: as far as a histogram can tell.
Interval bounds(const Figure& f, bool coarse) {
  Interval between = f.interval.value_or(Interval{f.value, f.value});
  if (coarse && f.within) {
    between.low -= f.value - f.within->low;
    between.high += f.within->high - f.value;
    if (!f.interval) between = *f.within;
  }
  if (f.lower_bound) between.high = f.at_most.value_or(INFINITY);
  if (f.upper_bound) between.low = -INFINITY;
  return between;
}

/// What had not come to its end in the figure of a metric.
std::string_view open_at_the_end(Metric metric) {
  if (metric == Metric::attribution_api) return "runs were still being submitted at the end";
  const bool of_work = (metric >= Metric::stability_sigma && metric <= Metric::service_mean) ||
                       metric == Metric::drain_time_fluid;
  return of_work ? "runs were still running at the end" : "runs were still waiting at the end";
}

/// Of `== 0` where nothing is negative: once is enough, however seldom it happens.
bool refuted(const Expectation& e, const Figure& f) {
  const bool counted = info(e.metric).unit == Unit::count;
  return e.comparison == Comparison::equal && e.limit == 0 && counted && f.value > 0 &&
         !f.upper_bound;
}

}  // namespace

Measurements measurements(const Report& report) {
  return {report.figures,
          report.windows,
          report.header.from,
          report.header.until,
          report.header.replications,
          report.load.has_value()};
}
Measurements measurements(const ReplicationResult& result) {
  return {result.figures, result.windows, result.from, result.until};
}

std::optional<Figure> figure_for(const Expectation& e, const Measurements& measured) {
  std::optional<Figure> figure = found_figure(e, measured);
  if (figure && figure->samples == 0 && !needs_no_events(e.metric)) figure.reset();
  return figure;
}

std::string nothing_measured(const Expectation& e, const Measurements& measured) {
  if (measured.from_outside && !observable_from_outside(e.metric))
    return "it cannot be known from outside the target";
  if (measured.until <= measured.from)
    return "nothing to measure: the window ends where it begins, at " +
           format_duration(measured.from.seconds());
  if (e.over) return "no window of this length had anything to measure";
  const bool of_workers = e.metric >= Metric::utilisation && e.metric <= Metric::idle_empty;
  if (of_workers && !workers_were_there(measured, e.subject))
    return "nothing to measure: no worker was there";
  return "nothing to measure: no samples";
}

bool open_between(const Expectation& e, const Interval& between) {
  const auto [low, high] = between;
  if (e.comparison == Comparison::equal) return low <= e.limit && e.limit <= high && low < high;
  return holds(e.comparison, low, e.limit) != holds(e.comparison, high, e.limit);
}

Judgement judge_figure(const Expectation& e, const Figure& f) {
  if (refuted(e, f)) return {Status::failed, ""};
  const Interval between = bounds(f, true);
  if (!open_between(e, between))
    return {holds(e.comparison, between.low, e.limit) ? Status::passed : Status::failed, ""};
  if (f.within && !open_between(e, bounds(f, false)))
    return {Status::inconclusive, "the limit lies within what the histogram tells apart, " +
                                      compact(f.within->low, info(e.metric).unit) + " … " +
                                      compact(f.within->high, info(e.metric).unit)};
  if (f.at_most) return {Status::inconclusive, "it depends on runs that still waited at the end"};
  if (f.lower_bound || f.upper_bound)
    return {Status::inconclusive, std::string(f.lower_bound ? "only a lower bound is known: "
                                                            : "only an upper bound is known: ")
                                      .append(open_at_the_end(e.metric))};
  return {Status::inconclusive, e.comparison == Comparison::equal
                                    ? "the interval contains more than the limit"
                                    : "the interval straddles the limit"};
}

Judgement judge_replication(const Expectation& e, const ReplicationResult& result) {
  const Measurements measured = measurements(result);
  const std::optional<Figure> figure = figure_for(e, measured);
  if (!figure) return {Status::inconclusive, nothing_measured(e, measured)};
  return judge_figure(e, *figure);
}

}  // namespace sluice

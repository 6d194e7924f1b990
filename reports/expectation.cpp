#include "reports/expectation.hpp"

#include <algorithm>
#include <cmath>

#include "reports/figure_text.hpp"
#include "reports/observable.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"

namespace sluice {

std::string_view symbol(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
      return "<";
    case Comparison::less_equal:
      return "<=";
    case Comparison::greater:
      return ">";
    case Comparison::greater_equal:
      return ">=";
    case Comparison::equal:
      return "==";
  }
  return "";
}

std::string_view name(Status status) {
  switch (status) {
    case Status::passed:
      return "passed";
    case Status::failed:
      return "failed";
    case Status::inconclusive:
      return "inconclusive";
  }
  return "";
}

namespace {

bool holds(Comparison comparison, double value, double limit) {
  switch (comparison) {
    case Comparison::less:
      return value < limit;
    case Comparison::less_equal:
      return value <= limit;
    case Comparison::greater:
      return value > limit;
    case Comparison::greater_equal:
      return value >= limit;
    case Comparison::equal:
      return value == limit;
  }
  return false;
}

bool wants_low(Comparison comparison) {
  return comparison == Comparison::less || comparison == Comparison::less_equal;
}

std::string text_of(Unit unit, const Figure& figure) {
  std::string text = (figure.lower_bound ? "≥ " : "") + compact(figure.value, unit);
  if (figure.interval && figure.interval->low < figure.interval->high)
    text += " (" + compact(figure.interval->low, unit) + " … " +
            compact(figure.interval->high, unit) + ")";
  if (figure.at_most) text += ", at most " + compact(*figure.at_most, unit);
  return text;
}

/// The window that is worst for the expectation; of `==` the one that differs from the limit, if
/// any.
std::optional<Figure> worst_window(const Expectation& e, const Report& report) {
  for (const WindowFigure& window : report.windows) {
    if (window.metric != e.metric || window.subject != e.subject || window.over != *e.over)
      continue;
    const bool high = wants_low(e.comparison) ||
                      (e.comparison == Comparison::equal && window.highest.value != e.limit);
    return high ? window.highest : window.lowest;
  }
  return std::nullopt;
}

std::optional<Figure> figure_for(const Expectation& e, const Report& report) {
  if (e.over) return worst_window(e, report);
  const Figure* figure = report.figures.find(e.metric, e.subject);
  return figure == nullptr ? std::nullopt : std::optional(*figure);
}

struct Judgement {
  Status status;
  std::string why;
};

/// Between which values the true one lies.
Interval bounds(const Figure& f) {
  const Interval measured = f.interval.value_or(Interval{f.value, f.value});
  return {measured.low, f.lower_bound ? f.at_most.value_or(INFINITY) : measured.high};
}

Judgement judge_figure(const Expectation& e, const Figure& f) {
  const auto [low, high] = bounds(f);
  const bool contains = low <= e.limit && e.limit <= high;
  const bool is_equal = e.comparison == Comparison::equal;
  const bool open = is_equal
                        ? contains && low < high
                        : holds(e.comparison, low, e.limit) != holds(e.comparison, high, e.limit);
  if (!open) return {holds(e.comparison, low, e.limit) ? Status::passed : Status::failed, ""};
  if (f.at_most) return {Status::inconclusive, "it depends on runs that still waited at the end"};
  if (f.lower_bound)
    return {Status::inconclusive,
            "only a lower bound is known: runs were still waiting at the end"};
  return {Status::inconclusive, is_equal ? "the interval contains more than the limit"
                                         : "the interval straddles the limit"};
}

}  // namespace

ExpectationResult evaluate(const Expectation& expectation, const Report& report) {
  ExpectationResult result;
  result.expectation = expectation;
  result.figure = figure_for(expectation, report);
  if (!result.figure || result.figure->samples == 0) {
    result.figure.reset();
    result.reason = report.load && !observable_from_outside(expectation.metric)
                        ? "it cannot be known from outside the target"
                    : expectation.over ? "no window of this length had anything to measure"
                                       : "nothing to measure: no samples";
    return result;
  }
  const Unit unit = info(expectation.metric).unit;
  Judgement judgement = judge_figure(expectation, *result.figure);
  if (judgement.status == Status::passed &&
      result.figure->replications < report.header.replications)
    judgement = {Status::inconclusive, "only " + std::to_string(result.figure->replications) +
                                           " of " + std::to_string(report.header.replications) +
                                           " replications had anything to measure"};
  const bool lower_limit = expectation.comparison == Comparison::greater ||
                           expectation.comparison == Comparison::greater_equal;
  if (!report.header.complete && judgement.status == Status::passed)
    judgement = {Status::inconclusive, "it holds so far, but the report is incomplete"};
  else if (!report.header.complete && judgement.status == Status::failed && lower_limit)
    judgement = {Status::inconclusive, "not so far, but the report is incomplete"};
  result.status = judgement.status;
  result.reason = "measured " + text_of(unit, *result.figure) + ", limit " +
                  std::string(symbol(expectation.comparison)) + " " +
                  compact(expectation.limit, unit);
  if (!judgement.why.empty()) result.reason += ": " + judgement.why;
  return result;
}

ReachResult evaluate(const ReachExpectation& expectation, const Report& report) {
  const std::uint64_t count = report.reached.of(expectation.reach);
  const bool would_be_known = !report.load || observable_from_outside(expectation.reach.kind);
  const Status missed =
      report.header.complete && would_be_known ? Status::failed : Status::inconclusive;
  return {expectation.sentence, count, count > 0 ? Status::passed : missed};
}

void watch_for(const std::vector<Expectation>& expectations, RecorderConfig& config) {
  constexpr Labels kFurther = label::workspace | label::workflow | label::submitter;
  for (const Expectation& e : expectations) {
    if (e.over) {
      const WindowWatch watch{e.metric, e.subject, *e.over};
      if (std::find(config.windows.begin(), config.windows.end(), watch) == config.windows.end())
        config.windows.push_back(watch);
      continue;
    }
    const bool by_run = (info(e.metric).labels & label::workflow) != 0;
    if (!by_run || (e.subject.labels() & kFurther) == 0) continue;
    if (std::find(config.slices.begin(), config.slices.end(), e.subject) == config.slices.end())
      config.slices.push_back(e.subject);
  }
}

}  // namespace sluice

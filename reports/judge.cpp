#include "reports/judge.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/text/units.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/observable.hpp"
#include "reports/unseen_runs.hpp"

namespace sluice {
namespace {

bool wants_low(Comparison comparison) {
  return comparison == Comparison::less || comparison == Comparison::less_equal;
}

std::string text_of(Unit unit, const Figure& figure) {
  const char* const bound = figure.lower_bound ? "≥ " : figure.upper_bound ? "≤ " : "";
  std::string text = bound + compact(figure.value, unit);
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

bool workers_were_there(const Report& report, const Subject& subject) {
  const Figure* workers = report.figures.find(Metric::workers_mean, Subject::of(subject.group));
  if (workers == nullptr) workers = report.figures.find(Metric::workers_mean);
  return value_or_zero(workers) > 0;
}

/// A level without work has the load of those above it; where nothing came at all, there is none.
std::optional<Figure> load_without_arrivals(const Expectation& e, const Report& report) {
  Figure none;
  none.value = e.metric == Metric::stability_headroom ? 1 : 0;
  none.replications = report.header.replications;
  if (e.subject.credential.valid()) {
    const bool used = report.figures.find(Metric::credential_in_use_mean, e.subject) != nullptr;
    return used ? std::nullopt : std::optional(none);
  }
  if (!workers_were_there(report, e.subject)) return std::nullopt;
  Subject subject = e.subject;
  for (std::size_t k = subject.level ? index(*subject.level) + 1 : kLevels; k-- > 0;) {
    subject.level = kAllLevels[k];
    if (const Figure* figure = report.figures.find(e.metric, subject)) return *figure;
    // Came, but none was ever started: what its work is, is not known.
    if (value_or_zero(report.figures.find(Metric::accepted_count, subject)) > 0)
      return std::nullopt;
  }
  return none;
}

std::optional<Figure> figure_for(const Expectation& e, const Report& report) {
  if (e.over) return worst_window(e, report);
  if (const Figure* figure = report.figures.find(e.metric, e.subject)) return *figure;
  if (report.header.until <= report.header.from) return std::nullopt;
  if (report.load && !observable_from_outside(e.metric)) return std::nullopt;
  if (zero_if_absent(e.metric)) {
    Figure zero;
    zero.replications = report.header.replications;
    return zero;
  }
  const bool is_load = e.metric >= Metric::stability_sigma && e.metric <= Metric::workers_needed;
  return is_load ? load_without_arrivals(e, report) : std::nullopt;
}

/// Why there is nothing to hold against the limit.
std::string nothing_measured(const Expectation& e, const Report& report) {
  if (report.load && !observable_from_outside(e.metric))
    return "it cannot be known from outside the target";
  if (report.header.until <= report.header.from)
    return "nothing to measure: the window ends where it begins, at " +
           format_duration(report.header.from.seconds());
  if (e.over) return "no window of this length had anything to measure";
  const bool of_workers = e.metric >= Metric::utilisation && e.metric <= Metric::idle_empty;
  if (of_workers && !workers_were_there(report, e.subject))
    return "nothing to measure: no worker was there";
  return "nothing to measure: no samples";
}

struct Judgement {
  Status status;
  std::string why;
};

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

/// Whether the expectation holds at one end and not at the other.
bool open_between(const Expectation& e, const Interval& between) {
  const auto [low, high] = between;
  if (e.comparison == Comparison::equal) return low <= e.limit && e.limit <= high && low < high;
  return holds(e.comparison, low, e.limit) != holds(e.comparison, high, e.limit);
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

/// Of a load: as judged, if that stands whatever the runs did that were not seen.
Judgement judge_with_unseen(const Expectation& e, const Figure& f, const Report& report,
                            const Judgement& judgement) {
  const UnseenRuns unseen = unseen_runs(report, e.subject);
  if (unseen.all() == 0) return judgement;
  const std::optional<Interval> between = bounds_with_unseen(report, e, f);
  if (between && !open_between(e, *between) && judgement.status != Status::inconclusive)
    return judgement;
  return {Status::inconclusive, unseen_text(unseen)};
}

/// Expectations fail only where runs that were not seen could not change it: so these do not make
/// the load invalid, and are a note.
void decide_without_unseen(LoadFacts& load) {
  if (load.validity != LoadFacts::Validity::unseen) return;
  load.validity = LoadFacts::Validity::valid;
  load.notes.push_back(std::exchange(load.why_invalid, {}));
}

/// Chance has a part in it and was looked at once.
bool one_sample(const Report& report) {
  return !report.load && report.header.drawn && report.header.replications == 1;
}

Status of_one_sample(Status status) {
  if (status == Status::passed) return Status::held;
  return status == Status::failed ? Status::broke : status;
}

bool is_about_lost_load(const Expectation& e) {
  return e.metric == Metric::lost_load_count || e.metric == Metric::lost_load_share ||
         e.metric == Metric::gave_up_count;
}

/// What holds of every scenario that says nothing about it; none: it does.
std::optional<Expectation> implied_expectation(const std::vector<Expectation>& expectations) {
  if (std::ranges::any_of(expectations, is_about_lost_load)) return std::nullopt;
  Expectation nothing_lost;
  nothing_lost.sentence = "lost_load.count == 0";
  nothing_lost.metric = Metric::lost_load_count;
  nothing_lost.comparison = Comparison::equal;
  return nothing_lost;
}

}  // namespace

ExpectationResult evaluate(const Expectation& expectation, const Report& report) {
  ExpectationResult result;
  result.expectation = expectation;
  result.figure = figure_for(expectation, report);
  const bool measured =
      result.figure && (result.figure->samples > 0 || needs_no_events(expectation.metric));
  if (!measured) {
    result.figure.reset();
    result.reason = nothing_measured(expectation, report);
    return result;
  }
  const Unit unit = info(expectation.metric).unit;
  Judgement judgement = judge_figure(expectation, *result.figure);
  judgement = judge_with_unseen(expectation, *result.figure, report, judgement);
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
  result.status = one_sample(report) ? of_one_sample(judgement.status) : judgement.status;
  result.reason = "measured " + text_of(unit, *result.figure) +
                  (in_wall_time(report, expectation.metric) ? " of wall time" : "") + ", limit " +
                  std::string(symbol(expectation.comparison)) + " " +
                  compact(expectation.limit, unit);
  if (!judgement.why.empty()) result.reason += ": " + judgement.why;
  return result;
}

ReachResult evaluate(const ReachExpectation& expectation, const Report& report) {
  const std::uint64_t count = report.reached.of(expectation.reach);
  const bool would_be_known = (!report.load || observable_from_outside(expectation.reach.kind)) &&
                              !unseen_could_reach(report, expectation.reach);
  if (!would_be_known) return {expectation.sentence, count, Status::inconclusive};
  const Status missed = report.header.complete ? Status::failed : Status::inconclusive;
  const Status status = count > 0 ? Status::passed : missed;
  return {expectation.sentence, count, one_sample(report) ? of_one_sample(status) : status};
}

void judge(Report& report, const std::vector<Expectation>& expectations,
           const std::vector<ReachExpectation>& reaches) {
  report.expectations.clear();
  report.reaches.clear();
  bool failed = false;
  bool inconclusive = false;
  const auto note = [&](Status status) {
    failed |= is_missed(status);
    inconclusive |= status == Status::inconclusive;
  };
  for (const Expectation& expectation : expectations) {
    report.expectations.push_back(evaluate(expectation, report));
    note(report.expectations.back().status);
  }
  for (const ReachExpectation& reach : reaches) {
    report.reaches.push_back(evaluate(reach, report));
    note(report.reaches.back().status);
  }
  if (const auto implied = implied_expectation(expectations)) {
    ExpectationResult result = evaluate(*implied, report);
    result.implied = true;
    if (is_missed(result.status)) {
      failed = true;
      report.expectations.push_back(std::move(result));
    }
  }
  // A target whose answers name no runs has failed; one whose runs were not seen has not passed.
  failed |= report.load && !report.load->wrong_answers.empty();
  const bool nothing_asked = expectations.empty() && reaches.empty();
  inconclusive |= nothing_asked && unseen_runs(report, {}).all() > 0;
  const bool once = one_sample(report);
  report.verdict = failed          ? (once ? Verdict::broke : Verdict::failed)
                   : inconclusive  ? Verdict::inconclusive
                   : nothing_asked ? Verdict::none
                   : once          ? Verdict::held
                                   : Verdict::passed;
  if (failed && report.load) decide_without_unseen(*report.load);
}

void watch_for(const std::vector<Expectation>& expectations, RecorderConfig& config) {
  if (config.only && implied_expectation(expectations))
    config.only->push_back(Metric::lost_load_count);
  constexpr Labels kFurther = label::workspace | label::workflow | label::submitter;
  for (const Expectation& e : expectations) {
    if (config.only) config.only->push_back(e.metric);
    if (e.over) {
      const WindowWatch watch{e.metric, e.subject, *e.over};
      const auto same = [&](const WindowWatch& other) { return other.same_windows(watch); };
      auto at = std::find_if(config.windows.begin(), config.windows.end(), same);
      if (at == config.windows.end()) at = config.windows.insert(at, watch);
      const WindowLimit limit{e.comparison, e.limit};
      if (std::find(at->limits.begin(), at->limits.end(), limit) == at->limits.end())
        at->limits.push_back(limit);
      continue;
    }
    if (from_histogram(e.metric)) {
      const QuantileWatch watch{e.metric, e.subject, e.limit};
      if (std::find(config.quantiles.begin(), config.quantiles.end(), watch) ==
          config.quantiles.end())
        config.quantiles.push_back(watch);
    }
    const bool by_run = (info(e.metric).labels & label::workflow) != 0;
    if (!by_run || (e.subject.labels() & kFurther) == 0) continue;
    if (std::find(config.slices.begin(), config.slices.end(), e.subject) == config.slices.end())
      config.slices.push_back(e.subject);
  }
}

}  // namespace sluice

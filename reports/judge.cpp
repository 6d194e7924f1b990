#include "reports/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "base/check.hpp"
#include "base/text/units.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/expectations/share_of_replications.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/judge_figure.hpp"
#include "reports/observable.hpp"
#include "reports/replications_needed.hpp"
#include "reports/unseen_runs.hpp"

namespace sluice {
namespace {

std::string text_of(Unit unit, const Figure& figure) {
  const char* const bound = figure.lower_bound ? "≥ " : figure.upper_bound ? "≤ " : "";
  std::string text = bound + compact(figure.value, unit);
  if (figure.interval && figure.interval->low < figure.interval->high)
    text += " (" + compact(figure.interval->low, unit) + " … " +
            compact(figure.interval->high, unit) + ")";
  if (figure.at_most) text += ", at most " + compact(*figure.at_most, unit);
  return text;
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

Judgement judge_mean(const Expectation& e, const Figure& f, const Report& report) {
  Judgement judgement = judge_with_unseen(e, f, report, judge_figure(e, f));
  if (const auto needed = replications_to_decide(e, f);
      needed && judgement.status == Status::inconclusive)
    judgement.why += fmt::format("; {} replications would probably decide", format_count(*needed));
  if (judgement.status != Status::passed || f.replications >= report.header.replications)
    return judgement;
  return {Status::inconclusive, "only " + std::to_string(f.replications) + " of " +
                                    std::to_string(report.header.replications) +
                                    " replications had anything to measure"};
}

/// Of an incomplete report: what may still change is not decided.
Judgement judge_so_far(const Expectation& e, const Report& report, Judgement judgement) {
  if (report.header.complete) return judgement;
  const bool lower_limit = wants_more(e.comparison);
  if (judgement.status == Status::passed)
    return {Status::inconclusive, "it holds so far, but the report is incomplete"};
  if (judgement.status == Status::failed && lower_limit)
    return {Status::inconclusive, "not so far, but the report is incomplete"};
  return judgement;
}

/// Each by itself; of what is not drawn they are all there could be. `why`: why the first one that
/// is undecided is.
ShareOfReplications count_held(const Expectation& e, const ReportHeader& header,
                               std::span<const ReplicationResult> replications, std::string& why) {
  ShareOfReplications share;
  for (const ReplicationResult& replication : replications) {
    const Judgement judgement = judge_replication(e, replication);
    share.held += judgement.status == Status::passed;
    share.missed += judgement.status == Status::failed;
    if (judgement.status != Status::inconclusive) continue;
    if (share.undecided++ == 0) why = judgement.why;
  }
  const double all = share.all();
  const std::uint32_t not_missed = share.held + share.undecided;
  share.bounds = header.drawn
                     ? clopper_pearson(share.held, not_missed, share.all(), header.confidence)
                     : Interval{share.held / all, not_missed / all};
  return share;
}

/// Why the bounds contain the share, or what it would take that they do not.
std::string why_undecided(const ShareOfReplications& share, double wanted,
                          const ReportHeader& header, const std::string& why) {
  std::string text = why.empty() ? "" : "undecided: " + why;
  if (!header.drawn) return text;
  if (!text.empty()) text += "; ";
  if (share.held + share.undecided < wanted * share.all()) return text + "the bounds contain it";
  if (const auto needed = replications_to_pass(share, wanted, header.confidence))
    return text +
           fmt::format("at least {} replications are needed to say so", format_count(*needed));
  return text + "no number of replications shows it of all, and one that breaks it refutes it";
}

/// Of what was measured once, or did not vary, there is nothing to tell a precision by.
Judgement judge_precision(const Expectation& e, const Figure& f, const Report& report) {
  if (!report.header.drawn) return {Status::passed, ""};
  if (report.header.replications == 1) return {Status::inconclusive, "one replication has none"};
  if (f.replications < report.header.replications)
    return {Status::inconclusive, fmt::format("only {} of {} replications had anything to measure",
                                              f.replications, report.header.replications)};
  const std::optional<double> reached = precision_of(f);
  if (!reached) return {Status::inconclusive, "all replications have the same value"};
  if (*reached <= *e.precision) return {Status::passed, ""};
  return {Status::inconclusive,
          fmt::format("it takes probably {} replications",
                      format_count(replications_to_precision(f, *e.precision)))};
}

std::string precision_text(const Expectation& e, const Figure& f) {
  const std::optional<double> reached = precision_of(f);
  return fmt::format("measured {}{}, wanted ±{}", text_of(info(e.metric).unit, f),
                     reached ? ", ±" + format_share(*reached) : "", format_share(*e.precision));
}

/// What is served or loaded is measured once, and has no replications. Bounds that decide do so
/// from a single replication, too: one that breaks it refutes "in all".
void judge_share(const Report& report, std::span<const ReplicationResult> replications,
                 ExpectationResult& result) {
  const Expectation& e = result.expectation;
  if (report.header.engine != Engine::virtual_time) {
    result.reason = (result.figure ? "measured " + text_of(info(e.metric).unit, *result.figure)
                                   : nothing_measured(e, measurements(report))) +
                    ", once: there are no replications to take a share of";
    return;
  }
  SLUICE_REQUIRE(replications.size() == report.header.replications,
                 "a share is of the replications that the report is on");
  const double wanted = *e.in_replications;
  std::string why;
  const ShareOfReplications share = count_held(e, report.header, replications, why);
  Judgement judgement;
  if (share.bounds.low >= wanted)
    judgement.status = Status::passed;
  else if (share.bounds.high < wanted)
    judgement.status = Status::failed;
  else
    judgement.why = why_undecided(share, wanted, report.header, why);
  judgement = judge_so_far(e, report, std::move(judgement));
  result.in_replications = share;
  result.status = judgement.status;
  result.reason = share_text(share) + ", wanted in " + format_share(wanted);
  if (!judgement.why.empty()) result.reason += ": " + judgement.why;
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
  if (e.precision) return false;
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

ExpectationResult evaluate(const Expectation& expectation, const Report& report,
                           std::span<const ReplicationResult> replications) {
  ExpectationResult result;
  result.expectation = expectation;
  const Measurements measured = measurements(report);
  result.figure = figure_for(expectation, measured);
  if (expectation.in_replications) {
    judge_share(report, replications, result);
    return result;
  }
  if (!result.figure) {
    result.reason = nothing_measured(expectation, measured);
    return result;
  }
  if (expectation.precision) {
    const Judgement judgement =
        judge_so_far(expectation, report, judge_precision(expectation, *result.figure, report));
    result.status = judgement.status;
    result.reason = precision_text(expectation, *result.figure);
    if (!judgement.why.empty()) result.reason += ": " + judgement.why;
    return result;
  }
  const Unit unit = info(expectation.metric).unit;
  const Judgement judgement =
      judge_so_far(expectation, report, judge_mean(expectation, *result.figure, report));
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
           const std::vector<ReachExpectation>& reaches,
           std::span<const ReplicationResult> replications) {
  report.expectations.clear();
  report.reaches.clear();
  bool failed = false;
  bool broke = false;
  bool inconclusive = false;
  const auto note = [&](Status status) {
    failed |= status == Status::failed;
    broke |= status == Status::broke;
    inconclusive |= status == Status::inconclusive;
  };
  for (const Expectation& expectation : expectations) {
    report.expectations.push_back(evaluate(expectation, report, replications));
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
      note(result.status);
      report.expectations.push_back(std::move(result));
    }
  }
  // A target whose answers name no runs has failed; one whose runs were not seen has not passed.
  failed |= report.load && !report.load->wrong_answers.empty();
  const bool nothing_asked = expectations.empty() && reaches.empty();
  inconclusive |= nothing_asked && unseen_runs(report, {}).all() > 0;
  const bool once = one_sample(report);
  report.verdict = failed          ? Verdict::failed
                   : broke         ? Verdict::broke
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
    add_slice(config, e.subject);
  }
}

}  // namespace sluice

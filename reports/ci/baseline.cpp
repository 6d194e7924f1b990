#include "reports/ci/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.hpp"
#include "base/text/json_text.hpp"
#include "reports/figures/figure_text.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kWorseWords{std::pair(WorseWhen::higher, "higher"),
                                 std::pair(WorseWhen::lower, "lower"),
                                 std::pair(WorseWhen::different, "different")};

const char* word(WorseWhen worse) {
  return std::ranges::find(kWorseWords, worse, [](const auto& entry) { return entry.first; })
      ->second;
}

/// Differences that nobody cares about, however large a share of little they are; as in
/// comparisons.
double trifle_in(Unit unit) {
  switch (unit) {
    case Unit::seconds:
      return 0.05;
    case Unit::share:
      return 0.001;
    case Unit::per_minute:
      return 0.01;
    case Unit::count:
    case Unit::ratio:
      break;
  }
  return 0;
}

bool is_held(const TestCase& asked) {
  return asked.kind == TestCase::Kind::expectation && !asked.implied && !asked.figure_name.empty();
}

double half_width(const Figure& figure) {
  return figure.interval ? (figure.interval->high - figure.interval->low) / 2 : 0;
}

/// How much of the difference is beyond what is allowed: positive is worse. Ends are infinite where
/// a figure is but a bound.
struct Beyond {
  double point = 0, low = 0, high = 0;
};

Beyond beyond(const Figure& then, const Figure& now, WorseWhen worse, double allowed,
              double tolerance) {
  const double sign = worse == WorseWhen::lower ? -1 : 1;
  const double difference = now.value - then.value;
  Beyond result;
  result.point =
      (worse == WorseWhen::different ? std::abs(difference) : sign * difference) - allowed;
  const double half = std::hypot(half_width(now), half_width(then) * (1 + tolerance));
  result.low = result.point - half;
  result.high = result.point + half;
  const bool may_be_higher = now.lower_bound || then.upper_bound;
  const bool may_be_lower = now.upper_bound || then.lower_bound;
  const bool either = worse == WorseWhen::different && (may_be_higher || may_be_lower);
  if (either || (worse == WorseWhen::lower ? may_be_lower : may_be_higher)) result.high = INFINITY;
  if (either || (worse == WorseWhen::lower ? may_be_higher : may_be_lower)) result.low = -INFINITY;
  return result;
}

std::string with_count(const Figure& figure, Unit unit) {
  const std::string interval = compact_interval(&figure, unit);
  return fmt::format("{} ({}n = {})", compact(&figure, unit),
                     interval.empty() ? "" : interval + ", ", figure.replications);
}

std::string change_text(const Figure& then, const Figure& now) {
  if (now.value == then.value) return "the same";
  const bool more = now.value > then.value;
  if (then.value == 0) return more ? "from 0" : "below 0";
  constexpr double kManyTimes = 9;
  const double share = std::abs(now.value - then.value) / std::abs(then.value);
  if (share >= kManyTimes && more) return format_number(1 + share) + " times as much";
  return format_share(share) + (more ? " more" : " less");
}

std::string allowed_text(WorseWhen worse, double tolerance) {
  const char* const way = worse == WorseWhen::higher  ? "more"
                          : worse == WorseWhen::lower ? "less"
                                                      : "more or less";
  return fmt::format("allowed {} {}", format_share(tolerance), way);
}

/// Both were made with the same draws: what is the same then has not changed at all.
bool is_unchanged(const Baseline& baseline, const TestedFile& tested, const Figure& then,
                  const Figure& now) {
  return baseline.seed == tested.seed && baseline.replications == tested.replications &&
         then.value == now.value && then.interval == now.interval;
}

struct Decision {
  Status status;
  std::string why;
};

Decision decide(const Baseline& baseline, const TestedFile& tested, const TestCase& asked,
                const Figure& then, const Beyond& beyond) {
  const Figure& now = *asked.figure;
  if (baseline.confidence != tested.confidence)
    return {Status::inconclusive,
            fmt::format("the baseline's intervals are of {}, these are of {}",
                        format_share(baseline.confidence), format_share(tested.confidence))};
  if (baseline.hash != tested.hash)
    return {Status::inconclusive,
            fmt::format("the baseline is of another scenario ({}, this is {})", baseline.hash,
                        tested.hash)};
  if (!tested.complete) return {Status::inconclusive, "the report is incomplete"};
  if (asked.status == Status::held || asked.status == Status::broke)
    return {Status::inconclusive, "one replication decides nothing"};
  if (now.replications < tested.replications)
    return {Status::inconclusive, fmt::format("only {} of {} replications had anything to measure",
                                              now.replications, tested.replications)};
  if (is_unchanged(baseline, tested, then, now)) return {Status::passed, ""};
  if (!std::isfinite(beyond.point)) return {Status::inconclusive, "one of them is not finite"};
  if (beyond.low > 0) return {Status::failed, ""};
  if (beyond.high <= 0) return {Status::passed, ""};
  const bool bound = std::isinf(beyond.low) || std::isinf(beyond.high);
  return {Status::inconclusive,
          bound ? "one of them is only a bound" : "the intervals are too wide to tell"};
}

/// What `asked` names, held against what it was.
TestCase held_against(const Baseline& baseline, double tolerance, const TestedFile& tested,
                      const TestCase& asked) {
  const WorseWhen worse = worse_when(asked.comparison);
  TestCase held;
  held.kind = TestCase::Kind::baseline;
  held.sentence = held.figure_name = asked.figure_name;
  held.file = asked.file;
  held.line = asked.line;
  held.unit = asked.unit;
  held.comparison = asked.comparison;
  held.figure = asked.figure;
  const auto then = std::ranges::find_if(baseline.figures, [&](const BaselineFigure& figure) {
    return figure.name == asked.figure_name && figure.worse == worse;
  });
  if (!asked.figure || then == baseline.figures.end()) {
    held.outcome = !asked.figure ? "nothing was measured to hold against the baseline"
                                 : "the baseline has no such figure";
    return held;
  }
  const double before = then->figure.value;
  const double allowed = std::max(tolerance * std::abs(before), trifle_in(asked.unit));
  const Beyond difference = beyond(then->figure, *asked.figure, worse, allowed, tolerance);
  held.base = then->figure;
  held.limit = worse == WorseWhen::lower ? before - allowed : before + allowed;
  held.margin = -difference.point;
  const auto [status, why] = decide(baseline, tested, asked, then->figure, difference);
  held.status = status;
  held.outcome =
      fmt::format("{}, baseline {}: {}, {}{}{}", with_count(*asked.figure, asked.unit),
                  with_count(then->figure, asked.unit), change_text(then->figure, *asked.figure),
                  allowed_text(worse, tolerance), why.empty() ? "" : ": ", why);
  return held;
}

/// What the cases about the baseline make of the file's outcome.
void conclude(TestedFile& tested) {
  const auto some = [&](Status status) {
    return std::ranges::count_if(tested.cases, [&](const TestCase& asked) {
      return asked.kind == TestCase::Kind::baseline && asked.status == status;
    });
  };
  const auto worse = some(Status::failed), undecided = some(Status::inconclusive);
  const auto all = worse + undecided + some(Status::passed);
  if (all == 0) return;
  const auto of = fmt::format("of {} figure{}", all, all == 1 ? "" : "s");
  std::string more;
  TestOutcome outcome = tested.outcome;
  if (worse > 0) {
    more = fmt::format("{} {} worse than the baseline", worse, of);
    outcome = TestOutcome::regression;
  } else if (undecided > 0) {
    more = fmt::format("{} {} not decided against the baseline", undecided, of);
    if (exit_code_of(outcome) == ExitCode::ok) outcome = TestOutcome::inconclusive;
  } else {
    more = "none worse than the baseline";
  }
  if (exit_code_of(tested.outcome) == ExitCode::ok && outcome != tested.outcome)
    tested.summary = more;  // that the expectations hold is not what matters any more
  else
    tested.summary += (tested.summary.empty() ? "" : "; ") + more;
  tested.outcome = outcome;
}

Json interval_json(const Interval& interval) {
  return Json::array({json_number(interval.low), json_number(interval.high)});
}

BaselineFigure read_figure(const Json& json) {
  BaselineFigure read;
  read.name = json.at("figure").get<std::string>();
  const auto worse = json.at("worse").get<std::string>();
  for (const auto& [kind, text] : kWorseWords)
    if (worse == text) read.worse = kind;
  read.figure.value = json.at("value").get<double>();
  read.figure.replications = json.at("replications").get<std::uint32_t>();
  read.figure.lower_bound = json.value("lower_bound", false);
  read.figure.upper_bound = json.value("upper_bound", false);
  if (const auto at = json.find("interval"); at != json.end())
    read.figure.interval = Interval{at->at(0).get<double>(), at->at(1).get<double>()};
  return read;
}

Baseline read_members(const Json& json) {
  const Json& scenario = json.at("scenario");
  Baseline baseline;
  baseline.scenario = scenario.at("name").get<std::string>();
  baseline.hash = scenario.at("hash").get<std::string>();
  baseline.seed = scenario.at("seed").get<std::uint64_t>();
  baseline.replications = scenario.at("replications").get<std::uint32_t>();
  baseline.confidence = scenario.at("confidence").get<double>();
  for (const Json& figure : json.at("figures")) baseline.figures.push_back(read_figure(figure));
  return baseline;
}

}  // namespace

WorseWhen worse_when(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
    case Comparison::less_equal:
      return WorseWhen::higher;
    case Comparison::greater:
    case Comparison::greater_equal:
      return WorseWhen::lower;
    case Comparison::equal:
      break;
  }
  return WorseWhen::different;
}

bool has_figures(const TestedFile& tested) { return std::ranges::any_of(tested.cases, is_held); }

Baseline baseline_of(const TestedFile& tested) {
  SLUICE_REQUIRE(tested.outcome == TestOutcome::passed, "only what passed becomes a baseline");
  Baseline baseline{tested.scenario,     tested.hash,       tested.seed,
                    tested.replications, tested.confidence, {}};
  for (const TestCase& asked : tested.cases) {
    if (!is_held(asked) || !asked.figure || !std::isfinite(asked.figure->value)) continue;
    const WorseWhen worse = worse_when(asked.comparison);
    const bool known = std::ranges::any_of(baseline.figures, [&](const BaselineFigure& figure) {
      return figure.name == asked.figure_name && figure.worse == worse;
    });
    if (!known) baseline.figures.push_back({asked.figure_name, worse, *asked.figure});
  }
  return baseline;
}

std::string baseline_json(const Baseline& baseline) {
  Json json{{"format", "sluice.baseline"},
            {"version", kBaselineVersion},
            {"scenario",
             {{"name", baseline.scenario},
              {"hash", baseline.hash},
              {"seed", baseline.seed},
              {"replications", baseline.replications},
              {"confidence", json_number(baseline.confidence)}}}};
  Json& figures = json["figures"] = Json::array();
  for (const BaselineFigure& entry : baseline.figures) {
    Json figure{{"figure", entry.name},
                {"worse", word(entry.worse)},
                {"value", json_number(entry.figure.value)},
                {"replications", entry.figure.replications}};
    if (entry.figure.interval) figure["interval"] = interval_json(*entry.figure.interval);
    if (entry.figure.lower_bound) figure["lower_bound"] = true;
    if (entry.figure.upper_bound) figure["upper_bound"] = true;
    figures.push_back(std::move(figure));
  }
  return json_text(json);
}

Parsed<Baseline> read_baseline(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Parsed<Baseline>::wrong(0, "is not JSON");
  if (!json.is_object() || json.value("format", Json()) != "sluice.baseline")
    return Parsed<Baseline>::wrong(0, "is not a baseline of sluice");
  if (json.value("version", Json()) != kBaselineVersion)
    return Parsed<Baseline>::wrong(
        0, fmt::format("is a baseline of version {}; this program reads version {}",
                       json.value("version", Json()).dump(), kBaselineVersion));
  try {
    return Parsed<Baseline>::of(read_members(json));
  } catch (const Json::exception&) {
    return Parsed<Baseline>::wrong(0, "lacks members that every baseline has");
  }
}

void hold_against(const Baseline& baseline, double tolerance, TestedFile& tested) {
  std::vector<TestCase> held;
  for (const TestCase& asked : tested.cases) {
    if (!is_held(asked)) continue;
    const bool twice = std::ranges::any_of(held, [&](const TestCase& before) {
      return before.figure_name == asked.figure_name &&
             worse_when(before.comparison) == worse_when(asked.comparison);
    });
    if (!twice) held.push_back(held_against(baseline, tolerance, tested, asked));
  }
  std::ranges::move(held, std::back_inserter(tested.cases));
  conclude(tested);
}

void note_missing_baseline(const std::string& why, TestedFile& tested) {
  if (!has_figures(tested)) return;
  TestCase missing;
  missing.kind = TestCase::Kind::baseline;
  missing.sentence = "baseline";
  missing.outcome = why;
  missing.file = tested.file;
  tested.cases.push_back(std::move(missing));
  if (exit_code_of(tested.outcome) == ExitCode::ok) {
    tested.outcome = TestOutcome::inconclusive;
    tested.summary = why;
  } else {
    tested.summary += (tested.summary.empty() ? "" : "; ") + why;
  }
}

}  // namespace sluice

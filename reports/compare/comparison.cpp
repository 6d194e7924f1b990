#include "reports/compare/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "reports/compare/permutation.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/statistics.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {
namespace {

constexpr std::array kCompared{
    MetricOfComparison{Metric::wait_mean, true, true, true, true, true, 0.05},
    MetricOfComparison{Metric::wait_p50, true, true, false, false, false, 0.05},
    MetricOfComparison{Metric::wait_p95, true, true, false, true, true, 0.05},
    MetricOfComparison{Metric::wait_p99, true, true, false, false, false, 0.05},
    MetricOfComparison{Metric::starvation_total, true, true, false, true, false, 1},
    MetricOfComparison{Metric::starvation_longest, true, true, false, false, false, 1},
    MetricOfComparison{Metric::slo_attainment, false, true, false, false, false, 0.001},
    MetricOfComparison{Metric::throughput_rate, false, true, true, false, false, 0.01},
    MetricOfComparison{Metric::rejected_rate, true, false, true, false, false, 0.001},
    MetricOfComparison{Metric::failed_rate, true, false, true, false, false, 0.001},
    MetricOfComparison{Metric::stopped_rate, true, false, true, false, false, 0.001},
    MetricOfComparison{Metric::requeued_rate, true, false, true, false, false, 0.001},
    MetricOfComparison{Metric::api_latency_p99, true, false, true, false, false, 0.001},
};

constexpr std::size_t kMostNeeded = 1000;

double trifle_of(Metric metric) {
  for (const MetricOfComparison& compared : kCompared)
    if (compared.metric == metric) return compared.trifle;
  return 0;
}

int order_of(Change change) {
  return change == Change::worse ? 0 : change == Change::better ? 1 : 2;
}

using Reports = std::span<const ComparedReport>;

std::string mixed(std::string_view set, std::string_view what) {
  return fmt::format("the reports of {} are of different {}", set, what);
}

std::string mistake_in_set(Reports reports, std::string_view set) {
  if (reports.empty()) return fmt::format("{} has no reports", set);
  std::set<std::tuple<std::string, std::uint64_t>> simulations;
  for (const ComparedReport& report : reports) {
    if (report.scenario != reports[0].scenario) return mixed(set, "scenarios");
    if (report.hash != reports[0].hash) return mixed(set, "versions of the scenario");
    if (report.until_s != reports[0].until_s) return mixed(set, "lengths");
    if (!report.complete) return fmt::format("{} has a report that ended early", set);
    if (report.engine != reports[0].engine) return mixed(set, "engines");
    if (report.engine == "virtual_time" && !simulations.emplace(report.hash, report.seed).second)
      return report.is_replication
                 ? fmt::format("{} has the replication with seed {:016x} twice", set, report.seed)
                 : fmt::format("{} has the simulation with seed {} twice", set, report.seed);
  }
  return {};
}

/// By report; empty if one lacks the figure. Reports leave out zeros of workspaces and submitters.
std::vector<double> values_of(Reports reports, const ComparedFigureKey& key) {
  const bool narrow = !key.workspace.empty() || !key.submitter.empty();
  std::vector<double> values;
  for (const ComparedReport& report : reports) {
    const auto found = report.figures.find(key);
    if (found == report.figures.end()) {
      const bool told = key.workspace.empty() ? report.tells_submitters : report.tells_workspaces;
      if (!narrow || !told || !zero_if_absent(key.metric)) return {};
      values.push_back(0);
    } else if (std::isfinite(found->second)) {
      values.push_back(found->second);
    } else {
      return {};
    }
  }
  return values;
}

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

std::vector<double> differences_of(const std::vector<double>& base,
                                   const std::vector<double>& changed) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < base.size(); ++i) differences.push_back(changed[i] - base[i]);
  return differences;
}

double p_of(const std::vector<double>& base, const std::vector<double>& changed, bool pairs) {
  return pairs ? sign_flip_p(differences_of(base, changed)) : permutation_p(base, changed);
}

using NameOfKey = std::string ComparedFigureKey::*;

std::set<std::string> names_in(Reports reports, NameOfKey name) {
  std::set<std::string> names;
  for (const ComparedReport& report : reports)
    for (const auto& [key, value] : report.figures)
      if (!(key.*name).empty()) names.insert(key.*name);
  return names;
}

/// The workspaces, or submitters, that both sets tell of.
std::vector<std::string> names_in_both(Reports base, Reports changed, NameOfKey name) {
  const std::set<std::string> ours = names_in(base, name), theirs = names_in(changed, name);
  std::vector<std::string> both;
  std::ranges::set_intersection(ours, theirs, std::back_inserter(both));
  return both;
}

Repetition repetition_of(Reports base, Reports changed) {
  const auto is_replication = [](const ComparedReport& report) { return report.is_replication; };
  if (std::ranges::all_of(base, is_replication) && std::ranges::all_of(changed, is_replication))
    return Repetition::replication;
  return std::ranges::any_of(base, is_replication) || std::ranges::any_of(changed, is_replication)
             ? Repetition::either
             : Repetition::report;
}

bool all_equal(const std::vector<double>& base, const std::vector<double>& changed, bool pairs) {
  if (pairs) return base == changed;
  const auto is_first = [&](double value) { return value == base.front(); };
  return std::all_of(base.begin(), base.end(), is_first) &&
         std::all_of(changed.begin(), changed.end(), is_first);
}

class Comparing {
 public:
  Comparing(Reports base, Reports changed, const ComparisonOptions& options)
      : base_(base), changed_(changed) {
    result_.scenario = base.front().scenario;
    result_.same_hash = base.front().hash == changed.front().hash;
    result_.base = base.size();
    result_.changed = changed.size();
    result_.options = options;
    result_.repetition = repetition_of(base, changed);
  }

  ReportComparison run() {
    test_all();
    leave_out_what_needs_more();
    correct();
    bound();
    decide();
    std::ranges::stable_sort(result_.metrics, [](const auto& a, const auto& b) {
      const auto place = [](const ComparedMetric& metric) {
        return std::tuple(order_of(metric.change),
                          metric.change == Change::none ? 0 : -std::abs(metric.relative));
      };
      return place(a) < place(b);
    });
    result_.cause = cause_of_first_change();
    return std::move(result_);
  }

 private:
  void test_all() {
    const auto workspaces = names_in_both(base_, changed_, &ComparedFigureKey::workspace);
    const auto submitters = names_in_both(base_, changed_, &ComparedFigureKey::submitter);
    for (const MetricOfComparison& metric : kCompared) {
      const auto& only = result_.options.only;
      if (!only.empty() && std::ranges::find(only, metric.metric) == only.end()) continue;
      if (metric.of_all) test(metric, {metric.metric});
      for (const PriorityLevel level : kAllLevels)
        if (metric.of_levels) test(metric, {metric.metric, level});
      for (const std::string& workspace : workspaces)
        if (metric.of_workspaces) test(metric, {metric.metric, {}, workspace});
      for (const std::string& submitter : submitters)
        if (metric.of_submitters && !says_the_same(metric.metric, submitter, workspaces))
          test(metric, {metric.metric, {}, {}, submitter});
    }
  }

  /// Whether everything, a level or a workspace has the same values: then the submitter is alone.
  bool says_the_same(Metric metric, const std::string& submitter,
                     const std::vector<std::string>& workspaces) const {
    const ComparedFigureKey key{metric, {}, {}, submitter};
    const std::vector<double> base = values_of(base_, key), changed = values_of(changed_, key);
    const auto is_same = [&](const ComparedFigureKey& other) {
      return values_of(base_, other) == base && values_of(changed_, other) == changed;
    };
    return is_same({metric}) ||
           std::ranges::any_of(kAllLevels,
                               [&](PriorityLevel level) {
                                 return is_same({metric, level});
                               }) ||
           std::ranges::any_of(workspaces, [&](const std::string& workspace) {
             return is_same({metric, {}, workspace});
           });
  }

  void test(const MetricOfComparison& metric, const ComparedFigureKey& key) {
    const std::vector<double> base = values_of(base_, key), changed = values_of(changed_, key);
    if (base.empty() || changed.empty()) return;
    if (all_equal(base, changed, result_.options.pairs)) {
      ++result_.equal;
      return;
    }
    ComparedMetric tested{key, metric.lower_is_better, mean(base), mean(changed)};
    const double difference = tested.changed - tested.base;
    tested.relative = tested.base != 0 ? difference / std::abs(tested.base)
                      : difference == 0
                          ? 0
                          : std::copysign(std::numeric_limits<double>::infinity(), difference);
    tested.p = result_.options.exact ? 0 : p_of(base, changed, result_.options.pairs);
    tested.large = std::abs(tested.relative) > result_.options.tolerance &&
                   std::abs(difference) > metric.trifle;
    result_.metrics.push_back(tested);
  }

  void leave_out_what_needs_more() {
    if (result_.options.all_subjects) return;
    leave_out(&ComparedFigureKey::submitter, result_.needed_by_submitter);
    leave_out(&ComparedFigureKey::workspace, result_.needed_by_workspace);
  }

  void leave_out(NameOfKey name, std::size_t& needed) {
    const auto is_of = [name](const ComparedMetric& metric) { return !(metric.key.*name).empty(); };
    if (can_support(result_.metrics.size())) return;
    if (std::ranges::none_of(result_.metrics, is_of)) return;
    needed = needed_for(result_.metrics.size());
    std::erase_if(result_.metrics, is_of);
  }

  void correct() {
    std::vector<double> p;
    for (const ComparedMetric& metric : result_.metrics) p.push_back(metric.p);
    const std::vector<double> adjusted = holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
      ComparedMetric& metric = result_.metrics[i];
      metric.adjusted_p = adjusted[i];
      if (adjusted[i] > alpha() || !metric.large) continue;
      const bool lower = metric.changed < metric.base;
      metric.change = lower == metric.lower_is_better ? Change::better : Change::worse;
    }
  }

  /// Intervals of the differences, of pairs.
  void bound() {
    if (!result_.options.pairs) return;
    const double each = 1 - alpha() / static_cast<double>(result_.metrics.size());
    for (ComparedMetric& metric : result_.metrics) {
      metric.interval = student_t_interval(
          differences_of(values_of(base_, metric.key), values_of(changed_, metric.key)), each);
      const double allowed =
          std::max(result_.options.tolerance * std::abs(metric.base), trifle_of(metric.key.metric));
      metric.alike = result_.options.exact ? !metric.large
                                           : metric.interval && metric.interval->low >= -allowed &&
                                                 metric.interval->high <= allowed;
    }
  }

  /// What moved the first wait that changed: the parts of its mean that did so most.
  std::string cause_of_first_change() const {
    const auto is_wait = [](const ComparedMetric& metric) {
      return metric.change != Change::none && metric.key.metric >= Metric::wait_mean &&
             metric.key.metric <= Metric::wait_max;
    };
    const auto first = std::ranges::find_if(result_.metrics, is_wait);
    if (first == result_.metrics.end()) return {};
    const bool longer = first->changed > first->base;
    struct Part {
      WaitPart part;
      double base, changed;
    };
    std::vector<Part> parts;
    for (std::size_t i = 0; i < kWaitParts; ++i) {
      const auto part = static_cast<WaitPart>(i);
      if (part == WaitPart::api) continue;  // comes before the wait
      const ComparedFigureKey key{attribution_metric(part), first->key.level, first->key.workspace,
                                  first->key.submitter};
      const std::vector<double> base = values_of(base_, key), changed = values_of(changed_, key);
      if (base.empty() || changed.empty()) continue;
      const Part moved{part, mean(base), mean(changed)};
      if (moved.changed != moved.base && (moved.changed > moved.base) == longer)
        parts.push_back(moved);
    }
    if (parts.empty()) return {};
    std::ranges::stable_sort(parts, std::ranges::greater{},
                             [](const Part& part) { return std::abs(part.changed - part.base); });
    const std::string who = subject_text(first->key);
    std::string text = fmt::format("{} {}: on average ",
                                   who == "all" ? "Runs wait" : fmt::format("Runs of {} wait", who),
                                   longer ? "longer" : "shorter");
    constexpr std::size_t kMostParts = 2;
    const double most = std::abs(parts[0].changed - parts[0].base);
    for (std::size_t i = 0; i < std::min(kMostParts, parts.size()); ++i) {
      const Part& part = parts[i];
      if (i > 0 && std::abs(part.changed - part.base) * 4 < most) break;
      text += fmt::format("{}{} ({} before) with {}", i > 0 ? ", and " : "",
                          compact(part.changed, Unit::seconds), compact(part.base, Unit::seconds),
                          phrase(part.part, first->key.level));
    }
    return text;
  }

  void decide() {
    result_.needed = needed_for(result_.metrics.size());
    const auto is_worse = [](const auto& metric) { return metric.change == Change::worse; };
    if (std::ranges::any_of(result_.metrics, is_worse))
      result_.verdict = ReportComparison::Verdict::regression;
    else if (result_.metrics.size() + result_.equal == 0 || !can_support(result_.metrics.size()))
      result_.verdict = ReportComparison::Verdict::inconclusive;
  }

  /// So many tests, of which one is as clear as it can be.
  bool can_support(std::size_t tests) const {
    return smallest_p(base_.size(), changed_.size()) * static_cast<double>(tests) <= alpha();
  }
  std::size_t needed_for(std::size_t tests) const {
    std::size_t count = 1;
    while (count < kMostNeeded && smallest_p(count, count) * static_cast<double>(tests) > alpha())
      ++count;
    return count;
  }

  double smallest_p(std::size_t base, std::size_t changed) const {
    if (result_.options.exact) return 0;
    return result_.options.pairs ? smallest_sign_flip_p(base)
                                 : smallest_permutation_p(base, changed);
  }
  double alpha() const { return 1 - result_.options.confidence + 1e-12; }

  Reports base_, changed_;
  ReportComparison result_;
};

}  // namespace

std::string_view name(Change change) {
  switch (change) {
    case Change::none:
      return "none";
    case Change::better:
      return "better";
    case Change::worse:
      return "worse";
  }
  return "";
}

std::string_view name(ReportComparison::Verdict verdict) {
  switch (verdict) {
    case ReportComparison::Verdict::no_regression:
      return "no_regression";
    case ReportComparison::Verdict::regression:
      return "regression";
    case ReportComparison::Verdict::inconclusive:
      return "inconclusive";
  }
  return "";
}

std::span<const MetricOfComparison> metrics_of_comparison() { return kCompared; }

bool is_compared(Metric metric) {
  return std::ranges::find(kCompared, metric, &MetricOfComparison::metric) != kCompared.end();
}

std::string mistake_in(Reports base, Reports changed, const ComparisonOptions& options) {
  for (const auto& [reports, set] : {std::pair(base, "--base"), std::pair(changed, "--new")})
    if (std::string mistake = mistake_in_set(reports, set); !mistake.empty()) return mistake;
  if (base[0].scenario != changed[0].scenario)
    return fmt::format("--base is about the scenario '{}', --new about '{}'", base[0].scenario,
                       changed[0].scenario);
  if (base[0].until_s != changed[0].until_s) return "--base and --new are of different lengths";
  if (base[0].engine != changed[0].engine)
    return "one of --base and --new was simulated, the other measured";
  if (!options.pairs) return {};
  if (base.size() != changed.size())
    return fmt::format("--pairs: --base has {} reports, --new {}", base.size(), changed.size());
  for (std::size_t i = 0; i < base.size(); ++i)
    if (base[i].seed != changed[i].seed)
      return fmt::format("--pairs: the seeds of pair {} are {} and {}", i + 1, base[i].seed,
                         changed[i].seed);
  return {};
}

std::string subject_text(const ComparedFigureKey& key) {
  if (!key.workspace.empty()) return key.workspace;
  if (!key.submitter.empty()) return "submitter " + key.submitter;
  return key.level ? std::string(name(*key.level)) : "all";
}

bool ReportComparison::is_settled() const { return unsettled() == 0; }

std::size_t ReportComparison::unsettled() const {
  return static_cast<std::size_t>(std::ranges::count_if(metrics, [](const ComparedMetric& metric) {
    return metric.change == Change::none && !metric.alike;
  }));
}

ReportComparison compare(Reports base, Reports changed, const ComparisonOptions& options) {
  return Comparing(base, changed, options).run();
}

}  // namespace sluice

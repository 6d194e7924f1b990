#include "tests/model/oracles/oracle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/statistics.hpp"
#include "tests/unit/sim/checked.hpp"

namespace sluice::test {

namespace {

constexpr double kConfidence = 0.999;
constexpr double kHistogramError = 1.0 / 128;
/// Share of runs still waiting at the end that cannot move a figure noticeably.
constexpr double kMostCensored = 0.001;

bool is_quantile(Metric metric) {
  return metric >= Metric::wait_p50 && metric <= Metric::wait_p999;
}

::testing::AssertionResult judge_interval(const Interval& interval, double expected, double widest,
                                          double off) {
  const double half = (interval.high - interval.low) / 2;
  const double middle = (interval.high + interval.low) / 2;
  const auto told = [&](::testing::AssertionResult result) {
    return result << "known " << expected << ", simulated " << middle << " ± " << half << " ("
                  << 100 * half / expected << " % of the known)";
  };
  if (std::abs(middle - expected) > half + off)
    return told(::testing::AssertionFailure() << "outside the interval: ");
  if (half > widest * std::abs(expected))
    return told(::testing::AssertionFailure() << "too wide an interval: ");
  return told(::testing::AssertionSuccess());
}

}  // namespace

Scenario oracle_scenario(std::uint32_t workers, Distribution service, Lengths lengths) {
  Scenario scenario = small_scenario(
      workers, std::move(service), Duration::from_seconds(lengths.warm_up_s + lengths.measured_s));
  scenario.name = "oracle";
  scenario.seed = 20'231'123;
  scenario.confidence = kConfidence;
  scenario.warm_up.length = Duration::from_seconds(lengths.warm_up_s);
  scenario.replications = lengths.replications;
  return scenario;
}

Scenario poisson_scenario(double arrivals, std::uint32_t workers, Distribution service,
                          Lengths lengths) {
  Scenario scenario = oracle_scenario(workers, std::move(service), lengths);
  add_submitter(scenario, "poisson", poisson(arrivals));
  return scenario;
}

Scenario priority_scenario(const ByLevel& arrivals, std::uint32_t workers, Distribution service,
                           Lengths lengths) {
  Scenario scenario = oracle_scenario(workers, std::move(service), lengths);
  for (const PriorityLevel level : kAllLevels)
    add_submitter(scenario, std::string(name(level)), poisson(arrivals[index(level)])).priority = {
        {1, level}};
  return scenario;
}

void use_workspaces(Scenario& scenario, std::size_t count) {
  std::vector<WorkspaceConfig>& workspaces = scenario.pipeline.workspaces;
  while (workspaces.size() < count)
    workspaces.push_back({"tenant-" + std::to_string(workspaces.size()), GroupId::at(0)});
  for (SubmitterConfig& submitter : scenario.submitters) {
    submitter.workspaces.clear();
    for (std::size_t w = 0; w < count; ++w) submitter.workspaces.push_back(WorkspaceId::at(w));
  }
}

Report run_oracle(const Scenario& scenario, const ListenerFactory& listeners) {
  ExperimentOptions options;
  options.listeners = listeners;
  return run_checked(scenario, options);
}

::testing::AssertionResult covers(const Report& report, Metric metric, const Subject& subject,
                                  double expected, double widest) {
  const std::string what(info(metric).name);
  const Figure* figure = report.figures.find(metric, subject);
  if (figure == nullptr) return ::testing::AssertionFailure() << what << ": no such figure";
  const bool all_equal = !figure->interval && figure->replications > 1;
  if (!figure->interval && !all_equal)
    return ::testing::AssertionFailure() << what << ": no interval";
  if (static_cast<double>(figure->censored) > kMostCensored * static_cast<double>(figure->samples))
    return ::testing::AssertionFailure() << what << ": " << figure->censored << " are censored";
  const Interval interval = figure->interval.value_or(Interval{figure->value, figure->value});
  constexpr double kRounding = 1e-9;
  return judge_interval(interval, expected, widest,
                        is_quantile(metric) ? kHistogramError * expected
                        : all_equal         ? kRounding * expected
                                            : 0)
         << ", " << what;
}

::testing::AssertionResult covers(std::span<const double> values, double expected, double widest) {
  const auto interval = student_t_interval(values, kConfidence);
  if (!interval) return ::testing::AssertionFailure() << "not enough replications";
  return judge_interval(*interval, expected, widest, 0);
}

double value_of(const Report& report, Metric metric, const Subject& subject) {
  const Figure* figure = report.figures.find(metric, subject);
  EXPECT_NE(figure, nullptr) << info(metric).name;
  return figure != nullptr ? figure->value : std::numeric_limits<double>::quiet_NaN();
}

void WaitSpread::dispatched(Time now, const Run& run) {
  if (run.accepted < from_) return;
  Sums& sums = sums_[index(run.level())];
  const double wait = (now - run.accepted).seconds();
  sums.n += 1;
  sums.sum += wait;
  sums.squares += wait * wait;
}

void WaitSpread::finish(Time) {
  for (std::size_t k = 0; k < kLevels; ++k) {
    const Sums& sums = sums_[k];
    if (sums.n < 2) continue;
    const double mean = sums.sum / sums.n;
    sd_[k] = std::sqrt(sums.squares / sums.n - mean * mean);
  }
}

void InSystemAt::pass(Time now) {
  while (counts_.size() < times_.size() && times_[counts_.size()] < now)
    counts_.push_back(present_);
}

void ShareAbove::pass(Time now) {
  if (now > from_ && present_ > limit_) above_ += now - std::max(last_, from_);
  last_ = now;
}

void ShareAbove::finish(Time end) {
  pass(end);
  share_ = above_.seconds() / (end - from_).seconds();
}

}  // namespace sluice::test

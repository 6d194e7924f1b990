// How often an interval from batch means of one run covers the exact value, by rule of when it is
// given: sluice_interval_coverage [SEEDS]. docs/decisions/intervals-of-one-run.md has its figures.
//
// One server, exponential service of 1 s, three Poisson classes of 0.3, 0.3 and 0.2 per second,
// strict priority. By Cobham's formula the mean wait of LOW is 0.8 / (0.4 × 0.2) = 10 s.
#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reports/statistics.hpp"
#include "sim/simulation.hpp"

namespace sluice::bench {
namespace {

constexpr double kExact_s = 10;
constexpr double kLimit_s = 9;  // `mean < 9s` is wrong
constexpr double kWarmUp_s = 500;
constexpr double kConfidence = 0.95;

Scenario make_scenario(double duration_s) {
  Scenario s;
  s.duration = Duration::from_seconds(duration_s);
  s.pipeline.groups.push_back({});
  s.pipeline.groups[0].workers.count = 1;
  s.pipeline.workspaces.push_back({"a", GroupId::at(0)});
  WorkflowConfig workflow;
  workflow.time = Distribution::exponential(1);
  s.pipeline.workflows.push_back(workflow);
  s.pipeline.api.rate_limits.clear();
  constexpr std::array rates{0.3, 0.3, 0.2};
  for (std::size_t k = 0; k < kLevels; ++k) {
    SubmitterConfig submitter;
    submitter.name = std::string(name(kAllLevels[k]));
    submitter.workspaces = {WorkspaceId::at(0)};
    submitter.workflows = {{1.0, WorkflowUse{WorkflowId::at(0), {}}}};
    submitter.priority = {{1, kAllLevels[k]}};
    submitter.arrivals = PoissonArrivals{{{{Time::zero(), rates[k]}}, {}, false}};
    s.submitters.push_back(submitter);
  }
  return s;
}

/// Waits of LOW runs accepted after the warm-up, as they start.
class LowWaits final : public PipelineObserver {
 public:
  void dispatched(Time now, const Run& run) override {
    if (run.request.level != PriorityLevel::LOW || run.accepted.seconds() < kWarmUp_s) return;
    waits_.push_back((now - run.accepted).seconds());
  }
  const std::vector<double>& waits() const { return waits_; }

 private:
  std::vector<double> waits_;
};

/// Means of so many batches of equal length; what is left over at the front goes.
std::vector<double> batch_means(std::span<const double> values, std::size_t batches) {
  const std::size_t size = values.size() / batches;
  std::span<const double> rest = values.subspan(values.size() - size * batches);
  std::vector<double> means;
  for (std::size_t i = 0; i < batches; ++i)
    means.push_back(std::accumulate(&rest[i * size], &rest[i * size] + size, 0.0) /
                    static_cast<double>(size));
  return means;
}

/// Von Neumann's ratio as 1 - Σ(x_i - x_(i+1))² / 2Σ(x_i - mean)²: about normal with variance
/// (n - 2)/(n² - 1) if the values are independent, and near their lag-1 correlation.
double von_neumann(std::span<const double> values) {
  const double mean =
      std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  double steps = 0;
  double squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    squares += (values[i] - mean) * (values[i] - mean);
    if (i > 0) steps += (values[i] - values[i - 1]) * (values[i] - values[i - 1]);
  }
  return squares > 0 ? 1 - steps / (2 * squares) : 0;
}

bool looks_independent(std::span<const double> values, double level) {
  const auto n = static_cast<double>(values.size());
  const boost::math::normal normal;
  return von_neumann(values) * std::sqrt((n * n - 1) / (n - 2)) <=
         boost::math::quantile(normal, 1 - level);
}

using Rule = std::optional<Interval> (*)(std::span<const double> waits);

std::optional<Interval> of_batches(std::span<const double> waits, std::size_t batches) {
  if (waits.size() < 2 * batches) return std::nullopt;
  return student_t_interval(batch_means(waits, batches), kConfidence);
}
std::optional<Interval> always(std::span<const double> waits) { return of_batches(waits, 20); }
template <int percent>
std::optional<Interval> if_independent(std::span<const double> waits) {
  if (waits.size() < 40 || !looks_independent(batch_means(waits, 20), percent * 0.01))
    return std::nullopt;
  return always(waits);
}
/// Wider by what a first-order autoregression with the same ratio would make it.
std::optional<Interval> inflated(std::span<const double> waits) {
  std::optional<Interval> interval = always(waits);
  if (!interval) return interval;
  const double r = std::clamp(von_neumann(batch_means(waits, 20)), 0.0, 0.9);
  const double middle = (interval->low + interval->high) / 2;
  const double half = (interval->high - middle) * std::sqrt((1 + r) / (1 - r));
  return Interval{middle - half, middle + half};
}
/// Of as many batches, from 32 down to 8, as look independent.
std::optional<Interval> with_fewer(std::span<const double> waits) {
  for (std::size_t batches = 32; batches >= 8; batches /= 2)
    if (waits.size() >= 2 * batches && looks_independent(batch_means(waits, batches), 0.2))
      return of_batches(waits, batches);
  return std::nullopt;
}

struct NamedRule {
  const char* name;
  Rule rule;
};
constexpr std::array kRules{
    NamedRule{"always, 20 batches", always},
    NamedRule{"if von Neumann's ratio passes at 5 %", if_independent<5>},
    NamedRule{"if it passes at 20 %", if_independent<20>},
    NamedRule{"if it passes at 50 %", if_independent<50>},
    NamedRule{"widened by the lag-1 correlation", inflated},
    NamedRule{"32, 16 or 8 batches, the first that pass at 20 %", with_fewer},
};

struct Count {
  int given = 0, covers = 0, passes = 0;
};

void measure(double duration_s, std::uint64_t seeds) {
  const Scenario scenario = make_scenario(duration_s);
  std::array<Count, kRules.size()> counts{};
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    LowWaits low;
    Simulation simulation(scenario, replication_seed(5000 + seed, 0), low);
    simulation.run();
    for (std::size_t i = 0; i < kRules.size(); ++i) {
      const std::optional<Interval> interval = kRules[i].rule(low.waits());
      if (!interval) continue;
      ++counts[i].given;
      counts[i].covers += interval->low <= kExact_s && kExact_s <= interval->high;
      counts[i].passes += interval->high < kLimit_s;
    }
  }
  std::printf("%.0f s, %d seeds\n", duration_s, static_cast<int>(seeds));
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    const Count& c = counts[i];
    const double share = c.given > 0 ? 100.0 * c.covers / c.given : 0;
    std::printf("  %-50s given %3d  covers %5.1f %%  passes `mean < 9s` %d\n", kRules[i].name,
                c.given, share, c.passes);
  }
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  const std::uint64_t seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 400;
  for (const double duration_s : {2000.0, 10'000.0, 50'000.0})
    sluice::bench::measure(duration_s, seeds);
}

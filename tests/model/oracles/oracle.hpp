// Experiments that end in a number that is known beforehand: from a scenario to the figures of its
// report, as a user gets them.
//
// A figure agrees with the known answer if the answer lies in the figure's own interval, Student-t
// over the replications at 99.9 %, and if that interval is narrow enough to mean something. Seeds
// are fixed and are not to be chosen so that a test passes.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "experiments/replications.hpp"
#include "reports/report.hpp"
#include "reports/runs/run_listener.hpp"
#include "scenarios/scenario.hpp"
#include "tests/model/oracles/models.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {

inline constexpr PriorityLevel HIGH = PriorityLevel::HIGH;
inline constexpr PriorityLevel MEDIUM = PriorityLevel::MEDIUM;
inline constexpr PriorityLevel LOW = PriorityLevel::LOW;

/// How long is simulated, and how often.
struct Lengths {
  double warm_up_s = 0;
  double measured_s = 0;
  std::uint32_t replications = 20;
};

/// One group with `workers`, one workspace, one workflow, intervals at 99.9 %; nobody submits yet.
Scenario oracle_scenario(std::uint32_t workers, Distribution service, Lengths lengths);
/// The same with Poisson arrivals of LOW runs: M/G/c.
Scenario poisson_scenario(double arrivals, std::uint32_t workers, Distribution service,
                          Lengths lengths);
/// The same with Poisson arrivals at each level.
Scenario priority_scenario(const ByLevel& arrivals, std::uint32_t workers, Distribution service,
                           Lengths lengths);
/// Until there are `count` workspaces; all submitters submit in each of them, equally often.
void use_workspaces(Scenario& scenario, std::size_t count);

/// Runs the experiment. Fails the test if a replication breaks an invariant of the
/// pipeline.
Report run_oracle(const Scenario& scenario, const ListenerFactory& listeners = {});

/// `expected` lies in the interval of the figure, whose half-width is at most `widest` ×
/// `expected`. Quantiles come from histograms and may be off by another 1/128.
::testing::AssertionResult covers(const Report& report, Metric metric, const Subject& subject,
                                  double expected, double widest);
/// The same for values of independent replications.
::testing::AssertionResult covers(std::span<const double> values, double expected, double widest);

/// The value of a figure; fails the test and is NaN if there is none.
double value_of(const Report& report, Metric metric, const Subject& subject = {});

/// Makes one listener of type L for each replication, with `arguments` and a place for its result.
template <class L, class Result, class... Arguments>
ListenerFactory listen(std::vector<Result>& results, std::uint32_t replications,
                       Arguments... arguments) {
  results.assign(replications, Result{});
  return [&results, arguments...](std::uint32_t number, const Recorder&) {
    Listeners listeners;
    listeners.push_back(std::make_unique<L>(results[number], arguments...));
    return listeners;
  };
}

/// Standard deviation of the waits of each level, of runs accepted from `from` on.
class WaitSpread final : public RunListener {
 public:
  WaitSpread(ByLevel& sd, Time from) : sd_(sd), from_(from) {}
  void dispatched(Time now, const Run& run) override;
  void finish(Time end) override;

 private:
  struct Sums {
    double n = 0, sum = 0, squares = 0;
  };
  ByLevel& sd_;
  Time from_;
  std::array<Sums, kLevels> sums_;
};

/// Number of runs waiting or running at each of some times, ascending.
class InSystemAt final : public RunListener {
 public:
  InSystemAt(std::vector<double>& counts, std::vector<Time> times)
      : counts_(counts), times_(std::move(times)) {}
  void accepted(Time now, const Run&) override { pass(now), ++present_; }
  void ended(Time now, const Run&, Outcome, EndReason) override { pass(now), --present_; }
  void finish(Time end) override { pass(end + Duration{1}); }

 private:
  void pass(Time now);

  std::vector<double>& counts_;
  std::vector<Time> times_;
  int present_ = 0;
};

/// Share of the time from `from` on with more than `limit` runs waiting or running.
class ShareAbove final : public RunListener {
 public:
  ShareAbove(double& share, int limit, Time from) : share_(share), limit_(limit), from_(from) {}
  void accepted(Time now, const Run&) override { pass(now), ++present_; }
  void ended(Time now, const Run&, Outcome, EndReason) override { pass(now), --present_; }
  void finish(Time end) override;

 private:
  void pass(Time now);

  double& share_;
  int limit_;
  Time from_, last_;
  int present_ = 0;
  Duration above_{};
};

}  // namespace sluice::test

// Intervals, warm-up, and the report of several replications.
#include "reports/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

/// Uniform in (0, 1], the same on every machine.
class Uniform {
 public:
  explicit Uniform(std::uint64_t seed) : bits_(seed) {}
  double operator()() { return static_cast<double>((bits_() >> 11) + 1) * 0x1p-53; }
  double exponential(double mean) { return -std::log((*this)()) * mean; }

 private:
  std::mt19937_64 bits_;
};

/// Waits of M/M/1 by Lindley's recursion, μ = 1.
class Lindley {
 public:
  Lindley(double load, std::uint64_t seed) : random_(seed), gap_(1 / load) {}
  double next() {
    const double wait = wait_;
    wait_ = std::max(0.0, wait_ + random_.exponential(1) - random_.exponential(gap_));
    return wait;
  }

 private:
  Uniform random_;
  double gap_;
  double wait_ = 0;
};

TEST(StudentT, KnownInterval) {
  // Mean 3, s = √2.5, t(0.975, 4) = 2.776445.
  const auto interval = student_t_interval(std::vector<double>{1, 2, 3, 4, 5}, 0.95);
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->high - 3, 2.776445 * std::sqrt(2.5 / 5), 1e-5);
  EXPECT_NEAR(3 - interval->low, 2.776445 * std::sqrt(2.5 / 5), 1e-5);
  EXPECT_FALSE(student_t_interval(std::vector<double>{1}, 0.95));
}

TEST(StudentT, EqualValuesHaveNoInterval) {
  EXPECT_FALSE(student_t_interval(std::vector<double>{0.1, 0.1, 0.1}, 0.95));
  EXPECT_TRUE(student_t_interval(std::vector<double>{0.1, 0.1, 0.2}, 0.95));
}

TEST(Mser5, DropsTheRampAndKeepsTheRest) {
  Uniform random(1);
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back((i < 200 ? i * 0.05 : 10) + random() - 0.5);
  const std::size_t dropped = mser5(values);
  EXPECT_GE(dropped, 150U);
  EXPECT_LE(dropped, 260U);
  EXPECT_EQ(mser5(std::vector<double>(100, 3.0)), 0U) << "nothing to drop from a constant";
  EXPECT_EQ(mser5({}), 0U);
}

TEST(Replications, IntervalsOverReplicationsCover) {
  constexpr int kExperiments = 300;
  int covered = 0;
  for (int experiment = 0; experiment < kExperiments; ++experiment) {
    std::vector<double> means;
    for (int replication = 0; replication < 10; ++replication) {
      Lindley queue(0.7, static_cast<std::uint64_t>(experiment * 100 + replication));
      for (int i = 0; i < 2000; ++i) queue.next();
      double sum = 0;
      for (int i = 0; i < 5000; ++i) sum += queue.next();
      means.push_back(sum / 5000);
    }
    const Interval interval = *student_t_interval(means, 0.95);
    covered += interval.low <= 0.7 / 0.3 && 0.7 / 0.3 <= interval.high;
  }
  EXPECT_GE(covered, kExperiments * 0.91);
  EXPECT_LE(covered, kExperiments * 0.99);
}

// ---- one report of several replications

ReplicationResult replication(double wait, bool with_high) {
  Recording r(small_pipeline());
  r.workers(0, 1);
  r.accept(0, "low", PriorityLevel::LOW);
  r.dispatch(wait, "low");
  r.end(wait + 10, "low");
  if (with_high) r.serve(50, 51, "high", PriorityLevel::HIGH);
  return r.recorder.finish(at_s(100));
}

TEST(Combine, MeansOverReplicationsWithTheirInterval) {
  const Report report =
      combine({}, names_of(small_pipeline()),
              std::vector{replication(10, false), replication(20, true), replication(30, false)});
  EXPECT_EQ(report.header.replications, 3U);
  const Figure* wait = report.figures.find(Metric::wait_mean, Subject::of(PriorityLevel::LOW));
  ASSERT_NE(wait, nullptr);
  EXPECT_EQ(wait->value, 20);
  EXPECT_EQ(wait->samples, 3U);
  EXPECT_EQ(wait->replications, 3U);
  EXPECT_NEAR(wait->interval->high, 20 + 4.302653 * 10 / std::sqrt(3.0), 1e-4);
  const Figure* high = report.figures.find(Metric::wait_mean, Subject::of(PriorityLevel::HIGH));
  ASSERT_NE(high, nullptr);
  EXPECT_EQ(high->replications, 1U) << "says that only one had it";
  EXPECT_FALSE(high->interval);
}

TEST(Combine, ValuesThatAreEqualStayWhatTheyAreAndHaveNoInterval) {
  // A tenth, ten times, divided by ten, is not a tenth.
  const std::vector<ReplicationResult> ten(10, replication(0.1, false));
  const Report report = combine({}, names_of(small_pipeline()), ten);
  for (const FigureEntry& entry : report.figures.entries())
    EXPECT_FALSE(entry.figure.interval) << info(entry.key.metric).name;
  const Figure* wait = report.figures.find(Metric::wait_mean, Subject::of(PriorityLevel::LOW));
  ASSERT_NE(wait, nullptr);
  EXPECT_EQ(wait->value, 0.1);
}

// Waits of one run hang together: what they vary by among themselves is not what their mean does.
TEST(Combine, FiguresOfOneReplicationHaveNoInterval) {
  Recording r(small_pipeline());
  Uniform random(5);
  for (int i = 0; i < 5000; ++i) {
    const std::string run = "run-" + std::to_string(i);
    r.accept(i, run, PriorityLevel::LOW);
    r.dispatch(i + random() * 0.9, run);
    r.end(i + 0.95, run);
  }
  const Report report =
      combine({}, names_of(small_pipeline()), std::vector{r.recorder.finish(at_s(5000))});
  ASSERT_FALSE(report.figures.entries().empty());
  for (const FigureEntry& entry : report.figures.entries())
    EXPECT_FALSE(entry.figure.interval) << info(entry.key.metric).name;
}

TEST(Combine, StabilityLineNamesTheFirstLevelThatStarves) {
  Recording r(small_pipeline());
  r.workers(0, 1);
  for (int i = 0; i < 10; ++i) {  // HIGH: one of 9 s every 10 s
    const std::string run = "high-" + std::to_string(i);
    r.serve(i * 10, i * 10 + 9, run, PriorityLevel::HIGH);
  }
  r.accept(99, "low-1", PriorityLevel::LOW);
  r.accept(99, "low-2", PriorityLevel::LOW);
  const Report report =
      combine({}, names_of(small_pipeline()), std::vector{r.recorder.finish(at_s(100))});
  ASSERT_EQ(report.stability.size(), 1U);
  const GroupStability& line = report.stability[0];
  ASSERT_EQ(line.levels.size(), 2U);
  EXPECT_DOUBLE_EQ(line.levels[0].sigma, 0.9);
  EXPECT_DOUBLE_EQ(line.levels[1].sigma, 1.08)
      << "LOW never ran: its service is taken from its workflow";
  EXPECT_DOUBLE_EQ(line.levels[1].workers_needed, 1.08 / 0.8);
  EXPECT_EQ(line.first_to_starve, PriorityLevel::LOW);
}

TEST(Combine, PoolsAreTheSameIfTheirMembersAre) {
  const auto with_pools = [](bool swapped) {
    Recording r(small_pipeline(1, 4));
    const std::vector<CredentialId> ab{CredentialId::at(0), CredentialId::at(1)};
    const std::vector<CredentialId> cd{CredentialId::at(2), CredentialId::at(3)};
    r.recorder.pool_defined(0, swapped ? 1 : 0, ab.data(), 2);
    r.recorder.pool_defined(1, swapped ? 0 : 1, cd.data(), 2);
    sluice::Run& run = r.accept(0, "a", PriorityLevel::LOW, 0, {Need::kPoolBit | 0});
    run.held[0] = ab[1];
    r.dispatch(0, "a");
    r.end(5, "a");
    return r.recorder.finish(at_s(10));
  };
  const Report report =
      combine({}, names_of(small_pipeline(1, 4)), std::vector{with_pools(false), with_pools(true)});
  ASSERT_EQ(report.names.pools.size(), 2U);
  EXPECT_EQ(report.names.pools[0].name, "credential (2)");
  const Figure* through =
      report.figures.find(Metric::pool_dispatched_count, Subject::of(PoolId::at(0)));
  ASSERT_NE(through, nullptr);
  EXPECT_EQ(through->replications, 2U);
  EXPECT_EQ(report.reached.of({ReachKind::pool_skipped_member}), 2U) << "not the first in rotation";
}

TEST(WarmUp, IsFoundInAPilot) {
  RecorderConfig config;
  config.until = at_s(2000);
  config.time_line_buckets = 2000;
  Recording r(small_pipeline(), config);
  r.workers(0, 400);
  // 200 s of ramp to 200 runs at once, then steady.
  for (int i = 0; i < 2000; ++i)
    r.accept(i, "run-" + std::to_string(i), PriorityLevel::LOW),
        r.dispatch(i, "run-" + std::to_string(i)),
        i >= 200 ? r.end(i, "run-" + std::to_string(i - 200)) : void();
  const Time warm_up = warm_up_by_mser5(r.recorder.finish(at_s(2000)));
  EXPECT_GE(warm_up, at_s(190));
  EXPECT_LE(warm_up, at_s(210));
}

}  // namespace
}  // namespace sluice::test

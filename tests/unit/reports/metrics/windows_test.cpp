// Sliding windows that are held against limits: when the first one is broken, how often, how many.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/expectations/expectation.hpp"
#include "reports/judge.hpp"
#include "reports/statistics.hpp"
#include "reports/summary/window_breaks.hpp"
#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

Names one_of_each() { return names_of(small_pipeline(), {}); }

Expectation expected(std::string_view sentence) {
  return *parse_expectation(sentence, one_of_each()).value;
}

/// A run every ten seconds, but none from 140 s to 240 s and from 300 s on.
ReplicationResult with_holes(const RecorderConfig& config, double shift = 0) {
  Recording r(small_pipeline(), config);
  for (int i = 0; i < 30; ++i) {
    const double at = shift + i * 10;
    if (at < 140 + shift || at >= 240 + shift)
      r.serve(at, at + 1, "run-" + std::to_string(i), PriorityLevel::LOW);
  }
  return r.recorder.finish(at_s(400));
}

TEST(WindowBreaks, SayWhenTheFirstWindowIsBrokenAndHowMany) {
  const Expectation e = expected("throughput.rate >= 5/min over 60s");
  RecorderConfig config;
  watch_for({e}, config);
  const Report report = combine({}, one_of_each(), std::vector{with_holes(config)});
  const WindowBreaks* breaks = breaks_of(report, e);
  ASSERT_NE(breaks, nullptr);
  // The last run before the hole ends at 131 s: from 152 s on the window has four runs or fewer.
  EXPECT_EQ(breaks->first, at_s(152));
  EXPECT_EQ(breaks->times, 2U);
  EXPECT_EQ(breaks->windows, 341U);
  // To the first window with five again, at 282 s; from 312 s to the end.
  EXPECT_EQ(breaks->broken, (282U - 152U) + (400U - 312U + 1U));
  EXPECT_EQ(breaks_text(report, e), "first broken at 2m32s, 64 % of the windows (2 times)");
}

TEST(WindowBreaks, OfSeveralReplicationsTheEarliestAndTheMean) {
  const Expectation e = expected("throughput.rate >= 5/min over 60s");
  RecorderConfig config;
  watch_for({e}, config);
  Report report =
      combine({}, one_of_each(), std::vector{with_holes(config), with_holes(config, 20)});
  const WindowBreaks* breaks = breaks_of(report, e);
  ASSERT_NE(breaks, nullptr);
  EXPECT_EQ(breaks->first, at_s(60)) << "the second one begins late";
  EXPECT_EQ(breaks->replications, 2U);
  EXPECT_EQ(breaks->first_mean_s, (152 + 60) / 2.0);
  EXPECT_EQ(breaks->windows, 682U);
  EXPECT_THAT(breaks_text(report, e),
              ::testing::StartsWith("broken in 2 of 2 replications, first at 1m (on average at "));
}

TEST(WindowBreaks, EachLimitOnItsOwn) {
  const Expectation strict = expected("throughput.rate >= 5/min over 60s");
  const Expectation mild = expected("throughput.rate >= 0/min over 60s");
  RecorderConfig config;
  watch_for({strict, mild}, config);
  ASSERT_EQ(config.windows.size(), 1U);
  const Report report = combine({}, one_of_each(), std::vector{with_holes(config)});
  EXPECT_EQ(breaks_of(report, mild)->broken, 0U);
  EXPECT_GT(breaks_of(report, strict)->broken, 0U);
  EXPECT_EQ(breaks_text(report, mild), "");
  EXPECT_EQ(breaks_of(report, expected("throughput.rate >= 5/min")), nullptr);
}

TEST(WindowBreaks, QuantilesOfWaitsAreHeldAgainstLimits) {
  const Expectation e = expected("LOW.wait.p95 < 30s over 60s");
  RecorderConfig config;
  watch_for({e}, config);
  Recording r(small_pipeline(), config);
  for (int i = 0; i < 30; ++i) {
    const std::string run = std::to_string(i);
    r.accept(i * 10, run, PriorityLevel::LOW);
    r.dispatch(i * 10 + 5, run);
    r.end(i * 10 + 6, run);
  }
  r.accept(300, "starved", PriorityLevel::LOW);
  const Report report = combine({}, one_of_each(), std::vector{r.recorder.finish(at_s(400))});
  const WindowBreaks* breaks = breaks_of(report, e);
  ASSERT_NE(breaks, nullptr);
  ASSERT_TRUE(breaks->first);
  EXPECT_NEAR(breaks->first->seconds(), 330, 1) << "who waits counts with what it has waited";
  EXPECT_EQ(breaks->times, 1U);
  EXPECT_EQ(evaluate(e, report).status, Status::failed);
}

}  // namespace
}  // namespace sluice::test

// The envelope: continuous ranks by hand, its level on exchangeable vectors, and that intervals and
// p say the same.
#include "load/prediction/envelope.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "base/random/random.hpp"

namespace sluice {
namespace {

EnvelopeColumn column(std::vector<double> replications, double measured, double tolerance = 0) {
  return {std::move(replications), measured, tolerance, 1};
}

std::vector<double> count_to(int n) {
  std::vector<double> values;
  for (int i = 1; i <= n; ++i) values.push_back(i);
  return values;
}

TEST(Envelope, RankInsideCountsThoseAsExtreme) {
  const std::vector columns{column(count_to(39), 4.5)};
  const EnvelopeResult result = envelope(columns, 0.9);
  EXPECT_EQ(result.rank[0], 5) << "four below it, and itself";
  EXPECT_DOUBLE_EQ(result.p[0], 2 * 5 / 40.0);
  EXPECT_FALSE(result.outside(0));
}

TEST(Envelope, RankOfTheOnlyOneAtItsEndFallsWithTheGap) {
  const double near = envelope(std::vector{column({1, 2, 3}, 4)}, 0.9).rank[0];
  const double far = envelope(std::vector{column({1, 2, 3}, 40)}, 0.9).rank[0];
  EXPECT_DOUBLE_EQ(near, std::exp(-std::log(5.0 / 4) / std::log(4.0 / 2)));
  EXPECT_LT(far, near);
  const double low = envelope(std::vector{column({1, 2, 3}, 0)}, 0.9).rank[0];
  EXPECT_DOUBLE_EQ(low, std::exp(-std::log(2.0 / 1) / std::log(4.0 / 2)));
}

TEST(Envelope, EqualValuesAreNotExtreme) {
  const std::vector columns{column(std::vector<double>(39, 7.0), 7.0)};
  const EnvelopeResult result = envelope(columns, 0.95);
  EXPECT_EQ(result.p_all, 1);
  EXPECT_FALSE(result.outside(0));
}

TEST(Envelope, WhatNeverHappenedInTheModelIsOutside) {
  const std::vector columns{column(std::vector<double>(39, 0.0), 1.0)};
  const EnvelopeResult result = envelope(columns, 0.95);
  EXPECT_TRUE(result.outside(0));
  EXPECT_EQ(result.intervals[0], (Interval{0, 0}));
  EXPECT_DOUBLE_EQ(result.p_all, 1 / 40.0);
}

TEST(Envelope, WithinTheToleranceCountsAsEqual) {
  const std::vector columns{column(std::vector<double>(39, 0.0), 0.2, 0.25)};
  EXPECT_FALSE(envelope(columns, 0.95).outside(0));
  const std::vector beyond{column(std::vector<double>(39, 0.0), 0.3, 0.25)};
  EXPECT_TRUE(envelope(beyond, 0.95).outside(0));
}

TEST(Envelope, TooFewReplicationsDecideNothing) {
  const std::vector columns{column(count_to(18), 1e9)};
  EXPECT_LT(envelope(columns, 0.95).critical, 0);
  EXPECT_FALSE(envelope(columns, 0.95).outside(0));
  const std::vector enough{column(count_to(19), 1e9)};
  EXPECT_TRUE(envelope(enough, 0.95).outside(0));
}

/// Dependent figures of several shapes: a common factor, a heavy tail, a count that is mostly zero.
std::vector<double> strange_vector(Stream& stream, std::size_t figures) {
  const double common = stream.uniform();
  std::vector<double> values;
  for (std::size_t j = 0; j < figures; ++j) {
    const double own = stream.uniform();
    switch (j % 4) {
      case 0:
        values.push_back(common + 0.2 * own);
        break;
      case 1:
        values.push_back(std::pow(1 - own, -1.5));
        break;
      case 2:
        values.push_back(own < 0.95 ? 0 : std::floor(20 * common));
        break;
      default:
        values.push_back(std::exp(3 * own * common));
    }
  }
  return values;
}

TEST(EnvelopeSlow, HoldsItsLevelAndIntervalsSayWhatPSays) {
  constexpr std::size_t kFigures = 24, kReplications = 199;
  constexpr int kTrials = 2000;
  int rejected = 0;
  Stream stream(20261125);
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<EnvelopeColumn> columns(kFigures);
    for (std::size_t i = 0; i <= kReplications; ++i) {
      const std::vector<double> values = strange_vector(stream, kFigures);
      for (std::size_t j = 0; j < kFigures; ++j) {
        if (i < kReplications)
          columns[j].replications.push_back(values[j]);
        else
          columns[j].measured = values[j];
      }
    }
    const EnvelopeResult result = envelope(columns, 0.95);
    std::size_t beyond = 0;
    for (std::size_t j = 0; j < kFigures; ++j) {
      const Interval& interval = result.intervals[j];
      const double slack = 1e-9 * (1 + interval.high);
      const bool outside =
          columns[j].measured < interval.low - slack || columns[j].measured > interval.high + slack;
      EXPECT_EQ(outside, result.outside(j)) << "figure " << j << ", trial " << trial;
      beyond += outside;
    }
    EXPECT_EQ(beyond > 0, result.p_all <= 0.05 + 1e-9) << result.p_all;
    rejected += beyond > 0;
  }
  const double share = rejected / static_cast<double>(kTrials);
  std::cout << "envelope: " << 100 * share << " % of exchangeable vectors outside at 95 %\n";
  const double deviation = std::sqrt(0.05 * 0.95 / kTrials);
  EXPECT_NEAR(share, 0.05, 4 * deviation);
}

}  // namespace
}  // namespace sluice

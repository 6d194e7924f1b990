// Exact bounds of a share, and how many replications it takes to say one.
#include "reports/expectations/share_of_replications.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sluice {
namespace {

/// P(X >= k) of n trials, added up term by term.
double tail(std::uint32_t k, std::uint32_t n, double p) {
  double sum = 0;
  for (std::uint32_t i = k; i <= n; ++i)
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) +
                    i * std::log(p) + (n - i) * std::log1p(-p));
  return sum;
}

ShareOfReplications counted(std::uint32_t held, std::uint32_t missed, std::uint32_t undecided = 0) {
  ShareOfReplications share{held, missed, undecided};
  share.bounds = clopper_pearson(held, held + undecided, share.all(), 0.95);
  return share;
}

TEST(ClopperPearson, OfAllAndOfNone) {
  // p^20 = 0.025.
  EXPECT_NEAR(clopper_pearson(20, 20, 20, 0.95).low, 0.8315665, 1e-7);
  EXPECT_EQ(clopper_pearson(20, 20, 20, 0.95).high, 1);
  EXPECT_EQ(clopper_pearson(0, 0, 20, 0.95).low, 0);
  EXPECT_NEAR(clopper_pearson(0, 0, 20, 0.95).high, 0.1684335, 1e-7);
  EXPECT_NEAR(clopper_pearson(1, 1, 1, 0.95).low, 0.025, 1e-12);
  EXPECT_NEAR(clopper_pearson(1, 1, 1, 0.99).low, 0.005, 1e-12);
}

TEST(ClopperPearson, EitherTailIsHalfOfTheErrorAtItsBound) {
  for (const std::uint32_t n : {7U, 20U, 200U})
    for (std::uint32_t k = 1; k < n; k += 3) {
      const Interval bounds = clopper_pearson(k, k, n, 0.9);
      EXPECT_NEAR(tail(k, n, bounds.low), 0.05, 1e-8) << k << " of " << n;
      EXPECT_NEAR(1 - tail(k + 1, n, bounds.high), 0.05, 1e-8) << k << " of " << n;
    }
}

TEST(ClopperPearson, WhatIsUndecidedCountsBothWays) {
  const Interval bounds = clopper_pearson(14, 16, 20, 0.95);
  EXPECT_EQ(bounds.low, clopper_pearson(14, 14, 20, 0.95).low);
  EXPECT_EQ(bounds.high, clopper_pearson(16, 16, 20, 0.95).high);
}

TEST(ReplicationsToPass, AreTheFewestWhoseLowerBoundReachesTheShare) {
  // Without a miss p^n <= 0.025: n >= ln 0.025 / ln p.
  EXPECT_EQ(replications_to_pass({}, 0.80, 0.95), 17U);
  EXPECT_EQ(replications_to_pass({}, 0.95, 0.95), 72U);
  EXPECT_EQ(replications_to_pass({}, 0.95, 0.99), 104U);
  EXPECT_EQ(replications_to_pass(counted(20, 0), 0.95, 0.95), 72U) << "those counted included";
  EXPECT_EQ(replications_to_pass(counted(19, 1), 0.95, 0.95), 110U);
  EXPECT_EQ(replications_to_pass(counted(18, 1, 1), 0.95, 0.95), 142U) << "undecided is not held";
  EXPECT_EQ(replications_to_pass(counted(100, 0), 0.95, 0.95), 100U) << "enough already";
  EXPECT_FALSE(replications_to_pass(counted(100, 0), 1, 0.95)) << "no number shows all";
  EXPECT_FALSE(replications_to_pass({}, 1 - 1e-15, 0.95));
}

TEST(ShareText, SaysCountsAndBounds) {
  EXPECT_EQ(share_text(counted(18, 2)), "18 of 20 held (68.3 to 98.8 %)");
  EXPECT_EQ(share_text(counted(14, 4, 2)), "14 of 20 held, 2 undecided (45.7 to 94.3 %)");
  EXPECT_EQ(share_text({10, 0, 0, {1, 1}}), "10 of 10 held");
}

}  // namespace
}  // namespace sluice

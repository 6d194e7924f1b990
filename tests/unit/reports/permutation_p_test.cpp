// Permutation tests: exact values by hand, levels over many sets, Holm's correction.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <vector>

#include "base/random/random.hpp"
#include "reports/compare/permutation.hpp"

namespace sluice {
namespace {

using Values = std::vector<double>;

TEST(PermutationP, SeparatedSetsHaveTheSmallestP) {
  EXPECT_DOUBLE_EQ(permutation_p(Values{1, 2, 3}, Values{7, 8, 9}), 2 / 20.0);
  EXPECT_DOUBLE_EQ(smallest_permutation_p(3, 3), 2 / 20.0);
  EXPECT_DOUBLE_EQ(permutation_p(Values{1, 2}, Values{7, 8, 9}), 1 / 10.0);
  EXPECT_DOUBLE_EQ(smallest_permutation_p(2, 3), 1 / 10.0);
}

TEST(PermutationP, CountsEveryDealByHand) {
  // Of the six ways to choose two of 1 2 4 8, {1, 4} and {2, 8} are as uneven as seen (sums 5 and
  // 10), {1, 2} and {4, 8} more so.
  EXPECT_DOUBLE_EQ(permutation_p(Values{1, 4}, Values{2, 8}), 4 / 6.0);
}

TEST(PermutationP, EqualValuesTellNothing) {
  EXPECT_DOUBLE_EQ(permutation_p(Values{5, 5, 5}, Values{5, 5, 5}), 1);
  EXPECT_DOUBLE_EQ(permutation_p(Values{0.1, 0.2, 0.3}, Values{0.3, 0.2, 0.1}), 1);
}

TEST(PermutationP, IsDrawnWhereThereAreTooManyDeals) {
  Values low, high;
  for (int i = 0; i < 20; ++i) {
    low.push_back(i);
    high.push_back(i + 100);
  }
  EXPECT_DOUBLE_EQ(permutation_p(low, high), 1e-5) << "one of 100 000";
  EXPECT_DOUBLE_EQ(smallest_permutation_p(20, 20), 1e-5);
  for (double& value : high) value -= 100.5;
  EXPECT_GT(permutation_p(low, high), 0.5);
}

TEST(SignFlipP, CountsEveryChoiceOfSigns) {
  EXPECT_DOUBLE_EQ(sign_flip_p(Values{1, 2, 3}), 2 / 8.0);
  EXPECT_DOUBLE_EQ(smallest_sign_flip_p(3), 2 / 8.0);
  // Sums as far from 0 as 4: ±6 (all alike) and ±4 (the 1 against the others).
  EXPECT_DOUBLE_EQ(sign_flip_p(Values{-1, 2, 3}), 4 / 8.0);
  EXPECT_DOUBLE_EQ(sign_flip_p(Values{0, 0}), 1);
}

TEST(SignFlipP, IsDrawnWhereThereAreTooManyPairs) {
  EXPECT_NEAR(sign_flip_p(Values(25, 1.0)), 1e-5, 1e-12);
  EXPECT_GT(sign_flip_p(Values{1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1,
                               1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1}),
            0.9);
}

TEST(Holm, StepsDown) {
  const Values adjusted = holm(Values{0.04, 0.01, 0.03});
  EXPECT_DOUBLE_EQ(adjusted[1], 0.03);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.06) << "never below a smaller one";
  EXPECT_TRUE(holm({}).empty());
  EXPECT_DOUBLE_EQ(holm(Values{0.7, 0.8})[0], 1);
}

TEST(PermutationSlow, HoldsItsLevelWhateverTheDistribution) {
  constexpr int kTrials = 4000;
  Stream stream(7);
  int below = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    Values base, changed;
    for (int i = 0; i < 7; ++i) {
      base.push_back(std::pow(1 - stream.uniform(), -2));
      changed.push_back(std::pow(1 - stream.uniform(), -2));
    }
    below += permutation_p(base, changed) <= 0.05;
  }
  const double share = below / static_cast<double>(kTrials);
  EXPECT_NEAR(share, 0.05, 4 * std::sqrt(0.05 * 0.95 / kTrials));
}

}  // namespace
}  // namespace sluice

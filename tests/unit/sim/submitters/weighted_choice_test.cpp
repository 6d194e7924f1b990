#include "sim/submitters/weighted_choice.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "base/random/random.hpp"

namespace sluice {
namespace {

std::vector<double> shares(const WeightedChoice& choice, std::size_t things) {
  Stream stream(7);
  std::vector<double> counts(things);
  constexpr int kDraws = 200'000;
  for (int i = 0; i < kDraws; ++i) counts.at(choice.pick(stream.bits())) += 1.0 / kDraws;
  return counts;
}

TEST(WeightedChoiceTest, DrawsInProportionToTheWeights) {
  const std::array<double, 5> weights{10, 1, 0, 4, 25};
  const auto drawn = shares(WeightedChoice::weighted(weights), weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) EXPECT_NEAR(drawn[i], weights[i] / 40, 0.005);
}

TEST(WeightedChoiceTest, ThingsWithoutWeightNeverComeOut) {
  const auto choice = WeightedChoice::weighted(std::array<double, 4>{0, 1, 3, 0});
  for (const std::uint64_t bits :
       {std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX / 2, UINT64_MAX - 1, UINT64_MAX}) {
    EXPECT_GE(choice.pick(bits), 1u);
    EXPECT_LE(choice.pick(bits), 2u);
  }
}

TEST(WeightedChoiceTest, EqualWeightsAreUniform) {
  for (const double share : shares(WeightedChoice::uniform(10), 10)) EXPECT_NEAR(share, 0.1, 0.004);
  EXPECT_EQ(WeightedChoice().pick(UINT64_MAX), 0u);
}

TEST(WeightedChoiceTest, IsMonotoneSoThatSmallChangesMoveFewDraws) {
  std::vector<double> weights, other;
  for (int i = 1; i <= 1000; ++i) weights.push_back(1.0 / i);
  other = weights;
  other[500] *= 1.01;
  const auto a = WeightedChoice::weighted(weights), b = WeightedChoice::weighted(other);
  Stream stream(9);
  int moved = 0;
  std::uint32_t before = 0;
  for (std::uint64_t part = 0; part < 4096; ++part) {
    const std::uint32_t now = a.pick(part << 52);
    EXPECT_GE(now, before);
    before = now;
    const std::uint64_t bits = stream.bits();
    moved += a.pick(bits) != b.pick(bits) ? 1 : 0;
  }
  EXPECT_LT(moved, 20);
}

}  // namespace
}  // namespace sluice

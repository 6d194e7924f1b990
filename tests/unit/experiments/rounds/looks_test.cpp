// Looks, and how the error is spent over them.
#include "experiments/rounds/looks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random/random.hpp"
#include "reports/statistics.hpp"

namespace sluice::test {
namespace {

TEST(LooksTest, HalfAsManyAgainUpToTheMost) {
  const Looks looks = Looks::up_to(200);
  ASSERT_EQ(looks.count(), 10u);
  EXPECT_EQ(looks[0], 5u);
  EXPECT_EQ(looks.last(), 200u);
  EXPECT_NEAR(looks.nominal(0.95), 0.995, 1e-12);
  EXPECT_EQ(Looks::up_to(100).last(), 100u);
  EXPECT_EQ(Looks::up_to(100).count(), 9u);
  EXPECT_EQ(Looks::up_to(3).count(), 1u);
  EXPECT_EQ(Looks::up_to(3).last(), 3u);
  EXPECT_EQ(Looks::at(7).count(), 1u);
  EXPECT_NEAR(Looks::at(7).nominal(0.95), 0.95, 1e-12);
}

/// A sum of uniform draws: near enough to normal.
double draw_normal(Stream& stream) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += stream.uniform();
  return sum;
}

/// Who looks at every look sees an interval that misses the mean in at most 1 of 20 sequences; with
/// plain intervals of 95 % in far more.
TEST(LooksTest, AllIntervalsOfASequenceHoldTogether) {
  const Looks looks = Looks::up_to(200);
  constexpr int kSequences = 2000;
  const auto missed = [&](double confidence) {
    int any = 0;
    for (int s = 0; s < kSequences; ++s) {
      Stream stream(static_cast<std::uint64_t>(s));
      std::vector<double> values;
      bool misses = false;
      for (std::size_t look = 0; look < looks.count() && !misses; ++look) {
        while (values.size() < looks[look]) values.push_back(draw_normal(stream));
        const auto interval = student_t_interval(values, confidence);
        misses = interval->low > 0 || interval->high < 0;
      }
      any += misses ? 1 : 0;
    }
    return static_cast<double>(any) / kSequences;
  };
  EXPECT_LT(missed(looks.nominal(0.95)), 0.05);
  EXPECT_GT(missed(0.95), 0.15);
}

}  // namespace
}  // namespace sluice::test

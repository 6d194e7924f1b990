// Times in a histogram: quantiles to 0.1 %, the rest exactly.
#include "load/measure/latency_histogram.hpp"

#include <gmock/gmock.h>

#include <rapidcheck/gtest.h>
#include <algorithm>
#include <cmath>
#include <vector>

#include "load/measure/hdr_layout.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace literals;

Duration microseconds(std::uint64_t n) { return Duration{static_cast<std::int64_t>(n) * 1000}; }

LatencyHistogram of(const std::vector<Duration>& values) {
  LatencyHistogram histogram;
  for (const Duration value : values) histogram.record(value);
  return histogram;
}

TEST(LatencyHistogram, is_empty_at_first) {
  const LatencyHistogram none;
  EXPECT_EQ(none.count(), 0u);
  EXPECT_EQ(none.quantile(0.5), Duration::zero());
  EXPECT_EQ(none.quantiles().at.back(), Duration::zero());
}

TEST(LatencyHistogram, tells_small_counts_exactly) {
  const LatencyHistogram histogram = of({40_ms, 10_ms, 30_ms, 20_ms});
  EXPECT_NEAR(histogram.quantile(0.5).seconds(), 0.020, 20e-6) << "rank 2 of 4";
  EXPECT_NEAR(histogram.quantile(0.51).seconds(), 0.030, 30e-6) << "rank 3";
  EXPECT_EQ(histogram.quantile(1), 40_ms);
  EXPECT_EQ(histogram.quantiles().mean, 25_ms);
  EXPECT_EQ(histogram.quantiles().count, 4u);
}

TEST(LatencyHistogram, ranks_are_not_moved_by_the_rounding_of_shares) {
  LatencyHistogram histogram;
  for (std::uint64_t i = 1; i <= 100; ++i) histogram.record(microseconds(i));
  for (std::uint64_t i = 1; i <= 100; ++i)
    EXPECT_EQ(histogram.quantile(static_cast<double>(i) / 100), microseconds(i));
}

TEST(LatencyHistogram, counts_what_is_outside_its_range_at_its_ends) {
  const LatencyHistogram histogram = of({Duration{-5}, Duration{0}, Duration{400}, 3_h});
  EXPECT_EQ(histogram.count(), 4u);
  EXPECT_EQ(histogram.maximum(), 1_h);
  EXPECT_EQ(histogram.quantile(0.5), Duration{1000});
}

TEST(LatencyHistogram, forgets_everything_when_cleared) {
  LatencyHistogram histogram = of({5_s, 7_s});
  histogram.clear();
  EXPECT_EQ(histogram.count(), 0u);
  histogram.record(1_ms);
  EXPECT_EQ(histogram.maximum(), 1_ms);
  EXPECT_EQ(histogram.quantiles().mean, 1_ms);
  EXPECT_EQ(histogram.encoded(), of({1_ms}).encoded());
}

TEST(HdrLayout, slots_follow_each_other_and_hold_values_to_three_digits) {
  std::uint64_t from = 0;
  for (std::size_t slot = 0; slot < hdr_layout::kSlots && from <= hdr_layout::kHighest; ++slot) {
    ASSERT_EQ(hdr_layout::slot_of(from), slot);
    const std::uint64_t to = hdr_layout::highest_in(slot);
    ASSERT_EQ(hdr_layout::slot_of(std::min(to, hdr_layout::kHighest)), slot);
    ASSERT_LE(to - from, from / 1000) << "the slot of " << from;
    from = to + 1;
  }
  EXPECT_GT(from, hdr_layout::kHighest) << "every value has a slot";
}

/// Times as tests of latency meet them: from below a microsecond to minutes.
rc::Gen<std::vector<Duration>> times() {
  return rc::gen::container<std::vector<Duration>>(rc::gen::map(
      rc::gen::pair(rc::gen::inRange(0, 37), rc::gen::inRange(0, 1 << 20)), [](auto drawn) {
        const double scale = std::exp2(drawn.first);
        return Duration{static_cast<std::int64_t>(scale * (1 + drawn.second * 0x1p-20))};
      }));
}

RC_GTEST_PROP(LatencyHistogramOfAny, quantiles_are_those_of_the_sorted_values, ()) {
  std::vector<Duration> values = *times();
  RC_PRE(!values.empty());
  const LatencyHistogram histogram = of(values);
  std::sort(values.begin(), values.end());
  for (const double share : {0.001, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    const auto rank = std::ceil(share * static_cast<double>(values.size()) - 1e-9);
    const Duration exact = values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
    const double off = (histogram.quantile(share) - exact).seconds();
    RC_ASSERT(std::abs(off) <= exact.seconds() * 1e-3 + 1e-6);
  }
  RC_ASSERT(histogram.maximum() == values.back());
}

RC_GTEST_PROP(LatencyHistogramOfAny, adding_is_recording_both, ()) {
  std::vector<Duration> first = *times();
  const std::vector<Duration> second = *times();
  LatencyHistogram sum = of(first);
  sum.add(of(second));
  first.insert(first.end(), second.begin(), second.end());
  const LatencyHistogram both = of(first);
  RC_ASSERT(sum.count() == both.count());
  RC_ASSERT(sum.encoded() == both.encoded());
  RC_ASSERT(sum.quantiles().at == both.quantiles().at);
  RC_ASSERT(sum.quantiles().mean == both.quantiles().mean);
}

}  // namespace
}  // namespace sluice

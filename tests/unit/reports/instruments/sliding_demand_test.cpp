// The highest demand in a sliding window, worked out by hand.
#include "reports/instruments/sliding_demand.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

/// Windows of 12 s: slices of a second.
SliceClock seconds_clock() {
  SliceClock clock;
  clock.restart(at_s(0), 12_s);
  return clock;
}

void add(SlidingDemand& demand, SliceClock& clock, double t, float limit,
         SliceLimits* limits = nullptr) {
  const std::uint32_t slice = clock.at(at_s(t));
  demand.go_on_to(slice, clock.place(), limit, limits);
  demand.add(clock.place());
}

TEST(SlidingDemand, HasThePeakOfTheWindowsThatEndWithASlice) {
  SliceClock clock = seconds_clock();
  SlidingDemand demand;
  for (const int t : {0, 5, 6, 7, 17, 18, 40}) add(demand, clock, t, 2);
  // 0, 5, 6, 7 are in one window; then 7, 17, 18; then 40.
  const SlidingDemand::Peak peak = demand.peak(2, nullptr);
  EXPECT_EQ(peak.per_slot, 2.0F);
  EXPECT_EQ(peak.slice, 0U) << "the first of them in which something came";
}

TEST(SlidingDemand, IsWhatCountingAgainGives) {
  SliceClock clock = seconds_clock();
  SlidingDemand demand;
  std::vector<int> times;
  std::uint32_t state = 1;
  for (int t = 0; t < 500; ++t) {
    state = state * 1'664'525 + 1'013'904'223;
    if (state >> 29 < 3) times.push_back(t);
  }
  std::ptrdiff_t most = 0;
  for (const int t : times) {
    add(demand, clock, t, 1);
    most = std::max(most, std::count_if(times.begin(), times.end(),
                                        [t](int u) { return u > t - 12 && u <= t; }));
  }
  EXPECT_EQ(demand.peak(1, nullptr).per_slot, static_cast<float>(most));
}

TEST(SlidingDemand, CountsTheMeanLimitOfTheWindow) {
  SliceClock clock = seconds_clock();
  SlidingDemand demand;
  add(demand, clock, 12, 2);
  SliceLimits limits;
  limits.fill(2);
  // From the middle of the slice that begins at 14 s on there is one slot.
  const std::uint32_t slice = clock.at(at_s(14.5));
  demand.go_on_to(slice, clock.place(), 2, &limits);
  change_limit(limits, clock, at_s(14.5), 2, 1);
  EXPECT_EQ(limits[14 % 12], 1.5F);
  add(demand, clock, 20, 1, &limits);
  // 9 to 13 s: two slots, 14 s: one and a half, 15 to 20 s: one.
  EXPECT_FLOAT_EQ(demand.peak(1, &limits).per_slot, 2 / ((5 * 2 + 1.5F + 6 * 1) / 12));
}

TEST(SlidingDemand, IsNoneWhereThereIsNoLimit) {
  SliceClock clock = seconds_clock();
  SlidingDemand demand;
  add(demand, clock, 3, slots_of(UINT32_MAX));
  EXPECT_EQ(demand.peak(slots_of(UINT32_MAX), nullptr).per_slot, 0.0F);
  EXPECT_EQ(SlidingDemand{}.peak(1, nullptr).per_slot, 0.0F);
}

}  // namespace
}  // namespace sluice::test

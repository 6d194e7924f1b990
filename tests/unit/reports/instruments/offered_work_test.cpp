// Work by time, worked out by hand.
#include "reports/instruments/offered_work.hpp"

#include <gtest/gtest.h>

#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

/// Windows of 12 s: slices of a second.
OfferedWork work_from(double from_s, std::size_t most = 1000) {
  OfferedWork work;
  work.set_servers_before(2);
  work.restart(at_s(from_s), 12_s, most);
  return work;
}

TEST(OfferedWork, BelongsToTheSliceInWhichTheRunCame) {
  OfferedWork work = work_from(100);
  work.came(at_s(100), 0);
  work.came(at_s(102.999999999), 2);
  work.came(at_s(103), 2);
  work.ended(at_s(103), 2, 7_s, 2);
  const auto slices = work.until(at_s(104.5));
  ASSERT_EQ(slices.size(), 5U);
  EXPECT_EQ(slices[0].levels[0].unknown, 1U);
  EXPECT_EQ(slices[2].levels[2].unknown, 1U);
  EXPECT_EQ(slices[3].levels[2].unknown, 0U);
  EXPECT_EQ(slices[3].levels[2].work_ns, (7_s).ns);
  EXPECT_EQ(slices[3].levels[2].attempts, 2U);
}

TEST(OfferedWork, KnowsTheCapacityOfEachSlice) {
  OfferedWork work = work_from(0);
  work.set_servers(at_s(1.25), 4);
  work.set_servers(at_s(3), 0);
  const auto slices = work.until(at_s(4));
  ASSERT_EQ(slices.size(), 4U);
  EXPECT_EQ(slices[0].capacity_ns, (2_s).ns);
  EXPECT_EQ(slices[1].capacity_ns, (3500_ms).ns);
  EXPECT_EQ(slices[2].capacity_ns, (4_s).ns);
  EXPECT_EQ(slices[3].capacity_ns, 0);
}

TEST(OfferedWork, PutsSlicesTogetherWhereTheyWouldBeTooMany) {
  OfferedWork work = work_from(0, 12);
  for (int t = 0; t < 100; ++t) work.came(at_s(t), 1);
  // 1 s, 2 s, 4 s, 12 s: then a window is a slice.
  EXPECT_EQ(work.slice(), 12_s);
  EXPECT_EQ(work.steps(), 1U);
  EXPECT_EQ(work.window(), 12_s);
  const auto slices = work.until(at_s(100));
  ASSERT_EQ(slices.size(), 9U);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(slices[i].levels[1].unknown, 12U) << i;
    EXPECT_EQ(slices[i].capacity_ns, (24_s).ns) << i;
  }
  EXPECT_EQ(slices[8].levels[1].unknown, 4U);
  for (int t = 100; t < 200; ++t) work.came(at_s(t), 1);
  EXPECT_EQ(work.window(), 24_s) << "longer than asked for, as nothing else has room";
}

TEST(OfferedWork, FindsTheSliceOfAnyTime) {
  OfferedWork work;
  work.restart(at_s(0), Duration{3'600'000'000'007}, 1 << 17);
  const std::int64_t slice = work.slice().ns;
  for (const std::int64_t i : {1, 2, 3, 1000, 104'999})
    for (const std::int64_t beside : {-1, 0, 1}) {
      const Time t{i * slice + beside};
      work.came(t, 0);
      EXPECT_EQ(work.index_of(t), static_cast<std::size_t>(i - (beside < 0)));
    }
}

}  // namespace
}  // namespace sluice::test

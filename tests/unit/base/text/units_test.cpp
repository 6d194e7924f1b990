// Quantities as people write and read them.
#include "base/text/units.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using namespace literals;

TEST(Units, DurationsAsPeopleWriteThem) {
  EXPECT_EQ(*parse_duration("90s"), 90_s);
  EXPECT_EQ(*parse_duration("1h30m"), 90_min);
  EXPECT_EQ(*parse_duration("1h 30min"), 90_min);
  EXPECT_EQ(*parse_duration("1.5h"), 90_min);
  EXPECT_EQ(*parse_duration("250ms"), 250_ms);
  EXPECT_EQ(*parse_duration("2d"), 48_h);
  EXPECT_EQ(*parse_duration("1w"), 168_h);
  EXPECT_EQ(*parse_duration("0"), 0_s);
  EXPECT_EQ(*parse_duration("7ns"), 7_ns);
}

TEST(Units, MistakesInDurationsAreLocated) {
  EXPECT_EQ(parse_duration("10").error.offset, 2U);
  EXPECT_EQ(parse_duration("10 parsecs").error.offset, 2U);
  EXPECT_EQ(parse_duration("30m1h").error.offset, 4U);
  EXPECT_EQ(parse_duration("1h-5m").error.offset, 2U);
  for (const char* wrong : {"", "h", "-5s", "1e3s", "10", "5m5m", "1h30", "999999999999w", "."})
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
}

TEST(Units, RatesAndShares) {
  EXPECT_DOUBLE_EQ(parse_rate("40/min")->per_minute(), 40);
  EXPECT_DOUBLE_EQ(parse_rate("5/s")->per_second, 5);
  EXPECT_DOUBLE_EQ(parse_rate("1000/15s")->per_minute(), 4000);
  EXPECT_DOUBLE_EQ(parse_rate("2 / h")->per_minute(), 2.0 / 60);
  EXPECT_FALSE(parse_rate("40"));
  EXPECT_FALSE(parse_rate("40/"));
  EXPECT_FALSE(parse_rate("40/0s"));
  EXPECT_FALSE(parse_rate("40/fortnight"));
  EXPECT_DOUBLE_EQ(*parse_share("3%"), 0.03);
  EXPECT_DOUBLE_EQ(*parse_share("0.5 %"), 0.005);
  EXPECT_DOUBLE_EQ(*parse_share("0.03"), 0.03);
  EXPECT_EQ(parse_share("3 percent").error.offset, 2U);
  EXPECT_DOUBLE_EQ(*parse_number("1_000_000"), 1e6);
  EXPECT_DOUBLE_EQ(*parse_number("1e6"), 1e6);
  EXPECT_FALSE(parse_number("12 apples"));
}

TEST(Units, FormatsForPeople) {
  EXPECT_EQ(format_duration(0), "0s");
  EXPECT_EQ(format_duration(1.25e-3), "1.25ms");
  EXPECT_EQ(format_duration(12.345), "12.3s");
  EXPECT_EQ(format_duration(245), "4m05s");
  EXPECT_EQ(format_duration(5400), "1h30m");
  EXPECT_EQ(format_duration(183'600), "2d03h");
  EXPECT_EQ(format_duration(60), "1m");
  EXPECT_EQ(format_duration(59.96), "1m");
  EXPECT_EQ(format_duration(114), "1m54s");
  EXPECT_EQ(format_duration(86'400), "1d");
  EXPECT_EQ(format_exact(90_min), "1h30m");
  EXPECT_EQ(format_exact(250_ms), "250ms");
  EXPECT_EQ(format_rate(40), "40 /min");
  EXPECT_EQ(format_rate(0.2), "12 /h");
  EXPECT_EQ(format_share(0.1234), "12.3 %");
  EXPECT_EQ(format_share(0.99996), "> 99.99 %");
  EXPECT_EQ(format_share(1), "100 %");
  EXPECT_EQ(format_share(0), "0 %");
  EXPECT_EQ(format_count(14105), "14 105");
  EXPECT_EQ(format_count(-1234567), "-1 234 567");
  EXPECT_EQ(format_number(0.0123), "0.0123");
}

TEST(Units, WhatIsFormattedExactlyIsReadBack) {
  for (std::int64_t ns = 1; ns < std::int64_t{1} << 52; ns = ns * 3 + 1)
    EXPECT_EQ(parse_duration(format_exact({ns}))->ns, ns) << format_exact({ns});
}

TEST(Units, DurationsForPeopleAreReadBackAsWritten) {
  for (double seconds = 1e-6; seconds < 1e8; seconds *= 1.7) {
    const auto read = parse_duration(format_duration(seconds));
    ASSERT_TRUE(read) << format_duration(seconds);
    EXPECT_EQ(format_duration(read->seconds()), format_duration(seconds));
  }
}

}  // namespace
}  // namespace sluice

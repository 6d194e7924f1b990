#include "http/retry_after.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <ctime>
#include <string>

namespace sluice::test {
namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;

TEST(HttpDate, HasThreeForms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), 784'111'777);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), 784'111'777);
  EXPECT_EQ(parse_http_date("Wed Nov 16 08:49:37 1994"), 784'975'777);
  EXPECT_EQ(parse_http_date("Saturday, 01-Jan-00 00:00:00 GMT"), 946'684'800);
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT"), 1'709'164'800);
}

TEST(HttpDate, OtherTextsAreNone) {
  for (const char* text : {"", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 2026 08:49:37 GMT",
                           "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
                           "Xyz, 06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
                           "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT "})
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
}

RC_GTEST_PROP(HttpDate, IsWhatTheClockSays, ()) {
  const std::time_t at = *rc::gen::inRange<std::time_t>(0, 3'155'760'000);  // 1970 to 2069
  std::tm parts{};
  ::gmtime_r(&at, &parts);
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    char text[64];
    RC_ASSERT(std::strftime(text, sizeof text, form, &parts) > 0);
    RC_ASSERT(parse_http_date(text) == std::int64_t{at});
  }
}

TEST(RetryAfterHeader, IsANumberOrADate) {
  EXPECT_EQ(parse_retry_after("120")->seconds_left(5 * kSecond_ns), 120);
  EXPECT_EQ(parse_retry_after("0")->seconds_left(0), 0);
  EXPECT_EQ(parse_retry_after("99999999999999999999999")->seconds_left(0), INT64_MAX);
  for (const char* text : {"", "-1", "1.5", "1s", "soon"})
    EXPECT_FALSE(parse_retry_after(text)) << text;
  const RetryAfter date = *parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.seconds_left(784'111'775 * kSecond_ns), 2);
  EXPECT_EQ(date.seconds_left(784'111'775 * kSecond_ns + 1), 2) << "never too early";
  EXPECT_EQ(date.seconds_left(784'111'777 * kSecond_ns), 0);
  EXPECT_EQ(date.seconds_left(784'111'900 * kSecond_ns), 0) << "it is over";
}

}  // namespace
}  // namespace sluice::test

// Retry-After in seconds and as a date.
#include "mock_api/contract/retry_after.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using namespace literals;

constexpr std::int64_t kSample = 784'111'777;  // of RFC 9110's examples

TEST(HttpDate, HasThreeForms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), kSample);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), kSample);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), kSample);
  EXPECT_EQ(parse_http_date("Sun Nov 16 08:49:37 1994"), kSample + 864'000);
  EXPECT_EQ(parse_http_date("Sun, 29 Nov 2026 00:00:00 GMT"), 1'795'910'400);
  EXPECT_EQ(parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT"),
            parse_http_date("Fri, 31 Dec 2261 23:59:59 GMT"));
}

TEST(HttpDate, IsNothingElse) {
  for (const char* wrong :
       {"", "soon", "4", "Sun", "Sun,", "Sun, ", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 006 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 994 08:49:37 GMT", "2026-11-29T00:00:00Z",
        "Sun Nov  6 08:49:37 1994 GMT"})
    EXPECT_EQ(parse_http_date(wrong), std::nullopt) << wrong;
}

TEST(RetryAfter, IsALengthOrUntilADate) {
  const std::int64_t now = kSample * 1'000'000'000 - 2'500'000'000;
  EXPECT_EQ(parse_retry_after("0", now), 0_s);
  EXPECT_EQ(parse_retry_after("120", now), 120_s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), 2'500_ms);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:40:00 GMT", now), 0_s) << "it is over";
  EXPECT_GT(parse_retry_after("99999999999999999999999", now), 31'536'000_s);
  for (const char* wrong : {"", "-1", "1.5", "1s", " 1"})
    EXPECT_EQ(parse_retry_after(wrong, now), std::nullopt) << wrong;
}

}  // namespace
}  // namespace sluice

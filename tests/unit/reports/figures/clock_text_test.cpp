#include "reports/figures/clock_text.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/calendar/calendar.hpp"
#include "base/iso8601.hpp"

namespace sluice {
namespace {

using namespace literals;

ReportHeader header_of(Duration length) {
  ReportHeader header;
  header.until = Time::zero() + length;
  return header;
}

ReportHeader dated_header(Duration length) {
  ReportHeader header = header_of(length);
  std::string problem;
  header.calendar = Calendar(parse_iso8601("2026-01-04T23:00:00Z").value(),
                             TimeZone::find("Europe/Berlin", problem));
  return header;
}

TEST(ClockTextTest, WithoutAStartItIsTheTimeSinceTheBeginning) {
  EXPECT_EQ(clock_text(header_of(24_h), Time::zero() + 124_min), "2h04m");
  EXPECT_EQ(clock_span_text(header_of(24_h), Time::zero() + 124_min, Time::zero() + 201_min),
            "2h04m to 3h21m");
}

TEST(ClockTextTest, WithAStartItIsDateAndTime) {
  const ReportHeader header = dated_header(24_h * 7);
  EXPECT_EQ(clock_text(header, Time::zero() + 124_min + 9_s), "Mon 2026-01-05 02:04");
  EXPECT_EQ(clock_span_text(header, Time::zero() + 124_min, Time::zero() + 201_min),
            "Mon 2026-01-05 02:04 to 03:21");
  EXPECT_EQ(clock_span_text(header, Time::zero() + 124_min, Time::zero() + 25_h),
            "Mon 2026-01-05 02:04 to Tue 2026-01-06 01:00");
}

TEST(ClockTextTest, SecondsAreToldWhereTheyMatter) {
  EXPECT_EQ(clock_text(dated_header(1_h), Time::zero() + 4_min + 9_s), "Mon 2026-01-05 00:04:09");
  EXPECT_EQ(
      clock_span_text(dated_header(24_h), Time::zero() + 124_min, Time::zero() + 124_min + 34_s),
      "Mon 2026-01-05 02:04:00 to 02:04:34");
}

}  // namespace
}  // namespace sluice

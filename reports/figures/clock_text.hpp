// When something happened, in the report's own calendar.
#pragma once

#include <string>

#include "base/time.hpp"
#include "reports/report.hpp"

namespace sluice {

/// `Mon 2026-01-05 02:04` by the scenario's calendar, rounded down, with seconds where the report
/// is about less than two hours; without a `start` the time since the beginning, `2h04m`.
std::string clock_text(const ReportHeader& header, Time time);

/// `Mon 2026-01-05 02:04 to 03:21`, the second date where it is another one; `2h04m to 3h21m`. With
/// seconds where less than ten minutes lie between.
std::string clock_span_text(const ReportHeader& header, Time from, Time until);

}  // namespace sluice

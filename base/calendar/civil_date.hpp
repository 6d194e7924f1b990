// Dates of the calendar as numbers of days, and back.
//
// Proleptic Gregorian calendar; after Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms". Days count from 1970-01-01.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/floor_div.hpp"

namespace sluice {

struct CivilDate {
  std::int64_t year = 1970, month = 1, day = 1;
  constexpr bool operator==(const CivilDate&) const = default;
};

constexpr std::int64_t days_from_civil(CivilDate date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

constexpr CivilDate civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = floor_div(days, 146'097);
  const std::int64_t of_era = days - era * 146'097;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  const std::int64_t civil_month = month < 10 ? month + 3 : month - 9;
  return {year_of_era + era * 400 + (civil_month <= 2 ? 1 : 0), civil_month,
          of_year - (153 * month + 2) / 5 + 1};
}

static_assert(days_from_civil({1970, 1, 1}) == 0 && days_from_civil({2024, 2, 29}) == 19'782);

constexpr bool is_leap_year(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// REQUIRES a month of 1 to 12; the day does not matter.
constexpr std::int64_t days_of_month(CivilDate date) {
  constexpr std::array<std::int64_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return date.month == 2 && is_leap_year(date.year)
             ? 29
             : kDays[static_cast<std::size_t>(date.month - 1)];
}

/// 0: Monday, … 6: Sunday.
constexpr int weekday_of(std::int64_t days) {
  const std::int64_t since_monday = days + 3;  // 1970-01-01 was a Thursday
  return static_cast<int>(since_monday - floor_div(since_monday, 7) * 7);
}

static_assert(weekday_of(0) == 3 && weekday_of(days_from_civil({2026, 1, 5})) == 0);

/// The same day so many months later; the last one of a month that has no such day.
constexpr CivilDate plus_months(CivilDate date, std::int64_t months) {
  const std::int64_t month = date.year * 12 + date.month - 1 + months;
  CivilDate later{floor_div(month, 12), month - floor_div(month, 12) * 12 + 1, date.day};
  if (later.day > days_of_month(later)) later.day = days_of_month(later);
  return later;
}

}  // namespace sluice

// Simulated time on the calendar and by the clocks of one place.
//
// Local times are nanoseconds since 1970-01-01T00:00 as clocks there show them, as if in UTC; local
// days count from that day. Of a time that clocks never show the next instant is meant, of one that
// comes twice the first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar/time_zone.hpp"
#include "base/time.hpp"

namespace sluice {

inline constexpr std::int64_t kNsPerDay = std::int64_t{86'400} * 1'000'000'000;

/// A value; copies share what is large. Any thread.
class Calendar {
 public:
  /// Not on the calendar: time 0 is 00:00 of a Monday, and every day has 24 hours.
  Calendar();
  /// `holidays`: local days, ascending.
  Calendar(std::int64_t start_unix_ns, std::shared_ptr<const TimeZone> zone,
           std::vector<std::int64_t> holidays = {});

  /// Whether a date was given for time 0.
  bool has_dates() const { return has_dates_; }
  const TimeZone& zone() const { return *zone_; }
  std::int64_t start_unix_ns() const { return start_unix_ns_; }

  /// Saturates.
  std::int64_t unix_ns(Time time) const { return (Time{start_unix_ns_} + Duration{time.ns}).ns; }
  std::int64_t local_ns(Time time) const;
  std::int64_t local_day(Time time) const;
  /// When clocks first show this, or what comes after it; before time 0 it is negative. Saturates.
  Time time_of_local(std::int64_t local_ns) const;
  /// So long by the clocks after midnight of `local_day`.
  Time time_of(std::int64_t local_day, Duration of_day) const;
  /// 0: Monday, … 6: Sunday, which every holiday is.
  int weekday(std::int64_t local_day) const;

  /// `Mon 2026-01-05 02:04`, rounded down; with seconds `02:04:17`. Where clocks show the time
  /// twice its zone's name follows. REQUIRES dates.
  std::string text(Time time, bool seconds = false) const;
  /// The time of day alone: `02:04`.
  std::string time_of_day_text(Time time, bool seconds = false) const;
  /// `2026-01-05T00:00:00+01:00`, rounded down.
  std::string iso8601(Time time) const;

 private:
  std::int64_t start_unix_ns_;
  bool has_dates_;
  std::shared_ptr<const TimeZone> zone_;
  std::shared_ptr<const std::vector<std::int64_t>> holidays_;  // null: none
};

}  // namespace sluice

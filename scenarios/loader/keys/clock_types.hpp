// Times as people say them: dates, times of day, days of the week.
//
// They go by the reader's calendar. Without a `start` time 0 is 00:00 of a Monday, every day has 24
// hours, and dates are mistakes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/calendar/calendar.hpp"
#include "base/time.hpp"
#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// `02:00`, `23:59:30` since midnight; none: not such a text.
std::optional<Duration> parse_time_of_day(std::string_view text);
/// Whether a text is meant as a date: `2026-…`.
bool looks_like_date(std::string_view text);

/// A date, alone or with a time of day. REQUIRES nothing; reports what is wrong with it.
bool read_date(Reader& reader, const TreeNode& node, std::int64_t& local_ns,
               std::optional<std::int64_t>& offset_s);

/// Since the start of the simulation: `90s`, a date of the calendar (`2026-03-12T08:00`), or a time
/// of day (`08:00`), the first one from the start on.
Type<Time> time_type();

/// What `at` of something that recurs says: since the start, or a time of each day.
struct ClockOrTime {
  Time at;
  bool of_day = false;
};
Type<ClockOrTime> clock_or_time_type();

/// Since midnight, below 24 h: `09:00` or `9h`.
Type<Time> time_of_day_type();

/// `mon-fri`, `sat`, `mon,wed,fri`, or a list of these.
Type<Weekdays> days_type();
/// `mon-fri`, for keys of maps.
Type<Weekdays> day_range_type();

/// `5%/30d`; below zero it shrinks.
Type<Growth> growth_type();

}  // namespace sluice

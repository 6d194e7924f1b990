#include "scenarios/loader/trace/trace_units.hpp"

#include "base/text/units.hpp"

namespace sluice {
namespace {

ColumnUnit column_unit(const std::string& column, TimeUnit unit, std::string why, bool guessed,
                       bool is_said) {
  return {unit, {column, std::string(name(unit)), std::move(why), guessed}, is_said};
}

/// What is known without a look at the numbers.
std::optional<ColumnUnit> known_unit(const TraceText& text, const std::string& column) {
  if (const auto said = unit_of(text.time_format))
    return column_unit(column, *said, "`time_format` says so", false, true);
  if (text.swf) return column_unit(column, TimeUnit::seconds, "so SWF counts", false, true);
  if (const auto named = unit_in_name(column))
    return column_unit(column, *named, "its name says so", *named != TimeUnit::seconds, true);
  return std::nullopt;
}

}  // namespace

void Magnitudes::add(std::int64_t number) {
  ++all_;
  if (const auto unit = unit_of_epoch(number)) ++of_unit_[static_cast<std::size_t>(*unit)];
}

std::optional<TimeUnit> Magnitudes::most() const {
  for (const TimeUnit unit :
       {TimeUnit::milliseconds, TimeUnit::microseconds, TimeUnit::nanoseconds})
    if (like(unit) * 2 > all_) return unit;
  return std::nullopt;
}

std::optional<TimeUnit> unit_of(TimeFormat format) {
  switch (format) {
    case TimeFormat::seconds:
      return TimeUnit::seconds;
    case TimeFormat::milliseconds:
      return TimeUnit::milliseconds;
    case TimeFormat::microseconds:
      return TimeUnit::microseconds;
    case TimeFormat::nanoseconds:
      return TimeUnit::nanoseconds;
    case TimeFormat::automatic:
    case TimeFormat::iso8601:
      return std::nullopt;
  }
  return std::nullopt;
}

ColumnUnit unit_of_times(const TraceText& text, const std::string& column,
                         const Magnitudes& magnitudes) {
  if (const auto known = known_unit(text, column)) return *known;
  if (const auto guess = magnitudes.most()) {
    const std::string why = format_count(static_cast<double>(magnitudes.like(*guess))) + " of " +
                            format_count(static_cast<double>(magnitudes.all())) +
                            " numbers are as large as dates in it";
    return column_unit(column, *guess, why, true, false);
  }
  return column_unit(column, TimeUnit::seconds, "nothing says otherwise", false, false);
}

ColumnUnit unit_of_span(const TraceText& text, const std::string& column, std::int64_t number) {
  if (const auto known = known_unit(text, column)) return *known;
  if (const auto guess = unit_of_epoch(number))
    return column_unit(column, *guess, "its numbers are as large as dates in it", true, false);
  return column_unit(column, TimeUnit::seconds, "nothing says otherwise", false, false);
}

ColumnUnit unit_of_durations(const TraceText& text, const std::string& column) {
  if (text.duration_unit)
    return column_unit(column, *text.duration_unit, "`duration_unit` says so", false, true);
  if (const auto known = known_unit(text, column)) return *known;
  return column_unit(column, TimeUnit::seconds, "nothing says otherwise", false, false);
}

}  // namespace sluice

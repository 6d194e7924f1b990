// In which unit the numbers of a recording are: what the scenario says, else what the format, the
// column's name or the size of the numbers says, else seconds.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "reports/figures/trace_import.hpp"
#include "scenarios/loader/trace/recorded_time.hpp"
#include "scenarios/loader/trace/trace_keys.hpp"

namespace sluice {

/// How many numbers of a column are as large as dates in which unit.
class Magnitudes {
 public:
  void add(std::int64_t number);
  std::uint64_t all() const { return all_; }
  std::uint64_t like(TimeUnit unit) const { return of_unit_[static_cast<std::size_t>(unit)]; }
  /// What more than half of them look like; none: not like dates in anything but seconds.
  std::optional<TimeUnit> most() const;

 private:
  std::uint64_t all_ = 0;
  std::array<std::uint64_t, 6> of_unit_{};
};

struct ColumnUnit {
  TimeUnit unit = TimeUnit::seconds;
  UnitRead read;
  bool is_said = true;  ///< by somebody: the scenario, the format, the column's name
};

/// What `time_format` says for numbers; none: nothing.
std::optional<TimeUnit> unit_of(TimeFormat format);
ColumnUnit unit_of_times(const TraceText& text, const std::string& column,
                         const Magnitudes& magnitudes);
/// Of `start` and `end`, for one of their numbers.
ColumnUnit unit_of_span(const TraceText& text, const std::string& column, std::int64_t number);
ColumnUnit unit_of_durations(const TraceText& text, const std::string& column);

}  // namespace sluice

// What was read of a recorded workload, and what became of each of its rows. A value: the loader
// fills it, the report carries it.
//
// rows = kept + the sum of left_out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Why a row of a recording is not replayed.
enum class LeftOut : std::uint8_t {
  filtered,       ///< `where` does not take it
  unreadable,     ///< a field is not what its column should hold
  no_time,        ///< it is not known when it was submitted
  unknown_level,  ///< `levels` says nothing about it
  duplicate_id,   ///< a row above has the same id
  no_duration,    ///< as the scenario asks for it
  before_from,    ///< earlier than `from` of the trace
  after_to,       ///< later than `to` of the trace
  beyond_most,    ///< behind `max_rows`, or the submitter's `max_runs`
  before_start,   ///< before the submitter begins
  after_end,      ///< after the scenario, or the submitter, ends
};
inline constexpr std::size_t kLeftOut = static_cast<std::size_t>(LeftOut::after_end) + 1;
std::string_view name(LeftOut reason);

/// In which unit the numbers of a column were read.
struct UnitRead {
  std::string column;
  std::string unit;  ///< "milliseconds"
  std::string why;
  bool guessed = false;
};

struct TraceImport {
  std::string submitter;
  std::string file;
  std::uint64_t rows = 0;  ///< of data, in the file
  std::uint64_t kept = 0;  ///< replayed
  std::array<std::uint64_t, kLeftOut> left_out{};

  // Of the rows kept.
  std::string first, last;  ///< as recorded: on the calendar in UTC, or as seconds
  double span_s = 0;        ///< from first to last, as recorded
  std::uint64_t durations_recorded = 0;
  std::uint64_t durations_missing = 0;   ///< drawn from the workflow
  std::uint64_t durations_negative = 0;  ///< drawn from the workflow
  double median_duration_s = 0;          ///< of the recorded ones
  std::uint64_t levels_by_else = 0;      ///< found by `else` alone
  std::uint64_t levels_blank = 0;        ///< with nothing in the column of levels
  std::uint64_t times_ambiguous = 0;     ///< local times that the clocks showed twice
  std::uint64_t times_skipped = 0;       ///< local times that the clocks never showed

  std::string time_zone;  ///< of stamps that name none; empty: UTC
  std::vector<UnitRead> units;
  std::vector<std::string> warnings;  ///< the loader's, without their places

  std::uint64_t& left(LeftOut reason) { return left_out[static_cast<std::size_t>(reason)]; }
  std::uint64_t left(LeftOut reason) const { return left_out[static_cast<std::size_t>(reason)]; }
};

}  // namespace sluice

// Recorded workloads: CSV with a header line, and the Standard Workload Format (SWF).
//
// What is replayed: each row that passes `where`, moved so that the first one (or `from` after it)
// is at time 0, the times between rows divided by `compress`. Values of the workspace, credential
// and level columns become names. SWF's fields are columns with the names in kSwfColumns, or with
// their numbers, from 1, also beyond those; its times are seconds, and -1 is unknown in all of
// them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/figures/trace_import.hpp"
#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/trace/condition.hpp"
#include "scenarios/loader/trace/recorded_time.hpp"

namespace sluice {

/// The fields of a line of SWF, in order (Feitelson, Parallel Workloads Archive, version 2.2).
inline constexpr std::array<std::string_view, 18> kSwfColumns{"job",
                                                              "submit",
                                                              "wait",
                                                              "run_time",
                                                              "processors",
                                                              "cpu_time",
                                                              "memory",
                                                              "requested_processors",
                                                              "requested_time",
                                                              "requested_memory",
                                                              "status",
                                                              "user",
                                                              "group",
                                                              "executable",
                                                              "queue",
                                                              "partition",
                                                              "preceding_job",
                                                              "think_time"};

enum class TimeFormat : std::uint8_t {
  automatic,
  seconds,
  milliseconds,
  microseconds,
  nanoseconds,
  iso8601
};

struct TraceColumns {
  std::optional<Name> time, duration, start, end, workspace, level, credential, status, id;
};

/// What becomes of a row that has no duration, or one that cannot be.
enum class WithoutDuration : std::uint8_t { draw_and_warn, draw, leave_out };

/// What a scenario says about a trace.
struct TraceText {
  std::optional<Name> csv, swf;
  Mark mark;
  TraceColumns columns;
  TimeFormat time_format = TimeFormat::automatic;
  std::optional<TimeUnit> duration_unit;
  std::optional<Name> time_zone;  ///< of stamps that name none; none: UTC
  WithoutDuration without_duration = WithoutDuration::draw_and_warn;
  bool leave_out_unreadable = false;  ///< else they are errors
  std::string separator = ",";
  std::optional<Duration> from, to;
  double compress = 1;
  double duration_factor = 1;
  std::uint64_t max_rows = UINT64_MAX;
  Entries<Name, std::vector<Condition>> where;
  LevelRules levels;
  std::vector<Condition> failed;
  Entries<std::string, Name> workspaces;   ///< value → workspace
  Entries<std::string, Name> credentials;  ///< value → credential
  bool auto_workspaces = false;            ///< each value is a workspace of its own
  std::optional<Name> group;               ///< of those

  const Name& file() const { return csv ? *csv : *swf; }
};
const Table<TraceText>& trace_table();

/// More errors than this are not reported of one trace.
inline constexpr std::size_t kMaxTraceErrors = 10;

/// A row with what its columns say; values are indexes into the lists of Trace.
struct RawRow {
  static constexpr std::uint32_t kNone = UINT32_MAX;
  enum class Service : std::uint8_t { recorded, missing, negative };
  Time at;     ///< since the start of the replay
  Time stamp;  ///< as recorded: since 1970, or since whatever its numbers count from
  Duration service{-1};
  std::uint32_t workspace = kNone, credential = kNone;
  int line = 0;
  Service has_service = Service::missing;
  std::optional<PriorityLevel> level;
  bool by_else = false, blank_level = false;
  bool ambiguous = false, skipped = false;  ///< local times of this row
  bool failed = false;
  bool has_status = false;
};

/// A value of a column, and where it stands first.
struct TraceValue {
  std::string text;
  int line = 0;
  int column = 0, length = 1;  ///< column 0: not exactly known
  std::string source_line;     ///< empty: not kept
};

/// Something odd in a trace: how often, and where first.
struct Oddity {
  std::uint64_t count = 0;
  Diagnostic first{};  ///< without a message
};
enum class Odd : std::uint8_t {
  unreadable,
  no_time,
  unknown_level,
  duplicate_id,
  missing_duration,
  negative_duration,
  skipped_time
};
inline constexpr std::size_t kOdd = static_cast<std::size_t>(Odd::skipped_time) + 1;

struct RawTrace {
  std::vector<RawRow> rows;                         ///< ascending in time
  std::vector<TraceValue> workspaces, credentials;  ///< distinct, in the order of the file
  TraceImport import;                               ///< rows, and those left out so far; units
  std::array<Oddity, kOdd> odd{};                   ///< over all rows that were read
  bool calendar = false;                            ///< stamps are since 1970
  bool has_durations = false;                       ///< a column says how long runs took
  bool durations_by_end = false;                    ///< by `start` and `end`
  bool unit_is_asked = false;                       ///< nothing says the unit of the durations
  std::string duration_column;
  int header_line = 0;        ///< 0: none
  Diagnostic first_number{};  ///< of the times: its place
};

/// Reads the file. Problems in it are located there; none is returned then. 28 000 rows take about
/// 20 ms.
std::optional<RawTrace> read_trace(Reader& reader, const TraceText& text);

/// What a workspace made from a value of the workspace column is called: the value, after the
/// column's name if it is a number.
std::string workspace_name_of(const TraceText& text, std::string_view value);

}  // namespace sluice

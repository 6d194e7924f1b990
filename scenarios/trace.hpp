// Recorded workloads: CSV with a header line, and the Standard Workload Format (SWF).
//
// What is replayed: each row that passes `where`, moved so that the first one (or `from` after it)
// is at time 0, the times between rows divided by `compress`. Values of the workspace, credential
// and level columns become names. SWF's fields are columns with the names in kSwfColumns; its times
// are seconds.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/ids.hpp"
#include "pipeline/time.hpp"
#include "scenarios/key_table.hpp"

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

/// One field against one value: `LS`, `!= LS`, `<= 1h`, `> 3`, `else`.
struct Condition {
  enum class Kind : std::uint8_t {
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    always
  };
  Kind kind = Kind::equal;
  std::string text;   ///< equal, not_equal
  double number = 0;  ///< the comparisons; a time in seconds

  /// A field that is no number fails each comparison.
  bool holds(std::string_view field) const;
};
Type<Condition> condition_type();

enum class TimeFormat : std::uint8_t { automatic, seconds, milliseconds, microseconds, iso8601 };

struct TraceColumns {
  std::optional<Name> time, duration, start, end, workspace, level, credential, status;
};

/// What a scenario says about a trace.
struct TraceText {
  std::optional<Name> csv, swf;
  Mark mark;
  TraceColumns columns;
  TimeFormat time_format = TimeFormat::automatic;
  std::string separator = ",";
  std::optional<Duration> from, to;
  double compress = 1;
  double duration_factor = 1;
  std::uint64_t max_rows = UINT64_MAX;
  Entries<Name, std::vector<Condition>> where;
  Entries<Condition, PriorityLevel> levels;
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
  double at = 0;  ///< seconds
  Duration service{-1};
  std::uint32_t workspace = kNone, credential = kNone;
  std::optional<PriorityLevel> level;
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

struct RawTrace {
  std::vector<RawRow> rows;                         ///< ascending in time
  std::vector<TraceValue> workspaces, credentials;  ///< distinct, in the order of the file
};

/// Reads the file. Problems in it are located there; none is returned then. 28 000 rows take about
/// 20 ms.
std::optional<RawTrace> read_trace(Reader& reader, const TraceText& text);

/// What a workspace made from a column's value is called: the value, with a prefix if it is a
/// number.
std::string workspace_name_of(std::string_view column, std::string_view value);

}  // namespace sluice

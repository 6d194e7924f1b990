// Recorded workloads: CSV with a header line, and the Standard Workload Format (SWF).
//
// What is replayed: each row that passes `where`, moved so that the first one (or `from` after it)
// is at time 0, the times between rows divided by `compress`; or, without these two, at its date if
// both scenario and recording have dates and have some time in common. Values of the workspace,
// credential and level columns become names.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/figures/trace_import.hpp"
#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/trace/trace_keys.hpp"
#include "scenarios/loader/trace/trace_values.hpp"

namespace sluice {

/// More errors than this are not reported of one trace.
inline constexpr std::size_t kMaxTraceErrors = 10;

/// A row with what its columns say; values are indexes into the lists of Trace.
struct RawRow {
  static constexpr std::uint32_t kNone = TraceValues::kNone;
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

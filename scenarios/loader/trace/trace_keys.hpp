// The keys of `arrivals: {trace: …}`: what a scenario says about a recording.
//
// SWF's fields are columns with the names in kSwfColumns, or with their numbers, from 1, also
// beyond those; its times are seconds, and -1 is unknown in all of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
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
  std::optional<Name> time_zone;  ///< of stamps that name none; none: the scenario's
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

  /// Of what could be read: one of the two is there then.
  const Name& file() const {
    SLUICE_REQUIRE(csv || swf, "a recording names its file");
    return csv ? *csv : *swf;
  }
};
const Table<TraceText>& trace_table();

}  // namespace sluice

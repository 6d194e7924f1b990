// What the target says of a run when it is asked: a row of GET /runs, or GET /run/{id}.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "load/follow/run_event.hpp"

namespace sluice {

/// Stamps are nanoseconds since 1970; 0: it has not happened, or is not told.
struct RunRow {
  std::string_view session_id;  ///< into the parser: until its next use
  RunEventKind status = RunEventKind::other;
  std::int64_t created = 0, started = 0, ended = 0;
};

/// One page of a list of runs, newest first.
struct RunList {
  std::vector<RunRow> rows;  ///< those that name a session and a status
  std::size_t length = 0;    ///< of the page, whatever its rows say
  std::string_view oldest;   ///< created_at of its last row as it is written; "": not told
};

/// Reads rows by simdjson. Not thread-safe; reuse it.
class RunRowParser {
 public:
  RunRowParser();
  ~RunRowParser();
  RunRowParser(const RunRowParser&) = delete;
  RunRowParser& operator=(const RunRowParser&) = delete;

  /// None: it is no list. Valid until the next use.
  const RunList* list(std::string_view json);
  /// One run by itself. None: it has no status that is known. Its session is not read.
  std::optional<RunRow> run(std::string_view json);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice

// Where in a line of a recording its columns are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/loader/trace/trace_keys.hpp"

namespace sluice {

inline constexpr std::size_t kNoColumn = SIZE_MAX;

/// By position in a line, from 0.
struct TracePositions {
  std::size_t time = kNoColumn, duration = kNoColumn, start = kNoColumn, end = kNoColumn;
  std::size_t workspace = kNoColumn, level = kNoColumn, credential = kNoColumn, status = kNoColumn;
  std::size_t id = kNoColumn;
  std::vector<std::pair<std::size_t, const std::vector<Condition>*>> where;
  std::size_t last = 0;  ///< of all these the one furthest to the right
  std::string last_name, time_name, duration_name;
};

/// Finds the columns that a scenario names in a header line; reports those that are not there.
/// `header` of SWF is not read.
std::optional<TracePositions> find_columns(Reader& reader, const TraceText& text,
                                           const std::vector<std::string_view>& header);

}  // namespace sluice

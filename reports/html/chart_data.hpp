// What the charts of a page are drawn from: a block of JSON that is bounded by what can be seen,
// not by how much was simulated.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>

#include "reports/report.hpp"

namespace sluice {

/// Of an axis of time: no screen shows more of it.
inline constexpr std::size_t kMostPoints = 720;

/// For people nothing in it is new: the same figures stand in the report's JSON. Times are seconds
/// of the simulation, numbers have four digits. At most `points` points of time for up to three
/// levels, fewer for more. O(report).
nlohmann::ordered_json chart_data(const Report& report, std::size_t points);

}  // namespace sluice

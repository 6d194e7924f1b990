// One line of a file of points: a point as JSON, and back, bit by bit. docs/store.md has the form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/text/units.hpp"
#include "experiments/store/point.hpp"

namespace sluice {

/// With its line break; the same bytes for the same point. REQUIRES that the result is what
/// recorded_part() leaves. Cost: some 60 ns a figure.
std::string point_record(const Point& point);

/// Both take a line without its line break, and find any damage: a checksum ends it. A mistake says
/// what is wrong.
/// The checksum of a line that one of these took: lines that differ have the same with a chance of
/// one to four thousand million.
std::uint32_t point_record_sum(std::string_view line);
Parsed<PointKey> read_point_key(std::string_view line);
Parsed<Point> read_point_record(std::string_view line);

}  // namespace sluice

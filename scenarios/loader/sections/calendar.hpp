// `start`, `time_zone` and `holidays`: what dates and times of day in a scenario mean.
#pragma once

#include "scenarios/loader/keys/key_table.hpp"

namespace sluice {

/// Sets the reader's calendar by these keys of the scenario's map, before anything else is read.
void read_calendar(Reader& reader, TreeNode& root);

/// `365d`, `8h`; `1y` ends on the same date, in so many years, of a scenario with a `start`, or
/// after 365 days for each; `6mo` needs a `start`. More than 0.
Type<Duration> length_type();

Json start_schema();
Json time_zone_schema();
Json holidays_schema();

}  // namespace sluice

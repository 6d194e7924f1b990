// The axis below small charts, and what is marked on it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "reports/report.hpp"

namespace sluice {

/// Hours, minutes or days at round times: "|0h      |8h      |16h". At most `columns` wide.
std::string time_axis(const ReportHeader& header, Time from, Duration length, std::size_t columns);

/// A level that starves: `=` where the share of a column is a half or more, `-` where it is less.
std::string starved_marks(std::span<const double> shares, std::size_t columns);

/// The incidents of the report by their numbers, 1 first, where they are under way; those behind
/// the ninth by `+`.
std::string incident_marks(const Report& report, Time from, Duration length, std::size_t columns);
/// What the numbers mean: "1 deploy 2h to 2h10m, 2 outage 5h on".
std::string incidents_text(const Report& report);

}  // namespace sluice

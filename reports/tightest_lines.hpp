// The time lines that a report shows, out of those that were recorded.
#pragma once

#include "reports/report.hpp"

namespace sluice {

/// How many credentials, and workspaces, have lines of their own.
inline constexpr std::size_t kMostUseLines = 20;

/// Adds the load offered by each level; of credentials keeps the lines of the tightest, of
/// workspaces of those that lack most of a fair share, and one for the sum of the others.
void complete_lines(TimeLines& lines, const Names& names, const FigureTable& figures);

}  // namespace sluice

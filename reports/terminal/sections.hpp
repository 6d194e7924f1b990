// The sections of the terminal's report, in the order in which they are shown. Each writes nothing
// when it has nothing to say, and ends with a blank line otherwise.
#pragma once

#include <cstddef>
#include <vector>

#include "reports/report.hpp"
#include "reports/summary/rows.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// Columns from which on there is room for what is left out on a narrow screen.
inline constexpr std::size_t kWide = 96;

void prediction_section(const Report& report, TerminalScreen& screen);
void stability_section(const Report& report, TerminalScreen& screen);
void starvation_section(const Report& report, const std::vector<LevelRow>& rows,
                        TerminalScreen& screen);
void attribution_section(const Report& report, const std::vector<LevelRow>& rows,
                         TerminalScreen& screen);
void workspaces_section(const Report& report, TerminalScreen& screen);
void throughput_section(const Report& report, const std::vector<LevelRow>& rows,
                        TerminalScreen& screen);
void workers_section(const Report& report, TerminalScreen& screen);
/// `members`: also the credentials of the pools that are shown.
void credentials_section(const Report& report, bool members, TerminalScreen& screen);
void api_section(const Report& report, TerminalScreen& screen);

}  // namespace sluice

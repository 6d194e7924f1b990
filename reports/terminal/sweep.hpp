// A sweep on a terminal.
#pragma once

#include <string>

#include "reports/settings/setting_words.hpp"
#include "reports/settings/sweep.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// `style.brief`: at most kMostSweptRows settings, the undominated ones first.
std::string render_sweep(const SweepResult& sweep, const TerminalStyle& style);

inline constexpr std::size_t kMostSweptRows = 60;

/// The table with its standings as tones; at most `most` rows, and how many were left out.
void settings_table(TerminalScreen& screen, const SettingsTable& table, std::size_t most);

}  // namespace sluice

// A sweep as Markdown for a pull request or a page.
#pragma once

#include <string>

#include "reports/settings/setting_words.hpp"
#include "reports/settings/sweep.hpp"

namespace sluice {

/// GitHub-flavoured; texts of users cannot become markup.
std::string render_sweep_markdown(const SweepResult& sweep);

/// A table, at most `most` rows of it.
std::string markdown_table(const SettingsTable& table, std::size_t most);

}  // namespace sluice

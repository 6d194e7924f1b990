// The report as Markdown for a pull-request comment: verdict, expectations, starvation and
// stability at a glance, the rest folded away.
#pragma once

#include <string>
#include <string_view>

#include "reports/report.hpp"

namespace sluice {

/// Below this many bytes, whatever the report: sections that do not fit are left out, and it says
/// so.
inline constexpr std::size_t kMarkdownMost = 60'000;

/// GitHub-flavoured Markdown. Names and sentences of users cannot become markup, mentions, or
/// references.
std::string render_markdown(const Report& report);

/// Prose as it is, whatever signs it holds.
std::string markdown_text(std::string_view text);
/// A code span that holds `text` as it is, at most 200 columns of it. Fit for a cell of a table.
std::string markdown_code(std::string_view text);

}  // namespace sluice

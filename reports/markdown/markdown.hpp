// The report as Markdown for a pull-request comment: verdict, expectations, starvation and
// stability at a glance, the rest folded away.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// Below this many bytes, whatever the report: sections that do not fit are left out, and it says
/// so.
inline constexpr std::size_t kMarkdownMost = 60'000;

/// GitHub-flavoured Markdown. Names and sentences of users cannot become markup, mentions, or
/// references.
std::string render_markdown(const Report& report);

}  // namespace sluice

// A report as one page: a file that needs no network, whose words and tables are there without its
// script, which draws the charts.
#pragma once

#include <cstddef>
#include <string>

#include "reports/report.hpp"

namespace sluice {

/// What the report does not know of itself.
struct HtmlOptions {
  std::string command;        ///< that makes the page again; may be empty
  std::string scenario_text;  ///< as it was written; may be empty
  std::string script;         ///< front_end(); empty: no charts
};

/// No page is larger, whatever it is about.
inline constexpr std::size_t kPageMost = 600'000;

/// The same bytes for the same report and options: wall time is not in it. Nothing that names,
/// sentences or the options' texts carry is ever markup.
std::string render_html(const Report& report, const HtmlOptions& options);

}  // namespace sluice

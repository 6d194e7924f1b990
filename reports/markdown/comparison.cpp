#include "reports/markdown/comparison.hpp"

#include <fmt/format.h>

#include "reports/compare/comparison_words.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/markdown/escape.hpp"

namespace sluice {
namespace {

std::string row_text(const ComparedMetric& metric) {
  const Unit unit = info(metric.key.metric).unit;
  const std::string change(change_word(metric));
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", info(metric.key.metric).name,
                     markdown_text(subject_text(metric.key)), compact(metric.base, unit),
                     compact(metric.changed, unit), signed_share(metric.relative),
                     metric.change == Change::worse ? "**" + change + "**" : change);
}

}  // namespace

std::string render_comparison_markdown(const ReportComparison& comparison) {
  std::string text =
      fmt::format("### {}: {}: {}\n\n", comparison_word(comparison.verdict),
                  markdown_text(comparison.scenario), comparison_headline(comparison));
  if (const std::string sides = sides_text(comparison); !sides.empty())
    text += markdown_text(sides) + "\n\n";
  std::string rows;
  std::size_t alike = 0;
  for (const ComparedMetric& metric : comparison.metrics) {
    if (metric.change == Change::none && !metric.large)
      ++alike;
    else
      rows += row_text(metric);
  }
  if (!rows.empty())
    text +=
        "| metric | of | base | new | difference | |\n|---|---|--:|--:|--:|---|\n" + rows + "\n";
  if (!comparison.cause.empty()) text += markdown_text(comparison.cause) + ".\n\n";
  if (alike > 0)
    text +=
        fmt::format("{} more metric{} within the tolerance. ", alike, alike == 1 ? " is" : "s are");
  return text + markdown_text(comparison_basis(comparison)) + "\n";
}

}  // namespace sluice

#include "reports/terminal/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text/json_text.hpp"
#include "base/text/units.hpp"
#include "reports/compare/comparison_words.hpp"
#include "reports/figures/figure_text.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;
using ComparisonVerdict = ReportComparison::Verdict;

Cell verdict_cell(ComparisonVerdict verdict) {
  const Tone tone = verdict == ComparisonVerdict::no_regression ? Tone::good
                    : verdict == ComparisonVerdict::regression  ? Tone::bad
                                                                : Tone::caution;
  return {std::string(comparison_word(verdict)), tone};
}

Cell change_cell(const ComparedMetric& metric) {
  const Tone tone = metric.change == Change::worse    ? Tone::bad
                    : metric.change == Change::better ? Tone::good
                                                      : Tone::faint;
  return {std::string(change_word(metric)), tone};
}

std::string p_text(double p) { return p < 0.0001 ? "<0.0001" : fmt::format("{:.4f}", p); }

Row metric_row(const ComparedMetric& metric) {
  const Unit unit = info(metric.key.metric).unit;
  return {{"  " + std::string(info(metric.key.metric).name)},
          {subject_text(metric.key)},
          {compact(metric.base, unit)},
          {compact(metric.changed, unit)},
          {signed_share(metric.relative)},
          {p_text(metric.p)},
          {p_text(metric.adjusted_p)},
          change_cell(metric)};
}

Json metric_json(const ComparedMetric& metric) {
  Json json{{"metric", info(metric.key.metric).name}};
  json["level"] = metric.key.level ? Json(name(*metric.key.level)) : Json();
  if (!metric.key.workspace.empty()) json["workspace"] = metric.key.workspace;
  json["better"] = metric.lower_is_better ? "lower" : "higher";
  json["base"] = json_number(metric.base);
  json["new"] = json_number(metric.changed);
  json["relative"] = json_number(metric.relative);
  json["p"] = json_number(metric.p);
  json["adjusted_p"] = json_number(metric.adjusted_p);
  if (metric.interval)
    json["difference_interval"] = {json_number(metric.interval->low),
                                   json_number(metric.interval->high)};
  json["beyond_tolerance"] = metric.large;
  json["change"] = name(metric.change);
  return json;
}

}  // namespace

std::string render_comparison(const ReportComparison& comparison, const TerminalStyle& style) {
  TerminalScreen screen(style);
  screen.item({std::string(verdict_cell(comparison.verdict).text) + "  ",
               verdict_cell(comparison.verdict).tone},
              {comparison.scenario + ": " + comparison_headline(comparison), Tone::strong});
  if (const std::string sides = sides_text(comparison); !sides.empty())
    screen.paragraph(sides, 0, 0, comparison.simulated ? Tone::faint : Tone::caution);
  screen.blank();
  if (!comparison.metrics.empty()) {
    TextTable table{{Align::left, Align::left}, {}, 8};
    Row headings;
    for (const char* heading : {"", "", "base", "new", "difference", "p", "corrected", ""})
      headings.push_back({heading, Tone::faint});
    table.rows.push_back(std::move(headings));
    table.columns = {Align::left,  Align::left,  Align::right, Align::right,
                     Align::right, Align::right, Align::right, Align::left};
    for (const ComparedMetric& metric : comparison.metrics)
      table.rows.push_back(metric_row(metric));
    screen.table(table);
    screen.blank();
  }
  if (!comparison.cause.empty()) {
    screen.paragraph(comparison.cause + ".", 0, 2);
    screen.blank();
  }
  screen.paragraph(comparison_basis(comparison), 0, 2, Tone::faint);
  return screen.text();
}

std::string comparison_json(const ReportComparison& comparison) {
  Json json{{"format", "sluice.comparison"},
            {"version", 1},
            {"verdict", name(comparison.verdict)},
            {"scenario", comparison.scenario},
            {"same_scenario", comparison.same_hash},
            {"repetitions", {{"base", comparison.base}, {"new", comparison.changed}}},
            {"needed", comparison.needed},
            {"pairs", comparison.options.pairs},
            {"confidence", json_number(comparison.options.confidence)},
            {"tolerance", json_number(comparison.options.tolerance)},
            {"equal", comparison.equal}};
  if (!comparison.cause.empty()) json["cause"] = comparison.cause;
  if (const auto& simulated = comparison.simulated)
    json["simulated"] = {{"base", simulated->base},
                         {"new", simulated->changed},
                         {"confidence", json_number(simulated->stated_confidence)},
                         {"looks", simulated->looks},
                         {"exact", comparison.options.exact},
                         {"complete", simulated->complete}};
  Json& metrics = json["metrics"] = Json::array();
  for (const ComparedMetric& metric : comparison.metrics) metrics.push_back(metric_json(metric));
  return json_text(json);
}

}  // namespace sluice

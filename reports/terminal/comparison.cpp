#include "reports/terminal/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text/json_text.hpp"
#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;
using ComparisonVerdict = ReportComparison::Verdict;

Cell verdict_cell(ComparisonVerdict verdict) {
  switch (verdict) {
    case ComparisonVerdict::no_regression:
      return {"PASS", Tone::good};
    case ComparisonVerdict::regression:
      return {"REGRESSION", Tone::bad};
    case ComparisonVerdict::inconclusive:
      return {"INCONCLUSIVE", Tone::caution};
  }
  return {};
}

std::size_t count(const ReportComparison& comparison, Change change) {
  return static_cast<std::size_t>(
      std::count_if(comparison.metrics.begin(), comparison.metrics.end(),
                    [change](const auto& metric) { return metric.change == change; }));
}

std::string verdict_text(const ReportComparison& comparison) {
  const std::size_t worse = count(comparison, Change::worse);
  switch (comparison.verdict) {
    case ComparisonVerdict::no_regression:
      return "no metric got worse beyond tolerance and noise";
    case ComparisonVerdict::regression:
      return fmt::format("{} of {} metrics got worse", worse, comparison.metrics.size());
    case ComparisonVerdict::inconclusive:
      if (comparison.metrics.empty()) return "the reports have no compared metric in common";
      return fmt::format(
          "too few repetitions to decide: with {} metrics, {} {} are needed, there are {} and {}",
          comparison.metrics.size(), comparison.needed,
          comparison.options.pairs ? "pairs" : "of each", comparison.base, comparison.changed);
  }
  return "";
}

Cell change_cell(const ComparedMetric& metric) {
  if (metric.change == Change::worse) return {"WORSE", Tone::bad};
  if (metric.change == Change::better) return {"better", Tone::good};
  return {metric.large ? "unsure" : "", Tone::faint};
}

std::string signed_share(double share) {
  constexpr double kManyTimes = 9;
  if (!std::isfinite(share)) return share > 0 ? "from 0" : "–";
  if (share >= kManyTimes) return "×" + format_number(1 + share);
  const std::string text = format_share(std::abs(share));
  return (share > 0 ? "+" : share < 0 ? "−" : "") + text;
}

std::string p_text(double p) { return p < 0.0001 ? "<0.0001" : fmt::format("{:.4f}", p); }

Row metric_row(const ComparedMetric& metric) {
  const Unit unit = info(metric.key.metric).unit;
  return {{"  " + std::string(info(metric.key.metric).name)},
          {metric.key.level ? std::string(name(*metric.key.level)) : "all"},
          {compact(metric.base, unit)},
          {compact(metric.changed, unit)},
          {signed_share(metric.relative)},
          {p_text(metric.p)},
          {p_text(metric.adjusted_p)},
          change_cell(metric)};
}

std::string basis(const ReportComparison& comparison) {
  const ComparisonOptions& options = comparison.options;
  const std::string sets =
      options.pairs ? fmt::format("{} pairs of reports", comparison.base)
      : comparison.base == comparison.changed
          ? fmt::format("{} reports in each set", comparison.base)
          : fmt::format("{} and {} reports", comparison.base, comparison.changed);
  std::string text = fmt::format(
      "{}. {} test of the difference of means, Holm's correction for {} metrics; a metric is worse "
      "or better if its corrected p is at most {} and the difference is more than {} of the base.",
      sets, options.pairs ? "Sign-flip" : "Permutation", comparison.metrics.size(),
      format_number(1 - options.confidence), format_share(options.tolerance));
  if (comparison.equal > 0)
    text += fmt::format(" {} more {} the same in all reports.", comparison.equal,
                        comparison.equal == 1 ? "metric is" : "metrics are");
  return text;
}

Json metric_json(const ComparedMetric& metric) {
  Json json{{"metric", info(metric.key.metric).name}};
  json["level"] = metric.key.level ? Json(name(*metric.key.level)) : Json();
  json["better"] = metric.lower_is_better ? "lower" : "higher";
  json["base"] = json_number(metric.base);
  json["new"] = json_number(metric.changed);
  json["relative"] = json_number(metric.relative);
  json["p"] = json_number(metric.p);
  json["adjusted_p"] = json_number(metric.adjusted_p);
  json["beyond_tolerance"] = metric.large;
  json["change"] = name(metric.change);
  return json;
}

}  // namespace

std::string render_comparison(const ReportComparison& comparison, const TerminalStyle& style) {
  TerminalScreen screen(style);
  screen.item({std::string(verdict_cell(comparison.verdict).text) + "  ",
               verdict_cell(comparison.verdict).tone},
              {comparison.scenario + ": " + verdict_text(comparison), Tone::strong});
  if (!comparison.same_hash)
    screen.paragraph("The scenario itself differs between the sets.", 0, 0, Tone::caution);
  screen.blank();
  if (!comparison.metrics.empty()) {
    TextTable table{{Align::left, Align::left}, {}, 8};
    Row headings;
    for (const char* heading : {"", "", "base", "new", "difference", "p", "corrected", ""})
      headings.push_back({heading, Tone::faint});
    table.rows.push_back(std::move(headings));
    table.columns = {Align::left,  Align::left,  Align::right, Align::right,
                     Align::right, Align::right, Align::right, Align::left};
    for (const Change change : {Change::worse, Change::better, Change::none})
      for (const ComparedMetric& metric : comparison.metrics)
        if (metric.change == change) table.rows.push_back(metric_row(metric));
    screen.table(table);
    screen.blank();
  }
  screen.paragraph(basis(comparison), 0, 2, Tone::faint);
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
  Json& metrics = json["metrics"] = Json::array();
  for (const ComparedMetric& metric : comparison.metrics) metrics.push_back(metric_json(metric));
  return json_text(json);
}

}  // namespace sluice

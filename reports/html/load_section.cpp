#include "reports/html/load_section.hpp"

#include "base/check.hpp"
#include "base/text/display_text.hpp"
#include "reports/html/escape.hpp"
#include "reports/html/table.hpp"
#include "reports/summary/load.hpp"
#include "reports/summary/prediction.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostPredicted = 60;

std::string latencies_table(const LoadFacts& load) {
  std::vector<std::string> headings{"time"};
  for (const std::string& heading : time_headings()) headings.push_back(heading);
  HtmlTable table("Times that were measured", headings);
  for (const LoadTime& time : load_times(load)) {
    std::vector<HtmlCell> cells{{html_text(time.what), std::nullopt}};
    for (const std::string& cell : time_cells(*time.times))
      cells.push_back({html_text(cell), std::nullopt});
    table.add(cells);
  }
  return table.html();
}

std::string_view agreement_words(PredictedFigure::Agreement agreement) {
  switch (agreement) {
    case PredictedFigure::Agreement::agrees:
      return "✓ agrees";
    case PredictedFigure::Agreement::differs:
      return "✗ differs";
    case PredictedFigure::Agreement::undecided:
      return "◐ undecided";
  }
  return {};
}

std::string predicted_table(const Report& report) {
  if (!report.prediction) return {};
  HtmlTable table("Measured, and what the model gives",
                  {"figure", "of", "measured", "predicted", "verdict"}, "ll--l");
  for (const PredictionRow& row : prediction_rows(report, kMostPredicted))
    table.add({{"<code>" + html_text(row.metric) + "</code>", std::nullopt},
               {html_text(row.subject), std::nullopt},
               {html_text(row.measured), std::nullopt},
               {html_text(row.predicted), std::nullopt},
               {std::string(agreement_words(row.agreement)), std::nullopt}});
  std::string text = subheading_html(prediction_summary(*report.prediction)) + table.html();
  HtmlTable explained("What would explain a difference", {"rule", "distance", "p", "differ"});
  for (const Explanation& explanation : report.prediction->explanations) {
    std::vector<HtmlCell> cells;
    for (const std::string& cell : explanation_cells(*report.prediction, explanation))
      cells.push_back({html_text(cell), std::nullopt});
    explained.add(cells);
  }
  return text + paragraph_html(html_text(best_explanation(*report.prediction))) + explained.html();
}

}  // namespace

PageSection what_the_load_did(const Report& report) {
  SLUICE_REQUIRE(report.load.has_value(), "it is the report of a load");
  const LoadFacts& load = *report.load;
  std::string body;
  for (const LoadLine& line : shown_load_lines(load))
    body +=
        paragraph_html((line.subject.empty() ? "" : "<b>" + html_text(line.subject) + "</b>: ") +
                       html_text(clipped(line.text, 400)));
  return {"live",
          "The load",
          html_text(clipped(load_setting(load), 200)),
          body + latencies_table(load) + predicted_table(report),
          "",
          true};
}

std::string load_cautions_html(const Report& report) {
  std::string text;
  if (report.load)
    for (const std::string& line : load_cautions(*report.load))
      text += "<p class=\"caution\">" + html_text(line) + "</p>\n";
  return text;
}

}  // namespace sluice

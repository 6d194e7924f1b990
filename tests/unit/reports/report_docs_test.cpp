// docs/report.md says what there is: every metric, every CSV file, every member of the JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "reports/csv/csv.hpp"
#include "reports/figures/metric.hpp"
#include "reports/json/json.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

constexpr const char* kPage = "docs/report.md";

std::string labels_text(const MetricInfo& metric) {
  std::string text;
  for (Labels single = 1; single <= label::submitter; single = static_cast<Labels>(single << 1)) {
    if ((metric.labels & single) == 0) continue;
    if (!text.empty()) text += ", ";
    if ((metric.required & single) != 0) text += "needs ";
    text += label_name(single);
  }
  return text.empty() ? "–" : text;
}

std::string escaped(std::string_view text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return cell;
}

std::string metrics_table() {
  std::string text =
      "| Metric | Unit | Labels | Window | Id | Meaning |\n|---|---|---|---|---|---|\n";
  for (const MetricInfo& metric : all_metrics())
    text += "| `" + std::string(metric.name) + "` | " + std::string(name(metric.unit)) + " | " +
            labels_text(metric) + " | " + (metric.over_window ? "yes" : "") + " | " +
            std::string(metric.id) + " | " + escaped(metric.meaning) + " |\n";
  return text;
}

TEST(ReportPage, ListsEveryMetric) {
  const std::string begin = "<!-- metrics: begin -->\n";
  const std::string page = test::read_source_file(kPage);
  const std::size_t from = page.find(begin);
  const std::size_t until = page.find("<!-- metrics: end -->");
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(until, std::string::npos);
  test::expect_golden(kPage,
                      page.substr(0, from + begin.size()) + metrics_table() + page.substr(until));
}

TEST(ReportPage, NamesEveryCsvFile) {
  const std::string page = test::read_source_file(kPage);
  for (const CsvTable& table : csv_tables(test::empty_report()))
    EXPECT_THAT(page, ::testing::HasSubstr("`" + table.file + "`"));
}

TEST(ReportPage, NamesEveryMemberOfTheJson) {
  const std::string page = test::read_source_file(kPage);
  const nlohmann::ordered_json report = report_json(test::empty_report());
  for (const auto& [key, value] : report.items())
    EXPECT_THAT(page, ::testing::HasSubstr("`" + key + "`"));
}

}  // namespace
}  // namespace sluice

// The lower half of the terminal's report: throughput, workers, credentials, API.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/observable.hpp"
#include "reports/summary/columns.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/too_long_text.hpp"
#include "reports/terminal/one_liners.hpp"
#include "reports/terminal/sections.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostBusiestGroups = 4;
constexpr std::size_t kMostCredentials = 3;
constexpr std::size_t kMostPools = 2;

template <std::size_t n>
Row heading_row(const std::array<FigureColumn, n>& columns) {
  Row row{{}};
  for (const FigureColumn& column : columns)
    row.push_back({std::string(column.heading), Tone::faint});
  return row;
}

Cell column_cell(const Figure* figure, Metric metric) { return {column_text(figure, metric)}; }

double value_of(const Report& report, Metric metric) {
  return value_or_zero(report.figures.find(metric));
}

// ---- throughput
// ------------------------------------------------------------------------------------------------

void interval_row(const Report& report, const Subject& subject, TextTable& table) {
  Row row{{}};
  bool any = false;
  for (const FigureColumn& column : kThroughputColumns) {
    row.push_back(
        {compact_interval(report.figures.find(column.metric, subject), column_unit(column.metric)),
         Tone::faint});
    any = any || !row.back().text.empty();
  }
  if (any) table.rows.push_back(std::move(row));
}

// ---- API ---------------------------------------------------------------------------------------

/// "12 retries", or nothing if there were none.
void add_if_any(const Report& report, Metric metric, std::string_view what, std::string& text) {
  const double count = value_of(report, metric);
  if (count > 0) text += fmt::format(" · {} {}", compact_count(count), what);
}

void add_latency(const Report& report, Metric mean, Metric p99, std::string& text) {
  if (value_of(report, mean) > 0)
    text +=
        fmt::format(" · latency {}, p99 {}{}", compact(report.figures.find(mean), Unit::seconds),
                    compact(report.figures.find(p99), Unit::seconds),
                    in_wall_time(report, mean) ? " (wall time)" : "");
}

std::string api_text(const Report& report, double answers) {
  std::string text = fmt::format("{} answers", compact_count(answers));
  for (const auto& [metric, what] :
       {std::pair(Metric::api_rate_limited_count, "rate limited (429)"),
        std::pair(Metric::api_error_count, "server errors")})
    if (const double count = value_of(report, metric); count > 0)
      text += fmt::format(" · {} {}", format_share(count / answers), what);
  add_latency(report, Metric::api_latency_mean, Metric::api_latency_p99, text);
  add_if_any(report, Metric::api_retries, "retries", text);
  add_if_any(report, Metric::gave_up_count, "gave up", text);
  add_if_any(report, Metric::submitting_count, "still being submitted", text);
  return text;
}

std::string webhooks_text(const Report& report, double deliveries) {
  std::string text = fmt::format("{} events · {} attempts", compact_count(deliveries),
                                 compact_count(value_of(report, Metric::webhooks_attempts)));
  add_if_any(report, Metric::webhooks_failed, "never delivered", text);
  add_latency(report, Metric::webhooks_latency_mean, Metric::webhooks_latency_p99, text);
  return text;
}

/// What the rows are: pools first, then credentials; times are sums.
std::string credentials_text(std::size_t pools, std::size_t credentials, std::size_t shown,
                             bool members) {
  std::string text;
  const auto add = [&](std::size_t some, std::size_t all, std::string_view what) {
    if (all > 0)
      text += fmt::format("{}{} of {} {}", text.empty() ? "" : ", ", some,
                          format_count(static_cast<double>(all)), what);
  };
  add(std::min(pools, kMostPools), pools, pools == 1 ? "pool" : "pools");
  add(shown, credentials, pools > 0 && !members ? "other credentials" : "credentials");
  return text + ", those that held runs longest; held for: added up over runs";
}

}  // namespace

void throughput_section(const Report& report, const std::vector<LevelRow>& rows,
                        TerminalScreen& screen) {
  screen.heading("THROUGHPUT", "per minute; good: first-attempt successes within their target");
  TextTable table{{Align::left}, {heading_row(kThroughputColumns)}, 8};
  for (const LevelRow& level : rows) {
    Row row{{"  " + level.label}};
    for (const FigureColumn& column : kThroughputColumns)
      row.push_back(column_cell(figure_of(report, column.metric, level), column.metric));
    table.rows.push_back(std::move(row));
  }
  Row row{{"  all"}};
  for (const FigureColumn& column : kThroughputColumns)
    row.push_back(column_cell(report.figures.find(column.metric), column.metric));
  table.rows.push_back(std::move(row));
  interval_row(report, Subject::all(), table);
  screen.table(table);
  const std::string too_long = too_long_text(report);
  if (!too_long.empty()) screen.paragraph("too long: " + too_long, 2, 4);
}

void workers_section(const Report& report, TerminalScreen& screen) {
  const std::vector<FigureEntry> busiest = worker_figures(report);
  if (busiest.empty()) return;
  screen.heading("WORKERS", "share of their time; idle by what waits");
  TextTable table{{Align::left}, {heading_row(kWorkerColumns)}, 8};
  const std::size_t shown = std::min(busiest.size(), kMostBusiestGroups);
  for (std::size_t i = 0; i < shown; ++i) {
    const Subject& subject = busiest[i].key.subject;
    Row row{
        {"  " + (subject.group.valid() ? report.names.groups.at(subject.group.index()) : "all")}};
    for (const FigureColumn& column : kWorkerColumns)
      row.push_back(column_cell(report.figures.find(column.metric, subject), column.metric));
    table.rows.push_back(std::move(row));
  }
  screen.table(table);
  if (busiest.size() > shown)
    screen.line({{fmt::format("  … and {} more groups", busiest.size() - shown), Tone::faint}});
}

void credentials_section(const Report& report, bool members, TerminalScreen& screen) {
  auto worst = worst_credentials(report);
  const std::vector<PoolId> pools = worst_pools(report);
  if (!members) leave_out_members(report, pools, worst);
  if (worst.empty() && pools.empty()) return;
  const std::size_t shown = std::min(worst.size(), kMostCredentials);
  screen.heading("CREDENTIALS", credentials_text(pools.size(), worst.size(), shown, members));
  TextTable table{{Align::left}, {heading_row(kCredentialColumns)}, 8};
  table.rows[0].insert(table.rows[0].begin() + 1, Cell{"limit", Tone::faint});
  for (std::size_t i = 0; i < std::min(pools.size(), kMostPools); ++i) {
    Row row{{"  " + report.names.pools.at(pools[i].index()).name}};
    for (const std::string& cell : pool_cells(report, pools[i])) row.push_back({cell});
    table.rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < shown; ++i) {
    Row row{{"  " + report.names.credentials.at(worst[i].index())}, {limit_text(report, worst[i])}};
    for (const FigureColumn& column : kCredentialColumns)
      row.push_back(
          column_cell(report.figures.find(column.metric, Subject::of(worst[i])), column.metric));
    table.rows.push_back(std::move(row));
  }
  screen.table(table);
}

void api_section(const Report& report, TerminalScreen& screen) {
  const double answers = value_of(report, Metric::api_answers);
  const double deliveries = value_of(report, Metric::webhooks_deliveries);
  if (answers > 0) one_line(screen, "API", api_text(report, answers));
  if (deliveries > 0) one_line(screen, "WEBHOOKS", webhooks_text(report, deliveries));
  screen.end_section();
}

}  // namespace sluice

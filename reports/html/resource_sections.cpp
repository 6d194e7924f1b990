#include "reports/html/resource_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/text/display_text.hpp"
#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/html/escape.hpp"
#include "reports/html/table.hpp"
#include "reports/summary/columns.hpp"
#include "reports/summary/expectations.hpp"
#include "reports/summary/lost_load.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/stability_words.hpp"
#include "reports/summary/too_long_text.hpp"
#include "reports/summary/verdict.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostTableLevels = 30;
constexpr std::size_t kMostTableThings = 30;
constexpr std::size_t kMostTableLosers = 20;
constexpr std::size_t kMostTableExpectations = 40;
constexpr std::size_t kMostHourTables = 3;

constexpr std::array<FigureColumn, 9> kWaitColumns{{
    {Metric::wait_count, "", "runs"},
    {Metric::wait_mean, "", "mean"},
    {Metric::wait_p50, "", "p50"},
    {Metric::wait_p90, "", "p90"},
    {Metric::wait_p95, "", "p95"},
    {Metric::wait_p99, "", "p99"},
    {Metric::wait_p999, "", "p99.9"},
    {Metric::wait_max, "", "max"},
    {Metric::slo_attainment, "", "within target"},
}};

std::vector<LevelRow> table_rows(const Report& report) {
  std::vector<LevelRow> rows = level_rows(report);
  if (rows.size() > kMostTableLevels) rows.resize(kMostTableLevels);
  return rows;
}

bool any_line(const Report& report, std::initializer_list<Line> lines) {
  return std::ranges::any_of(report.time_lines.lines, [&](const TimeLine& one) {
    return std::ranges::find(lines, one.line) != lines.end();
  });
}

HtmlCell level_cell(const LevelRow& row) {
  return {fmt::format("<b class=\"l{}\">{}</b>", index(row.level), html_text(row.label)),
          std::nullopt};
}

template <std::size_t n>
std::vector<std::string> table_headings(std::initializer_list<std::string> first,
                                        const std::array<FigureColumn, n>& columns) {
  std::vector<std::string> all(first);
  for (const FigureColumn& column : columns) all.emplace_back(column.heading);
  return all;
}

template <std::size_t n>
std::string level_table(const Report& report, const std::string& caption,
                        const std::array<FigureColumn, n>& columns, bool with_all) {
  HtmlTable table(caption, table_headings({"level"}, columns));
  for (const LevelRow& row : table_rows(report)) {
    std::vector<HtmlCell> cells{level_cell(row)};
    for (const FigureColumn& column : columns)
      cells.push_back(figure_cell(figure_of(report, column.metric, row), column.metric));
    table.add(cells);
  }
  if (with_all && !table.empty()) {
    std::vector<HtmlCell> cells{{"all", std::nullopt}};
    for (const FigureColumn& column : columns)
      cells.push_back(figure_cell(report.figures.find(column.metric), column.metric));
    table.add(cells);
  }
  table.more(level_rows(report).size(), kMostTableLevels);
  return table.html();
}

// ---- waits

std::string waits_finding(const Report& report) {
  const std::vector<LevelRow> rows = level_rows(report);
  const LevelRow* const row = slowest(report, rows);
  if (row == nullptr) return "Nobody waited";
  const Figure* const p95 = figure_of(report, Metric::wait_p95, *row);
  if (value_or_zero(p95) <= 0) return "95 % of the runs of each level did not wait";
  const std::string wait = compact(p95->value, Unit::seconds);
  return p95->lower_bound ? fmt::format("5 % of {} runs wait {} or longer", row->label, wait)
                          : fmt::format("95 % of {} runs wait {} at most", row->label, wait);
}

/// p95 by hour of the day, of the levels of one group.
std::string hours_table(const Report& report, GroupId group) {
  std::vector<const HourLine*> lines;
  for (const HourLine& line : report.hours.day)
    if (line.subject.group.valid() && line.subject.group == group) lines.push_back(&line);
  if (lines.empty()) return {};
  std::vector<std::string> headings{"accepted from"};
  for (const HourLine* line : lines)
    for (const char* what : {" runs", " p95"})
      headings.push_back(std::string(name(*line->subject.level)) + what);
  HtmlTable table("Waits by the hour of the day in which runs were accepted", headings);
  for (std::size_t hour = 0; hour < kHoursOfDay; ++hour) {
    std::vector<HtmlCell> cells{{fmt::format("{:02}:00", hour), static_cast<double>(hour)}};
    double runs = 0;
    for (const HourLine* line : lines) {
      const HourFigures& figures = line->hours[hour];
      runs += figures.arrivals_per_h + static_cast<double>(figures.waits);
      cells.push_back({html_text(compact_count(figures.arrivals_per_h)), figures.arrivals_per_h});
      cells.push_back(figures.waits == 0
                          ? HtmlCell{"–", std::nullopt}
                          : HtmlCell{(figures.lower_bound ? "≥" : "") +
                                         html_text(compact(figures.wait_p95_s, Unit::seconds)),
                                     figures.wait_p95_s});
    }
    if (runs > 0) table.add(cells);
  }
  const std::string of = report.names.groups.size() > 1
                             ? " of " + short_name(report.names.groups.at(group.index()))
                             : std::string();
  return folded_html("Table of the hours of the day" + of, table.html());
}

// ---- workers and credentials

std::string resources_finding(const Report& report) {
  std::string text;
  if (const Figure* busy = report.figures.find(Metric::utilisation))
    text = "Workers are busy " + format_share(busy->value) + " of the time";
  const std::vector<CredentialId> worst = worst_credentials(report);
  if (worst.empty()) return text.empty() ? "Workers and credentials" : text;
  const Figure* const at_limit =
      report.figures.find(Metric::credential_at_limit, Subject::of(worst.front()));
  if (value_or_zero(at_limit) <= 0) return text.empty() ? "No credential is at its limit" : text;
  return text + (text.empty() ? "" : "; ") +
         fmt::format("{} is at its limit {} of {}",
                     short_name(report.names.credentials.at(worst.front().index())),
                     format_share(at_limit->value), text.empty() ? "the time" : "it");
}

std::string workers_table(const Report& report) {
  const std::vector<FigureEntry> groups = worker_figures(report);
  HtmlTable table("Workers, by what they did: shares of their time",
                  table_headings({"group"}, kWorkerColumns));
  const std::size_t shown = std::min(groups.size(), kMostTableThings);
  for (const FigureEntry& entry : std::span(groups).first(shown)) {
    const Subject& subject = entry.key.subject;
    std::vector<HtmlCell> cells{
        {subject.group.valid() ? html_name(report.names.groups.at(subject.group.index())) : "all",
         std::nullopt}};
    for (const FigureColumn& column : kWorkerColumns)
      cells.push_back(figure_cell(report.figures.find(column.metric, subject), column.metric));
    table.add(cells);
  }
  table.more(groups.size(), shown);
  return table.html();
}

std::string credentials_table(const Report& report) {
  auto worst = worst_credentials(report);
  std::vector<PoolId> pools = worst_pools(report);
  std::erase_if(pools, [](PoolId pool) { return !pool.valid(); });
  if (worst.empty() && pools.empty()) return paragraph_html("No credential was used in this run.");
  HtmlTable table("Credentials, those that held runs longest first",
                  table_headings({"credential", "limit"}, kCredentialColumns));
  for (std::size_t i = 0; i < std::min(pools.size(), kMostTableThings); ++i) {
    std::vector<HtmlCell> cells{
        {"pool " + html_name(report.names.pools.at(pools[i].index()).name), std::nullopt}};
    for (const std::string& cell : pool_cells(report, pools[i]))
      cells.push_back({html_text(cell), std::nullopt});
    table.add(cells);
  }
  const std::size_t shown = std::min(worst.size(), kMostTableThings);
  for (std::size_t i = 0; i < shown; ++i) {
    std::vector<HtmlCell> cells{
        {html_name(report.names.credentials.at(worst[i].index())), std::nullopt},
        {html_text(limit_text(report, worst[i])), std::nullopt}};
    for (const FigureColumn& column : kCredentialColumns)
      cells.push_back(bare_figure_cell(report.figures.find(column.metric, Subject::of(worst[i])),
                                       column.metric));
    table.add(cells);
  }
  table.more(worst.size(), shown);
  return table.html();
}

std::string tight_table(const Report& report) {
  HtmlTable table("The tightest credentials and pools",
                  {"resource", "σ", "at its peak", "limit", "needed for σ ≤ 0.8"});
  for (const StabilityLine& line : report.tight_resources)
    table.add(
        {{"<bdi>" + html_text(describe(line.subject, report.names)) + "</bdi>", std::nullopt},
         {html_text(sigma_text(line)), line.sigma},
         {has_peak(report, line) ? html_text(peak_when_text(report, line)) : "–", line.peak_sigma},
         {html_text(compact_count(line.servers)), line.servers},
         {html_text(needed_at_peak_text(report, line)), line.workers_needed}});
  return folded_html("The tightest credentials and pools, by σ", table.html());
}

/// How unevenly pools use their members: 1 is evenly.
std::string pools_words(const Report& report) {
  std::string text;
  for (const FigureEntry& entry : report.figures.all(Metric::pool_imbalance)) {
    if (!entry.key.subject.pool.valid()) continue;
    if (text.size() > 2'000) return text + paragraph_html("… and more pools");
    text += paragraph_html(
        fmt::format("<b>Balance of {}</b>: {}",
                    html_name(report.names.pools.at(entry.key.subject.pool.index()).name),
                    html_text(measured_text(entry.figure, info(Metric::pool_imbalance).unit))));
  }
  return text.empty() ? text
                      : text + paragraph_html(html_text(info(Metric::pool_imbalance).meaning));
}

// ---- throughput

std::string throughput_finding(const Report& report) {
  const std::string lost = lost_load_text(report);
  if (!lost.empty()) return lost;
  const Figure* const came = report.figures.find(Metric::submitted_rate);
  const Figure* const ended = report.figures.find(Metric::succeeded_rate);
  if (came == nullptr || ended == nullptr) return "Throughput";
  return fmt::format("No load is lost: {} runs a minute come, {} succeed",
                     compact(came->value, Unit::count), compact(ended->value, Unit::count));
}

std::string losses_table(const Report& report) {
  constexpr std::array<std::pair<Metric, std::string_view>, 10> kLosses{
      {{Metric::rejected_count, "rejected by the API"},
       {Metric::gave_up_count, "given up by submitters"},
       {Metric::expired_count, "expired while they waited"},
       {Metric::cancelled_count, "cancelled while they waited"},
       {Metric::failed_count, "failed for good"},
       {Metric::timed_out_count, "timed out"},
       {Metric::stopped_count, "stopped"},
       {Metric::requeued_count, "requeued"},
       {Metric::submitting_count, "still being submitted at the end"},
       {Metric::backlog_end, "waiting at the end"}}};
  HtmlTable table("What did not end well, runs of a replication", {"what", "runs"});
  for (const auto& [metric, words] : kLosses) {
    const Figure* const figure = report.figures.find(metric);
    table.add({{std::string(words), std::nullopt},
               figure == nullptr ? HtmlCell{"0", 0.0} : figure_cell(figure, metric)});
  }
  return table.html();
}

/// Whose load was lost.
std::string losers_table(const Report& report) {
  std::vector<FigureEntry> lost;
  for (const FigureEntry& entry : report.figures.all(Metric::lost_load_count))
    if (entry.key.subject.labels() == label::workspace && entry.figure.value > 0)
      lost.push_back(entry);
  std::stable_sort(lost.begin(), lost.end(), [](const FigureEntry& a, const FigureEntry& b) {
    return a.figure.value > b.figure.value;
  });
  HtmlTable table("Lost load by workspace", {"workspace", "lost", "of what it submitted"});
  const std::size_t shown = std::min(lost.size(), kMostTableLosers);
  for (std::size_t i = 0; i < shown; ++i) {
    const Subject& subject = lost[i].key.subject;
    table.add({{html_name(report.names.workspaces.at(subject.workspace.index())), std::nullopt},
               figure_cell(&lost[i].figure, Metric::lost_load_count),
               figure_cell(report.figures.find(Metric::lost_load_share, subject),
                           Metric::lost_load_share)});
  }
  table.more(lost.size(), shown);
  return table.empty() ? "" : subheading_html("Whose load was lost") + table.html();
}

std::string api_words(const Report& report) {
  const auto count = [&](Metric metric) {
    return format_count(value_or_zero(report.figures.find(metric)));
  };
  std::string text;
  if (value_or_zero(report.figures.find(Metric::api_answers)) > 0)
    text += paragraph_html(fmt::format(
        "<b>API</b>: {} answers, {} of them refusals for the rate of requests, {} errors.",
        count(Metric::api_answers), count(Metric::api_rate_limited_count),
        count(Metric::api_error_count)));
  if (value_or_zero(report.figures.find(Metric::webhooks_deliveries)) > 0)
    text += paragraph_html(fmt::format("<b>Webhooks</b>: {} deliveries, {} attempts, {} failed.",
                                       count(Metric::webhooks_deliveries),
                                       count(Metric::webhooks_attempts),
                                       count(Metric::webhooks_failed)));
  const std::string too_long = too_long_text(report);
  if (!too_long.empty()) text += paragraph_html("<b>Too long</b>: " + html_text(too_long) + ".");
  return text;
}

// ---- expectations

std::string status_html(Status status, std::string_view met, std::string_view missed) {
  if (status == Status::inconclusive) return "<b class=\"open\">◐ undecided</b>";
  const std::string once = status == Status::held || status == Status::broke ? " in this run" : "";
  return is_met(status) ? fmt::format("<b class=\"good\">✓ {}{}</b>", met, once)
                        : fmt::format("<b class=\"bad\">✗ {}{}</b>", missed, once);
}

std::string sentence_html(const ExpectationResult& result) {
  const Expectation& expectation = result.expectation;
  std::string text = "<code>" + html_verbatim(clipped(expectation.sentence, 200)) + "</code>";
  const std::string because = because_text(result);
  if (!because.empty()) text += "<br><small>" + html_text(clipped(because, 300)) + "</small>";
  if (!expectation.file.empty())
    text += fmt::format("<br><small>{}:{}</small>",
                        html_verbatim(clipped_middle(expectation.file, 60)), expectation.line);
  return text;
}

void add_expectation(const Report& report, const ExpectationResult& result, bool charts,
                     HtmlTable& table) {
  const Unit unit = info(result.expectation.metric).unit;
  const Figure* const figure = result.figure ? &*result.figure : nullptr;
  std::vector<HtmlCell> cells{
      {sentence_html(result), std::nullopt},
      {status_html(result.status, "holds", "fails"), static_cast<double>(result.status)},
      figure == nullptr ? HtmlCell{"–", std::nullopt}
                        : HtmlCell{html_text(compact(figure, unit)), figure->value},
      {figure == nullptr || !figure->interval
           ? "–"
           : html_text(fmt::format("{} … {}", compact(figure->interval->low, unit),
                                   compact(figure->interval->high, unit))),
       std::nullopt},
      {html_text(result.expectation.precision
                     ? "±" + format_share(*result.expectation.precision)
                     : fmt::format("{} {}", symbol(result.expectation.comparison),
                                   compact(result.expectation.limit, unit))),
       std::nullopt}};
  if (charts) cells.push_back({"<div class=\"ratio\"></div>", std::nullopt});
  cells.push_back({html_text(outcome_text(report, result)), std::nullopt});
  table.add(cells);
}

std::string expectations_table(const Report& report, bool charts) {
  std::vector<std::string> headings{"expectation, and why", "verdict", "measured",
                                    "interval " + format_share(report.header.confidence), "limit"};
  if (charts) headings.emplace_back("measured ÷ limit");
  headings.emplace_back("in words");
  HtmlTable table("What was expected, and what came", headings, charts ? "ll---ll" : "ll---l");
  const auto results = worst_first(report);
  for (std::size_t i = 0; i < std::min(results.size(), kMostTableExpectations); ++i)
    add_expectation(report, *results[i], charts, table);
  table.more(results.size(), kMostTableExpectations);
  return table.html();
}

std::string reaches_table(const Report& report) {
  HtmlTable table("What had to happen", {"what had to happen", "verdict", "how often"}, "ll");
  for (std::size_t i = 0; i < std::min(report.reaches.size(), kMostTableExpectations); ++i) {
    const ReachResult& reach = report.reaches[i];
    table.add(
        {{html_text(clipped(reach.sentence, 200)), std::nullopt},
         {status_html(reach.status, "reached", "not reached"), static_cast<double>(reach.status)},
         {reach.count == 0 ? html_text(missed_text(report, reach))
                           : html_text(format_count(static_cast<double>(reach.count))),
          static_cast<double>(reach.count)}});
  }
  table.more(report.reaches.size(), kMostTableExpectations);
  return table.html();
}

}  // namespace

PageSection how_long_they_waited(const Report& report, bool charts) {
  std::string body;
  if (charts && !report.wait_grids.empty())
    body += chart_html("waits", "How long runs wait, by how rare it is",
                       "Wait from acceptance to dispatch, by quantile; each step to the right is "
                       "ten times rarer. Crosses: the target of the level and the share of runs "
                       "that keep it. △: runs still waited at the end, so the tail is a lower "
                       "bound.");
  if (charts && any_line(report, {Line::wait_p95}))
    body += chart_html("by-time", "Who comes when waits how long",
                       "95 % of the runs accepted in the cell’s time waited no longer than this; "
                       "of several replications the mean.");
  if (charts && !report.hours.week.empty())
    body +=
        chart_html("by-hour", "Which hours of the week are bad",
                   "p95 of the waits by weekday and hour of acceptance, over the whole window.");
  body += level_table(report, "Waits of each level", kWaitColumns, true);
  std::size_t groups = 0;
  for (std::size_t g = 0; g < report.names.groups.size() && groups < kMostHourTables; ++g) {
    const std::string table = hours_table(report, GroupId::at(g));
    groups += !table.empty();
    body += table;
  }
  if (body.empty()) body = paragraph_html("No run waited in the window.");
  return {"waits",
          "Waits",
          html_text(waits_finding(report)),
          body,
          paragraph_html("A wait that was not over at the end counts with what it had been: a "
                         "quantile among those is a lower bound (≥)."),
          false};
}

PageSection workers_and_credentials(const Report& report, bool charts) {
  std::string body;
  if (charts && any_line(report, {Line::running}))
    body += chart_html("workers", "Busy workers, by the level of their run",
                       "Against those that are there. Mean of the replications.");
  if (charts && any_line(report, {Line::in_use}))
    body += chart_html("credentials", "Credentials in use, of their limit",
                       "Mean number of slots in use ÷ limit, those that held runs longest first.");
  body += workers_table(report) + credentials_table(report) + tight_table(report);
  return {"resources",
          "Workers and credentials",
          html_text(resources_finding(report)),
          body,
          pools_words(report) +
              paragraph_html("Idle workers are told apart by what waited then: eligible runs, "
                             "blocked runs only, or none."),
          false};
}

PageSection what_came_and_went(const Report& report, bool charts) {
  std::string body;
  if (charts && any_line(report, {Line::accepted}))
    body += chart_html("throughput", "Runs accepted and dispatched, per minute",
                       "Grey steps: accepted; in the level’s style: dispatched, a retry counts "
                       "again. Mean of the replications.");
  body += level_table(report, "Runs per minute; good: first-attempt successes within their target",
                      kThroughputColumns, true) +
          losers_table(report);
  if (body.empty()) body = paragraph_html("No run came in the window.");
  return {"throughput",
          "Throughput and lost load",
          html_text(throughput_finding(report)),
          body,
          losses_table(report) + api_words(report),
          false};
}

PageSection what_was_expected(const Report& report, bool charts) {
  PageSection section{"expectations", "Expectations", "", "", "", true};
  if (report.expectations.empty() && report.reaches.empty()) {
    section.heading = "Nothing was expected";
    section.body = paragraph_html(
        "The scenario has neither <code>expect</code> nor "
        "<code>reaches</code>.");
    return section;
  }
  std::string summary = verdict_summary(report);
  if (summary.starts_with("all ")) summary[0] = 'A';
  section.heading = html_text(summary.empty() ? std::string(verdict_word(report)) : summary);
  section.body = expectations_table(report, charts) + reaches_table(report);
  if (charts && !report.expectations.empty())
    section.body +=
        "<p class=\"caption\">Of the drawing: the line is the limit, tinted the side "
        "that fails, the dot what was measured, through it the interval; each tick is a "
        "factor of about three.</p>\n";
  return section;
}

}  // namespace sluice

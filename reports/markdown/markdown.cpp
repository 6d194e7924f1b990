#include "reports/markdown/markdown.hpp"
#include "reports/summary/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <span>
#include <vector>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/markdown/episodes.hpp"
#include "reports/markdown/escape.hpp"
#include "reports/markdown/load.hpp"
#include "reports/markdown/prediction.hpp"
#include "reports/markdown/traces.hpp"
#include "reports/summary/answer.hpp"
#include "reports/summary/expectations.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/stability_words.hpp"
#include "reports/summary/too_long_text.hpp"
#include "reports/summary/verdict.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostMarkdownRows = 12;
constexpr std::size_t kMostMarkdownExpectations = 40;
constexpr std::size_t kMostThings = 20;
constexpr std::size_t kMostParts = 4;

/// A table in Markdown; the first columns are aligned to the left.
class Table {
 public:
  explicit Table(const std::vector<std::string>& headings, std::size_t left = 1)
      : columns_(headings.size()) {
    add(headings);
    text_ += '|';
    for (std::size_t i = 0; i < columns_; ++i) text_ += i < left ? "---|" : "--:|";
    text_ += '\n';
  }
  void add(const std::vector<std::string>& cells) {
    text_ += '|';
    for (const std::string& cell : cells) text_ += ' ' + cell + " |";
    text_ += '\n';
  }
  void more(std::size_t all, std::size_t shown) {
    if (all <= shown) return;
    text_ += fmt::format("| … and {} more |", all - shown);
    for (std::size_t i = 1; i < columns_; ++i) text_ += " |";
    text_ += '\n';
  }
  std::string text() const { return text_ + '\n'; }

 private:
  std::size_t columns_;
  std::string text_;
};

template <std::size_t n>
std::vector<std::string> headings(std::initializer_list<std::string> first,
                                  const std::array<FigureColumn, n>& columns) {
  std::vector<std::string> all(first);
  for (const FigureColumn& column : columns)
    all.push_back(std::string(column.over) + (column.over.empty() ? "" : " ") +
                  std::string(column.heading));
  return all;
}

std::string cell_text(const Figure* figure, Metric metric) {
  const std::string interval = compact_interval(figure, column_unit(metric));
  return column_text(figure, metric) + (interval.empty() ? "" : " " + interval);
}

std::string details(std::string_view summary, const std::string& body) {
  if (body.empty()) return {};
  return fmt::format("<details><summary>{}</summary>\n\n{}</details>\n\n", summary, body);
}

std::string_view sign(Status status) {
  switch (status) {
    case Status::passed:
    case Status::held:
      return "✅";
    case Status::failed:
    case Status::broke:
      return "❌";
    case Status::inconclusive:
      return "⚠️";
  }
  return "";
}

std::string_view sign(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "✅";
    case Verdict::failed:
      return "❌";
    case Verdict::inconclusive:
      return "⚠️";
    case Verdict::held:
    case Verdict::broke:
      return "1️⃣";
    case Verdict::none:
      return "ℹ️";
  }
  return "";
}

// ---- sections
// ----------------------------------------------------------------------------------------

std::string headline(const Report& report) {
  const std::string summary = verdict_summary(report);
  std::string text = fmt::format(
      "### {} {} {}{}\n\n", invalid_load(report) ? "⛔" : sign(report.verdict), verdict_word(report),
      markdown_code(report.header.scenario), summary.empty() ? "" : ": " + summary);
  if (!report.header.question.empty())
    text += "> " + markdown_text(report.header.question) + "\n\n";
  return text + load_cautions_markdown(report) + markdown_text(answer(report)) + "\n\n";
}

std::string warning_lines(const Report& report) {
  std::string text;
  for (const std::string& line : warnings(report)) text += "- ⚠️ " + markdown_text(line) + "\n";
  return text.empty() ? text : text + "\n";
}

std::string expectations(const Report& report) {
  const std::size_t all = report.expectations.size() + report.reaches.size();
  if (all == 0) return {};
  Table table({"", "Expectation", "Measured", "Because"}, 4);
  std::size_t shown = 0;
  const auto add = [&](std::vector<std::string> cells) {
    if (shown == kMostMarkdownExpectations) return;
    table.add(std::move(cells));
    ++shown;
  };
  const auto add_reaches = [&](bool met) {
    for (const ReachResult& reach : report.reaches)
      if (is_met(reach.status) == met)
        add({std::string(sign(reach.status)), markdown_code(reach.sentence),
             reach.count == 0 ? std::string(missed_text(report, reach))
                              : format_count(static_cast<double>(reach.count)) + " times",
             ""});
  };
  const auto add_expectations = [&](bool met) {
    for (const ExpectationResult* result : worst_first(report))
      if (is_met(result->status) == met)
        add({std::string(sign(result->status)), markdown_code(result->expectation.sentence),
             markdown_text(outcome_text(report, *result)), markdown_text(because_text(*result))});
  };
  for (const bool met : {false, true}) {
    add_expectations(met);
    add_reaches(met);
  }
  table.more(all, shown);
  return table.text();
}

std::string starvation(const Report& report, const std::vector<LevelRow>& rows,
                       std::size_t all_rows) {
  if (rows.empty()) return {};
  Table table(headings({"Level"}, kStarvationColumns));
  for (const LevelRow& row : rows) {
    std::vector<std::string> cells{markdown_code(row.label)};
    for (const FigureColumn& column : kStarvationColumns)
      cells.push_back(cell_text(figure_of(report, column.metric, row), column.metric));
    table.add(cells);
  }
  table.more(all_rows, rows.size());
  return fmt::format(
      "**Starvation**: none dispatched for {0} while {1} wait. Index: time starved ÷ time with {1} "
      "waiting. "
      "≥: at least, not over at the end.\n\n{2}",
      threshold_text(report.header), waiting_runs(report), table.text());
}

/// A row, and when it was.
void add_peak(const Report& report, const GroupStability& group, Table& table, std::string& peaks) {
  std::vector<std::string> cells{"at its peak", "–", "–", "–"};
  const StabilityLine* first = nullptr;
  for (const StabilityLine& line : group.levels) {
    cells[1 + index(*line.subject.level)] = peak_text(line);
    if (first == nullptr && line.peak_sigma >= 1) first = &line;
  }
  const StabilityLine& last = group.levels.back();
  cells.insert(cells.end(),
               {first != nullptr ? std::string(name(*first->subject.level)) : "none",
                (last.peak_lower_bound ? "≤" : "") + format_share(1 - last.peak_sigma),
                compact_count(last.servers_at_peak), needed_at_peak_text(report, last)});
  table.add(cells);
  const std::string overloaded = overloaded_text(report, last);
  peaks += fmt::format("- {}: peak σ {}{}\n", markdown_code(level_text(report, last)),
                       peak_when_text(report, last), overloaded.empty() ? "" : "; " + overloaded);
}

std::string stability(const Report& report) {
  Table table({"Group", "HIGH", "MEDIUM", "LOW", "First to starve", "Headroom", "Workers",
               "Needed for σ ≤ 0.8"});
  std::size_t shown = 0, all = 0;
  std::string peaks;
  for (const GroupStability& group : report.stability) {
    if (group.levels.empty() || ++all > kMostMarkdownRows) continue;
    std::vector<std::string> cells{markdown_code(report.names.groups.at(group.group.index())), "–",
                                   "–", "–"};
    for (const StabilityLine& line : group.levels)
      cells[1 + index(*line.subject.level)] = sigma_text(line);
    const StabilityLine& last = group.levels.back();
    cells.insert(cells.end(),
                 {group.first_to_starve ? std::string(name(*group.first_to_starve)) : "none",
                  headroom_text(last), compact_count(last.servers),
                  has_peak(report, last) ? "" : needed_text(last)});
    table.add(cells);
    ++shown;
    if (has_peak(report, last)) add_peak(report, group, table, peaks);
  }
  if (shown == 0) return {};
  table.more(all, shown);
  return "**Stability**: σ = work offered by a level and those above it ÷ workers; from 1 on it "
         "starves.\n\n" +
         table.text() +
         (peaks.empty()
              ? ""
              : peaks + fmt::format("\nPeak: the highest σ over {}. Needed: then, for "
                                    "stability alone; how many meet the expectations is "
                                    "another question.\n\n",
                                    format_duration(report.header.stability_window.seconds())));
}

std::string tight_resources_text(const Report& report) {
  if (report.tight_resources.empty()) return {};
  Table table({"Resource", "σ", "At its peak", "Limit", "Needed for σ ≤ 0.8"});
  for (const StabilityLine& line : report.tight_resources)
    table.add({markdown_code(describe(line.subject, report.names)), sigma_text(line),
               has_peak(report, line) ? peak_when_text(report, line) : "–",
               compact_count(line.servers), needed_at_peak_text(report, line)});
  return table.text();
}

std::string attribution(const Report& report, const std::vector<LevelRow>& rows) {
  std::string text;
  for (const LevelRow& row : rows) {
    const std::string shares = shares_text(wait_shares(report, row), row.level, kMostParts, phrase);
    text += fmt::format("- {} waited {} on average{}{}\n", markdown_code(row.label),
                        cell_text(figure_of(report, Metric::wait_mean, row), Metric::wait_mean),
                        shares.empty() ? "" : ": ", shares);
    if (const std::string before = before_acceptance_text(report, {row}); !before.empty())
      text += "  - before acceptance, at the API: " + markdown_text(before) + "\n";
    const DispatchedMeanwhile* meanwhile = dispatched_meanwhile(report, row);
    if (meanwhile && !meanwhile->shares.empty())
      text +=
          "  - dispatched while it starved: " + markdown_text(meanwhile_text(report, *meanwhile)) +
          "\n";
  }
  return text.empty() ? text : text + '\n';
}

std::string workspaces(const Report& report) {
  const auto worst = worst_workspaces(report, kMostThings);
  if (worst.empty()) return {};
  Table table(headings({"Workspace", "Level"}, kWorkspaceColumns), 2);
  for (const WorstWorkspace& workspace : worst) {
    std::vector<std::string> cells{
        markdown_code(report.names.workspaces.at(workspace.workspace.index())),
        std::string(name(workspace.level))};
    const Subject subject = Subject::of(workspace.workspace, workspace.level);
    for (const FigureColumn& column : kWorkspaceColumns)
      cells.push_back(cell_text(report.figures.find(column.metric, subject), column.metric));
    table.add(cells);
  }
  return table.text();
}

std::string workspaces_title(const Report& report) {
  const auto worst = worst_workspaces(report, 1);
  return worst.empty() || worst.front().starved
             ? "Worst workspaces"
             : "Longest waits by workspace; none starved for " + threshold_text(report.header);
}

std::string throughput(const Report& report, const std::vector<LevelRow>& rows) {
  Table table(headings({"Per minute"}, kThroughputColumns));
  for (const LevelRow& row : rows) {
    std::vector<std::string> cells{markdown_code(row.label)};
    for (const FigureColumn& column : kThroughputColumns)
      cells.push_back(cell_text(figure_of(report, column.metric, row), column.metric));
    table.add(cells);
  }
  std::vector<std::string> cells{"all"};
  for (const FigureColumn& column : kThroughputColumns)
    cells.push_back(cell_text(report.figures.find(column.metric), column.metric));
  table.add(cells);
  const std::string too_long = too_long_text(report);
  return table.text() + (too_long.empty() ? "" : "\nToo long: " + too_long + "\n");
}

std::string workers(const Report& report) {
  const std::vector<FigureEntry> groups = worker_figures(report);
  if (groups.empty()) return {};
  Table table(headings({"Group"}, kWorkerColumns));
  const std::size_t shown = std::min(groups.size(), kMostThings);
  for (const FigureEntry& entry : std::span(groups).first(shown)) {
    const Subject& subject = entry.key.subject;
    std::vector<std::string> cells{
        subject.group.valid() ? markdown_code(report.names.groups.at(subject.group.index()))
                              : "all"};
    for (const FigureColumn& column : kWorkerColumns)
      cells.push_back(cell_text(report.figures.find(column.metric, subject), column.metric));
    table.add(cells);
  }
  table.more(groups.size(), shown);
  return table.text();
}

std::string credentials(const Report& report) {
  auto worst = worst_credentials(report);
  const std::vector<PoolId> pools = worst_pools(report);
  leave_out_members(report, pools, worst);
  if (worst.empty() && pools.empty()) return {};
  Table table(headings({"Credential", "limit"}, kCredentialColumns));
  for (std::size_t i = 0; i < std::min(pools.size(), kMostThings); ++i) {
    std::vector<std::string> cells = pool_cells(report, pools[i]);
    cells.insert(cells.begin(),
                 "pool " + markdown_code(report.names.pools.at(pools[i].index()).name));
    table.add(cells);
  }
  const std::size_t shown = std::min(worst.size(), kMostThings);
  for (std::size_t i = 0; i < shown; ++i) {
    std::vector<std::string> cells{markdown_code(report.names.credentials.at(worst[i].index())),
                                   limit_text(report, worst[i])};
    for (const FigureColumn& column : kCredentialColumns)
      cells.push_back(
          cell_text(report.figures.find(column.metric, Subject::of(worst[i])), column.metric));
    table.add(cells);
  }
  table.more(worst.size(), shown);
  return "Held for: added up over runs. A pool stands for its members.\n\n" + table.text();
}

}  // namespace

std::string render_markdown(const Report& report) {
  std::vector<LevelRow> rows = level_rows(report);
  const std::size_t all_rows = rows.size();
  if (all_rows > kMostMarkdownRows) rows.resize(kMostMarkdownRows);
  std::string text = headline(report);
  const std::string end = "<sub>" + markdown_text(provenance(report)) + "</sub>\n";
  const std::string left_out = "_Some sections were left out for their length._\n\n";
  bool all_fit = true;
  for (const std::string& section :
       {warning_lines(report), expectations(report), load_markdown(report),
        markdown_prediction(report), starvation(report, rows, all_rows), episodes_markdown(report),
        stability(report),
        details(report.load ? "While they waited" : "Why they waited", attribution(report, rows)),
        details(workspaces_title(report), workspaces(report)),
        details("Throughput", throughput(report, rows)), details("Workers", workers(report)),
        details("Tightest credentials and pools", tight_resources_text(report)),
        details("Credentials", credentials(report)),
        details("Recordings", traces_markdown(report))}) {
    const bool fits = text.size() + section.size() + left_out.size() + end.size() < kMarkdownMost;
    if (fits) text += section;
    all_fit = all_fit && fits;
  }
  return text + (all_fit ? "" : left_out) + end;
}

}  // namespace sluice

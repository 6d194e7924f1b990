#include "reports/html/starvation_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/text/units.hpp"
#include "reports/figures/clock_text.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/html/escape.hpp"
#include "reports/html/table.hpp"
#include "reports/summary/columns.hpp"
#include "reports/summary/episodes.hpp"
#include "reports/summary/fair_share.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/stability_words.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostPageLevels = 30;
constexpr std::size_t kMostPageEpisodes = 20;
constexpr std::size_t kMostPageWorkspaces = 40;
constexpr std::size_t kMostPageIncidents = 40;
constexpr std::size_t kMostPageParts = 5;
constexpr std::size_t kMostEpisodeRows = 12;  // mostRows of reports/web/src/charts/starvation.ts
constexpr std::size_t kMostPageMeanwhile = 20;

bool has_line(const Report& report, Line line) {
  return std::ranges::any_of(report.time_lines.lines,
                             [&](const TimeLine& one) { return one.line == line; });
}

std::vector<LevelRow> page_rows(const Report& report) {
  std::vector<LevelRow> rows = level_rows(report);
  if (rows.size() > kMostPageLevels) rows.resize(kMostPageLevels);
  return rows;
}

std::string level_html(PriorityLevel level, std::string_view label) {
  return fmt::format("<b class=\"l{}\">{}</b>", index(level), html_text(label));
}

HtmlCell number_cell(const std::string& text, double value) { return {html_text(text), value}; }

/// What a point of a chart over time is.
std::string of_buckets(const Report& report) {
  const std::string bucket = format_duration(report.time_lines.bucket.seconds());
  return report.header.replications > 1
             ? fmt::format("Means over {} and {} replications.", bucket, report.header.replications)
             : fmt::format("Means over {}.", bucket);
}

std::string band_words(const Report& report) {
  return report.header.replications > 1 ? " Band: lowest to highest." : "";
}

// ---- load against capacity

std::string load_finding(const Report& report) {
  const StabilityLine* const line = highest_peak(report);
  if (line == nullptr) return "How much was asked for is not known";
  const bool peak = has_peak(report, *line);
  const double sigma = peak ? line->peak_sigma : line->sigma;
  const double servers = peak ? line->servers_at_peak : line->servers;
  if (sigma < 1)
    return fmt::format("Never more work comes than {} workers can do: σ is {} at most",
                       compact_count(servers), peak ? peak_text(*line) : sigma_text(*line));
  const std::string asked = compact_count(std::round(sigma * servers));
  return peak
             ? fmt::format("{} workers are asked for at the peak, from {}; {} are there", asked,
                           clock_span_text(report.header, line->peak_from, line->peak_until),
                           compact_count(servers))
             : fmt::format("{} workers are asked for, {} are there", asked, compact_count(servers));
}

std::string stability_table(const Report& report) {
  HtmlTable table(
      "Work offered by each level and those above it ÷ workers",
      {"level", "σ", "σ at its peak", "when", "headroom", "workers", "needed for σ ≤ 0.8"});
  for (const GroupStability& group : report.stability)
    for (const StabilityLine& line : group.levels) {
      const bool peak = has_peak(report, line) && line.peak_until > line.peak_from;
      table.add({{level_html(*line.subject.level, level_text(report, line)), std::nullopt},
                 number_cell(sigma_text(line), line.sigma),
                 peak ? number_cell(peak_text(line), line.peak_sigma) : HtmlCell{"–", std::nullopt},
                 peak ? number_cell(clock_span_text(report.header, line.peak_from, line.peak_until),
                                    line.peak_from.seconds())
                      : HtmlCell{"–", std::nullopt},
                 number_cell(headroom_text(line), line.headroom),
                 number_cell(compact_count(line.servers), line.servers),
                 number_cell(needed_at_peak_text(report, line),
                             peak ? line.workers_needed_at_peak : line.workers_needed)});
    }
  return table.html();
}

std::string overloaded_lines(const Report& report) {
  std::string text;
  for (const GroupStability& group : report.stability)
    if (!group.levels.empty())
      if (const std::string overloaded = overloaded_text(report, group.levels.back());
          !overloaded.empty())
        text += paragraph_html("<b>" + html_text(level_text(report, group.levels.back())) +
                               "</b>: σ is " + html_text(overloaded) + ".");
  return text;
}

// ---- starvation

std::string starvation_finding(const Report& report) {
  const std::vector<LevelRow> rows = level_rows(report);
  const auto longest_of = [&](const LevelRow& row) {
    return figure_of(report, Metric::starvation_longest, row);
  };
  if (const LevelRow* row = worst_starved(report, rows)) {
    const Figure* const longest = longest_of(*row);
    return fmt::format("For {} on end{} nothing of {} is dispatched although runs wait",
                       compact(longest, Unit::seconds),
                       longest != nullptr && longest->range ? ", on average," : "", row->label);
  }
  const auto longest = std::ranges::max_element(
      rows, {}, [&](const LevelRow& row) { return value_or_zero(longest_of(row)); });
  if (longest == rows.end()) return "Nobody waited";
  return fmt::format("No level starved: the longest time without a dispatch is {} ({})",
                     compact(longest_of(*longest), Unit::seconds), longest->label);
}

std::string starvation_table(const Report& report) {
  std::vector<std::string> headings{"level"};
  for (const FigureColumn& column : kStarvationColumns)
    headings.push_back(std::string(column.over) + (column.over.empty() ? "" : " ") +
                       std::string(column.heading));
  HtmlTable table("Waits and starvation of each level", headings);
  for (const LevelRow& row : page_rows(report)) {
    std::vector<HtmlCell> cells{{level_html(row.level, row.label), std::nullopt}};
    for (const FigureColumn& column : kStarvationColumns)
      cells.push_back(figure_cell(figure_of(report, column.metric, row), column.metric));
    table.add(cells);
  }
  table.more(level_rows(report).size(), kMostPageLevels);
  return table.html();
}

std::string episodes_table(const Report& report) {
  const std::vector<const Episode*> worst = worst_episodes(report, kMostPageEpisodes);
  if (worst.empty()) return {};
  const bool several = report.header.replications > 1;
  std::vector<std::string> headings{"who", "from and to", "for", "who waited",
                                    "dispatched meanwhile"};
  if (several) headings.emplace_back("replication");
  HtmlTable table("The longest episodes", headings, "l--ll");
  for (const Episode* episode : worst) {
    std::vector<HtmlCell> cells{
        {level_html(episode->level, starved_text(report, *episode)), std::nullopt},
        number_cell(when_text(report, *episode), episode->from.seconds()),
        number_cell(length_text(*episode), episode->length().seconds()),
        number_cell(affected_text(*episode), static_cast<double>(episode->runs)),
        {html_text(meanwhile_text(report, *episode, 2)), std::nullopt}};
    if (several)
      cells.push_back(number_cell(std::to_string(episode->replication), episode->replication));
    table.add(cells);
  }
  table.more(episodes_in_all(report), worst.size());
  const std::string left_out = left_out_text(report);
  return subheading_html("The longest episodes") + table.html() +
         paragraph_html(left_out.empty() ? "" : html_text(left_out + "."));
}

std::string incidents_table(const Report& report) {
  HtmlTable table("Incidents of the scenario", {"incident", "from", "to"}, "lll");
  for (std::size_t i = 0; i < std::min(report.incidents.size(), kMostPageIncidents); ++i) {
    const IncidentTime& incident = report.incidents[i];
    table.add({{html_name(incident.name), std::nullopt},
               number_cell(clock_text(report.header, incident.from), incident.from.seconds()),
               incident.until ? number_cell(clock_text(report.header, *incident.until),
                                            incident.until->seconds())
                              : HtmlCell{"–", std::nullopt}});
  }
  table.more(report.incidents.size(), kMostPageIncidents);
  return table.empty() ? "" : subheading_html("Incidents") + table.html();
}

std::string starvation_charts(const Report& report) {
  std::string text;
  const std::string threshold = threshold_text(report.header);
  if (!report.starved.levels.episodes.empty()) {
    const bool few = report.header.replications <= kMostEpisodeRows;
    text += chart_html(
        "episodes", "When each level starved",
        fmt::format("{} times of at least {} in which {} waited and none was dispatched{}",
                    few ? "Bars:" : "Height: in how many of the replications the level starves;",
                    threshold, waiting_runs(report),
                    few ? ". A row is a replication, the first on top." : " count."));
    text += chart_html("clock", "The clock of who is not served",
                       "Time since the last dispatch while runs wait, one line a replication, of "
                       "the episodes above. Tint, here and below: the level starves, darker in "
                       "more replications.");
  }
  if (has_line(report, Line::oldest_age))
    text += chart_html(
        "oldest", "How old the oldest waiting run is",
        of_buckets(report) + band_words(report) + " A requeued run counts from its requeue.");
  if (has_line(report, Line::eligible))
    text += chart_html("waiting", report.load ? "How many wait" : "How many wait, and for what",
                       (report.load ? "Waiting runs. "
                                    : "Waiting runs. Lines are eligible, only a worker is missing; "
                                      "dots are blocked, as by a credential at its limit. ") +
                           of_buckets(report) + band_words(report));
  return text;
}

std::string starvation_words(const Report& report) {
  std::string text;
  for (const std::string& line : mostly_starving_lines(report))
    text += paragraph_html(html_text(line + "."));
  for (const LevelRow& row : page_rows(report)) {
    const DispatchedMeanwhile* const meanwhile = dispatched_meanwhile(report, row);
    if (meanwhile != nullptr && !meanwhile->shares.empty())
      text += paragraph_html(
          fmt::format("<b>Dispatched while {} starved</b>, of {}: {}.", html_text(row.label),
                      html_text(format_count(static_cast<double>(meanwhile->dispatches))),
                      html_text(meanwhile_text(report, *meanwhile))));
  }
  text += paragraph_html(fmt::format(
      "<b>Starved</b>: for {} or longer {} of the level waited and none was "
      "dispatched. <b>Index</b>: time starved ÷ time with {} waiting. ≥: at least, "
      "not over at the end.",
      html_text(threshold_text(report.header)), waiting_runs(report), waiting_runs(report)));
  return text;
}

// ---- why they waited

std::string why_finding(const Report& report) {
  const std::vector<LevelRow> rows = level_rows(report);
  const LevelRow* row = worst_starved(report, rows);
  if (row == nullptr) row = slowest(report, rows);
  if (row == nullptr) return "Nobody waited";
  const std::vector<PartShare> shares = wait_shares(report, *row);
  if (!shares.empty())
    return fmt::format("{} of {}’s waiting time went by with {}", rough_share(shares[0].share),
                       row->label, phrase(shares[0].part, row->level));
  return attribution_known(report) ? "No run waited"
                                   : "What held the runs cannot be seen from outside";
}

std::string attribution_table(const Report& report) {
  if (!attribution_known(report)) return {};
  HtmlTable table("What the waiting time went by with", {"level", "mean wait", "went by with"},
                  "l-l");
  for (const LevelRow& row : page_rows(report)) {
    const std::string shares =
        shares_text(wait_shares(report, row), row.level, kMostPageParts, phrase);
    table.add({{level_html(row.level, row.label), std::nullopt},
               figure_cell(figure_of(report, Metric::wait_mean, row), Metric::wait_mean),
               {shares.empty() ? "–" : html_text(shares), std::nullopt}});
  }
  return table.html();
}

/// The upper end of the highest interval.
double largest_of(const Report& report, const std::vector<WorstWorkspace>& worst, Metric metric) {
  double most = 0;
  for (const WorstWorkspace& one : worst) {
    const Figure* const figure = report.figures.find(metric, Subject::of(one.workspace, one.level));
    if (figure == nullptr) continue;
    most = std::max({most, figure->value, figure->interval ? figure->interval->high : 0});
  }
  return most;
}

std::string worst_table(const Report& report) {
  const auto worst = worst_workspaces(report, kMostPageWorkspaces);
  if (worst.empty()) return {};
  std::vector<std::string> headings{"workspace", "level"};
  for (const FigureColumn& column : kWorkspaceColumns) headings.emplace_back(column.heading);
  headings.insert(headings.end(), {"compared", "waited mostly for"});
  HtmlTable table("Workspaces", headings, "ll-------ll");
  const Metric compared = worst.front().starved ? Metric::starvation_longest : Metric::wait_p95;
  const double most = largest_of(report, worst, compared);
  for (const WorstWorkspace& one : worst) {
    const Subject subject = Subject::of(one.workspace, one.level);
    std::vector<HtmlCell> cells{
        {html_name(report.names.workspaces.at(one.workspace.index())), std::nullopt},
        {level_html(one.level, name(one.level)), static_cast<double>(index(one.level))}};
    for (const FigureColumn& column : kWorkspaceColumns) {
      const Figure* const figure = report.figures.find(column.metric, subject);
      const bool decides = column.metric == Metric::starvation_longest;
      cells.push_back(decides ? figure_cell(figure, column.metric)
                              : bare_figure_cell(figure, column.metric));
    }
    cells.push_back(bar_cell(report.figures.find(compared, subject), most, index(one.level)));
    const LevelRow row{GroupId::none(), one.level, subject, ""};
    const std::vector<PartShare> parts = wait_shares(report, row);
    cells.push_back({parts.empty() ? "–"
                                   : html_text(rough_share(parts[0].share) + " " +
                                               short_phrase(parts[0].part, one.level)),
                     std::nullopt});
    table.add(cells);
  }
  table.more(worst_workspaces(report, report.names.workspaces.size() * kLevels).size(),
             worst.size());
  const std::string title =
      worst.front().starved
          ? "The worst workspaces, by their own longest starvation"
          : "The longest waits by workspace; none starved for " + threshold_text(report.header);
  return subheading_html(title) + table.html();
}

std::string overtaking_table(const Report& report) {
  const auto& counts = report.reached.waited_while_dispatched;
  HtmlTable table(
      "How often a run of one level was dispatched while one of another waited",
      {"while this one waited", "HIGH dispatched", "MEDIUM dispatched", "LOW dispatched"});
  std::uint64_t all = 0;
  for (const PriorityLevel waiting : kAllLevels) {
    std::vector<HtmlCell> cells{{level_html(waiting, name(waiting)), std::nullopt}};
    for (const PriorityLevel dispatched : kAllLevels) {
      const auto count = static_cast<double>(counts[index(waiting)][index(dispatched)]);
      all += counts[index(waiting)][index(dispatched)];
      cells.push_back(count == 0 ? HtmlCell{"–", 0.0} : number_cell(format_count(count), count));
    }
    table.add(cells);
  }
  return all == 0 ? ""
                  : subheading_html("Who was dispatched while whom waited") + table.html() +
                        "<p class=\"caption\">Of all replications.</p>\n";
}

/// Who starved and who was dispatched meanwhile, by workspace.
std::string meanwhile_table(const Report& report) {
  HtmlTable table("Who was dispatched while a level starved",
                  {"starved", "dispatched", "of", "dispatches", "share"}, "lll");
  for (const DispatchedMeanwhile& meanwhile : report.dispatched_meanwhile)
    for (std::size_t i = 0; i < std::min(meanwhile.shares.size(), kMostPageMeanwhile); ++i) {
      const DispatchedMeanwhile::Share& share = meanwhile.shares[i];
      table.add(
          {{level_html(meanwhile.starved, level_label(report, meanwhile.group, meanwhile.starved)),
            std::nullopt},
           {level_html(share.level, name(share.level)), std::nullopt},
           {html_name(report.names.workspaces.at(share.workspace.index())), std::nullopt},
           number_cell(format_count(static_cast<double>(share.dispatches)),
                       static_cast<double>(share.dispatches)),
           number_cell(rough_share(share.share), share.share)});
    }
  return folded_html("Who was dispatched while a level starved, by workspace", table.html());
}

// ---- fair share

/// Below which share of a fair one somebody starves.
std::string half_text(const Report& report) {
  return report.header.fair_share_factor == 0.5 ? "half"
                                                : format_share(report.header.fair_share_factor);
}

std::vector<FigureEntry> entitled_workspaces(const Report& report) {
  std::vector<FigureEntry> entries;
  for (const FigureEntry& entry : report.figures.all(Metric::fairness_entitled))
    if (entry.key.subject.labels() == label::workspace) entries.push_back(entry);
  return entries;
}

std::string shares_table(const Report& report) {
  std::vector<FigureEntry> entries = entitled_workspaces(report);
  const auto longest = [&](const FigureEntry& entry) {
    return value_or_zero(
        report.figures.find(Metric::fairness_share_starved_longest, entry.key.subject));
  };
  std::stable_sort(entries.begin(), entries.end(), [&](const FigureEntry& a, const FigureEntry& b) {
    return longest(a) > longest(b);
  });
  HtmlTable table(
      "Fair share of the workers, and what each workspace received",
      {"workspace", "received", "fair", "longest below " + half_text(report) + " of it"});
  const std::size_t shown = std::min(entries.size(), kMostPageWorkspaces);
  for (std::size_t i = 0; i < shown; ++i) {
    const Subject& subject = entries[i].key.subject;
    table.add({{html_name(report.names.workspaces.at(subject.workspace.index())), std::nullopt},
               figure_cell(report.figures.find(Metric::fairness_received, subject),
                           Metric::fairness_received),
               figure_cell(&entries[i].figure, Metric::fairness_entitled),
               figure_cell(report.figures.find(Metric::fairness_share_starved_longest, subject),
                           Metric::fairness_share_starved_longest)});
  }
  table.more(entries.size(), shown);
  return table.html();
}

std::string fair_words(const Report& report) {
  std::string text;
  if (const Figure* jain = report.figures.find(Metric::fairness_jain))
    text += paragraph_html(fmt::format("<b>Jain’s index {}</b>: {}",
                                       html_text(measured_text(*jain, Unit::ratio)),
                                       html_text(info(Metric::fairness_jain).meaning)));
  return text + paragraph_html(html_text(fmt::format(
                    "Fair: what max-min would give each workspace at each moment; nobody gets "
                    "more than it asks for. Shares are of the workers of its group, in the time in "
                    "which it wanted more than it had; below {} of it for long is starvation too.",
                    half_text(report))));
}

/// What stands before the examples.
std::string fair_finding(const Report& report, const std::string& sentence) {
  if (!sentence.empty()) {
    const std::size_t end = std::min(sentence.find(": "), sentence.find(", for up to"));
    std::string text = sentence.substr(1, std::min(end, sentence.size() - 1) - 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
  }
  const std::span<const FigureEntry> below = report.figures.all(Metric::fairness_share_starved);
  const auto at_times = std::ranges::count_if(below, [](const FigureEntry& entry) {
    return entry.key.subject.labels() == label::workspace && entry.figure.value > 0;
  });
  const std::string half = half_text(report);
  return at_times == 0
             ? fmt::format("Nobody was below {} of a fair share for longer than the threshold",
                           half)
             : fmt::format(
                   "On the whole nobody got less than {} of a fair share; at times {} "
                   "workspace{} did for longer than the threshold",
                   half, at_times, at_times == 1 ? "" : "s");
}

}  // namespace

PageSection load_against_capacity(const Report& report, bool charts) {
  std::string body;
  if (charts && has_line(report, Line::offered))
    body = chart_html("load", "Work that comes, in workers, against those that are there",
                      "Work of the runs accepted in each stretch ÷ its length: how many workers it "
                      "would keep busy. All attempts count. Outlined: more than there is. " +
                          of_buckets(report));
  body += stability_table(report);
  if (body.empty()) body = paragraph_html("Not known of this run: how much work was offered.");
  return {"load",
          "Load",
          html_text(load_finding(report)),
          body,
          overloaded_lines(report) +
              paragraph_html("<b>σ</b> is the work offered by a level and those above it ÷ "
                             "workers. From 1 on a backlog grows; below 1 on average it can still "
                             "grow for hours. <b>Needed</b> is for the peak, and about stability "
                             "alone."),
          false};
}

PageSection who_starved(const Report& report, bool charts) {
  std::string body = charts ? starvation_charts(report) : "";
  body += starvation_table(report) + episodes_table(report) + incidents_table(report);
  if (body.empty()) body = paragraph_html("No run waited in the window.");
  return {"starvation",
          "Starvation",
          html_text(starvation_finding(report)),
          body,
          (charts ? "<div class=\"reading\" id=\"reading\" hidden></div>\n" : std::string()) +
              starvation_words(report),
          false};
}

PageSection why_they_waited(const Report& report, bool charts) {
  std::string body;
  const std::string attribution = attribution_table(report);
  if (charts && !attribution.empty())
    body = chart_html("why", "What the waiting time went by with",
                      "Share of the waiting time by what the workers were busy with, or what held "
                      "the runs. Height: the waiting time of the level over all its runs.");
  body += attribution + worst_table(report) + overtaking_table(report) + meanwhile_table(report);
  if (body.empty()) body = paragraph_html("Nobody waited.");
  return {"why",
          "Why they waited",
          html_text(why_finding(report)),
          body,
          paragraph_html("Each moment of a wait counts for the first thing that held the run then; "
                         "the parts add up to the wait."),
          false};
}

PageSection who_got_how_much(const Report& report, bool charts) {
  const std::string table = shares_table(report);
  const std::string sentence = fair_share_sentence(report);
  PageSection section{"fair", "Fair share",       html_text(fair_finding(report, sentence)),
                      "",     fair_words(report), false};
  if (!sentence.empty()) section.aside = paragraph_html(html_text(sentence)) + section.aside;
  if (table.empty()) {
    section.heading = "Nobody wanted more workers than it had";
    section.body = paragraph_html("There is no fair share to compare with.");
    return section;
  }
  if (charts) {
    section.body = chart_html("shares", "Fair and received",
                              "Shares of the workers while something was missing, one piece a "
                              "workspace.");
    section.body += chart_html("below", "How long below " + half_text(report) + " of a fair share",
                               "Longest time with unmet demand below that share; line: "
                               "interval over the replications.");
  }
  section.body += charts ? folded_html("Table of the workspaces", table) : table;
  return section;
}

}  // namespace sluice

#include "reports/html/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text/display_text.hpp"
#include "base/text/units.hpp"
#include "reports/figures/clock_text.hpp"
#include "reports/html/chart_data.hpp"
#include "reports/html/escape.hpp"
#include "reports/html/finding.hpp"
#include "reports/html/load_section.hpp"
#include "reports/html/page_style.hpp"
#include "reports/html/resource_sections.hpp"
#include "reports/html/section.hpp"
#include "reports/html/starvation_sections.hpp"
#include "reports/html/table.hpp"
#include "reports/summary/answer.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/traces.hpp"
#include "reports/summary/verdict.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostScenarioBytes = 60'000;
constexpr std::size_t kMostCommandColumns = 2'000;

std::string_view chip_class(const Report& report) {
  if (invalid_load(report)) return "bad";
  switch (report.verdict) {
    case Verdict::passed:
      return "good";
    case Verdict::failed:
    case Verdict::broke:
      return "bad";
    default:
      return "open";
  }
}

std::string_view chip_sign(const Report& report) {
  const std::string_view kind = chip_class(report);
  return kind == "good" ? "✓" : kind == "bad" ? "✗" : "◐";
}

std::string verdict_html(const Report& report) {
  const std::string summary = html_text(verdict_summary(report));
  if (report.verdict == Verdict::none && !invalid_load(report))
    return summary.empty() ? ""
                           : fmt::format("<p class=\"verdict\"><span>{}</span></p>\n", summary);
  return fmt::format(
      "<p class=\"verdict\"><strong class=\"chip {}\">{} {}</strong> <span>{}</span></p>\n",
      chip_class(report), chip_sign(report), verdict_word(report), summary);
}

std::string key_figures_html(const Report& report) {
  std::string text;
  for (const KeyFigure& key : key_figures(report))
    text += fmt::format("<div><a href=\"#{}\"><b>{}</b>{}</a><p><strong>{}</strong> {}</p></div>\n",
                        key.section, html_text(key.value),
                        key.beside.empty() ? "" : " <i>" + html_text(key.beside) + "</i>",
                        html_text(key.what), html_text(key.more));
  return text.empty() ? text : "<div class=\"keys\">\n" + text + "</div>\n";
}

std::string top_html(const Report& report) {
  const ReportHeader& header = report.header;
  std::string text = fmt::format(
      "<header class=\"top\">\n<p class=\"meta\"><span><b>Sluice</b> <bdi>{}</bdi></span><span>{}"
      "</span></p>\n<div class=\"lead\"><div>\n",
      html_text(clipped(header.scenario, 80)), html_text(provenance(report)));
  if (!header.question.empty())
    text += "<p class=\"question\">" + html_text(clipped(header.question, 400)) + "</p>\n";
  text += "<h1>" + html_text(finding(report)) + "</h1>\n" + verdict_html(report) + "</div>\n";
  text += "<p class=\"answer\">" + html_text(answer(report)) + "</p>\n</div>\n";
  text += load_cautions_html(report);
  for (const std::string& warning : warnings(report))
    text += "<p class=\"caution\">" + html_text(warning) + "</p>\n";
  return text + key_figures_html(report) + "</header>\n";
}

std::string contents_html(const std::vector<PageSection>& sections) {
  std::string text = "<nav aria-label=\"Sections\">";
  for (const PageSection& section : sections)
    text += fmt::format("<a href=\"#{}\">{}</a> ", section.name, section.kicker);
  return text + "</nav>\n";
}

std::string facts_table(const Report& report) {
  const ReportHeader& header = report.header;
  HtmlTable table("What the figures rest on", {"what", "value"});
  const auto add = [&](std::string_view what, const std::string& text) {
    table.add({{html_text(what), std::nullopt}, {html_verbatim(text), std::nullopt}});
  };
  add("scenario", header.hash);
  add("seed", std::to_string(header.seed));
  add("replications", std::to_string(header.replications));
  add("confidence", format_share(header.confidence));
  add("window", clock_span_text(header, header.from, header.until));
  if (header.calendar.has_dates()) {
    add("time zone", header.calendar.zone().name());
    add("time zone data", header.time_zone_data);
  }
  add("build", header.build_id);
  add("runs", format_count(static_cast<double>(header.runs)));
  return table.html();
}

std::string traces_words(const Report& report) {
  std::string text;
  for (const TraceImport& trace : report.traces) {
    std::string lines;
    for (const std::string& line : trace_lines(trace)) lines += html_text(line) + " ";
    text += paragraph_html("<b>Recording of " + html_name(trace.submitter) + "</b>: " + lines);
  }
  return text;
}

/// As many of its lines as there is room for.
std::string scenario_html(std::string_view text) {
  std::string lines;
  bool whole = true;
  for (std::size_t at = 0; at < text.size() && whole;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = html_lines(text.substr(at, std::max<std::size_t>(1, end - at)));
    whole = lines.size() + line.size() <= kMostScenarioBytes;
    if (whole) lines += end == at ? "\n" : line;
    at = end + 1;
  }
  return "<pre tabindex=\"0\">" + lines + "</pre>\n" +
         (whole ? "" : paragraph_html("It goes on: the rest was left out for its length."));
}

PageSection how_to_reproduce(const Report& report, const HtmlOptions& options) {
  std::string body;
  if (!options.command.empty())
    body += "<pre tabindex=\"0\">" + html_lines(clipped(options.command, kMostCommandColumns)) +
            "</pre>\n";
  body += traces_words(report);
  if (!options.scenario_text.empty())
    body += folded_html("Scenario text", scenario_html(options.scenario_text));
  const bool live = report.load.has_value();
  return {"reproduce",
          "How to reproduce",
          live ? "The same load of another day gives other figures"
               : "The same scenario, seed and build give the same figures, byte for byte",
          body,
          facts_table(report),
          false};
}

std::vector<PageSection> all_sections(const Report& report, const HtmlOptions& options) {
  const bool charts = !options.script.empty();
  std::vector<PageSection> sections;
  if (report.load) sections.push_back(what_the_load_did(report));
  sections.push_back(load_against_capacity(report, charts));
  sections.push_back(who_starved(report, charts));
  sections.push_back(why_they_waited(report, charts));
  sections.push_back(who_got_how_much(report, charts));
  sections.push_back(how_long_they_waited(report, charts));
  sections.push_back(workers_and_credentials(report, charts));
  sections.push_back(what_came_and_went(report, charts));
  sections.push_back(what_was_expected(report, charts));
  sections.push_back(how_to_reproduce(report, options));
  return sections;
}

/// `script` is ours: it holds no end of a script element.
std::string script_html(const Report& report, const HtmlOptions& options, std::size_t points) {
  if (options.script.empty()) return {};
  return "<script type=\"application/json\" id=\"sluice-data\">" +
         html_script_data(chart_data(report, points)) + "</script>\n<script>" + options.script +
         "</script>\n";
}

}  // namespace

std::string render_html(const Report& report, const HtmlOptions& options) {
  const std::vector<PageSection> sections = all_sections(report, options);
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{}: {}</title>\n<style>\n{}</style>\n"
      "<noscript><style>.chart, .reading {{ display: none; }}</style></noscript>\n</head>\n"
      "<body>\n<main>\n",
      html_text(clipped(report.header.scenario, 80)), html_text(finding(report)), page_style());
  page += top_html(report) + contents_html(sections);
  for (const PageSection& section : sections) page += section_html(section);
  page += "</main>\n";
  const std::string end = "</body>\n</html>\n";
  // What is drawn gets coarser before the page gets too large.
  std::string script;
  for (std::size_t points = kMostPoints; points >= 45; points /= 2) {
    script = script_html(report, options, points);
    if (page.size() + script.size() + end.size() <= kPageMost) break;
  }
  return page + script + end;
}

}  // namespace sluice

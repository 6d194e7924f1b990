#include "reports/markdown/plan.hpp"

#include <fmt/format.h>

#include "reports/markdown/escape.hpp"
#include "reports/markdown/sweep.hpp"
#include "reports/settings/plan_words.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostPlannedSettings = 60;

std::string folded(const char* summary, const SettingsTable& table) {
  if (table.rows.empty()) return {};
  return fmt::format("<details><summary>{}</summary>\n\n{}</details>\n\n", summary,
                     markdown_table(table, kMostPlannedSettings));
}

}  // namespace

std::string markdown_list(const char* heading, const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  std::string text = fmt::format("**{}**\n\n", heading);
  for (const std::string& one : texts) text += "- " + markdown_text(one) + "\n";
  return text + '\n';
}

std::string render_plan_markdown(const PlanResult& plan) {
  std::string text = fmt::format("### Plan of {}: {}\n\n", markdown_text(plan.header.scenario),
                                 markdown_text(plan_headline(plan)));
  if (plan.winner) text += markdown_table(margins_table(plan), kMostPlannedSettings);
  text += markdown_list("What cannot be met", plan.unmet);
  text += markdown_list("One step less", less_texts(plan));
  text += markdown_list("One step more", more_texts(plan));
  text += markdown_list("Got worse than as it is, and nothing limits it", plan.got_worse);
  text += markdown_list("Certificate", certificate_texts(plan));
  text += folded("Frontier", planned_table(plan, plan.frontier));
  text += folded("Not decided", planned_table(plan, plan.open));
  text += folded("Tested", planned_table(plan, plan.tested));
  return text + markdown_text(basis_text(plan.header, plan.spent)) + '\n';
}

}  // namespace sluice

#include "reports/terminal/plan.hpp"

#include <limits>

#include "reports/settings/plan_words.hpp"
#include "reports/terminal/sweep.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostPlanRows = 12;

void table(TerminalScreen& screen, const char* heading, const char* note,
           const SettingsTable& settings, std::size_t most) {
  if (settings.rows.empty()) return;
  screen.heading(heading, note);
  settings_table(screen, settings, most);
  screen.blank();
}

}  // namespace

Tone tone_of(PlanStatus status) {
  if (status == PlanStatus::found) return Tone::good;
  return status == PlanStatus::infeasible ? Tone::bad : Tone::caution;
}

void plan_paragraphs(TerminalScreen& screen, const char* heading, const char* note,
                     const std::vector<std::string>& texts, Tone tone) {
  if (texts.empty()) return;
  screen.heading(heading, note);
  for (const std::string& text : texts) screen.paragraph(text, 2, 4, tone);
  screen.blank();
}

std::string render_plan(const PlanResult& plan, const TerminalStyle& style) {
  const std::size_t most = style.brief ? kMostPlanRows : std::numeric_limits<std::size_t>::max();
  TerminalScreen screen(style);
  screen.item({"PLAN  ", tone_of(plan.status)},
              {plan.header.scenario + ": " + plan_headline(plan), Tone::strong});
  screen.blank();
  table(screen, "WHAT IT MEETS", "of the confirmation, with fresh seeds", margins_table(plan),
        most);
  plan_paragraphs(screen, "WHAT CANNOT BE MET", "", plan.unmet, Tone::bad);
  plan_paragraphs(screen, "ONE STEP LESS", "", less_texts(plan));
  plan_paragraphs(screen, "ONE STEP MORE", "what the next improvement costs", more_texts(plan));
  plan_paragraphs(screen, "WHO PAYS", "nothing limits these, and they got worse than as it is",
                  plan.got_worse, Tone::caution);
  table(screen, "FRONTIER", "of what was tested and passed: none is as cheap and as good",
        planned_table(plan, plan.frontier), most);
  table(screen, "NOT DECIDED", plan.winner ? "cheaper settings" : "",
        planned_table(plan, plan.open), most);
  if (!style.brief)
    table(screen, "TESTED", "in the search, by cost", planned_table(plan, plan.tested), most);
  plan_paragraphs(screen, "CERTIFICATE", "", certificate_texts(plan));
  screen.paragraph(basis_text(plan.header, plan.spent), 0, 2, Tone::faint);
  return screen.text();
}

}  // namespace sluice

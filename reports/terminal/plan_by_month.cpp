#include "reports/terminal/plan_by_month.hpp"

#include "reports/settings/plan_by_month_words.hpp"
#include "reports/terminal/plan.hpp"
#include "reports/terminal/sweep.hpp"

namespace sluice {

std::string render_plan_by_month(const PlanByMonth& plan, const TerminalStyle& style) {
  TerminalScreen screen(style);
  screen.item({"PLAN BY MONTH  ", tone_of(plan.status())},
              {plan.header.scenario + ": " + by_month_headline(plan), Tone::strong});
  screen.blank();
  screen.heading("MONTHS", "the cheapest setting for each; load against the first month");
  settings_table(screen, months_table(plan), plan.months.size());
  screen.blank();
  plan_paragraphs(screen, "WHAT CANNOT BE MET", "", unmet_texts(plan), Tone::bad);
  plan_paragraphs(screen, "CERTIFICATE", "", by_month_certificate_texts(plan));
  screen.paragraph(basis_text(plan.header, plan.spent), 0, 2, Tone::faint);
  return screen.text();
}

}  // namespace sluice

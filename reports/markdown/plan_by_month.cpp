#include "reports/markdown/plan_by_month.hpp"

#include <fmt/format.h>

#include "reports/markdown/escape.hpp"
#include "reports/markdown/plan.hpp"
#include "reports/markdown/sweep.hpp"
#include "reports/settings/plan_by_month_words.hpp"

namespace sluice {

std::string render_plan_by_month_markdown(const PlanByMonth& plan) {
  std::string text =
      fmt::format("### Plan by month of {}: {}\n\n", markdown_text(plan.header.scenario),
                  markdown_text(by_month_headline(plan)));
  text += markdown_table(months_table(plan), plan.months.size());
  text += markdown_list("What cannot be met", unmet_texts(plan));
  text += markdown_list("Certificate", by_month_certificate_texts(plan));
  return text + markdown_text(basis_text(plan.header, plan.spent)) + '\n';
}

}  // namespace sluice

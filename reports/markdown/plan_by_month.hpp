// A plan by month as Markdown for a pull request or a page.
#pragma once

#include <string>

#include "reports/settings/plan_by_month.hpp"

namespace sluice {

/// GitHub-flavoured; texts of users cannot become markup.
std::string render_plan_by_month_markdown(const PlanByMonth& plan);

}  // namespace sluice

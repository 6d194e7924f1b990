// A plan as Markdown for a pull request or a page.
#pragma once

#include <string>

#include "reports/settings/plan.hpp"

namespace sluice {

/// GitHub-flavoured; texts of users cannot become markup.
std::string render_plan_markdown(const PlanResult& plan);

}  // namespace sluice

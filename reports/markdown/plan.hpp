// A plan as Markdown for a pull request or a page.
#pragma once

#include <string>
#include <vector>

#include "reports/settings/plan.hpp"

namespace sluice {

/// GitHub-flavoured; texts of users cannot become markup.
std::string render_plan_markdown(const PlanResult& plan);

/// A heading and its points; nothing without any.
std::string markdown_list(const char* heading, const std::vector<std::string>& texts);

}  // namespace sluice

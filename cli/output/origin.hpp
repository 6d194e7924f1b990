// What a page says of how to make it again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/scenario_arguments.hpp"
#include "reports/html/html.hpp"

namespace sluice {

/// A word as a POSIX shell takes it.
std::string shell_word(std::string_view word);

/// `sluice COMMAND FILE OPTIONS -p … --set … --html report.html`, and the text of the file as far
/// as it can be read.
HtmlOptions origin_of(std::string_view command, const std::string& file,
                      const ScenarioArguments& scenario, const std::vector<std::string>& options);

}  // namespace sluice

// A test run as workflow commands of GitHub Actions, which show what is not met at its line.
#pragma once

#include <string>
#include <string_view>

#include "reports/ci/test_run.hpp"

namespace sluice {

/// A line for each: `::error file=…,line=…,title=…::…` of what fails or cannot be loaded,
/// `::warning` of what is not decided and of the loader's warnings. Empty: there is nothing to say.
/// Files are named as the user did; GitHub takes them from the root of the repository.
std::string github_annotations(const TestRun& run);

/// After `::`; `%`, CR and LF escaped.
std::string github_data(std::string_view text);
/// Of a property; `:` and `,` as well.
std::string github_property(std::string_view text);

}  // namespace sluice

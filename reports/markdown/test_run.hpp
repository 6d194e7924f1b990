// A test run as Markdown, for the summary of a job or a comment: a table of the files, and below it
// what is not met.
#pragma once

#include <string>

#include "reports/ci/test_run.hpp"

namespace sluice {

/// GitHub-flavoured Markdown of less than kMarkdownMost bytes: what does not fit is left out, and
/// it says so. Files that are no tests are counted only. Names and sentences of users cannot become
/// markup.
std::string render_test_run_markdown(const TestRun& run);

}  // namespace sluice

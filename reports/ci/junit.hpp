// A test run as JUnit XML, as GitLab and Jenkins read it: a suite for each file, a case for each
// thing that was asked of it.
#pragma once

#include <string>
#include <string_view>

#include "reports/ci/test_run.hpp"

namespace sluice {

/// What fails is a failure, what is not decided is skipped, a file that could not be loaded an
/// error. A file's time is shared out evenly over its cases. Files that are no tests are left out.
/// Well-formed whatever the names hold.
std::string junit_xml(const TestRun& run);

/// Text for content or an attribute in double quotes: characters that XML 1.0 cannot hold become
/// U+FFFD, line breaks and tabs references.
std::string xml_escaped(std::string_view text);

}  // namespace sluice

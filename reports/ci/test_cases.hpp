// From a report to what a test run says of its file.
#pragma once

#include <string>
#include <vector>

#include "reports/ci/test_run.hpp"
#include "reports/report.hpp"

namespace sluice {

/// Where a sentence stands.
struct SentencePlace {
  std::string file;
  int line = 0;  ///< from 1; 0: about the file as a whole
};

/// Outcome, summary and a case for each sentence. `reaches`: where those of the report stand, in
/// its order; expectations know it themselves. Cost: O(expectations × figures of lost load).
void add_report(const Report& report, const std::vector<SentencePlace>& reaches,
                TestedFile& tested);

}  // namespace sluice

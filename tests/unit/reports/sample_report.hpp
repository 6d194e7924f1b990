// Reports made by hand for the tests of the renderers.
#pragma once

#include <cstdint>
#include <string>

#include "reports/report.hpp"

namespace sluice::test {

/// A Monday batch that starves LOW: one group of 40 workers, five workspaces, three credentials,
/// one replication.
Report monday_report();

/// The same with ten replications: intervals, and figures that some replications lack.
Report replicated_report();

/// What a load of the same Monday batch shows from outside: only the figures that can be known.
Report live_report();
/// The same load sent too late to mean anything, and ended early.
Report invalid_live_report();

/// What was read of a recording of it: everything that can be said.
TraceImport recorded_monday();

/// Nothing happened at all: no run, no figure.
Report empty_report();

/// Every metric with every combination of labels that it can have in a table, and every optional
/// member present.
Report full_report();

/// Three groups, hundreds of workspaces, thousands of credentials, and names that try to break out:
/// control characters, escape codes, markup, wide and combining signs, great length.
Report hostile_report(std::uint64_t seed);

/// The verdict and the results of expectations as if they had been judged.
void expect_failure(Report& report, const std::string& sentence, const std::string& because,
                    Metric metric, const Subject& subject, double limit);

}  // namespace sluice::test

// What a load test says in words, for the renderers for people: whether it is valid, what the
// generator did, how fast the target answered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/report.hpp"

namespace sluice {

/// Whether this is a report on a load that says nothing about its target.
bool invalid_load(const Report& report);
/// Of the report: "INVALID" if its load is.
std::string_view verdict_word(const Report& report);
std::string verdict_summary_of(const Report& report);
/// Why it is invalid, why it ended early: whole sentences, to be read before any figure. No lines:
/// nothing of the kind.
std::vector<std::string> load_cautions(const LoadFacts& load);

/// A heading's worth: "http://127.0.0.1:8080, followed by events, 60 simulated seconds per second".
std::string load_setting(const LoadFacts& load);
/// One subject of a load and what is to be said about it.
struct LoadLine {
  std::string subject;  ///< "requests"
  std::string text;     ///< "14 312 intended (29.8 /s) · 14 300 sent (29.8 /s) · …"
};
/// Requests, answers, runs, connections; notes are the last.
std::vector<LoadLine> load_lines(const LoadFacts& load);

/// A measured time of a load, and what it is called.
struct LoadTime {
  std::string_view what;
  const TimeQuantiles* times;
};
/// Those that were measured.
std::vector<LoadTime> load_times(const LoadFacts& load);
/// "count", "mean", "p50" … "max", and what stands below them.
std::vector<std::string> time_headings();
std::vector<std::string> time_cells(const TimeQuantiles& times);

/// What is said about something that did not happen as far as is known.
std::string_view missed_text(const Report& report, const ReachResult& reach);
/// "eligible runs"; of a load, where it is not known which are eligible, "runs".
std::string_view waiting_runs(const Report& report);
/// Whether the report knows what held the runs while they waited.
bool attribution_known(const Report& report);
/// A mean time of each level that has it: "HIGH 1.42s · LOW 47m30s".
std::string means_text(const Report& report, Metric metric);

}  // namespace sluice

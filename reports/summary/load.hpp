// What a load says in words, for the renderers for people: whether it is valid, what the generator
// did, how fast the target answered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/figures/load_facts.hpp"

namespace sluice {

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
/// The same with a few notes at most, and how many more there are.
std::vector<LoadLine> shown_load_lines(const LoadFacts& load);

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

}  // namespace sluice

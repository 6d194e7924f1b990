// What was read of recorded workloads, for people and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/report.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// A few short sentences: the file and the rows kept, those left out, durations, levels, units.
std::vector<std::string> trace_lines(const TraceImport& trace);

/// `left out: 4 by `where`, 1 after the end`; empty if none is.
std::string left_out_text(const TraceImport& trace);

/// Nothing if nothing was replayed.
void traces_section(const Report& report, TerminalScreen& screen);
std::string traces_markdown(const Report& report);

/// The member `traces`, and what it may be in the schema of reports.
nlohmann::ordered_json traces_json(const std::vector<TraceImport>& traces);
void add_traces_schema(nlohmann::ordered_json& schema);

}  // namespace sluice

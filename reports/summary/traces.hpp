// What was read of recorded workloads, in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/figures/trace_import.hpp"

namespace sluice {

/// What a reason is called in a sentence: "by `where`".
std::string_view reason_phrase(LeftOut reason);
/// `left out: 4 by `where`, 1 after the end`; empty if none is.
std::string left_out_text(const TraceImport& trace);
/// A few short sentences: the file and the rows kept, those left out, durations, levels, units.
std::vector<std::string> trace_lines(const TraceImport& trace);

}  // namespace sluice

// What was read of a recording: its counts, its warnings, and whether one odd row moves all others
// out of the time that is simulated.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "scenarios/loader/trace/trace.hpp"

namespace sluice {

/// When the submitter of a recording submits.
struct ReplayWindow {
  Duration duration{};  ///< of the scenario
  Time from, until;     ///< rows in [from, until) are replayed
  std::uint64_t max_runs = UINT64_MAX;
};

/// The completed `raw.import`, after warning of what is odd. None after an error: nothing is
/// replayed, or one row is so far before all others that they come after the end. Cost: linear in
/// the rows.
std::optional<TraceImport> report_import(Reader& reader, const TraceText& text,
                                         const ReplayWindow& window, const RawTrace& raw);

}  // namespace sluice

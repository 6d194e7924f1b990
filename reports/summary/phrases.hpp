// What figures and rows are called: phrases and short texts that the renderers for people share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/summary/rows.hpp"

namespace sluice {

/// "workers busy with HIGH runs", "a credential at its limit": what held a run of `level`, or runs
/// of any.
std::string phrase(WaitPart part, std::optional<PriorityLevel> level);
/// "HIGH runs", "credential limit": the same for a narrow column.
std::string short_phrase(WaitPart part, std::optional<PriorityLevel> level);

/// The largest of them, at most `most` and each at least 1 %, with `phrase_of(part, level)` for
/// each: "HIGH runs 71 % · own workspace 6 % · rest 5 %". Empty: no run waited.
std::string shares_text(const std::vector<PartShare>& shares, PriorityLevel level, std::size_t most,
                        std::string (*phrase_of)(WaitPart, std::optional<PriorityLevel>));
/// By level, with the workspace that had most: "HIGH 82 % (acme 82 %) · MEDIUM 18 % (tenant-6 2 %,
/// 19 more)".
std::string meanwhile_text(const Report& report, const DispatchedMeanwhile& meanwhile);

/// Mean time between first request and acceptance, "mean HIGH 60ms · LOW 12.3s"; empty: none.
std::string before_acceptance_text(const Report& report, const std::vector<LevelRow>& rows);
/// A mean time of each level that has it: "HIGH 1.42s · LOW 47m30s".
std::string means_text(const Report& report, Metric metric);

/// "0.64", "≥1.54"; what is left beside it: "36 %", "≤−54 %"; workers or slots for σ ≤ 0.8.
std::string sigma_text(const StabilityLine& line);
std::string headroom_text(const StabilityLine& line);
std::string needed_text(const StabilityLine& line);
/// "429", "server errors", "429 and server errors": how the API refused requests; empty: it did
/// not.
std::string refusals_text(const Report& report);

/// Limit and kCredentialColumns of a pool: sums over its members, but what it held is its own.
std::vector<std::string> pool_cells(const Report& report, PoolId pool);
/// "4", "∞".
std::string limit_text(const Report& report, CredentialId credential);
/// "10m", or "θ (HIGH 1m, MEDIUM 5m, LOW 10m)".
std::string threshold_text(const ReportHeader& header);

/// What is said about something that did not happen as far as is known.
std::string_view missed_text(const Report& report, const ReachResult& reach);
/// "eligible runs"; of a load, where it is not known which are eligible, "runs".
std::string_view waiting_runs(const Report& report);

/// One line each: incomplete, figures that some replications lack.
std::vector<std::string> warnings(const Report& report);
/// "seed 42 · 10 replications, 95 % intervals · window 30m to 8h (…)".
std::string provenance(const Report& report);
/// The same without the scenario's hash.
std::string short_provenance(const Report& report);

}  // namespace sluice

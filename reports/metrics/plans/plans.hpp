// Plans: lists of families that are recorded together. Each is a recorder of its own, so that the
// hot path asks nobody whether something is wanted. What a plan says is, byte for byte, what the
// one of everything says.
#pragma once

#include <cstdint>
#include <memory>

#include "reports/metrics/api.hpp"
#include "reports/metrics/attribution.hpp"
#include "reports/metrics/bypass.hpp"
#include "reports/metrics/counts.hpp"
#include "reports/metrics/credentials.hpp"
#include "reports/metrics/detail/hours.hpp"
#include "reports/metrics/detail/series.hpp"
#include "reports/metrics/detail/workspace_episodes.hpp"
#include "reports/metrics/fairness.hpp"
#include "reports/metrics/inversions.hpp"
#include "reports/metrics/lost_load.hpp"
#include "reports/metrics/occupancy.hpp"
#include "reports/metrics/queue_age.hpp"
#include "reports/metrics/queue_length.hpp"
#include "reports/metrics/slices.hpp"
#include "reports/metrics/slowdown.hpp"
#include "reports/metrics/stability.hpp"
#include "reports/metrics/starvation.hpp"
#include "reports/metrics/time_lines.hpp"
#include "reports/metrics/waits.hpp"
#include "reports/metrics/workers.hpp"
#include "reports/recorder.hpp"

namespace sluice {

/// Whether the family says the metric.
template <class Family>
constexpr bool says(Metric metric) {
  for (const MetricRange& range : Family::kSays)
    if (range.contains(metric)) return true;
  return false;
}

/// Families in the order in which they are told, which is a contract: see recorder_of.hpp.
template <class... Families>
struct FamilyList {
  template <template <class...> class Of>
  using In = Of<Families...>;
  template <class... More>
  using And = FamilyList<Families..., More...>;

  /// How many of them say the metric.
  static constexpr int said_by(Metric metric) { return (int{says<Families>(metric)} + ... + 0); }
};

using CountsPlan = FamilyList<Counts, ApiAnswers, LostLoad>;
using WaitsPlan = FamilyList<Counts, ApiAnswers, LostLoad, Waits, Starvation, QueueAge, Slices>;
using EverythingPlan =
    FamilyList<Attribution, Occupancy, Workers, Counts, ApiAnswers, LostLoad, Waits, Starvation,
               QueueAge, Inversions, Bypass, QueueLength, Fairness, Slowdown, Stability,
               CredentialUsage, TimeLineRecorder, Slices>;
/// Everything, and what only files show.
using DetailedPlan = EverythingPlan::And<WorkspaceEpisodes, Hours, Series>;

enum class Plan : std::uint8_t { counts, waits, everything, detailed };
/// The smallest that says what the configuration asks for.
Plan plan_for(const RecorderConfig& config);

std::unique_ptr<Recorder> record_counts(const RecorderConfig& config,
                                        const PipelineConfig& pipeline);
std::unique_ptr<Recorder> record_waits(const RecorderConfig& config,
                                       const PipelineConfig& pipeline);
std::unique_ptr<Recorder> record_everything(const RecorderConfig& config,
                                            const PipelineConfig& pipeline);
std::unique_ptr<Recorder> record_in_detail(const RecorderConfig& config,
                                           const PipelineConfig& pipeline);

}  // namespace sluice

// A scenario's recorder, and the report on what was recorded of it: the same for simulations, the
// served pipeline and loads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/recorder.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// In order of their ids.
std::vector<std::string> submitter_names(const Scenario& scenario);

/// What is true of a report besides its figures.
struct ReportFacts {
  Engine engine = Engine::virtual_time;
  WarmUp warm_up = WarmUp::none;
  std::string build_id;
  bool complete = true;
  Duration warm_up_period{};  ///< see ReportHeader
  /// What was served or loaded once is what it is about, not a sample.
  bool measured = false;
  std::optional<double> confidence = {};  ///< of each interval; none: the scenario's
  std::optional<LooksTaken> looks = {};
};
/// The report on replications of a scenario, with its expectations judged.
Report report_on(const Scenario& scenario, const RecorderConfig& config, const ReportFacts& facts,
                 const std::vector<ReplicationResult>& results);

/// The recorder's configuration for a scenario that is observed from `from` on. `only`: the metrics
/// that are wanted, besides what its sentences are about; none: everything.
RecorderConfig recorder_config(const Scenario& scenario, Time from,
                               std::optional<std::vector<Metric>> only = std::nullopt);

}  // namespace sluice

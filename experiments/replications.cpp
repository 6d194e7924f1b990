#include "experiments/replications.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/in_parallel.hpp"
#include "experiments/compared_values.hpp"
#include "experiments/rounds/looks.hpp"
#include "experiments/warm_up.hpp"
#include "reports/replications_needed.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {
namespace {

bool told_to_stop(const ExperimentOptions& options) {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}

/// Waits of each submitter too: its runs are told apart then.
void want_details(const Scenario& scenario, RecorderConfig& config) {
  constexpr std::size_t kMostSubmitters = 128;
  config.in_detail = true;
  for (std::size_t i = 0; i < std::min(kMostSubmitters, scenario.submitters.size()); ++i) {
    add_slice(config, Subject::of(SubmitterId::at(i)));
  }
}

bool expects_anything(const Scenario& scenario) {
  return !scenario.expectations.empty() || !scenario.reaches.empty();
}

bool is_decided(const Report& report) {
  const auto open = [](const auto& result) { return result.status == Status::inconclusive; };
  return std::ranges::none_of(report.expectations, open) &&
         std::ranges::none_of(report.reaches, open);
}

class Experiment {
 public:
  Experiment(const Scenario& scenario, const ExperimentOptions& options)
      : scenario_(scenario), options_(options) {
    SimulationControl pilot{options.stop, nullptr};
    if (options.progress != nullptr) pilot.progress = &options.progress->pilot();
    warm_up_ = find_warm_up(scenario, pilot);
    config_ = recorder_config(scenario, warm_up_.time);
    if (options.in_detail) want_details(scenario, config_);
    config_.time_line_bucket = options.bucket;
  }

  Report run() {
    Report report = run_as_many_as_wanted();
    if (options_.in_detail && report.header.complete && report.header.drawn && results_.size() > 1)
      report.replication_values = compared_values(scenario_, results_);
    return report;
  }

 private:
  Report run_as_many_as_wanted() {
    if (scenario_.replications) {
      const bool complete = simulate_to(*scenario_.replications);
      return report_on_all(complete);
    }
    // The first one tells how large they are, and whether anything was drawn.
    const bool complete = simulate_to(1);
    Report report = report_on_all(complete);
    if (!complete || !report.header.drawn || !expects_anything(scenario_)) return report;
    return run_looks(std::move(report));
  }

  /// False: told to stop before all were over.
  bool simulate_to(std::uint32_t count) {
    const auto there = static_cast<std::uint32_t>(results_.size());
    SLUICE_REQUIRE(count > there, "each look has more replications than the one before");
    if (options_.progress != nullptr) options_.progress->want(count);
    std::vector<std::optional<Replication>> added(count - there);
    in_parallel(count - there, options_.threads, [&](std::uint32_t i) {
      // The first one always begins, so that there is something to report.
      if (there + i > 0 && told_to_stop(options_)) return;
      added[i] = simulate(there + i);
    });
    for (std::optional<Replication>& replication : added) keep(replication);
    return results_.size() == count;
  }

  Replication simulate(std::uint32_t number) const {
    SimulationControl control{options_.stop, nullptr};
    if (options_.progress != nullptr) control.progress = &options_.progress->replication(number);
    const bool heard = scenario_.replications || number == 0;
    return replicate(scenario_, config_, number, control,
                     heard ? options_.listeners : ListenerFactory{});
  }

  void keep(std::optional<Replication>& replication) {
    if (!replication) return;
    if (replication->came_to == Time::zero() + scenario_.duration)
      results_.push_back(std::move(replication->result));
    else if (!furthest_ || furthest_->came_to < replication->came_to)
      furthest_ = std::move(replication);
  }

  /// On those that are over; else on the one that came furthest.
  Report report_on_all(bool complete, std::optional<LooksTaken> looks = {}) {
    ReportFacts facts{Engine::virtual_time, warm_up_.method, options_.build_id, complete,
                      warm_up_.period};
    if (looks) facts.confidence = looks_of(scenario_).nominal(scenario_.confidence);
    facts.looks = looks;
    if (results_.empty()) results_.push_back(std::move(furthest_->result));
    return report_on(scenario_, config_, facts, results_);
  }

  /// From a report on the first replication on.
  Report run_looks(Report report) {
    const Looks looks = looks_of(scenario_);
    LooksTaken taken{0, static_cast<std::uint32_t>(looks.count()), scenario_.confidence, false};
    const double runs = static_cast<double>(report.header.runs);
    for (std::size_t look = 0; look < looks.count(); ++look) {
      if (runs * looks[look] > static_cast<double>(options_.most_runs)) break;
      const bool complete = simulate_to(looks[look]);
      taken.taken += complete ? 1 : 0;
      report = report_on_all(complete, taken);
      if (!complete || !more_replications_may_decide(report)) break;
    }
    if (!report.header.looks) report = report_on_all(true, taken);
    report.header.looks->decided = taken.taken > 0 && report.header.complete && is_decided(report);
    return report;
  }

  const Scenario& scenario_;
  const ExperimentOptions& options_;
  WarmUpEnd warm_up_;
  RecorderConfig config_;
  std::vector<ReplicationResult> results_;  // of those that are over, by number
  std::optional<Replication> furthest_;     // of those that were ended
};

}  // namespace

Report run_experiment(const Scenario& scenario, const ExperimentOptions& options) {
  SLUICE_REQUIRE(!scenario.replications || *scenario.replications > 0,
                 "an experiment has a replication");
  return Experiment(scenario, options).run();
}

}  // namespace sluice

#include "sim/scenario_report.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/calendar/time_zone.hpp"
#include "reports/judge.hpp"
#include "reports/statistics.hpp"
#include "sim/chance.hpp"

namespace sluice {
namespace {

ReportHeader header_of(const Scenario& scenario, const RecorderConfig& config,
                       const ReportFacts& facts) {
  ReportHeader header;
  header.scenario = scenario.name;
  header.question = scenario.question;
  header.hash = scenario.hash;
  header.seed = scenario.seed;
  header.build_id = facts.build_id;
  header.engine = facts.engine;
  header.warm_up = facts.warm_up;
  header.complete = facts.complete;
  header.confidence = facts.confidence.value_or(scenario.confidence);
  header.looks = facts.looks;
  header.starvation_threshold = config.starvation_threshold;
  header.slo = config.slo;
  header.fair_share_factor = config.fair_share_factor;
  header.slowdown_bound = config.slowdown_bound;
  header.stability_window = config.stability_window;
  header.warm_up_period = facts.warm_up_period;
  header.calendar = scenario.calendar;
  if (scenario.calendar.has_dates()) header.time_zone_data = time_zone_data_version();
  return header;
}

/// Whether chance had a part in it: also if requests were tried again after drawn times.
bool was_drawn(const Scenario& scenario, const std::vector<ReplicationResult>& results) {
  return draws_anything(scenario) ||
         (jitters(scenario) && std::ranges::any_of(results, &ReplicationResult::refused));
}

std::vector<IncidentTime> incidents_until(const Scenario& scenario, Time until) {
  std::vector<IncidentTime> incidents;
  for (const Incident& incident : scenario.incidents) {
    if (incident.at >= until) break;
    IncidentTime time{incident.name, incident.at, std::nullopt};
    if (incident.length && incident.length->ns > 0) time.until = incident.at + *incident.length;
    incidents.push_back(std::move(time));
  }
  return incidents;
}

}  // namespace

std::vector<std::string> submitter_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const SubmitterConfig& submitter : scenario.submitters) names.push_back(submitter.name);
  return names;
}

RecorderConfig recorder_config(const Scenario& scenario, Time from,
                               std::optional<std::vector<Metric>> only) {
  RecorderConfig config;
  // What is to be reached is counted with everything else only.
  if (scenario.reaches.empty()) config.only = std::move(only);
  config.from = from;
  config.until = Time::zero() + scenario.duration;
  config.starvation_threshold = scenario.starvation_threshold;
  config.slo = scenario.slo;
  config.stability_window = scenario.stability_window;
  config.patience =
      std::any_of(scenario.submitters.begin(), scenario.submitters.end(),
                  [](const SubmitterConfig& submitter) { return submitter.patience.has_value(); });
  watch_for(scenario.expectations, config);
  return config;
}

Report report_on(const Scenario& scenario, const RecorderConfig& config, const ReportFacts& facts,
                 const std::vector<ReplicationResult>& results) {
  Report report = combine(header_of(scenario, config, facts),
                          names_of(scenario.pipeline, submitter_names(scenario)), results);
  report.traces = scenario.traces;
  report.header.drawn = !facts.measured && was_drawn(scenario, results);
  report.incidents = incidents_until(scenario, report.header.until);
  judge(report, scenario.expectations, scenario.reaches, results);
  return report;
}

}  // namespace sluice

#include "sim/scenario_report.hpp"

#include <algorithm>

#include "base/calendar/time_zone.hpp"
#include "reports/judge.hpp"
#include "reports/statistics.hpp"

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
  header.confidence = scenario.confidence;
  header.starvation_threshold = config.starvation_threshold;
  header.slo = config.slo;
  header.fair_share_factor = config.fair_share_factor;
  header.slowdown_bound = config.slowdown_bound;
  header.calendar = scenario.calendar;
  if (scenario.calendar.has_dates()) header.time_zone_data = time_zone_data_version();
  return header;
}

}  // namespace

std::vector<std::string> submitter_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const SubmitterConfig& submitter : scenario.submitters) names.push_back(submitter.name);
  return names;
}

RecorderConfig recorder_config(const Scenario& scenario, Time from) {
  RecorderConfig config;
  config.from = from;
  config.until = Time::zero() + scenario.duration;
  config.starvation_threshold = scenario.starvation_threshold;
  config.slo = scenario.slo;
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
  judge(report, scenario.expectations, scenario.reaches);
  return report;
}

}  // namespace sluice

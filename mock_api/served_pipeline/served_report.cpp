#include "mock_api/served_pipeline/served_report.hpp"

#include <utility>
#include <vector>

#include "sim/scenario_report.hpp"

namespace sluice {

Report served_report(ServedPipeline& pipeline, Time now, Engine engine, std::string build_id) {
  const Scenario& scenario = pipeline.scenario();
  const RecorderConfig& config = pipeline.recorder_config();
  std::vector<ReplicationResult> results;
  results.push_back(pipeline.figures(now));
  ReportFacts facts;
  facts.engine = engine;
  facts.measured = engine == Engine::live;
  facts.build_id = std::move(build_id);
  facts.warm_up = config.from > Time::zero() ? WarmUp::given : WarmUp::none;
  facts.complete = now - pipeline.origin() >= Time::zero() + scenario.duration;
  return report_on(scenario, config, facts, results);
}

}  // namespace sluice

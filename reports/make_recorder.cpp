#include "reports/make_recorder.hpp"

#include "reports/metrics/plans/plans.hpp"

namespace sluice {

std::unique_ptr<Recorder> make_recorder(const RecorderConfig& config,
                                        const PipelineConfig& pipeline) {
  switch (plan_for(config)) {
    case Plan::counts:
      return record_counts(config, pipeline);
    case Plan::waits:
      return record_waits(config, pipeline);
    case Plan::detailed:
      return record_in_detail(config, pipeline);
    case Plan::everything:
      break;
  }
  return record_everything(config, pipeline);
}

}  // namespace sluice

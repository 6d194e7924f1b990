// From the drawn choices of a run to the pipeline's form of a request.
#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/pipeline.hpp"
#include "pipeline/run.hpp"
#include "scenarios/scenario.hpp"
#include "sim/run_draws.hpp"

namespace sluice {

/// Builds the requests of one submitter. Remembers the pools that its runs have used, so building
/// costs no search; memory: 4 bytes per (workspace, workflow, alias) once a pool is used. Keeps
/// references. Not thread-safe.
class RequestBuilder {
 public:
  RequestBuilder(const SubmitterConfig& config, SubmitterId id, std::uint64_t submitter_key,
                 Pipeline& pipeline);

  /// The first attempt to submit run `index` at `now`. About 10 ns.
  RunRequest build(Time now, std::uint64_t index);
  /// Uniform in [0, 1): the jitter of run `index`'s back-off after its n-th attempt, from 1.
  double retry_jitter(std::uint64_t index, std::uint32_t attempt) const {
    return RunDraws::retry_jitter(draws_.attributes(index).key, attempt);
  }

 private:
  void apply(const TraceRow& row, RunRequest& request, RunAttributes& run) const;
  Need need(const RunAttributes& run, WorkspaceId workspace, const WorkflowUse& use,
            std::size_t alias);
  Need pool(const RunAttributes& run, WorkspaceId workspace, const WorkflowUse& use,
            std::size_t alias);

  const SubmitterConfig& config_;
  SubmitterId id_;
  Pipeline& pipeline_;
  RunDraws draws_;
  const std::vector<TraceRow>* rows_ = nullptr;
  std::vector<std::uint32_t> place_of_workspace_;  // in the submitter's list, by id; traces only
  std::vector<Need> pools_;  // by (workspace, use, alias); empty until a pool is used
};

}  // namespace sluice

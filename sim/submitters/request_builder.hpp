// From the drawn choices of a run to the pipeline's form of a request.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/run.hpp"
#include "scenarios/scenario.hpp"
#include "sim/submitters/run_draws.hpp"
#include "sim/submitters/submission_target.hpp"

namespace sluice {

/// Builds the requests of one submitter. Remembers the pools that its runs have used, so building
/// costs no search; memory: 4 bytes per (workspace, workflow, alias) once a pool is used. Keeps
/// references. Not thread-safe.
class RequestBuilder {
 public:
  /// The submitter's key under the seed of the submitters, and under that of the pipeline.
  struct Keys {
    std::uint64_t own = 0;
    std::uint64_t pipeline = 0;
  };
  RequestBuilder(const SubmitterConfig& config, SubmitterId id, const Keys& keys,
                 SubmissionTarget& target);

  /// Makes `request` the first attempt to submit run `index` at `now`. About 10 ns.
  void build(Time now, std::uint64_t index, RunRequest& request);
  /// Uniform in [0, 1): the jitter of run `index`'s back-off after its n-th attempt, from 1.
  double retry_jitter(std::uint64_t index, std::uint32_t attempt) const {
    return RunDraws::retry_jitter(draws_.attributes(index).key, attempt);
  }

 private:
  /// One alias of a workflow that the submitter uses: its choice, laid out for reading.
  struct Alias {
    CredentialChoice::Kind kind = CredentialChoice::Kind::fixed;
    std::uint32_t count = 0;
    const CredentialId* members = nullptr;
  };
  struct Use {
    WorkflowId workflow;
    std::uint8_t need_count = 0;
    std::array<Alias, kMaxNeeds> aliases;
  };

  void prepare_trace(const TraceArrivals& trace);
  void apply(const TraceRow& row, RunRequest& request, RunAttributes& run) const;
  Need need(const RunAttributes& run, WorkspaceId workspace, const Use& use, std::size_t alias);
  Need pool(const RunAttributes& run, WorkspaceId workspace, const Use& use, std::size_t alias);

  SubmitterId id_;
  SubmissionTarget& target_;
  RunDraws draws_;
  const Distribution* patience_;            // null: its runs wait for ever
  std::optional<RunDraws> pipeline_draws_;  // only if the pipeline's seed is another one
  std::vector<Use> uses_;
  std::span<const WorkspaceId> workspaces_;
  const std::vector<TraceRow>* rows_ = nullptr;
  std::vector<std::uint32_t> place_of_workspace_;  // in the submitter's list, by id; traces only
  std::vector<Need> pools_;  // by (workspace, use, alias); empty until a pool is used
};

}  // namespace sluice

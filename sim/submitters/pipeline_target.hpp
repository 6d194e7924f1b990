// Submitters and the pipeline they submit to, in one process and in virtual time.
#pragma once

#include <optional>
#include <span>

#include "pipeline/pipeline.hpp"
#include "sim/submitters/submission_target.hpp"

namespace sluice {

/// Answers at once. Keeps a reference.
class PipelineTarget final : public SubmissionTarget {
 public:
  explicit PipelineTarget(Pipeline& pipeline) : pipeline_(pipeline) {}

  Need pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                 std::span<const CredentialId> members) override {
    return pipeline_.pool_need(workspace, workflow, alias, members);
  }
  std::optional<Answer> submit(Time now, const RunRequest& request) override {
    return pipeline_.submit(now, request);
  }
  void give_up(Time now, const RunRequest& request) override { pipeline_.give_up(now, request); }
  bool worth_expecting() const override { return pipeline_.worth_expecting(); }
  void expect(const RunRequest& request) override { pipeline_.expect(request); }

 private:
  Pipeline& pipeline_;
};

}  // namespace sluice

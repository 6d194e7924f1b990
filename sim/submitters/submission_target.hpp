// Whom submitters submit to: the pipeline in virtual time, or a live API.
#pragma once

#include <optional>
#include <span>

#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"

namespace sluice {

/// Seen by submitters. Calls come from the thread that drives them.
class SubmissionTarget {
 public:
  virtual ~SubmissionTarget() = default;

  /// See Pipeline::pool_need.
  virtual Need pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                         std::span<const CredentialId> members) = 0;
  /// One attempt. None: the answer comes later, through Submitters::answer_came.
  virtual std::optional<Answer> submit(Time now, const RunRequest& request) = 0;
  /// The submitter does not try again.
  virtual void give_up(Time now, const RunRequest& request) = 0;
  /// Whether such hints as expect() are of use to it.
  virtual bool worth_expecting() const { return false; }
  /// A hint: `request` will probably be submitted next.
  virtual void expect(const RunRequest& /*request*/) {}
};

}  // namespace sluice

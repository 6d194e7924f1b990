// How the attempts and logins of runs go: as their draws say, by the factors that hold now, or as a
// planner says. Rules 8, 9 and 13.
#pragma once

#include <cstddef>
#include <vector>

#include "pipeline/attempt.hpp"
#include "pipeline/attempt_planner.hpp"
#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/run.hpp"

namespace sluice {

/// Plans are functions of the run, the factors and the planner: asking twice gives the same. Not
/// thread-safe. Keeps references to config and planner.
class Attempts {
 public:
  explicit Attempts(const PipelineConfig& config);

  /// Who plans the attempts of requests that say so.
  void set_planner(const AttemptPlanner& planner) { planner_ = &planner; }
  bool has_planner() const { return planner_ != nullptr; }
  /// Credentials and workflows were appended; their factors are 1.
  void config_grew();

  // ---- factors, 1 at first; for attempts that begin from now on. REQUIRES at least 0.
  void set_failure_factor(WorkflowId workflow, double factor);
  void set_duration_factor(WorkflowId workflow, double factor);
  void set_login_failure_factor(CredentialId credential, double factor);

  /// Attempt number `run.attempt`, which begins now, logins apart.
  AttemptPlan plan(const Run& run) const;
  /// How the attempt goes on once a person has answered.
  AttemptPlan plan_after_answer(const Run& run) const;
  /// The login for a need of the attempt under way. REQUIRES a credential with a login.
  LoginPlan login(const Run& run, std::size_t need) const;
  /// Of a failure: whether another attempt follows.
  bool is_retried(const Run& run) const;

  static bool is_planned(const Run& run) {
    return run.request.fixed_outcome == FixedOutcome::planned;
  }

 private:
  const WorkflowConfig& workflow_of(const Run& run) const {
    return config_.workflows[run.request.workflow.index()];
  }

  const PipelineConfig& config_;
  const AttemptPlanner* planner_ = nullptr;
  std::vector<double> failure_factor_, duration_factor_;  // by workflow
  std::vector<double> login_failure_factor_;              // by credential
};

}  // namespace sluice

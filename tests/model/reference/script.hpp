// What happens to a pipeline from outside: a timed list of submissions and commands, played to the
// real pipeline and to the naive reference alike.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/cause.hpp"
#include "pipeline/config.hpp"
#include "pipeline/run.hpp"

namespace sluice::reference {

/// What one alias of a submitted run is given: a credential, or a pool in rotation order.
struct NeedSpec {
  std::vector<CredentialId> members;
  bool pool = false;
};

enum class StepKind : std::uint8_t {
  submit,
  interrupt,         // count: the acceptance number of the run
  pause_credential,  // target: credential
  resume_credential,
  pause_workflow,  // target: workflow
  resume_workflow,
  pause_group,  // target: group
  resume_group,
  set_workers,  // target: group; count; cause, as in the next two
  lose_workers,
  restore_workers,
  restart_workers,
  failure_factor,        // target: workflow; factor
  login_failure_factor,  // target: credential; factor
  api_latency_factor,    // factor
  api_error_rate,        // factor
  end_set_workers,       // target: group; cause
  duration_factor,       // target: workflow; factor
  override_credential,   // target: credential; limits
};

/// One thing done to the pipeline at `at`. Submissions are arrivals, everything else is a timer of
/// the driver.
struct Step {
  Time at;
  StepKind kind = StepKind::submit;
  std::uint32_t target = 0;
  std::uint32_t count = 0;
  CauseId cause = kByHand;
  double factor = 1;
  CredentialOverride limits;
  RunRequest request;           ///< submit: all but `needs`
  std::vector<NeedSpec> needs;  ///< submit: one per alias
};

/// Steps in order of scheduling; those at one instant keep this order within their class.
struct Script {
  PipelineConfig config;
  std::uint64_t seed = 1;
  Time horizon = Time::never();  ///< events after it are not handled
  std::vector<Step> steps;
};

/// The transitions of one played script, one line each, in the order in which they happened.
using Log = std::vector<std::string>;

/// The naive model's log. Cost: quadratic and worse, on purpose.
Log play_reference(const Script& script);

}  // namespace sluice::reference

// A script in the pipeline's terms: how one attempt of its run goes.
#pragma once

#include <cstdint>

#include "base/time.hpp"
#include "mock_api/scripts/run_script.hpp"
#include "pipeline/attempt.hpp"

namespace sluice {

/// Logins apart. `retries`: how many of the run's attempts failed and were retried so far; `drawn`:
/// what the attempt's work would take; `steps`: of the workflow, at least one. REQUIRES that a
/// question has its timeout.
AttemptPlan scripted_attempt(const RunScript& script, std::uint32_t retries, Duration drawn,
                             std::uint32_t steps);

/// What follows when the question is answered. `before`: the work until it was asked.
AttemptPlan scripted_rest(const RunScript& script, Duration before, std::uint32_t steps);

/// Whether the attempt under way fails as the script says and is to be retried.
inline bool is_scripted_retry(const RunScript& script, std::uint32_t retries) {
  return retries < script.retries;
}

}  // namespace sluice

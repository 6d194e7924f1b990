// What went wrong in a run, in the words of the contract's error taxonomy (contract 2.4 to 2.6).
#pragma once

#include <string>
#include <string_view>

#include "mock_api/runs/served_run.hpp"
#include "mock_api/scripts/run_script.hpp"
#include "pipeline/config.hpp"
#include "pipeline/run.hpp"

namespace sluice {

/// The error of an attempt that failed by one of its workflow's failure kinds. A kind whose name is
/// one of the taxonomy's (`service-unavailable`, `SELECTOR_NO_MATCH`) has its place there; the
/// others are external errors if they are retried, else errors of the workflow.
RunError failure_error(const FailureKindConfig& failure);
/// The error of an attempt that fails as its script says; `is_retried`: and is tried again. What
/// the script leaves open is as for a failure kind that is called like its category, sub_type or
/// code.
RunError scripted_failure(const RunScript& script, bool is_retried);
/// `base` in the script's words.
RunError scripted_error(const RunScript& script, RunError base);
/// The error of a run that ended for another reason than completion and failure. `alias`: of the
/// login that failed, "" otherwise.
RunError end_error(EndReason reason, std::string_view alias);

}  // namespace sluice

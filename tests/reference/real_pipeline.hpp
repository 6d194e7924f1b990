// The real pipeline played by the same script, and its transitions in the same words.
#pragma once

#include <memory>
#include <string>

#include "pipeline/observer.hpp"
#include "tests/reference/script.hpp"

namespace sluice::reference {

struct RealPlay {
  Log log;
  std::string violations;  ///< of invariants, one line each; empty if all held
};

RealPlay play_real(const Script& script);

/// Writes the transitions of any pipeline into `log`, in the same words.
std::unique_ptr<PipelineObserver> log_transitions(Log& log);

}  // namespace sluice::reference

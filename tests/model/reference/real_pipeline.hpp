// The real pipeline played by the same script, and its transitions in the same words.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "pipeline/observer.hpp"
#include "tests/model/reference/script.hpp"

namespace sluice::reference {

struct RealPlay {
  Log log;
  std::string violations;  ///< of invariants, one line each; empty if all held
};

/// `listeners` hear every transition too, in their order.
RealPlay play_real(const Script& script, std::span<PipelineObserver* const> listeners = {});

/// Writes the transitions of any pipeline into `log`, in the same words.
std::unique_ptr<PipelineObserver> log_transitions(Log& log);

}  // namespace sluice::reference

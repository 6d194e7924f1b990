// The real pipeline played by the same script, and its transitions in the same words.
#pragma once

#include <span>
#include <string>

#include "pipeline/observer.hpp"
#include "tests/reference/script.hpp"

namespace sluice::reference {

struct RealPlay {
  Log log;
  std::string violations;  ///< of invariants, one line each; empty if all held
};

/// `listeners` hear every transition too, in their order.
RealPlay play_real(const Script& script, std::span<PipelineObserver* const> listeners = {});

}  // namespace sluice::reference

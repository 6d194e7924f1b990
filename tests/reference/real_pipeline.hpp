// The real pipeline played by the same script, and its transitions in the same words.
#pragma once

#include <string>

#include "tests/reference/script.hpp"

namespace sluice::reference {

struct RealPlay {
  Log log;
  std::string violations;  ///< of invariants, one line each; empty if all held
};

RealPlay play_real(const Script& script);

}  // namespace sluice::reference

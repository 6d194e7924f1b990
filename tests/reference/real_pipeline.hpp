// The real pipeline played by the same script, and its transitions in the same words.
#pragma once

#include "pipeline/observer.hpp"
#include "pipeline/pipeline.hpp"
#include "tests/reference/script.hpp"

namespace sluice::reference {

/// Plays the script; `also`, if given, hears everything too. `each_instant` observers get a call
/// after every instant.
class RealPlayer {
 public:
  virtual ~RealPlayer() = default;
  /// Called after the dispatch that ends an instant.
  virtual void instant_over(Time, const Pipeline&) {}
};

Log play_real(const Script& script, PipelineObserver* also = nullptr, RealPlayer* player = nullptr);

}  // namespace sluice::reference

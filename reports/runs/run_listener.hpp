// Somebody who listens to one replication beside its recorder, and is told when it is over.
#pragma once

#include "pipeline/observer.hpp"

namespace sluice {

class RunListener : public PipelineObserver {
 public:
  /// The replication came to `end`; the recorder can still be asked.
  virtual void finish(Time /*end*/) {}
};

}  // namespace sluice

// Makes the recorder of what is wanted.
#pragma once

#include <memory>

#include "pipeline/config.hpp"
#include "reports/recorder.hpp"

namespace sluice {

/// Records what `config` wants, and no more than needed for it. Keeps no reference to `pipeline`.
std::unique_ptr<Recorder> make_recorder(const RecorderConfig& config,
                                        const PipelineConfig& pipeline);

}  // namespace sluice

// Plans: lists of families that are recorded together. Each is a recorder of its own, so that the
// hot path asks nobody whether something is wanted.
#pragma once

#include <memory>

#include "reports/recorder.hpp"

namespace sluice {

std::unique_ptr<Recorder> record_everything(const RecorderConfig& config,
                                            const PipelineConfig& pipeline);

}  // namespace sluice

// A served run's story for people: everything that happened to it, and who was dispatched while it
// waited.
#pragma once

#include <string>
#include <vector>

#include "mock_api/runs/served_run.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct StoryLine {
  Time at;
  std::string text;
};

/// In the order of what happened. O(lines).
std::vector<StoryLine> served_story(const ServedRun& run, const PipelineConfig& config);

}  // namespace sluice

// One run's story: everything that happened to it and why it was passed over, as lines for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/calendar/calendar.hpp"
#include "base/time.hpp"
#include "pipeline/config.hpp"
#include "reports/recorder.hpp"
#include "reports/runs/run_listener.hpp"
#include "reports/runs/run_name.hpp"

namespace sluice {

/// Longer stories say how many lines they leave out.
inline constexpr std::size_t kMostStoryLines = 400;

/// Where a story is told to; outlives the experiment.
struct Story {
  struct Line {
    Time at;
    std::string text;
  };
  std::vector<Line> lines;
  std::uint64_t left_out = 0;
  std::uint64_t submitted = 0;  ///< runs of the same submitter that were submitted
  bool found = false;           ///< the run was submitted
};

/// Tells the story of `run` into `story`. While the run could have been dispatched and others of
/// its group were, they are counted and told in one line per level. O(1) per transition; memory:
/// O(groups + workspaces). Keeps references.
std::unique_ptr<RunListener> make_run_story(RunName run, const PipelineConfig& pipeline,
                                            const Recorder& recorder, Story& story);

/// The story as text of at most `width` columns, each line broken where needed; with dates where
/// the calendar has some.
std::string render_story(const Story& story, std::size_t width, const Calendar& calendar = {});

}  // namespace sluice

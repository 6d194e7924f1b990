// One run's story: everything that happened to it and why it was passed over, as lines for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

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
class RunStory final : public RunListener {
 public:
  RunStory(RunName run, const PipelineConfig& pipeline, const Recorder& recorder, Story& story);
  ~RunStory() override;

  void submitted(Time now, const RunRequest& request) override;
  void answered(Time now, const RunRequest& request, const Answer& answer) override;
  void gave_up(Time now, const RunRequest& request) override;
  void accepted(Time now, const Run& run) override;
  void parked(Time now, const Run& run, const Blocker& blocker) override;
  void woken(Time now, const Run& run) override;
  void holding(Time now, const Run& run, const Blocker& blocker) override;
  void dispatched(Time now, const Run& run) override;
  void login_ended(Time now, const Run& run, CredentialId credential, bool succeeded) override;
  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override;
  void rejoined(Time now, const Run& run) override;
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;
  void webhook(Time now, const Run& run, std::uint32_t attempts, bool delivered,
               Duration latency) override;
  void group_paused(Time now, GroupId group, bool paused) override;
  void workflow_paused(Time now, WorkflowId workflow, bool paused) override;
  void credential_changed(Time now, CredentialId credential,
                          const CredentialStatus& status) override;
  void pool_defined(std::uint32_t pool_use, std::uint32_t pool, const CredentialId* first,
                    std::size_t count) override;
  void finish(Time end) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The story as text of at most `width` columns, each line broken where needed.
std::string render_story(const Story& story, std::size_t width);

}  // namespace sluice

// Feeds a recorder by hand: runs as a test's own words say them, without a pipeline.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "reports/recorder.hpp"

namespace sluice::test {

using namespace literals;

inline Time at_s(double seconds) { return Time::from_seconds(seconds); }

/// One group of `workspaces` workspaces, one workflow, `credentials` credentials of limit 1.
PipelineConfig small_pipeline(std::size_t workspaces = 1, std::size_t credentials = 0);

/// The life of runs, told step by step. Times in seconds; every step names the run that it is
/// about.
class Recording {
 public:
  explicit Recording(const PipelineConfig& pipeline, const RecorderConfig& config = {});

  void workers(double at, std::uint32_t present, std::uint32_t starting = 0,
               std::uint32_t cooling = 0, std::size_t group = 0);
  /// A new run; `needs`: credentials by number.
  Run& accept(double at, const std::string& run, PriorityLevel level, std::size_t workspace = 0,
              std::vector<std::uint32_t> needs = {}, double submitted = -1);
  void dispatch(double at, const std::string& run);
  void park(double at, const std::string& run, BlockReason reason,
            std::uint32_t credential = UINT32_MAX);
  void wake(double at, const std::string& run);
  void hold(double at, const std::string& run, std::uint32_t credential);
  void requeue(double at, const std::string& run,
               RequeueCause cause = RequeueCause::retriable_failure);
  void rejoin(double at, const std::string& run);
  void end(double at, const std::string& run, Outcome outcome = Outcome::succeeded);
  void credential(double at, std::uint32_t credential, bool login, bool paused);
  void pause_group(double at, bool paused) {
    recorder.group_paused(at_s(at), GroupId::at(0), paused);
  }
  void pause_workflow(double at, bool paused) {
    recorder.workflow_paused(at_s(at), WorkflowId::at(0), paused);
  }
  /// Accepted, dispatched at once, ended.
  void serve(double from, double until, const std::string& run, PriorityLevel level,
             std::size_t workspace = 0);

  Run& run(const std::string& name) { return *runs_.at(name); }
  WaitAttribution attribution(const std::string& name) {
    return recorder.attribution(run(name).slot);
  }
  /// Value of a figure; NaN if there is none.
  double value(const ReplicationResult& result, Metric metric, const Subject& subject = {}) const;

 private:
  std::unique_ptr<Recorder> made_;

 public:
  Recorder& recorder;

 private:
  PipelineConfig pipeline_;
  std::map<std::string, std::unique_ptr<Run>> runs_;
  std::vector<std::uint32_t> free_;
  std::uint32_t slots_ = 0;
  std::uint64_t accepted_ = 0;
};

}  // namespace sluice::test

// What the runs of a submitter are like: workspace, workflow, level, options, credentials of run i.
//
// A function of (key, i) alone, so run i is the same under every policy, whatever happened before,
// and in the load generator as in the simulator. Each choice reads its own place of the run's
// stream: changing one share of a scenario leaves the other choices as they were.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/random/random.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/run.hpp"
#include "scenarios/scenario.hpp"
#include "sim/submitters/weighted_choice.hpp"

namespace sluice {

/// The drawn choices of one run, as indexes into the lists of its submitter's configuration.
struct RunAttributes {
  std::uint64_t key = 0;        ///< of everything that is drawn for this run
  std::uint32_t workspace = 0;  ///< into SubmitterConfig::workspaces
  std::uint32_t use = 0;        ///< into SubmitterConfig::workflows
  PriorityLevel level = PriorityLevel::LOW;
  RunOptions options;
};

/// About 8 ns a run with several workspaces and levels. Keeps a reference to the configuration.
/// Immutable; safe to share between threads.
class RunDraws {
 public:
  RunDraws(const SubmitterConfig& config, std::uint64_t submitter_key);

  RunAttributes attributes(std::uint64_t index) const {
    RunAttributes run;
    run.key = run_keys_[index];
    if (several_workspaces_) run.workspace = workspace_.pick(bits(run.key, kWorkspace));
    if (several_uses_) run.use = workflow_.pick(bits(run.key, kWorkflow));
    run.level = levels_[levels_.size() > 1 ? level_.pick(bits(run.key, kLevel)) : 0];
    if (any_options_) run.options = options(run.key);
    return run;
  }

  /// Which of `count` > 0 credentials a run that draws one takes for an alias.
  static std::uint32_t drawn_credential(const RunAttributes& run, std::size_t alias,
                                        std::size_t count) {
    return WeightedChoice::scaled(bits(run.key, kCredentials + alias), count);
  }

  /// Key of the draws that the pipeline makes for the run.
  static std::uint64_t pipeline_key(const RunAttributes& run) { return bits(run.key, kPipeline); }
  /// How long its submitter waits for the run.
  static Duration patience(const RunAttributes& run, const Distribution& patience) {
    Stream stream(bits(run.key, kPatience));
    return patience.duration(stream);
  }
  /// Uniform in [0, 1): the jitter of the back-off after the n-th attempt to submit, from 1.
  static double retry_jitter(std::uint64_t run_key, std::uint32_t attempt) {
    return static_cast<double>(bits(run_key, kRetries + attempt) >> 11) * 0x1.0p-53;
  }

 private:
  // Places in a run's stream.
  static constexpr std::uint64_t kWorkspace = 0, kWorkflow = 1, kLevel = 2, kOptions = 3,
                                 kPipeline = 7, kCredentials = 8, kPatience = 40, kRetries = 64;

  /// The place-th number of the stream, without the ones before it.
  static std::uint64_t bits(std::uint64_t run_key, std::uint64_t place) {
    return mix64(run_key + (place + 1) * 0x9E3779B97F4A7C15);
  }
  RunOptions options(std::uint64_t run_key) const;

  const SubmitterConfig* config_;
  StreamKeys run_keys_;
  WeightedChoice workspace_, workflow_, level_;
  std::vector<PriorityLevel> levels_;
  bool several_workspaces_;
  bool several_uses_;
  bool any_options_;
};

}  // namespace sluice

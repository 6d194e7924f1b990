// Simulates trials: settings × replications as pieces of work over threads.
//
// Results lie by number of the replication, so they are the same on any number of threads. All
// settings draw from the same streams (common random numbers): replication i of one is to be held
// against replication i of another.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>

#include "experiments/rounds/trial.hpp"
#include "experiments/settings/variants.hpp"

namespace sluice {

/// How far it is; any thread may read it.
struct TrialProgress {
  std::atomic<std::uint64_t> replications{0};  ///< simulated or found in the store
  std::atomic<std::uint64_t> wanted{0};        ///< of what was begun
  std::atomic<std::uint64_t> runs{0};          ///< accepted in them
};

struct TrialOptions {
  unsigned threads = 0;                     ///< 0: one per core
  const std::atomic<bool>* stop = nullptr;  ///< may be null
  TrialProgress* progress = nullptr;        ///< may be null
  Further further;
};

class TrialRunner {
 public:
  TrialRunner(const Variants& variants, TrialOptions options);

  /// Brings each trial to `count` replications (one, where nothing is drawn) and judges it at
  /// `confidence`. False: told to stop; trials that are not finished then are as before. Throws
  /// bad_input for a setting that cannot be loaded.
  bool run(std::span<Trial* const> trials, std::uint32_t count, double confidence);

 private:
  struct Work;  // a trial under way, with its scenario
  bool run_some(std::span<Trial* const> trials, std::uint32_t count, double confidence);
  void prepare(Work& work, std::uint32_t count) const;
  void simulate(Work& work, std::uint32_t index) const;
  void judge(Work& work, double confidence) const;
  bool told_to_stop() const;

  const Variants& variants_;
  TrialOptions options_;
};

}  // namespace sluice

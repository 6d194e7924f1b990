// Simulates trials: settings × replications as pieces of work over threads.
//
// Results lie by number of the replication, so they are the same on any number of threads. All
// settings draw from the same streams (common random numbers): replication i of one is to be held
// against replication i of another.
//
// With a store, a replication is on disk before it counts, and one that is there is not done again.
// What was asked for depends on results alone, never on who was fast: so who begins anew with the
// same store goes the same way. A shard does its part of each round, and cannot go on before the
// others have done theirs.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/rounds/looks.hpp"
#include "experiments/rounds/trial.hpp"
#include "experiments/settings/variants.hpp"
#include "experiments/shard.hpp"
#include "experiments/store/point_store.hpp"
#include "experiments/store/store_identity.hpp"
#include "experiments/store/store_manifest.hpp"
#include "reports/settings/experiment.hpp"

namespace sluice {

/// How far it is; any thread may read it.
struct TrialProgress {
  std::atomic<std::uint64_t> replications{0};  ///< simulated or found in the store
  std::atomic<std::uint64_t> wanted{0};        ///< of what was begun
  std::atomic<std::uint64_t> runs{0};          ///< accepted in them
};

/// Where finished replications are kept.
struct TrialStore {
  PointStore* points = nullptr;
  std::string folder;          ///< of the store: a shard writes there what is wanted
  std::optional<Shard> shard;  ///< none: this process does everything
};

struct TrialOptions {
  unsigned threads = 0;                     ///< 0: one per core
  const std::atomic<bool>* stop = nullptr;  ///< may be null
  TrialProgress* progress = nullptr;        ///< may be null
  const TrialStore* store = nullptr;        ///< may be null
};

enum class RunEnd : std::uint8_t {
  done,
  stopped,  ///< told to
  waiting   ///< a shard: for what others have to do
};

class TrialRunner {
 public:
  /// `further`: see asked_for().
  TrialRunner(const Variants& variants, Further further, const TrialOptions& options);

  /// From now on trials are of these variants, with the same measures. `scope`: what their settings
  /// have in common leads their keys in a store. Keeps a reference.
  void turn_to(const Variants& variants, std::string scope);

  /// Brings each trial to `count` replications (one, where nothing is drawn) and judges it at
  /// `confidence`. False: see end(); trials that are not finished then are as before. Throws
  /// bad_input for a setting that cannot be loaded, or that the store has otherwise. `judged`: told
  /// of each that was judged, from the caller's thread, before most others begin.
  bool run(std::span<Trial* const> trials, std::uint32_t count, double confidence,
           const std::function<void(Trial&)>& judged = {});
  /// Why the last run was not done.
  RunEnd end() const { return end_; }

 private:
  struct Work;  // a trial under way, with its scenario
  /// A piece of work: a replication of a trial that is not in memory yet.
  struct Piece {
    Work* work;
    std::uint32_t index;
    std::uint64_t position;  // among all that is wanted of the experiment
  };
  bool run_some(std::span<Trial* const> trials, std::uint32_t count, double confidence,
                const std::function<void(Trial&)>& judged);
  std::vector<Piece> pieces_of(std::vector<Work>& works);
  void want(const std::vector<Piece>& pieces);
  void prepare(Work& work, std::uint32_t count) const;
  void simulate(const Piece& piece) const;
  std::optional<ReplicationResult> stored(const Work& work, std::uint32_t number) const;
  void store(const Work& work, std::uint32_t number, const ReplicationResult& result) const;
  void judge(Work& work, double confidence) const;
  bool told_to_stop() const;

  std::string key_of(const Trial& trial) const;

  const Variants* variants_;
  std::string scope_;
  Further further_;
  TrialOptions options_;
  StoreManifest manifest_;  // of a shard: what was wanted so far
  std::uint64_t position_ = 0;
  RunEnd end_ = RunEnd::done;
};

/// Whose points a store has that belongs to an experiment with these variants and measures.
StoreIdentity store_identity(const Variants& variants, const Further& further,
                             const std::string& build_id);

/// What is true of all experiments with the variants. `cost`: an expression, or empty.
ExperimentHeader experiment_header(const Variants& variants, const Looks& looks, std::string cost,
                                   std::string build_id);

}  // namespace sluice

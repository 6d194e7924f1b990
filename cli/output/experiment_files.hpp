// The arguments that experiments with settings of a scenario share, and the files of what they
// find.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/output/output.hpp"
#include "cli/output/output_names.hpp"
#include "cli/scenario_arguments.hpp"
#include "cli/shard_arguments.hpp"
#include "experiments/rounds/looks.hpp"
#include "experiments/rounds/trial_runner.hpp"
#include "experiments/settings/variants.hpp"
#include "experiments/store/point_store.hpp"
#include "reports/settings/experiment.hpp"
#include "scenarios/loader/loader.hpp"

namespace sluice {

/// Filled in by the parser.
struct ExperimentArguments {
  std::string file;
  ScenarioArguments scenario;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> replications;
  std::optional<std::uint32_t> most_replications;
  unsigned threads = 0;
  std::string json, csv, markdown;
  bool quiet = false;
  bool full = false;
  std::string colour = "auto";
  std::string store;
  ShardArguments shard;

  void add_to(CLI::App& command);
  LoaderOptions load_options() const;
  Looks looks(const Scenario& scenario) const;
  std::vector<NamedOutput> outputs() const;
  bool prints() const;
};

/// The store that the arguments name, opened, if they name one.
class ExperimentStore {
 public:
  /// Throws bad_input (a shard without a store; a store of something else) or output_failed().
  ExperimentStore(const ExperimentArguments& arguments, const Variants& variants);

  /// Null: there is none.
  const TrialStore* get() const { return points_ ? &store_ : nullptr; }
  /// What to say of an experiment of which this process does a part: there is no result to print.
  std::string shard_text(const ExperimentHeader& header) const;
  bool is_shard() const { return store_.shard.has_value(); }

 private:
  std::optional<PointStore> points_;
  TrialStore store_;
};

/// Made before the work starts, so that what cannot be written is found at once.
class ExperimentFiles {
 public:
  /// Throws output_failed().
  explicit ExperimentFiles(const ExperimentArguments& arguments);
  /// Each text is made only if its file is wanted. Throws output_failed().
  void write(const std::function<std::string()>& json, const std::function<std::string()>& csv,
             const std::function<std::string()>& markdown);

 private:
  std::optional<OutputFile> json_, csv_, markdown_;
};

}  // namespace sluice

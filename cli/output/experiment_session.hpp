// What the commands that experiment with settings of a scenario share: their arguments, and a run
// from the opened store to the files that were asked for.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/output/output.hpp"
#include "cli/output/output_names.hpp"
#include "cli/output/progress_line.hpp"
#include "cli/rounds_arguments.hpp"
#include "cli/scenario_arguments.hpp"
#include "cli/shard_arguments.hpp"
#include "cli/stop_signals.hpp"
#include "experiments/rounds/looks.hpp"
#include "experiments/rounds/trial_runner.hpp"
#include "experiments/settings/variants.hpp"
#include "experiments/store/point_store.hpp"
#include "reports/settings/experiment.hpp"
#include "reports/terminal/screen.hpp"
#include "scenarios/loader/loader.hpp"

namespace sluice {

/// Filled in by the parser.
struct ExperimentArguments {
  std::string file;
  ScenarioArguments scenario;
  std::optional<std::uint64_t> seed;
  RoundsArguments rounds;
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
};

/// What an experiment found, in each form; each is made only if it is wanted.
struct ExperimentForms {
  std::function<std::string()> json, csv, markdown;
  std::function<std::string(const TerminalStyle&)> terminal;
};

/// Opens everything before the work starts, so that what cannot be written is found at once.
class ExperimentSession {
 public:
  /// Throws bad_input (a shard without a store, or with files for a result; a store of something
  /// else) or output_failed(). Keeps references to both.
  ExperimentSession(const ExperimentArguments& arguments, const Variants& variants);

  /// What the experiment is to be run with.
  TrialOptions trials();
  /// What `experiment` returns, with its wall time; with progress meanwhile.
  template <class Experiment>
  auto timed(const Experiment& experiment) {
    const ProgressLine line(progress_, !arguments_.quiet);
    const auto begin = std::chrono::steady_clock::now();
    auto result = experiment();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    result.header.wall_seconds = wall.count();
    return result;
  }
  /// Writes and prints what was asked for. Returns the exit code of the process: `code`, unless a
  /// signal came. A shard has no result, and says how it ended: with ok if all is done, with
  /// inconclusive if others have to do their part first. Throws output_failed().
  int conclude(const ExperimentHeader& header, const ExperimentForms& forms, ExitCode code);

 private:
  std::string shard_text(const ExperimentHeader& header) const;

  const ExperimentArguments& arguments_;
  StopSignals signals_;
  TrialProgress progress_;
  std::optional<PointStore> points_;
  TrialStore store_;
  std::optional<OutputFile> json_, csv_, markdown_;
};

}  // namespace sluice

// The arguments that name a scenario and change its values, shared by the subcommands that load
// one.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/settings/choice.hpp"
#include "experiments/settings/variants.hpp"
#include "scenarios/loader/loader.hpp"

namespace sluice {

/// Filled in by the parser.
struct ScenarioArguments {
  std::vector<std::string> params;  ///< NAME=value
  std::vector<std::string> sets;    ///< path=value

  void add_to(CLI::App& command);
  LoaderOptions load_options() const;
};

/// `--seed N`, any that a scenario may have.
void add_seed(CLI::App& command, std::optional<std::uint64_t>& seed);

/// `--replications N|auto`, of what is simulated to be judged; empty: as the scenario says.
void add_replications(CLI::App& command, std::string& replications, const std::string& meaning);

/// The values of a repeatable option such as --vary, for params and paths of the scenario, and not
/// too many settings together. Throws bad_input.
std::vector<Choice> parse_choices(const std::string& option, const std::vector<std::string>& texts,
                                  const Variants& variants);

/// Prints errors and warnings of a load to standard error.
void print_diagnostics(const LoadedScenario& result);

/// The scenario, or none after its errors have been printed.
std::optional<Scenario> load_or_explain(const std::string& file, const LoaderOptions& options);
/// The same; a scenario in which nobody starts a run is a mistake as well.
std::optional<Scenario> load_submitting_or_explain(const std::string& file,
                                                   const LoaderOptions& options);

}  // namespace sluice

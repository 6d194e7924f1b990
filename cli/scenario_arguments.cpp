#include "cli/scenario_arguments.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/failure.hpp"
#include "cli/output/output.hpp"
#include "experiments/settings/grid.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"

namespace sluice {
namespace {

std::string needs_equals_sign(const std::string& text) {
  const std::size_t sign = text.find('=');
  if (sign != std::string::npos && sign > 0) return "";
  return fmt::format("'{}' has no '=' between name and value", text);
}

/// The parser would take -1 for the largest number there is.
std::string is_no_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, seed);
  if (problem == std::errc{} && stop == end && seed <= kMaxWhole) return "";
  return fmt::format("'{}' is no whole number from 0 to {}", text, kMaxWhole);
}

/// Empty: it is one, or `auto`.
std::string is_no_count(const std::string& text) {
  std::uint32_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, count);
  const bool is_count = problem == std::errc{} && stop == end && count >= 1 && count <= 100'000;
  if (is_count || text == "auto") return "";
  return fmt::format("'{}' is neither a number from 1 to 100000 nor `auto`", text);
}

std::vector<std::pair<std::string, std::string>> split(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& text : texts) {
    const std::size_t sign = text.find('=');
    pairs.emplace_back(text.substr(0, sign), text.substr(sign + 1));
  }
  return pairs;
}

}  // namespace

void ScenarioArguments::add_to(CLI::App& command) {
  command.add_option("-p,--param", params, "Value of a parameter of the scenario: NAME=value")
      ->allow_extra_args(false)
      ->type_name("NAME=value")
      ->check(needs_equals_sign);
  command
      .add_option("--set", sets,
                  "Changes any value of the scenario: path=value, as in workflows.claims.steps=3")
      ->allow_extra_args(false)
      ->type_name("path=value")
      ->check(needs_equals_sign);
}

void add_seed(CLI::App& command, std::optional<std::uint64_t>& seed) {
  command.add_option("--seed", seed, "Seed of all random draws")->type_name("N")->check(is_no_seed);
}

void add_replications(CLI::App& command, std::string& replications, const std::string& meaning) {
  command
      .add_option("--replications", replications,
                  meaning + "; auto: as many as decide what is expected")
      ->type_name("N|auto")
      ->check(is_no_count);
}

LoaderOptions ScenarioArguments::load_options() const { return {split(params), split(sets)}; }

std::vector<Choice> parse_choices(const std::string& option, const std::vector<std::string>& texts,
                                  const Variants& variants) {
  std::vector<Choice> choices;
  for (const std::string& text : texts) {
    const Parsed<Choice> choice = parse_choice(text);
    if (!choice)
      throw bad_input(fmt::format("{} {}: at {}: {}", option, text, choice.error.offset + 1,
                                  choice.error.message));
    choices.push_back(*choice);
  }
  variants.check(choices);
  if (size_of_grid(choices) > kMostSettings)
    throw bad_input(fmt::format("{}: more than {} settings", option, kMostSettings));
  return choices;
}

void print_diagnostics(const LoadedScenario& result) {
  for (const Diagnostic& error : result.errors) print_error(error.to_string() + "\n");
  for (const Diagnostic& warning : result.warnings) print_error(warning.to_string() + "\n");
}

std::optional<Scenario> load_or_explain(const std::string& file, const LoaderOptions& options) {
  LoadedScenario result = load_scenario(file, options);
  print_diagnostics(result);
  return std::move(result.scenario);
}

std::optional<Scenario> load_submitting_or_explain(const std::string& file,
                                                   const LoaderOptions& options) {
  std::optional<Scenario> scenario = load_or_explain(file, options);
  if (!scenario || !scenario->submitters.empty()) return scenario;
  throw bad_input(file +
                  " has no submitters, so nobody starts a run: only `sluice serve` is for it");
}

}  // namespace sluice

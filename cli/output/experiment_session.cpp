#include "cli/output/experiment_session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/failure.hpp"
#include "cli/output/terminal.hpp"
#include "cli/version.hpp"
#include "experiments/rounds/measures.hpp"
#include "experiments/store/point_files.hpp"

namespace sluice {
void ExperimentArguments::add_to(CLI::App& command) {
  command.add_option("FILE", file, "Scenario file")->required();
  add_seed(command, seed);
  rounds.add_to(command, "setting", "200, and 1000 where a limit is on a share of them");
  scenario.add_to(command);
  command
      .add_option("--store", store,
                  "Keeps each finished replication in this folder, and goes on from what is there")
      ->type_name("DIR");
  shard.add_to(command);
  command.add_option("--json", json, "Writes what was found as JSON; - is standard output")
      ->type_name("FILE");
  command.add_option("--csv", csv, "Writes it as CSV; - is standard output")->type_name("FILE");
  command.add_option("--markdown", markdown, "Writes it as Markdown; - is standard output")
      ->type_name("FILE");
  command.add_flag("-q,--quiet", quiet, "Prints nothing, and no progress");
  command.add_flag("--full", full, "All rows on the terminal");
  command.add_option("--color,--colour", colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
}

LoaderOptions ExperimentArguments::load_options() const {
  LoaderOptions options = scenario.load_options();
  if (seed) options.sets.emplace_back("seed", std::to_string(*seed));
  return options;
}

Looks ExperimentArguments::looks(const Scenario& scenario) const {
  const bool shares = std::ranges::any_of(
      scenario.expectations, [](const auto& e) { return e.in_replications.has_value(); });
  return rounds.looks(shares ? kMostForShares : kMostForMeans);
}

std::vector<NamedOutput> ExperimentArguments::outputs() const {
  return {{"--json", json}, {"--csv", csv}, {"--markdown", markdown}};
}

ExperimentSession::ExperimentSession(const ExperimentArguments& arguments, const Variants& variants)
    : arguments_(arguments), store_{nullptr, arguments.store, arguments.shard.shard()} {
  if (store_.shard && arguments.store.empty())
    throw bad_input("a shard needs a store for what it does: --store DIR");
  for (const NamedOutput& output : arguments.outputs())
    if (store_.shard && !output.name.empty())
      throw bad_input(fmt::format("{}: a shard has no result; the same command without --shard has",
                                  output.option));
  if (!arguments.store.empty()) {
    const std::string file = store_.shard
                                 ? shard_points_file(store_.shard->index, store_.shard->count)
                                 : std::string(kPointsFile);
    const Further further = further_of(measures_of(*variants.base().scenario));
    points_.emplace(arguments.store, store_identity(variants, further, build_id()), file);
    store_.points = &*points_;
  }
  open_if_named(json_, arguments.json);
  open_if_named(csv_, arguments.csv);
  open_if_named(markdown_, arguments.markdown);
}

TrialOptions ExperimentSession::trials() {
  TrialOptions trials;
  trials.threads = arguments_.rounds.threads;
  trials.stop = &signals_.stop();
  trials.progress = &progress_;
  if (points_) trials.store = &store_;
  return trials;
}

std::string ExperimentSession::shard_text(const ExperimentHeader& header) const {
  const std::string part = fmt::format("shard {} of {}", store_.shard->index, store_.shard->count);
  if (header.waiting)
    return fmt::format(
        "{}: its part is done; the others have to do theirs before the next round: `sluice merge "
        "--store {}` says which\n",
        part, store_.folder);
  return header.complete
             ? fmt::format("{}: all is done; the same command without --shard tells the result\n",
                           part)
             : fmt::format("{}: ended early; the same command goes on\n", part);
}

int ExperimentSession::conclude(const ExperimentHeader& header, const ExperimentForms& forms,
                                ExitCode code) {
  const int signal = signals_.signal();
  if (store_.shard) {
    if (!arguments_.quiet) print(shard_text(header));
    if (signal != 0) return 128 + signal;
    return static_cast<int>(header.waiting ? ExitCode::inconclusive : ExitCode::ok);
  }
  write_if_open(json_, forms.json);
  write_if_open(csv_, forms.csv);
  write_if_open(markdown_, forms.markdown);
  if (!arguments_.quiet && on_standard_output(arguments_.outputs()).empty()) {
    TerminalStyle style = standard_output_style(arguments_.colour);
    style.brief = !arguments_.full;
    print(forms.terminal(style));
  }
  return signal != 0 ? 128 + signal : static_cast<int>(code);
}

}  // namespace sluice

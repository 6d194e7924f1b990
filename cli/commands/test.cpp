// sluice test PATH…: are the scenario files of folders met? One line a file, what is not met in
// full, and the formats that CI reads.
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/failure.hpp"
#include "base/text/units.hpp"
#include "cli/command.hpp"
#include "cli/output/baseline_files.hpp"
#include "cli/output/output.hpp"
#include "cli/output/output_names.hpp"
#include "cli/output/progress_line.hpp"
#include "cli/output/terminal.hpp"
#include "cli/output/test_outputs.hpp"
#include "cli/scenario_arguments.hpp"
#include "cli/shard_arguments.hpp"
#include "cli/stop_signals.hpp"
#include "cli/version.hpp"
#include "experiments/run_tests.hpp"
#include "reports/ci/github_annotations.hpp"
#include "reports/terminal/test_run.hpp"

namespace sluice {
namespace {

struct TestArguments {
  std::vector<std::string> paths;
  ScenarioArguments scenario;
  std::optional<std::uint64_t> seed;
  std::string replications;
  unsigned threads = 0;
  ShardArguments shard;
  TestOutputArguments outputs;
  bool github = false;
  std::string baseline, tolerance = "10%";
  bool update_baseline = false;
  bool quiet = false;
  std::string colour = "auto";

  LoaderOptions load_options() const {
    LoaderOptions options = scenario.load_options();
    if (seed) options.sets.emplace_back("seed", std::to_string(*seed));
    if (!replications.empty()) options.sets.emplace_back("replications", replications);
    return options;
  }
};

double tolerance_of(const TestArguments& arguments) {
  const Parsed<double> tolerance = parse_share(arguments.tolerance);
  if (!tolerance)
    throw bad_input(
        fmt::format("--tolerance {}: {}", arguments.tolerance, tolerance.error.message));
  return *tolerance;
}

/// "tested 12 of 40 files · 2 not met".
std::string test_progress_text(const TestProgress& progress) {
  std::string text =
      fmt::format("tested {} of {} files", progress.done.load(), progress.files.load());
  if (const std::size_t not_met = progress.not_met; not_met > 0)
    text += fmt::format(" · {} not met", not_met);
  return text;
}

TestRun run_shown(const TestFiles& files, const TestArguments& arguments,
                  const std::optional<Shard>& shard, const StopSignals& signals) {
  TestProgress progress;
  TestOptions options;
  options.threads = arguments.threads;
  options.loader = arguments.load_options();
  options.build_id = build_id();
  options.shard = shard;
  options.stop = &signals.stop();
  options.progress = &progress;
  const ProgressLine line([&progress](double) { return test_progress_text(progress); },
                          !arguments.quiet);
  return run_tests(files, options, machine_clock());
}

/// For people, and for GitHub: its commands go where no file of ours goes.
void print_test_run(const TestRun& run, const TestArguments& arguments) {
  const bool taken = !on_standard_output(arguments.outputs.names()).empty();
  // Before everything that a user's text could look like a command in.
  if (arguments.github) (taken ? print_error : print)(github_annotations(run));
  for (const TestedFile& tested : run.files)
    for (const TestProblem& problem : tested.problems)
      if (problem.warning) print_error(problem.text + "\n");
  if (arguments.quiet)
    print_error(render_unmet_tests(run, standard_error_style(arguments.colour)));
  else if (!taken)
    print(render_test_run(run, standard_output_style(arguments.colour)));
}

int test(const TestArguments& arguments) {
  const double tolerance = tolerance_of(arguments);
  const std::optional<Shard> shard = arguments.shard.shard();
  const TestFiles files = find_test_files(arguments.paths);
  std::vector<std::string> inputs = files.tests;
  for (const TestFiles::Part& part : files.parts) inputs.push_back(part.file);
  check_outputs(arguments.outputs.names(), inputs);
  const StopSignals signals;
  TestOutputs outputs(arguments.outputs);
  if (arguments.update_baseline) make_output_folder(arguments.baseline);

  TestRun run = run_shown(files, arguments, shard, signals);
  if (!shard && count_of(run, TestOutcome::skipped) == run.files.size())
    throw bad_input("none of the files is a test: a scenario without submitters is only served");
  ExitCode code = ExitCode::ok;
  if (arguments.update_baseline)
    code = update_baselines(arguments.baseline, run);
  else if (!arguments.baseline.empty())
    hold_against_baselines(arguments.baseline, tolerance, run);
  code = first_that_counts(code, outputs.write(run));
  print_test_run(run, arguments);
  if (signals.signal() != 0) return 128 + signals.signal();
  return static_cast<int>(first_that_counts(code, exit_code_of(run)));
}

void add_baseline_options(CLI::App& command, TestArguments& arguments) {
  CLI::Option* baseline =
      command
          .add_option("--baseline", arguments.baseline,
                      "Holds the figures of expectations against what passing runs left in DIR")
          ->type_name("DIR");
  command
      .add_option("--tolerance", arguments.tolerance,
                  "What a figure may be worse than its baseline; 10% if not given")
      ->type_name("SHARE")
      ->needs(baseline);
  command
      .add_flag("--update-baseline", arguments.update_baseline,
                "Writes the baselines of files that pass instead of holding against them")
      ->needs(baseline);
}

}  // namespace

void add_test(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<TestArguments>();
  CLI::App* command =
      app.add_subcommand("test", "Runs scenario files as tests: is what they expect met?");
  command
      ->add_option("PATH", arguments->paths,
                   "Scenario files, and folders with scenario files (*.yaml)")
      ->required();
  add_seed(*command, arguments->seed);
  add_replications(*command, arguments->replications, "Independent replications of each");
  command->add_option("--threads", arguments->threads, "Threads; one per core if not given")
      ->type_name("N")
      ->check(CLI::Range(1u, 1024u));
  arguments->scenario.add_to(*command);
  arguments->shard.add_to(*command);
  arguments->outputs.add_to(*command);
  command->add_flag("--github", arguments->github,
                    "Prints workflow commands of GitHub Actions for what is not met");
  add_baseline_options(*command, *arguments);
  command->add_flag("-q,--quiet", arguments->quiet,
                    "No report and no progress; what is not met goes to standard error");
  command->add_option("--color,--colour", arguments->colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  command->footer(kExitCodesText);
  command->callback([arguments, &action] { action = [arguments] { return test(*arguments); }; });
}

}  // namespace sluice

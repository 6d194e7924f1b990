// sluice simulate FILE: runs a scenario in virtual time and reports who starves and what throughput
// results.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "cli/progress_line.hpp"
#include "cli/run_log_files.hpp"
#include "cli/scenario_arguments.hpp"
#include "cli/stop_signals.hpp"
#include "cli/terminal.hpp"
#include "cli/version.hpp"
#include "reports/render_csv.hpp"
#include "reports/render_json.hpp"
#include "reports/render_markdown.hpp"
#include "reports/render_terminal.hpp"
#include "sim/experiment.hpp"
#include "sim/run_story.hpp"

namespace sluice {
namespace {

struct SimulateArguments {
  std::string file;
  ScenarioArguments scenario;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> replications;
  unsigned threads = 0;
  std::string json, csv, markdown, runs, explain;
  bool quiet = false;
  std::string colour = "auto";

  LoadOptions load_options() const {
    LoadOptions options = scenario.load_options();
    if (seed) options.sets.emplace_back("seed", std::to_string(*seed));
    if (replications) options.sets.emplace_back("replications", std::to_string(*replications));
    return options;
  }
  /// How many outputs go to standard output instead of the terminal report.
  int outputs_on_standard_output() const {
    int count = 0;
    for (const std::string* name : {&json, &markdown, &runs})
      if (*name == kStandardOutput) ++count;
    return count;
  }
};

int bad_input(const std::string& message) {
  print_error(fmt::format("sluice: {}\n", message));
  return static_cast<int>(ExitCode::bad_input);
}

/// What listens to the replications besides the recorder.
struct Listening {
  std::optional<RunName> explained;
  Story story;  // of replication 0
  std::unique_ptr<RunLogFiles> log;

  Listeners for_replication(std::uint32_t number, const Scenario& scenario,
                            const Recorder& recorder) {
    Listeners listeners;
    if (explained && number == 0)
      listeners.push_back(std::make_unique<RunStory>(*explained, scenario, recorder, story));
    if (log != nullptr) log->listen(number, recorder, listeners);
    return listeners;
  }
};

Report run(const Scenario& scenario, const SimulateArguments& arguments, const StopSignals& signals,
           Listening& listening) {
  ExperimentProgress progress(scenario);
  ExperimentOptions options;
  options.threads = arguments.threads;
  options.build_id = build_id();
  options.stop = &signals.stop();
  options.progress = &progress;
  options.listeners = [&](std::uint32_t number, const Recorder& recorder) {
    return listening.for_replication(number, scenario, recorder);
  };
  const auto begin = std::chrono::steady_clock::now();
  const ProgressLine line(progress, !arguments.quiet);
  Report report = run_experiment(scenario, options);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  report.header.wall_seconds = wall.count();
  return report;
}

std::string story_text(const RunName& run, const Story& story, const Scenario& scenario) {
  std::string text = fmt::format("{} in scenario {}, seed {}", to_string(run, scenario),
                                 scenario.name, scenario.seed);
  if (scenario.replications > 1)
    text += fmt::format(", first of {} replications", scenario.replications);
  text += "\n\n";
  const auto width = static_cast<std::size_t>(standard_output_style("never").width);
  return text + render_story(story, width);
}

/// The files of a report: made before the simulation starts, which may take an hour, so that what
/// cannot be written is found at once.
class ReportFiles {
 public:
  explicit ReportFiles(const SimulateArguments& arguments) : csv_(arguments.csv) {
    if (!arguments.json.empty()) json_.emplace(arguments.json);
    if (!arguments.markdown.empty()) markdown_.emplace(arguments.markdown);
    if (!csv_.empty()) make_output_folder(csv_);
  }

  void write(const Report& report) {
    if (json_) write_and_commit(*json_, render_json(report));
    if (markdown_) write_and_commit(*markdown_, render_markdown(report));
    if (csv_.empty()) return;
    try {
      write_csv(report, csv_);
    } catch (const std::system_error& error) {
      throw OutputError(error.what());
    }
  }

 private:
  static void write_and_commit(OutputFile& file, const std::string& text) {
    file.stream() << text;
    file.commit();
  }

  std::optional<OutputFile> json_, markdown_;
  std::string csv_;
};

int exit_code(const Report& report, int signal) {
  if (signal != 0) return 128 + signal;
  if (report.verdict == Verdict::failed) return static_cast<int>(ExitCode::expectation_failed);
  if (report.verdict == Verdict::inconclusive) return static_cast<int>(ExitCode::inconclusive);
  return static_cast<int>(ExitCode::ok);
}

int simulate(const SimulateArguments& arguments) {
  if (arguments.outputs_on_standard_output() > 1)
    return bad_input("only one of --json, --markdown and --runs can go to standard output");
  const std::optional<Scenario> scenario =
      load_or_explain(arguments.file, arguments.load_options());
  if (!scenario) return static_cast<int>(ExitCode::bad_input);

  Listening listening;
  if (!arguments.explain.empty()) {
    const Parsed<RunName> name = parse_run_name(arguments.explain, *scenario);
    if (!name)
      return bad_input(fmt::format("--explain {}: {}", arguments.explain, name.error.message));
    listening.explained = *name;
  }
  const StopSignals signals;
  ReportFiles files(arguments);
  if (!arguments.runs.empty())
    listening.log = std::make_unique<RunLogFiles>(arguments.runs, *scenario);

  const Report report = run(*scenario, arguments, signals, listening);
  if (listening.explained && !listening.story.found && signals.signal() == 0)
    return bad_input(
        fmt::format("--explain {}: was never submitted; its submitter submitted {} runs",
                    arguments.explain, listening.story.submitted));
  if (listening.log != nullptr) listening.log->commit();
  files.write(report);
  if (listening.explained) {
    print(story_text(*listening.explained, listening.story, *scenario));
  } else if (!arguments.quiet && arguments.outputs_on_standard_output() == 0) {
    print(render_terminal(report, standard_output_style(arguments.colour)));
  }
  return exit_code(report, signals.signal());
}

void add_outputs(CLI::App& command, SimulateArguments& arguments) {
  command.add_option("--json", arguments.json, "Writes the report as JSON; - is standard output")
      ->type_name("FILE");
  command.add_option("--csv", arguments.csv, "Writes time series and tables as CSV files")
      ->type_name("DIR");
  command
      .add_option("--markdown", arguments.markdown,
                  "Writes the report as Markdown; - is standard output")
      ->type_name("FILE");
  command
      .add_option("--runs", arguments.runs, "Writes one JSON record per run; - is standard output")
      ->type_name("FILE");
  command
      .add_option("--explain", arguments.explain,
                  "Tells one run's story instead of the report, as in nightly#42")
      ->type_name("RUN");
  command.add_flag("-q,--quiet", arguments.quiet, "Prints no report and no progress");
  command.add_option("--color,--colour", arguments.colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
}

}  // namespace

void add_simulate(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<SimulateArguments>();
  CLI::App* command =
      app.add_subcommand("simulate", "Simulates a scenario and reports who starves");
  command->add_option("FILE", arguments->file, "Scenario file")->required();
  command->add_option("--seed", arguments->seed, "Seed of all random draws")->type_name("N");
  command->add_option("--replications", arguments->replications, "Independent replications")
      ->type_name("N")
      ->check(CLI::Range(1u, 100'000u));
  command->add_option("--threads", arguments->threads, "Threads; one per core if not given")
      ->type_name("N")
      ->check(CLI::Range(1u, 1024u));
  arguments->scenario.add_to(*command);
  add_outputs(*command, *arguments);
  command->footer(kExitCodesText);
  command->callback(
      [arguments, &action] { action = [arguments] { return simulate(*arguments); }; });
}

}  // namespace sluice

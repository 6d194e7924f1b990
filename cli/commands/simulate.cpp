// sluice simulate FILE: runs a scenario in virtual time and reports who starves and what throughput
// results.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/failure.hpp"
#include "base/text/units.hpp"
#include "base/time.hpp"
#include "cli/command.hpp"
#include "cli/output/origin.hpp"
#include "cli/output/output.hpp"
#include "cli/output/progress_line.hpp"
#include "cli/output/report_files.hpp"
#include "cli/output/run_log_files.hpp"
#include "cli/output/terminal.hpp"
#include "cli/scenario_arguments.hpp"
#include "cli/stop_signals.hpp"
#include "cli/version.hpp"
#include "experiments/progress.hpp"
#include "experiments/replications.hpp"
#include "reports/recorder.hpp"
#include "reports/runs/run_story.hpp"
#include "reports/terminal/hours.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {
namespace {

struct SimulateArguments {
  std::string file;
  ScenarioArguments scenario;
  std::optional<std::uint64_t> seed;
  std::string replications;
  std::vector<std::string> precisions;
  unsigned threads = 0;
  std::string runs, explain;
  std::string bucket;
  std::string by;
  ReportArguments report;

  LoaderOptions load_options() const {
    LoaderOptions options = scenario.load_options();
    if (seed) options.sets.emplace_back("seed", std::to_string(*seed));
    if (!replications.empty()) options.sets.emplace_back("replications", replications);
    if (!precisions.empty()) options.sets.emplace_back("replications", "auto");
    return options;
  }
  std::vector<NamedOutput> outputs() const {
    std::vector<NamedOutput> all = report.outputs();
    all.push_back({"--runs", runs});
    return all;
  }
  /// Of a page: what decides the figures.
  HtmlOptions origin() const {
    std::vector<std::string> options;
    const auto add = [&](const char* option, const std::string& value) {
      options.insert(options.end(), {option, value});
    };
    if (seed) add("--seed", std::to_string(*seed));
    if (!replications.empty()) add("--replications", replications);
    for (const std::string& precision : precisions) add("--precision", precision);
    if (!bucket.empty()) add("--bucket", bucket);
    return origin_of("simulate", file, scenario, options);
  }
};

/// What listens to the replications besides the recorder.
struct Listening {
  std::optional<RunName> explained;
  Story story;  // of replication 0
  std::unique_ptr<RunLogFiles> log;

  Listeners for_replication(std::uint32_t number, const Scenario& scenario,
                            const Recorder& recorder) {
    Listeners listeners;
    if (explained && number == 0)
      listeners.push_back(make_run_story(*explained, scenario.pipeline, recorder, story));
    if (log != nullptr) log->listen(number, recorder, listeners);
    return listeners;
  }
};

/// Zero: none was given.
Duration bucket_of(const SimulateArguments& arguments, const Scenario& scenario) {
  if (arguments.bucket.empty()) return {};
  const Parsed<Duration> bucket = parse_duration(arguments.bucket);
  if (!bucket || bucket->ns <= 0)
    throw bad_input(fmt::format("--bucket {}: {}", arguments.bucket,
                                bucket ? "must be longer than 0" : bucket.error.message));
  if (scenario.duration.ns / bucket->ns >= kMostTimeLineBuckets)
    throw bad_input(fmt::format(
        "--bucket {}: that is more than {} buckets in {}; at least {} is possible",
        arguments.bucket, format_count(static_cast<double>(kMostTimeLineBuckets)),
        format_exact(scenario.duration),
        format_duration(scenario.duration.seconds() / static_cast<double>(kMostTimeLineBuckets))));
  return *bucket;
}

Report run(const Scenario& scenario, const SimulateArguments& arguments, const StopSignals& signals,
           Listening& listening) {
  ExperimentProgress progress(scenario);
  ExperimentOptions options;
  options.threads = arguments.threads;
  options.build_id = build_id();
  options.stop = &signals.stop();
  options.progress = &progress;
  options.in_detail = arguments.report.wants_details() || !arguments.by.empty();
  options.bucket = bucket_of(arguments, scenario);
  options.listeners = [&](std::uint32_t number, const Recorder& recorder) {
    return listening.for_replication(number, scenario, recorder);
  };
  const auto begin = std::chrono::steady_clock::now();
  const ProgressLine line(progress, !arguments.report.quiet);
  Report report = run_experiment(scenario, options);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  report.header.wall_seconds = wall.count();
  return report;
}

std::string story_text(const RunName& run, const Story& story, const Scenario& scenario) {
  std::string text =
      fmt::format("{} in scenario {}, seed {}", to_string(run, submitter_names(scenario)),
                  scenario.name, scenario.seed);
  if (scenario.replications.value_or(1) > 1)
    text += fmt::format(", first of {} replications", *scenario.replications);
  text += "\n\n";
  const auto width = static_cast<std::size_t>(standard_output_style("never").width);
  return text + render_story(story, width, scenario.calendar);
}

/// What --precision wants is expected like what the scenario says.
void expect_precisions(const std::vector<std::string>& precisions, Scenario& scenario) {
  const Names names = names_of(scenario.pipeline, submitter_names(scenario));
  for (const std::string& text : precisions) {
    Parsed<Expectation> wanted = parse_precision(text, names);
    if (!wanted) throw bad_input(fmt::format("--precision {}: {}", text, wanted.error.message));
    scenario.expectations.push_back(std::move(*wanted));
  }
}

int simulate(const SimulateArguments& arguments) {
  const auto sets_replications = [](const std::string& set) {
    return set.starts_with("replications=");
  };
  if (!arguments.precisions.empty() &&
      (!arguments.replications.empty() ||
       std::ranges::any_of(arguments.scenario.sets, sets_replications)))
    throw bad_input("--precision takes as many replications as it needs: leave out their number");
  check_outputs(arguments.outputs(), {arguments.file});
  std::optional<Scenario> scenario =
      load_submitting_or_explain(arguments.file, arguments.load_options());
  if (!scenario) return static_cast<int>(ExitCode::bad_input);
  expect_precisions(arguments.precisions, *scenario);

  Listening listening;
  if (!arguments.explain.empty()) {
    const Parsed<RunName> name = parse_run_name(arguments.explain, submitter_names(*scenario));
    if (!name)
      throw bad_input(fmt::format("--explain {}: {}", arguments.explain, name.error.message));
    listening.explained = *name;
  }
  const StopSignals signals;
  ReportFiles files(arguments.report);
  if (!arguments.runs.empty())
    listening.log = std::make_unique<RunLogFiles>(arguments.runs, *scenario);

  const Report report = run(*scenario, arguments, signals, listening);
  if (listening.explained && !listening.story.found && signals.signal() == 0)
    throw bad_input(
        fmt::format("--explain {}: was never submitted; its submitter submitted {} runs",
                    arguments.explain, listening.story.submitted));
  if (listening.log != nullptr) listening.log->commit();
  files.write(report, arguments.origin());
  if (listening.explained) {
    print(story_text(*listening.explained, listening.story, *scenario));
  } else {
    arguments.report.print_report(report, arguments.outputs());
    if (!arguments.by.empty() && arguments.report.prints_report(arguments.outputs()))
      print("\n" + render_hours(report, standard_output_style(arguments.report.colour)));
  }
  return exit_code(report, signals.signal());
}

void add_outputs(CLI::App& command, SimulateArguments& arguments) {
  command
      .add_option("--runs", arguments.runs, "Writes one JSON record per run; - is standard output")
      ->type_name("FILE");
  command
      .add_option("--explain", arguments.explain,
                  "Tells one run's story instead of the report, as in nightly#42")
      ->type_name("RUN");
  command
      .add_option("--bucket", arguments.bucket,
                  "Width of the buckets of time in --csv and --json, as in 1h")
      ->type_name("DURATION");
  command.add_option("--by", arguments.by, "Adds a table by hour of the day, and of the week")
      ->check(CLI::IsMember({"hour"}))
      ->type_name("WHAT");
  arguments.report.add_to(command);
}

}  // namespace

void add_simulate(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<SimulateArguments>();
  CLI::App* command =
      app.add_subcommand("simulate", "Simulates a scenario and reports who starves");
  command->add_option("FILE", arguments->file, "Scenario file")->required();
  add_seed(*command, arguments->seed);
  add_replications(*command, arguments->replications, "Independent replications");
  command
      ->add_option("--precision", arguments->precisions,
                   "Replications until half a figure's interval is at most this share of it, as in "
                   "'LOW.wait.p95: 5%' (repeatable)")
      ->allow_extra_args(false)
      ->type_name("METRIC:SHARE");
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

// sluice load FILE: the scenario's submitters in real time against a live start-run API.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/failure.hpp"
#include "base/text/http_url.hpp"
#include "base/text/units.hpp"
#include "cli/command.hpp"
#include "cli/commands/load_view.hpp"
#include "cli/open_files.hpp"
#include "cli/output/origin.hpp"
#include "cli/output/report_files.hpp"
#include "cli/scenario_arguments.hpp"
#include "cli/stop_signals.hpp"
#include "cli/version.hpp"
#include "http/client/ask.hpp"
#include "http/server/listener.hpp"
#include "load/load_run.hpp"
#include "load/prediction/predict.hpp"
#include "load/target/api_keys.hpp"
#include "load/target/safety.hpp"
#include "load/target/spawned_mock.hpp"

namespace sluice {
namespace {

struct LoadArguments {
  std::string file;
  ScenarioArguments scenario;
  std::optional<std::uint64_t> seed;
  std::string length, follow;
  std::optional<std::uint32_t> connections;

  std::string target;
  bool spawn = false;
  std::optional<double> time_scale;
  unsigned threads = 1;
  std::string key_file, ca_file;
  bool insecure = false;
  SafetyWishes safety;
  bool clean_up = false;
  std::string webhook_listen = "127.0.0.1:0", webhook_url;

  bool predict = false;
  std::uint32_t predict_replications = 400;
  std::string hdr;
  ReportArguments report;

  LoaderOptions load_options() const {
    LoaderOptions options = scenario.load_options();
    if (seed) options.sets.emplace_back("seed", std::to_string(*seed));
    if (!length.empty()) options.sets.emplace_back("duration", length);
    if (!follow.empty()) options.sets.emplace_back("load.follow", follow);
    if (connections) options.sets.emplace_back("load.connections", std::to_string(*connections));
    return options;
  }
  std::vector<NamedOutput> outputs() const {
    std::vector<NamedOutput> all = report.outputs();
    all.push_back({"--hdr", hdr});
    return all;
  }
};

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// ---- the target

std::vector<std::string> mock_command(const LoadArguments& arguments) {
  std::vector<std::string> command{own_program(), "serve",   arguments.file, "--listen",
                                   "127.0.0.1:0", "--quiet", "--log-level",  "off",
                                   "--grace",     "0s"};
  command.insert(command.end(),
                 {"--time-scale", fmt::format("{}", arguments.time_scale.value_or(1))});
  const LoaderOptions options = arguments.load_options();
  for (const auto& [name, value] : options.params)
    command.insert(command.end(), {"-p", fmt::format("{}={}", name, value)});
  for (const auto& [path, value] : options.sets)
    command.insert(command.end(), {"--set", fmt::format("{}={}", path, value)});
  // The same load twice is about the same ids; and it may ask for any of its runs at the end.
  command.insert(command.end(), {"--ids", "seeded", "--set", "serve.keep_finished_runs=100000"});
  // This client can take events before the answer that they follow, and answers nobody.
  command.insert(command.end(),
                 {"--set", "serve.streams.hold_back=0s", "--set", "serve.people=true"});
  return command;
}

Target target_of(const LoadArguments& arguments, const SpawnedMock* mock) {
  const std::string text = mock != nullptr ? mock->url() : arguments.target;
  const std::optional<Target> target = parse_target(text);
  if (!target)
    throw bad_input(
        fmt::format("--target {}: not http://HOST[:PORT][/PREFIX], https://… or unix:PATH", text));
  return *target;
}

HttpClientSettings http_settings(const LoadArguments& arguments, const Target& target) {
  HttpClientSettings settings;
  settings.target = target;
  if (target.tls) settings.tls = TlsContext::client(arguments.ca_file, !arguments.insecure);
  settings.proxy = proxy_for(target, environment);
  return settings;
}

/// Its pipeline begins again when the load does.
void reset(const HttpClientSettings& http) {
  const AskedAnswer answer =
      ask(http, "POST /_sluice/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
  if (answer.status != 200)
    throw std::runtime_error(
        fmt::format("the mock does not begin anew: HTTP {} {}", answer.status, answer.failure));
}

// ---- the load

LoadRunOptions run_options(const LoadArguments& arguments, const Scenario& scenario,
                           const Target& target) {
  const SafetyLimits limits = safety_limits(target, arguments.safety);
  const bool here = target.is_loopback();
  LoadRunOptions options;
  options.http = http_settings(arguments, target);
  options.api_keys = api_keys(scenario, arguments.key_file, environment, here);
  options.follow = scenario.load.follow;
  options.threads = arguments.threads;
  options.time_scale = arguments.time_scale.value_or(1);
  options.tag = fmt::format("{}-{}-{}", scenario.name, scenario.seed,
                            std::chrono::system_clock::now().time_since_epoch().count());
  options.dry_run = limits.dry_run;
  options.names_runs = here;
  options.max_per_s = limits.max_per_s;
  options.clean_up = arguments.clean_up;
  options.webhook_listen = arguments.webhook_listen;
  options.webhook_url = arguments.webhook_url;
  if (const auto url = parse_http_url(arguments.webhook_url);
      !url && !arguments.webhook_url.empty())
    throw bad_input(fmt::format("--webhook-url {}: {}", arguments.webhook_url, url.error.message));
  options.build_id = build_id();
  return options;
}

void add_prediction(const LoadArguments& arguments, const Scenario& scenario,
                    const StopSignals& signals, Report& report) {
  if (!arguments.predict || signals.stop()) return;
  PredictionOptions options;
  options.replications = arguments.predict_replications;
  options.confidence = scenario.confidence;
  options.resolution = resolution_of(*report.load);
  options.stop = &signals.stop();
  report.prediction = predict(scenario, report, options);
}

int exit_code_of(const LoadOutcome& outcome, int signal) {
  if (signal != 0) return 128 + signal;
  if (const auto code = exit_code_of(outcome.end, outcome.report.load->validity))
    return static_cast<int>(*code);
  return exit_code(outcome.report, signal);
}

int run(const LoadArguments& arguments, const Scenario& scenario) {
  const StopSignals signals;
  allow_many_open_files();
  ReportFiles files(arguments.report);
  std::optional<OutputFile> hdr;
  if (!arguments.hdr.empty()) hdr.emplace(arguments.hdr);
  std::optional<SpawnedMock> mock;
  if (arguments.spawn) mock.emplace(mock_command(arguments));
  const Target target = target_of(arguments, mock ? &*mock : nullptr);

  LoadRunOptions options = run_options(arguments, scenario, target);
  options.stop = &signals.stop();
  options.at_once = &signals.at_once();
  if (hdr) options.hdr = &hdr->stream();
  if (mock) options.before_start = [&options] { reset(options.http); };
  const auto begin = std::chrono::steady_clock::now();
  std::optional<LoadView> view(!arguments.report.quiet);
  options.progress = [&view](const LoadProgress& progress) { view->show(progress); };
  LoadOutcome outcome = run_load(scenario, options);
  view.reset();

  add_prediction(arguments, scenario, signals, outcome.report);
  outcome.report.header.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (hdr) hdr->commit();
  std::vector<std::string> where{"--spawn"};
  if (!arguments.spawn) where = {"--target", arguments.target};
  files.write(outcome.report, origin_of("load", arguments.file, arguments.scenario, where));
  arguments.report.print_report(outcome.report, arguments.outputs());
  return exit_code_of(outcome, signals.signal());
}

int load(const LoadArguments& arguments) {
  if (arguments.spawn == !arguments.target.empty())
    throw bad_input("give either --target URL or --spawn");
  check_outputs(arguments.outputs(), {arguments.file});
  const std::optional<Scenario> scenario =
      load_submitting_or_explain(arguments.file, arguments.load_options());
  if (!scenario) return static_cast<int>(ExitCode::bad_input);
  return run(arguments, *scenario);
}

// ---- the command line

void add_target(CLI::App& command, LoadArguments& arguments) {
  command
      .add_option("--target", arguments.target,
                  "http://HOST:PORT, https://HOST or unix:PATH of a start-run API")
      ->type_name("URL");
  command.add_flag("--spawn", arguments.spawn, "Starts a mock of the scenario and loads it");
  command
      .add_option("--confirm-target", arguments.safety.confirmed_host,
                  "Confirms the host of a target that is not this machine")
      ->type_name("HOST");
  command
      .add_option("--key-file", arguments.key_file,
                  "API keys: lines `WORKSPACE: KEY`, or one KEY for all; otherwise SLUICE_CC_KEY "
                  "or SLUICE_CC_KEY_<WORKSPACE>")
      ->type_name("FILE");
  command.add_option("--target-ca", arguments.ca_file, "Certificates (PEM) to trust in the target")
      ->type_name("FILE");
  command.add_flag("--target-insecure", arguments.insecure,
                   "Trusts whatever certificate the target has");
  command
      .add_option("--time-scale", arguments.time_scale,
                  "Scenario seconds per second, for a target whose clock does the same")
      ->type_name("X")
      ->check(CLI::Range(1e-3, 1e6));
}

void add_generator(CLI::App& command, LoadArguments& arguments) {
  add_seed(command, arguments.seed);
  command.add_option("--for", arguments.length, "Of the scenario's time, instead of its duration")
      ->type_name("DURATION");
  command.add_option("--threads", arguments.threads, "Threads that send")
      ->type_name("N")
      ->check(CLI::Range(1u, 64u));
  command.add_option("--connections", arguments.connections, "At most so many, for requests")
      ->type_name("N")
      ->check(CLI::Range(1u, 100'000u));
  command
      .add_option("--max-rate", arguments.safety.max_per_s,
                  "Highest rate of new runs per second of real time; 16 if the target is not "
                  "this machine")
      ->type_name("R")
      ->check(CLI::PositiveNumber);
  command.add_flag("--dry-run", arguments.safety.dry_run,
                   "Every run is a dry run; so it is anyhow if the target is not this machine");
  command.add_flag("--no-dry-run", arguments.safety.no_dry_run,
                   "Runs are real wherever the target is");
  command.add_flag("--clean-up", arguments.clean_up,
                   "Asks the target to stop the runs that have not ended");
}

void add_following(CLI::App& command, LoadArguments& arguments) {
  command
      .add_option("--follow", arguments.follow,
                  "How runs are followed: events, webhooks or polling")
      ->check(CLI::IsMember({"events", "webhooks", "polling"}))
      ->type_name("HOW");
  command
      .add_option("--webhook-listen", arguments.webhook_listen,
                  "HOST:PORT where webhooks are received")
      ->type_name("ADDRESS");
  command.add_option("--webhook-url", arguments.webhook_url, "URL by which the target reaches it")
      ->type_name("URL");
  command.add_flag("--predict", arguments.predict,
                   "Simulates the scenario as well and shows what was predicted");
  command
      .add_option("--predict-replications", arguments.predict_replications,
                  "How often it is simulated")
      ->type_name("N")
      ->check(CLI::Range(20u, 100'000u));
  command.add_option("--hdr", arguments.hdr, "Writes latencies as an HdrHistogram log (V2)")
      ->type_name("FILE");
}

}  // namespace

void add_load(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<LoadArguments>();
  CLI::App* command = app.add_subcommand(
      "load", "Loads a live start-run API with a scenario and reports what it did");
  command->add_option("FILE", arguments->file, "Scenario file")->required();
  add_target(*command, *arguments);
  arguments->scenario.add_to(*command);
  add_generator(*command, *arguments);
  add_following(*command, *arguments);
  arguments->report.add_to(*command);
  command->footer(kExitCodesText);
  command->callback([arguments, &action] { action = [arguments] { return load(*arguments); }; });
}

}  // namespace sluice

// sluice serve FILE: the scenario's pipeline in wall time, or in a time that tests move, behind the
// start-run API.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/epoch.hpp"
#include "base/failure.hpp"
#include "base/text/units.hpp"
#include "cli/command.hpp"
#include "cli/open_files.hpp"
#include "cli/output/origin.hpp"
#include "cli/output/output.hpp"
#include "cli/output/report_files.hpp"
#include "cli/scenario_arguments.hpp"
#include "cli/stop_signals.hpp"
#include "cli/version.hpp"
#include "http/server/listener.hpp"
#include "mock_api/api.hpp"
#include "mock_api/server/access.hpp"
#include "mock_api/server/api_server.hpp"
#include "mock_api/tenants.hpp"

namespace sluice {
namespace {

struct ServeArguments {
  std::string file;
  ScenarioArguments scenario;
  std::optional<std::uint64_t> seed;
  std::string listen = "127.0.0.1:0";
  unsigned threads = 1;
  std::string clock = "wall";
  double time_scale = 1;
  std::string length;  // of wall time to serve; "": until a signal
  std::string certificate, key, write_certificate;
  bool self_signed = false;
  std::string webhook_ca;
  bool webhook_insecure = false;
  bool no_admin = false;
  std::string admin_token_file;
  std::vector<std::string> cors_origins;
  std::string ids;  // "": seeded with a manual clock, random with the wall clock
  std::string log_level = "warning";
  std::string grace = "5s";
  std::size_t max_connections = 100'000, max_body = 1 << 20;
  std::string incidents;  // file; "": none
  ReportArguments report;

  LoaderOptions load_options() const {
    LoaderOptions options = scenario.load_options();
    if (seed) options.sets.emplace_back("seed", std::to_string(*seed));
    return options;
  }
  std::vector<NamedOutput> outputs() const {
    std::vector<NamedOutput> all = report.outputs();
    all.push_back({"--tls-write-certificate", write_certificate});
    all.push_back({"--incidents", incidents});
    return all;
  }
  bool held() const { return clock == "manual"; }
  bool seeded_ids() const { return ids.empty() ? held() : ids == "seeded"; }
  bool tls() const { return self_signed || !certificate.empty(); }
  SteadyDuration wall_length() const;
};

SteadyDuration length_of(const std::string& option, const std::string& text) {
  const Parsed<Duration> duration = parse_duration(text);
  if (!duration) throw bad_input(fmt::format("{} {}: {}", option, text, duration.error.message));
  return std::chrono::nanoseconds(duration->ns);
}

SteadyDuration ServeArguments::wall_length() const {
  return length.empty() ? SteadyDuration::max() : length_of("--for", length);
}

/// Options that make no sense together: said before anything is served.
void check(const ServeArguments& arguments) {
  static_cast<void>(arguments.wall_length());
  if (arguments.held() && arguments.no_admin)
    throw bad_input("--clock manual needs the admin API, which moves it: leave out --no-admin");
  if (arguments.held() && arguments.time_scale != 1)
    throw bad_input("--time-scale is for the wall clock; a manual clock has none");
  if (arguments.no_admin && !arguments.admin_token_file.empty())
    throw bad_input("--admin-token-file is for the admin API, which --no-admin switches off");
  for (const std::string& origin : arguments.cors_origins)
    if (const std::string mistake = Access::mistake_in(origin); !mistake.empty())
      throw bad_input(fmt::format("--cors-origin {}: {}", origin, mistake));
  if (!arguments.write_certificate.empty() && !arguments.tls())
    throw bad_input(
        "--tls-write-certificate needs --tls-self-signed, or --tls-certificate and --tls-key");
}

std::string read_file(const std::string& name) {
  std::ifstream file(name);
  std::ostringstream text;
  if (!(text << file.rdbuf())) throw bad_input("cannot read " + name);
  return text.str();
}

/// "" without a file.
std::string admin_token(const ServeArguments& arguments) {
  if (arguments.admin_token_file.empty()) return {};
  std::string token = read_file(arguments.admin_token_file);
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (token.empty() || !std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; }))
    throw bad_input(
        fmt::format("--admin-token-file {}: a token is one line of visible ASCII characters "
                    "without spaces",
                    arguments.admin_token_file));
  return token;
}

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::optional<TlsIdentity> tls_identity(const ServeArguments& arguments) {
  if (arguments.self_signed) return make_self_signed();
  if (arguments.certificate.empty()) return std::nullopt;
  return TlsIdentity{read_file(arguments.certificate), read_file(arguments.key)};
}

ServerLog::Level log_level(const std::string& name) {
  if (name == "debug") return ServerLog::Level::debug;
  if (name == "info") return ServerLog::Level::info;
  if (name == "warning") return ServerLog::Level::warning;
  return name == "error" ? ServerLog::Level::error : ServerLog::Level::off;
}

WebhookSenderSettings webhook_settings(const ServeArguments& arguments) {
  WebhookSenderSettings settings;
  settings.time_scale = arguments.held() ? 1 : arguments.time_scale;
  settings.ca_file = arguments.webhook_ca;
  settings.verify = !arguments.webhook_insecure;
  return settings;
}

std::int64_t unix_ns_now() {
  return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// With a clock that is held, two runs of a test see the same dates.
std::int64_t unix_ns_at_zero(const ServeArguments& arguments, const Scenario& scenario) {
  return arguments.held() ? scenario.serve.start_unix_ns : unix_ns_now();
}

/// For the person at the terminal: whose key it takes, and where to look.
std::string how_to_call(const Scenario& scenario, const std::string& url) {
  constexpr std::size_t kMost = 3;
  const Tenants tenants(scenario);
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, tenants.count()); ++i)
    text += fmt::format("  workspace {}: cc-key {}\n", tenants.name(WorkspaceId::at(i)),
                        tenants.api_key(WorkspaceId::at(i)));
  if (tenants.count() > kMost) text += fmt::format("  and {} more\n", tenants.count() - kMost);
  return text + fmt::format("  all keys: {0}/_sluice/config   the API: {0}/openapi.json\n", url);
}

ServerOptions server_options(const ServeArguments& arguments, const Scenario& scenario,
                             const Epoch& epoch, Api& api) {
  ServerOptions options;
  options.listen = arguments.listen;
  options.threads = arguments.threads;
  options.tls = tls_identity(arguments);
  options.request.body = arguments.max_body;
  options.connection.connections = arguments.max_connections;
  options.streams.hold_back = std::chrono::nanoseconds(scenario.serve.hold_back.ns);
  options.admin = !arguments.no_admin;
  options.admin_token = admin_token(arguments);
  options.cors_origins = arguments.cors_origins;
  options.grace = length_of("--grace", arguments.grace);
  options.log_level = log_level(arguments.log_level);
  options.time_text = [epoch](Time time) { return epoch.iso8601(time); };
  options.read_time = [epoch](const std::string& text) { return epoch.time_of(text); };
  options.figures = [&api](Time now) { return api.figures(now); };
  options.listening = [&api, &scenario](const std::string& url) {
    if (!url.starts_with("unix:")) api.set_base_url(url);
    print_error(fmt::format("listening on {}\n", url));
    if (::isatty(STDERR_FILENO) != 0) print_error(how_to_call(scenario, url));
  };
  options.clock = arguments.held() ? ServerClock::held() : ServerClock::wall(arguments.time_scale);
  return options;
}

/// Until a signal, the end of the time that was asked for, or a failure; the latter is given.
std::string wait_for_the_end(const ServeArguments& arguments, const StopSignals& signals,
                             const ApiServer& server) {
  const auto begin = std::chrono::steady_clock::now();
  const SteadyDuration length = arguments.wall_length();
  while (!signals.stop() && std::chrono::steady_clock::now() - begin < length) {
    if (std::string failure = server.failure(); !failure.empty()) return failure;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return {};
}

/// Who was asked to end and did so has done all that it was started for.
int exit_code_of_serving(const Report& report, int signal) {
  const bool missed = report.verdict == Verdict::failed || report.verdict == Verdict::broke;
  if (signal == 0 || missed) return exit_code(report, 0);
  return static_cast<int>(ExitCode::ok);
}

int serve(const ServeArguments& arguments, const Scenario& scenario) {
  const StopSignals signals;
  allow_many_open_files();
  const Epoch epoch{unix_ns_at_zero(arguments, scenario)};
  WebhookSender webhooks(webhook_settings(arguments));
  ApiOptions api_options;
  api_options.unix_ns_at_zero = epoch.unix_ns_at_zero;
  api_options.engine = arguments.held() ? Engine::virtual_time : Engine::live;
  api_options.unix_ns_now = unix_ns_now;
  api_options.time_scale = arguments.held() ? 1 : arguments.time_scale;
  api_options.admin = !arguments.no_admin;
  if (!arguments.seeded_ids()) api_options.id_seed = random_seed();
  api_options.build_id = build_id();
  Api api(scenario, api_options, webhooks);

  ServerOptions options = server_options(arguments, scenario, epoch, api);
  options.at_once = &signals.at_once();
  ReportFiles files(arguments.report);
  std::optional<OutputFile> incidents;
  if (!arguments.incidents.empty()) incidents.emplace(arguments.incidents);
  if (!arguments.write_certificate.empty() && options.tls)
    write_output(arguments.write_certificate, options.tls->certificate);
  const auto begin = std::chrono::steady_clock::now();
  ApiServer server(api, webhooks, options);
  const std::string failure = wait_for_the_end(arguments, signals, server);
  server.stop();
  if (!failure.empty()) throw std::runtime_error(failure);

  const Time end = server.clock_time();
  api.advance(end);
  Report report = api.report(end);
  report.header.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  files.write(report, origin_of("serve", arguments.file, arguments.scenario, {}));
  if (incidents) {
    incidents->stream() << api.commands_as_incidents();
    incidents->commit();
  }
  arguments.report.print_report(report, arguments.outputs());
  return exit_code_of_serving(report, signals.signal());
}

int load_and_serve(const ServeArguments& arguments) {
  check(arguments);
  check_outputs(arguments.outputs(), {arguments.file});
  const std::optional<Scenario> scenario =
      load_or_explain(arguments.file, arguments.load_options());
  if (!scenario) return static_cast<int>(ExitCode::bad_input);
  return serve(arguments, *scenario);
}

void add_address(CLI::App& command, ServeArguments& arguments) {
  command
      .add_option("--listen", arguments.listen,
                  "HOST:PORT or unix:PATH; port 0 (the default) is any free one")
      ->type_name("ADDRESS");
  command.add_option("--threads", arguments.threads, "Threads that serve connections")
      ->type_name("N")
      ->check(CLI::Range(1u, 64u));
  auto* const certificate =
      command.add_option("--tls-certificate", arguments.certificate, "Serves HTTPS with it (PEM)")
          ->type_name("FILE");
  auto* const key =
      command.add_option("--tls-key", arguments.key, "Its private key (PEM)")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  command
      .add_flag("--tls-self-signed", arguments.self_signed,
                "Serves HTTPS with a new certificate for localhost")
      ->excludes(certificate);
  command
      .add_option("--tls-write-certificate", arguments.write_certificate,
                  "Writes the certificate, for clients to trust")
      ->type_name("FILE");
  command.add_option("--max-connections", arguments.max_connections, "More are turned away")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command.add_option("--max-body", arguments.max_body, "Largest request body, in bytes")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
}

void add_access(CLI::App& command, ServeArguments& arguments) {
  command.add_flag("--no-admin", arguments.no_admin, "Serves nothing under /_sluice");
  command
      .add_option("--admin-token-file", arguments.admin_token_file,
                  "Who asks /_sluice must show the token in this file; on an address that is not "
                  "loopback this or --no-admin is needed")
      ->type_name("FILE");
  command
      .add_option("--cors-origin", arguments.cors_origins,
                  "Pages of this origin may read answers, as in http://localhost:3000; * is every "
                  "origin, but not for /_sluice; may be given several times")
      ->allow_extra_args(false)
      ->type_name("ORIGIN");
}

void add_behaviour(CLI::App& command, ServeArguments& arguments) {
  command
      .add_option("--clock", arguments.clock,
                  "wall, or manual: moved by POST /_sluice/clock/advance")
      ->check(CLI::IsMember({"wall", "manual"}))
      ->type_name("CLOCK");
  command
      .add_option("--time-scale", arguments.time_scale,
                  "Simulated seconds per second; 60 makes an hour last a minute")
      ->type_name("X")
      ->check(CLI::Range(1e-3, 1e6));
  command.add_option("--for", arguments.length, "Ends after this much real time")
      ->type_name("DURATION");
  command.add_option("--grace", arguments.grace, "For answers and webhooks at the end")
      ->type_name("DURATION");
  command
      .add_option("--ids", arguments.ids,
                  "Of sessions: random, or seeded, the same at each start; seeded with a manual "
                  "clock if not given")
      ->check(CLI::IsMember({"random", "seeded"}))
      ->type_name("HOW");
  command
      .add_option("--webhook-ca", arguments.webhook_ca,
                  "Certificates (PEM) to trust in webhooks' receivers")
      ->type_name("FILE");
  command.add_flag("--webhook-insecure", arguments.webhook_insecure,
                   "Trusts every receiver of webhooks");
  command
      .add_option("--incidents", arguments.incidents,
                  "Writes at the end what was changed by hand, as `incidents:` for a scenario")
      ->type_name("FILE");
  command.add_option("--log-level", arguments.log_level, "debug, info, warning, error or off")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->type_name("LEVEL");
}

}  // namespace

void add_serve(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<ServeArguments>();
  CLI::App* command = app.add_subcommand(
      "serve", "Serves the start-run API with the scenario's pipeline behind it");
  command->add_option("FILE", arguments->file, "Scenario file")->required();
  add_seed(*command, arguments->seed);
  arguments->scenario.add_to(*command);
  add_address(*command, *arguments);
  add_access(*command, *arguments);
  add_behaviour(*command, *arguments);
  arguments->report.add_to(*command);
  command->footer(kExitCodesText);
  command->callback(
      [arguments, &action] { action = [arguments] { return load_and_serve(*arguments); }; });
}

}  // namespace sluice

#include "tests/unit/load/served_mock.hpp"

#include <utility>

#include "http/client/ask.hpp"
#include "load/target/api_keys.hpp"

namespace sluice::test {
namespace {

Scenario without_hold_back(Scenario scenario) {
  scenario.serve.hold_back = {};
  return scenario;
}

WebhookSenderSettings webhook_settings(double time_scale) {
  WebhookSenderSettings settings;
  settings.time_scale = time_scale;
  return settings;
}

ApiOptions api_options(std::chrono::seconds unix_at_zero) {
  ApiOptions options;
  options.unix_ns_at_zero = std::chrono::nanoseconds(unix_at_zero).count();
  return options;
}

ServerOptions server_options(double time_scale) {
  ServerOptions options;
  options.clock = ServerClock::wall(time_scale);
  options.streams.hold_back = {};
  options.grace = std::chrono::seconds(0);
  options.log_level = ServerLog::Level::off;
  return options;
}

}  // namespace

ServedMock::ServedMock(Scenario scenario, double time_scale, std::chrono::seconds unix_at_zero)
    : scenario_(without_hold_back(std::move(scenario))),
      webhooks_(webhook_settings(time_scale)),
      api_(scenario_, api_options(unix_at_zero), webhooks_),
      server_(std::make_unique<ApiServer>(api_, webhooks_, server_options(time_scale))) {}

void ServedMock::begin_anew() {
  HttpClientSettings settings;
  settings.target = *parse_target(url());
  ask(settings, "POST /_sluice/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
}

LoadRunOptions load_options(const Scenario& scenario, const std::string& url, double time_scale) {
  LoadRunOptions options;
  options.http.target = *parse_target(url);
  options.api_keys = api_keys(
      scenario, "", [](const char*) { return std::string(); }, true);
  options.follow = scenario.load.follow;
  options.time_scale = time_scale;
  options.tag = "test";
  options.names_runs = true;
  return options;
}

}  // namespace sluice::test

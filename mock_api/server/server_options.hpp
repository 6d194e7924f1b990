// How the server of the API is set up.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "http/server/server_log.hpp"
#include "http/server/server_options.hpp"
#include "mock_api/server/clock.hpp"
#include "mock_api/server/service_host.hpp"
#include "mock_api/service_figure.hpp"

namespace sluice {

struct ServerOptions : HttpServerOptions {
  StreamLimits streams;
  ServerClock clock = ServerClock::wall(1);
  bool admin = true;  ///< endpoints under /_sluice
  /// Who asks for them must show it; "": nobody, which only a local address may do.
  std::string admin_token;
  std::vector<std::string> cors_origins;           ///< see Access
  SteadyDuration grace = std::chrono::seconds(5);  ///< for webhooks and answers at the end
  const std::atomic<bool>* at_once = nullptr;      ///< cuts the grace short; may be null
  /// What /metrics tells of the service; called under its lock.
  std::function<std::vector<ServiceFigure>(Time now)> figures;
  /// How the clock's time is shown and read; lengths since the start if empty.
  std::function<std::string(Time)> time_text;
  std::function<std::optional<Time>(const std::string&)> read_time;
  /// Called once with the URL, before the first request is served.
  std::function<void(const std::string& url)> listening;
  ServerLog::Level log_level = ServerLog::Level::warning;
};

}  // namespace sluice

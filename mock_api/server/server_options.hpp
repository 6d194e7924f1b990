// How a server is set up.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "http/parsing/request_parser.hpp"
#include "http/tls/tls.hpp"
#include "mock_api/server/clock.hpp"
#include "mock_api/server/server_log.hpp"
#include "mock_api/server/server_metrics.hpp"
#include "mock_api/server/service_host.hpp"
#include "mock_api/service_figure.hpp"

namespace sluice {

/// Bounds of one connection, in wall time, and of all of them.
struct ConnectionLimits {
  std::size_t connections = 100'000;                     ///< those above are answered 503
  WallDuration request_time = std::chrono::seconds(30);  ///< from its first byte to its last; 408
  WallDuration idle_time = std::chrono::seconds(120);    ///< between requests
  WallDuration write_time = std::chrono::seconds(30);    ///< without the peer reading anything
  WallDuration linger_time =
      std::chrono::milliseconds(1000);  ///< for a peer to see the last answer
};

struct ServerOptions {
  std::string listen = "127.0.0.1:0";  ///< see Listener
  unsigned threads = 1;
  int backlog = 4096;
  std::optional<TlsIdentity> tls;
  RequestLimits request;
  ConnectionLimits connection;
  StreamLimits streams;
  ServerClock clock = ServerClock::wall(1);
  bool admin = true;  ///< endpoints under /_sluice
  /// Who asks for them must show it; "": nobody, which only a local address may do.
  std::string admin_token;
  std::vector<std::string> cors_origins;         ///< see Access
  WallDuration grace = std::chrono::seconds(5);  ///< for webhooks and answers at the end
  const std::atomic<bool>* at_once = nullptr;    ///< cuts the grace short; may be null
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

// How a server is set up.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "http/parsing/request_parser.hpp"
#include "http/tls/tls.hpp"

namespace sluice {

/// Bounds of one connection, in wall time, and of all of them.
struct ConnectionLimits {
  std::size_t connections = 100'000;                       ///< those above are answered 503
  SteadyDuration request_time = std::chrono::seconds(30);  ///< from its first byte to its last; 408
  SteadyDuration idle_time = std::chrono::seconds(120);    ///< between requests
  SteadyDuration write_time = std::chrono::seconds(30);    ///< without the peer reading anything
  SteadyDuration linger_time =
      std::chrono::milliseconds(1000);  ///< for a peer to see the last answer
};

struct HttpServerOptions {
  std::string listen = "127.0.0.1:0";  ///< see Listener
  unsigned threads = 1;
  int backlog = 4096;
  std::optional<TlsIdentity> tls;
  RequestLimits request;
  ConnectionLimits connection;
};

}  // namespace sluice

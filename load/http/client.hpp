// Requests over kept-alive connections, for a generator that must not be slower than what it
// measures.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "load/http/target.hpp"
#include "mock_api/server/tls.hpp"

namespace sluice {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What came of one request. The views are valid while the callback runs.
struct ExchangeResult {
  unsigned status = 0;    ///< 0: no answer; see `failure`
  std::string_view body;  ///< whole, up to HttpClientSettings::max_body
  /// "refused", "reset", "closed" (by the peer, in order, before the answer's end), "timed out",
  /// "no HTTP", "cannot resolve", "unreachable", "no local ports left", "no descriptors left",
  /// "TLS: …", "proxy: …", "not sent"; the same words for the same failure.
  std::string_view failure;
  std::optional<std::int64_t> retry_after_s;  ///< Retry-After in seconds
  SteadyTime sent;      ///< when its first byte went to the kernel; without meaning if never sent
  SteadyTime answered;  ///< when the answer's last byte was there, or when it failed
  bool was_sent = false;
};

struct HttpClientSettings {
  Target target;
  std::optional<TlsContext> tls;  ///< for https
  std::optional<Target> proxy;    ///< HTTP proxy; CONNECT for https
  std::uint32_t max_connections = 64;
  std::chrono::nanoseconds timeout = std::chrono::seconds(30);  ///< of one request, its wait for a
                                                                ///< connection included
  std::size_t max_body = 1 << 20;
};

/// Counts of a client, since its beginning.
struct HttpClientCounts {
  std::uint64_t opened = 0;               ///< connections
  std::uint32_t open = 0, most_open = 0;  ///< those that are being opened included
  std::uint32_t busy = 0;                 ///< with a request under way
  std::size_t waiting = 0;                ///< requests without a connection
};

/// Sends each request on a free connection, opens one if none is free and the bound allows it, and
/// lets it wait (first in, first out) otherwise. A kept connection that the peer closed before it
/// answered anything is replaced once, without that counting as a failure. Redirects are answers.
/// All functions from the thread of `context`; callbacks come from it, never from within send().
/// Cost: O(1) per request, no allocation per request in the steady state but the caller's own.
class HttpClient {
 public:
  using Done = std::function<void(const ExchangeResult&)>;

  HttpClient(boost::asio::io_context& context, const HttpClientSettings& settings);
  /// Callbacks of requests under way are not called any more.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// `request`: a whole HTTP/1.1 request in bytes. `done` is called once.
  void send(std::string request, Done done);
  HttpClientCounts counts() const;
  /// Forgets the requests that wait for a connection; their `done` is called with "not sent".
  void drop_waiting();
  /// Closes everything; nothing is called afterwards.
  void stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace sluice

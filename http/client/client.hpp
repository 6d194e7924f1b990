// Requests over kept-alive connections, for a generator that must not be slower than what it
// measures.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "http/client/target.hpp"
#include "http/tls/tls.hpp"

namespace sluice {

/// What came of one request. The views are valid while the callback runs.
struct ExchangeResult {
  unsigned status = 0;    ///< 0: no answer; see `failure`
  std::string_view body;  ///< whole, up to HttpClientSettings::max_body
  /// "refused", "reset", "closed" (by the peer, in order, before the answer's end), "timed out",
  /// "no HTTP", "cannot resolve", "unreachable", "no such socket", "TLS: …", "proxy: …"; of this
  /// side's making "no free connection" (in time; "no connection" where the
  /// target let nobody in), "no local ports left", "no descriptors left", "queue of the socket
  /// full", "not allowed", and what the caller of give_up() says; "broken" for the rest. The same
  /// words for the same failure.
  std::string_view failure;
  std::optional<std::int64_t> retry_after_s;  ///< Retry-After in seconds
  std::string_view location;                  ///< Location; "": none
  SteadyTime sent;      ///< when its first byte went to the kernel; without meaning if never sent
  SteadyTime answered;  ///< when the answer's last byte was there, or when it failed
  bool was_sent = false;
  /// Never sent, and it is not this side's fault: no connection to the target came about.
  bool unreached = false;
  /// Kept connections that the peer had closed by the time when it was to be sent on them.
  std::uint32_t resent = 0;
};

/// Connections of several clients that are open at once. Threads: any.
class OpenConnections {
 public:
  void one_more();
  void one_less() { open_.fetch_sub(1, std::memory_order_relaxed); }
  std::uint32_t most() const { return most_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint32_t> open_{0}, most_{0};
};

struct HttpClientSettings {
  Target target;
  std::optional<TlsContext> tls;  ///< for https
  std::optional<Target> proxy;    ///< HTTP proxy; CONNECT for https
  std::uint32_t max_connections = 64;
  std::chrono::nanoseconds timeout = std::chrono::seconds(30);  ///< of one request, its wait for a
                                                                ///< connection included
  std::size_t max_body = 1 << 20;
  std::shared_ptr<OpenConnections> gauge;  ///< that it counts in; may be null
};

/// Counts of a client, since its beginning.
struct HttpClientCounts {
  std::uint64_t opened = 0;  ///< connections that came about
  std::uint32_t open = 0;    ///< those that are being opened included
  std::uint32_t busy = 0;    ///< with a request under way
  std::size_t waiting = 0;   ///< requests without a connection
};

/// Sends each request on a free connection, opens one if none is free and the bound allows it, and
/// lets it wait (first in, first out) otherwise. A request is written once: if its connection ends
/// before it is answered, it has failed. Only where a kept connection turns out to have been closed
/// by the peer before anything was written, another one is taken. Redirects are answers.
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
  /// Ends the requests that wait for a connection, with `why` where others had them all.
  void drop_waiting(std::string_view why);
  /// Ends all requests under way, with `why`.
  void give_up(std::string_view why);
  /// Closes everything; nothing is called afterwards.
  void stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace sluice

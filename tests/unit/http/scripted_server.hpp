// A server that does to its clients what a test's script says: answer late, in pieces, with garbage
// or not at all, close, reset, freeze, be away.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "http/tls/tls.hpp"

namespace sluice::test {

/// What a script is asked about. Numbers count from 0.
struct ScriptedRequest {
  std::size_t number = 0;         ///< of all requests
  std::size_t connection = 0;     ///< by which it came
  std::size_t on_connection = 0;  ///< of the requests on this connection
  std::string method, target;
  std::string head;  ///< with the request line, up to the empty line
  std::string body;
};

/// One thing that a server does: waits, says `bytes`, goes on.
struct Step {
  enum class Then : std::uint8_t { go_on, close, reset, begin_tls };
  std::chrono::nanoseconds after{};  ///< the step before it, or the request
  std::string bytes;
  Then then = Then::go_on;
};
using Steps = std::vector<Step>;

/// A whole answer with a length.
std::string answer_bytes(unsigned status, const std::string& body, const std::string& headers = "");
/// It, after `latency`.
Steps answer(unsigned status, const std::string& body = "", std::chrono::nanoseconds latency = {});
/// `bytes` cut into pieces of `size`, `apart` from each other.
Steps in_pieces(const std::string& bytes, std::size_t size, std::chrono::nanoseconds apart = {});
/// `steps`, then the end of the connection.
Steps then(Steps steps, Step::Then end);
/// Head of a stream of events; what follows is said as it is.
Steps event_stream(const std::string& first_bytes = "");

/// Listens on a free loopback port, or on a unix socket, in a thread of its own, from its
/// construction on. A connection's requests are answered one after the other. When the steps of an
/// answer are over, the next request is read. Threads: all functions from any.
class ScriptedServer {
 public:
  /// Called in the server's thread.
  using Script = std::function<Steps(const ScriptedRequest&)>;
  struct Options {
    std::optional<TlsIdentity> tls;  ///< of all connections, or of those that begin_tls
    bool begins_with_tls = false;
    std::string unix_path;
    std::chrono::nanoseconds accept_delay{};  ///< between being connected to and reading
    /// What becomes of each connection (counted from 0) before anything is read; empty: it is
    /// served. In the server's thread.
    std::function<Step::Then(std::size_t connection)> greets;
  };

  explicit ScriptedServer(Script script) : ScriptedServer(std::move(script), Options()) {}
  ScriptedServer(Script script, Options options);
  ~ScriptedServer();

  std::uint16_t port() const { return port_; }
  /// "http://127.0.0.1:PORT", "https://localhost:PORT" or "unix:PATH".
  std::string url() const;
  /// For so long nothing is accepted, read or said: as a long collection of garbage. Returns when
  /// it has begun.
  void freeze(std::chrono::nanoseconds time);
  /// Ends all connections, in order or by a reset.
  void close_connections(Step::Then how = Step::Then::close);
  /// Says `bytes` by all connections, asked or not.
  void say(const std::string& bytes);
  /// Nobody listens any more (TCP), and all connections are reset. Does not block.
  void go_away();
  /// Listens again, where it did.
  void come_back();
  std::size_t connections() const { return connections_; }
  std::size_t requests() const { return requests_; }
  /// Connections that were ended by this side with bytes of a request unread.
  std::size_t ended_unread() const { return ended_unread_; }
  /// All requests so far.
  std::vector<ScriptedRequest> seen() const;

 private:
  class Impl;

  const Options options_;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_{0}, requests_{0}, ended_unread_{0};
  mutable std::mutex mutex_;
  std::vector<ScriptedRequest> seen_;
  std::unique_ptr<Impl> impl_;
  std::thread thread_;
};

}  // namespace sluice::test

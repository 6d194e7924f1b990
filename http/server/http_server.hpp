// An HTTP/1.1 server: threads, connections, an address.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "http/server/http_handler.hpp"
#include "http/server/server_log.hpp"
#include "http/server/server_options.hpp"

namespace sluice {

/// Threads: all functions may be called from any; serve() and stop() once at a time. Cost: a thread
/// for each of `options.threads`.
class HttpServer {
 public:
  /// Listens, but nobody is served before serve(). All outlive it. Throws bad_input().
  HttpServer(HttpHandler& handler, HttpServerOptions options, const ServerLog& log,
             ServerObserver& observer);
  /// Stops, if that has not been done.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// "http://127.0.0.1:8080", "https://…" or "unix:/path".
  const std::string& url() const;
  unsigned port() const;
  /// Nobody outside this machine can reach it.
  bool is_local() const;
  /// Those that are open.
  std::size_t connections() const;

  void serve();
  /// Accepts no more; answers that follow are the last of their connections, those that have
  /// nothing to say end now.
  void drain();
  /// Ends everything at once; nothing is called afterwards.
  void stop();

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace sluice

// The server of the API: an HTTP server in front of a Service, its clock and its webhooks.
#pragma once

#include <memory>
#include <string>

#include "mock_api/server/server_options.hpp"
#include "mock_api/server/webhook_sender.hpp"
#include "mock_api/service.hpp"

namespace sluice {

/// Serves from its construction to stop(). Threads: all functions may be called from any; stop()
/// once at a time. Cost: one thread each for connections (`options.threads`) and for the clock.
class ApiServer {
 public:
  /// `service` and `webhooks` must outlive it; the service must have been given `webhooks` as its
  /// transport. Throws bad_input().
  ApiServer(Service& service, WebhookSender& webhooks, ServerOptions options);
  /// Stops, if that has not been done.
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  /// "http://127.0.0.1:8080", "https://…" or "unix:/path".
  const std::string& url() const;
  unsigned port() const;
  /// The certificate that clients are to trust, as PEM; "" without TLS.
  const std::string& certificate() const;

  /// Ends gracefully: no new runs, streams end cleanly, what was asked is answered, webhooks and
  /// answers get the grace time; then everything else ends at once. The service is not called
  /// afterwards.
  void stop();
  /// Simulated time now.
  Time clock_time() const;
  /// What the service failed at while time passed; "" if nothing. It does not recover.
  std::string failure() const;

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace sluice

#include "mock_api/server/api_server.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>

#include "base/failure.hpp"
#include "http/server/http_server.hpp"
#include "http/server/listener.hpp"
#include "mock_api/server/api_handler.hpp"
#include "mock_api/server/growing_count.hpp"
#include "mock_api/server/server_metrics.hpp"

namespace sluice {
namespace {

constexpr auto kLookWhetherDone = std::chrono::milliseconds(2);

}  // namespace

struct ApiServer::Running {
  Running(Service& service, WebhookSender& sender, ServerOptions given)
      : options(std::move(given)),
        log(options.log_level),
        webhooks(sender),
        handler(service, options, metrics, [this] { return webhooks.unanswered(); }),
        http(handler, options, log, metrics) {
    if (options.admin && options.admin_token.empty() && !http.is_local())
      throw bad_input(options.listen +
                      " can be reached from other machines, and so could the admin API: give "
                      "--admin-token-file FILE, or --no-admin");
    handler.on_dropped([this](std::uint64_t total) {
      events_dropped.reached(total, std::chrono::steady_clock::now());
    });
    webhooks.serve([this](std::uint64_t id, const WebhookResult& result) {
      const bool delivered = result.status >= 200 && result.status < 300;
      metrics.webhook(delivered            ? "delivered"
                      : result.status != 0 ? "refused"
                                           : "failed",
                      std::chrono::nanoseconds(result.took.ns));
      handler.webhook_done(id, result);
    });
    if (options.listening) options.listening(http.url());
    http.serve();
    log.write(ServerLog::Level::info, "listening", {{"address", http.url()}});
  }

  /// Until `done`, or until the grace is over.
  void wait(SteadyTime until, const std::function<bool()>& done) const {
    const auto hurries = [this] { return options.at_once != nullptr && options.at_once->load(); };
    while (!done() && !hurries() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(kLookWhetherDone);
  }

  void stop() {
    const SteadyTime until = std::chrono::steady_clock::now() + options.grace;
    log.write(ServerLog::Level::info, "ending",
              {{"connections", static_cast<std::int64_t>(http.connections())}});
    http.drain();
    handler.drain();
    wait(until, [&] { return webhooks.unanswered() == 0; });
    wait(until, [&] { return http.connections() == 0; });
    handler.driver().stop();
    http.stop();
    webhooks.stop();
    events_dropped.end();
    log.write(ServerLog::Level::info, "ended",
              {{"webhooks given up", webhooks.unanswered()},
               {"connections cut", static_cast<std::int64_t>(http.connections())}});
  }

  const ServerOptions options;
  const ServerLog log;
  GrowingCount events_dropped{log, "events dropped beyond a client's buffer"};
  ServerMetrics metrics;
  WebhookSender& webhooks;
  ApiHandler handler;
  HttpServer http;
  bool stopped = false;
};

ApiServer::ApiServer(Service& service, WebhookSender& webhooks, ServerOptions options)
    : running_(std::make_unique<Running>(service, webhooks, std::move(options))) {}

ApiServer::~ApiServer() { stop(); }

void ApiServer::stop() {
  if (std::exchange(running_->stopped, true)) return;
  running_->stop();
}

const std::string& ApiServer::url() const { return running_->http.url(); }
unsigned ApiServer::port() const { return running_->http.port(); }
const std::string& ApiServer::certificate() const {
  static const std::string none;
  return running_->options.tls ? running_->options.tls->certificate : none;
}
Time ApiServer::clock_time() const { return running_->handler.clock().now(); }
std::string ApiServer::failure() const { return running_->handler.driver().failure(); }

}  // namespace sluice

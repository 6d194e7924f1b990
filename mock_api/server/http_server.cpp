#include "mock_api/server/http_server.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "base/failure.hpp"
#include "mock_api/server/access.hpp"
#include "mock_api/server/clock_driver.hpp"
#include "mock_api/server/growing_count.hpp"
#include "mock_api/server/http_worker.hpp"
#include "mock_api/server/listener.hpp"
#include "mock_api/server/own_endpoints.hpp"

namespace sluice {
namespace {

constexpr auto kLookWhetherDone = std::chrono::milliseconds(2);

}  // namespace

struct HttpServer::Running {
  Running(Service& service, WebhookSender& sender, ServerOptions given)
      : options(std::move(given)),
        log(options.log_level),
        webhooks(sender),
        host(service, options.clock, options.streams),
        driver(host, [this] { return webhooks.unanswered(); }),
        own(options, host, driver, metrics, draining),
        access(options.cors_origins, options.admin_token),
        listener(options.listen, options.threads, options.backlog) {
    if (options.admin && options.admin_token.empty() && !listener.is_local())
      throw bad_input(options.listen +
                      " can be reached from other machines, and so could the admin API: give "
                      "--admin-token-file FILE, or --no-admin");
    host.on_dropped([this](std::uint64_t total) {
      events_dropped.reached(total, std::chrono::steady_clock::now());
    });
    if (options.tls) tls = std::make_unique<TlsContext>(TlsContext::server(*options.tls));
    url = listener.is_unix() ? listener.address()
                             : (tls ? "https://" : "http://") + listener.address();
    webhooks.serve([this](std::uint64_t id, const WebhookResult& result) {
      const bool delivered = result.status >= 200 && result.status < 300;
      metrics.webhook(delivered            ? "delivered"
                      : result.status != 0 ? "refused"
                                           : "failed",
                      std::chrono::nanoseconds(result.took.ns));
      host.webhook_done(id, result);
    });
    if (options.listening) options.listening(url);
    start_workers();
    log.write(ServerLog::Level::info, "listening", {{"address", url}});
  }

  void start_workers() {
    const ServerParts parts{options, host,      own,      access,     metrics,
                            log,     tls.get(), draining, connections};
    for (unsigned i = 0; i < options.threads; ++i)
      workers.push_back(std::make_unique<HttpWorker>(parts, listener.take(i), listener.is_unix()));
    for (const auto& worker : workers) threads.emplace_back([&worker] { worker->run(); });
  }

  /// Until `done`, or until the grace is over.
  void wait(WallTime until, const std::function<bool()>& done) const {
    const auto hurries = [this] { return options.at_once != nullptr && options.at_once->load(); };
    while (!done() && !hurries() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(kLookWhetherDone);
  }

  void stop() {
    const WallTime until = std::chrono::steady_clock::now() + options.grace;
    log.write(ServerLog::Level::info, "ending",
              {{"connections", static_cast<std::int64_t>(connections.load())}});
    draining = true;
    listener.remove_file();
    host.drain();
    for (const auto& worker : workers) worker->drain();
    wait(until, [&] { return webhooks.unanswered() == 0; });
    wait(until, [&] { return connections == 0; });
    driver.stop();
    for (const auto& worker : workers) worker->stop();
    for (std::thread& thread : threads) thread.join();
    webhooks.stop();
    events_dropped.end();
    log.write(ServerLog::Level::info, "ended",
              {{"webhooks given up", webhooks.unanswered()},
               {"connections cut", static_cast<std::int64_t>(connections.load())}});
  }

  const ServerOptions options;
  ServerLog log;
  GrowingCount events_dropped{log, "events dropped beyond a client's buffer"};
  ServerMetrics metrics;
  WebhookSender& webhooks;
  std::atomic<bool> draining{false};
  std::atomic<std::size_t> connections{0};
  ServiceHost host;
  ClockDriver driver;
  OwnEndpoints own;
  Access access;
  Listener listener;
  std::unique_ptr<TlsContext> tls;
  std::string url;
  std::vector<std::unique_ptr<HttpWorker>> workers;
  std::vector<std::thread> threads;
  bool stopped = false;
};

HttpServer::HttpServer(Service& service, WebhookSender& webhooks, ServerOptions options)
    : running_(std::make_unique<Running>(service, webhooks, std::move(options))) {}

HttpServer::~HttpServer() { stop(); }

void HttpServer::stop() {
  if (std::exchange(running_->stopped, true)) return;
  running_->stop();
}

const std::string& HttpServer::url() const { return running_->url; }
unsigned HttpServer::port() const { return running_->listener.port(); }
const std::string& HttpServer::certificate() const {
  static const std::string none;
  return running_->options.tls ? running_->options.tls->certificate : none;
}
Time HttpServer::clock_time() const { return running_->host.clock().now(); }
std::string HttpServer::failure() const { return running_->driver.failure(); }

}  // namespace sluice

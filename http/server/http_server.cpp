#include "http/server/http_server.hpp"

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "http/server/http_worker.hpp"
#include "http/server/listener.hpp"

namespace sluice {

struct HttpServer::Running {
  Running(HttpHandler& handler, HttpServerOptions given, const ServerLog& log,
          ServerObserver& observer)
      : options(std::move(given)),
        listener(options.listen, options.threads, options.backlog),
        tls(options.tls ? std::make_unique<TlsContext>(TlsContext::server(*options.tls)) : nullptr),
        url(listener.is_unix() ? listener.address()
                               : (tls ? "https://" : "http://") + listener.address()),
        parts{options, handler, observer, log, tls.get(), draining, connections} {}

  const HttpServerOptions options;
  Listener listener;
  const std::unique_ptr<TlsContext> tls;
  const std::string url;
  std::atomic<bool> draining{false};
  std::atomic<std::size_t> connections{0};
  const ServerParts parts;
  std::vector<std::unique_ptr<HttpWorker>> workers;
  std::vector<std::thread> threads;
};

HttpServer::HttpServer(HttpHandler& handler, HttpServerOptions options, const ServerLog& log,
                       ServerObserver& observer)
    : running_(std::make_unique<Running>(handler, std::move(options), log, observer)) {}

HttpServer::~HttpServer() { stop(); }

const std::string& HttpServer::url() const { return running_->url; }
unsigned HttpServer::port() const { return running_->listener.port(); }
bool HttpServer::is_local() const { return running_->listener.is_local(); }
std::size_t HttpServer::connections() const { return running_->connections; }

void HttpServer::serve() {
  Running& r = *running_;
  for (unsigned i = 0; i < r.options.threads; ++i)
    r.workers.push_back(
        std::make_unique<HttpWorker>(r.parts, r.listener.take(i), r.listener.is_unix()));
  for (const auto& worker : r.workers) r.threads.emplace_back([&worker] { worker->run(); });
}

void HttpServer::drain() {
  running_->draining = true;
  running_->listener.remove_file();
  for (const auto& worker : running_->workers) worker->drain();
}

void HttpServer::stop() {
  for (const auto& worker : running_->workers) worker->stop();
  for (std::thread& thread : std::exchange(running_->threads, {})) thread.join();
}

}  // namespace sluice

// A small service for tests of the server: runs that take an hour, told of on streams and by
// webhook.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "mock_api/service.hpp"

namespace sluice::test {

/// Knows GET /hello, GET /log, POST /echo, POST /run?client=ID, GET /run/clients/ID/events, and
/// what a test adds. A run says `queued N` at once and `success N` an hour later.
class FakeService final : public Service {
 public:
  using Handler = std::function<HttpReply(Time now, const HttpRequest& request)>;

  void send_webhooks(WebhookTransport& transport, std::string url) {
    transport_ = &transport;
    webhook_url_ = std::move(url);
  }
  /// Before the server begins.
  void on(const std::string& method_and_path, Handler handler) {
    handlers_[method_and_path] = std::move(handler);
  }
  /// Under the server's lock only: from handlers and scheduled work.
  void schedule(Time time, std::function<void(Time)> work) { due_.emplace(time, std::move(work)); }
  void emit(const std::string& client, const std::string& frame, std::uint64_t run = UINT64_MAX);
  void defer(std::uint64_t number, HttpReply reply) { deferred_.emplace_back(number, reply); }

  HttpReply handle(Time now, const HttpRequest& request) override;
  Time next_due() const override { return due_.empty() ? Time::never() : due_.begin()->first; }
  void advance(Time now) override;
  std::uint64_t open_stream(Time now, std::string_view client_id, EventSink& sink) override;
  void unsent(Time now, std::uint64_t stream, std::vector<UnsentFrame> frames) override;
  void close_stream(Time now, std::uint64_t stream) override;
  void webhook_done(Time now, std::uint64_t id, const WebhookResult& result) override;
  std::vector<std::pair<std::uint64_t, HttpReply>> take_deferred() override {
    return std::exchange(deferred_, {});
  }
  void give_up_deferred(std::uint64_t number) override {
    log.push_back("given up " + std::to_string(number));
  }
  std::uint64_t events_dropped() const override { return dropped; }
  void fault_settled(std::uint64_t mark, FaultOutcome outcome) override;
  void drain(Time now) override;

  std::atomic<int> open_streams{0};
  std::atomic<int> handled{0};
  std::atomic<bool> drained{false};
  /// Under the server's lock only.
  std::uint64_t dropped = 0;
  /// What happened, in order: `queued 1`, `webhook 200 body at SECONDS`, `fault 7 struck`, `given
  /// up 7`. While the server runs, by GET /log only.
  std::vector<std::string> log;

 private:
  struct Client {
    std::uint64_t stream = 0;
    EventSink* sink = nullptr;
    std::vector<UnsentFrame> kept;
  };
  HttpReply start_run(Time now, const std::string& client);
  void tell(Time now, const std::string& client, const std::string& what, std::uint64_t run);

  std::map<std::string, Handler> handlers_;
  std::multimap<Time, std::function<void(Time)>> due_;
  std::map<std::string, Client> clients_;
  std::vector<std::pair<std::uint64_t, HttpReply>> deferred_;
  WebhookTransport* transport_ = nullptr;
  std::string webhook_url_;
  std::uint64_t runs_ = 0, streams_ = 0, webhooks_ = 0;
};

}  // namespace sluice::test

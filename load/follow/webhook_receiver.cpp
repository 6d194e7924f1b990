#include "load/follow/webhook_receiver.hpp"

#include <simdjson.h>

#include <utility>

#include "mock_api/contract/error_body.hpp"
#include "mock_api/contract/webhook_signature.hpp"
#include "mock_api/server/http_server.hpp"
#include "mock_api/service.hpp"

namespace sluice {
namespace {

constexpr std::string_view kPath = "/webhooks";

/// No early end at the first difference, so that nobody learns a signature byte by byte.
bool same_bytes(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  int difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= a[i] ^ b[i];
  return difference == 0;
}

/// The API of a receiver: one POST.
class ReceiverService final : public Service {
 public:
  ReceiverService(std::string secret, WebhookReceiver::Take take)
      : secret_(std::move(secret)), take_(std::move(take)) {}

  HttpReply handle(Time, const HttpRequest& request) override {
    const SteadyTime at = std::chrono::steady_clock::now();
    if (request.method != "POST" || request.target != kPath)
      return error_reply(404, "only POST /webhooks is here");
    if (!same_bytes(request.header(kSignatureHeader), webhook_signature(secret_, request.body))) {
      ++bad_signatures_;
      return error_reply(401, "the signature does not fit");
    }
    std::string_view run;
    if (parser_.parse(request.body.data(), request.body.size())["metadata"]["sluice_run"].get(
            run) != simdjson::SUCCESS)
      run = {};
    take_(std::string(request.body), run, at);
    HttpReply reply;
    reply.body = R"({"received":true})";
    return reply;
  }

  Time next_due() const override { return Time::never(); }
  void advance(Time) override {}
  std::uint64_t open_stream(Time, std::string_view, EventSink& sink) override {
    sink.end();
    return 0;
  }
  void close_stream(Time, std::uint64_t) override {}
  void webhook_done(Time, std::uint64_t, const WebhookResult&) override {}
  void drain(Time) override {}

  std::uint64_t bad_signatures() const { return bad_signatures_; }

 private:
  const std::string secret_;
  const WebhookReceiver::Take take_;
  simdjson::dom::parser parser_;  // the server calls one at a time
  std::atomic<std::uint64_t> bad_signatures_{0};
};

ServerOptions options_of(const std::string& listen) {
  ServerOptions options;
  options.listen = listen;
  options.admin = false;
  options.grace = std::chrono::seconds(0);
  options.log_level = ServerLog::Level::off;
  return options;
}

}  // namespace

struct WebhookReceiver::Receiving {
  Receiving(const std::string& listen, std::string secret, Take take)
      : service(std::move(secret), std::move(take)), server(service, sender, options_of(listen)) {}

  ReceiverService service;
  WebhookSender sender{{}};  // a server wants one; nothing is sent
  HttpServer server;
};

WebhookReceiver::WebhookReceiver(const std::string& listen, std::string secret, Take take)
    : receiving_(std::make_unique<Receiving>(listen, std::move(secret), std::move(take))) {}
WebhookReceiver::~WebhookReceiver() = default;

std::string WebhookReceiver::url() const { return receiving_->server.url() + std::string(kPath); }
std::uint64_t WebhookReceiver::bad_signatures() const {
  return receiving_->service.bad_signatures();
}

}  // namespace sluice

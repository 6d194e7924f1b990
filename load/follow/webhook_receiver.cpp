#include "load/follow/webhook_receiver.hpp"

#include <simdjson.h>

#include <atomic>
#include <utility>

#include "http/same_secret.hpp"
#include "http/server/http_server.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/contract/webhook_signature.hpp"

namespace sluice {
namespace {

constexpr std::string_view kPath = "/webhooks";

HttpServerOptions options_of(const std::string& listen) {
  HttpServerOptions options;
  options.listen = listen;
  return options;
}

}  // namespace

/// One POST is answered.
struct WebhookReceiver::Receiving final : HttpHandler {
  Receiving(const std::string& listen, std::string given_secret, Take given_take)
      : secret(std::move(given_secret)),
        take(std::move(given_take)),
        server(*this, options_of(listen), log, unobserved) {
    server.serve();
  }

  Handled handle(const HttpRequest& request, const std::function<Answer()>&) override {
    const SteadyTime at = std::chrono::steady_clock::now();
    if (request.method != "POST" || request.target != kPath)
      return {error_reply(404, "only POST /webhooks is here")};
    if (!same_secret(request.header(kSignatureHeader), webhook_signature(secret, request.body))) {
      ++bad_signatures;
      return {error_reply(401, "the signature does not fit")};
    }
    std::string_view run;
    if (parser.parse(request.body.data(), request.body.size())["metadata"]["sluice_run"].get(run) !=
        simdjson::SUCCESS)
      run = {};
    take(std::string(request.body), run, at);
    return {json_reply(200, std::string(R"({"received":true})"))};
  }
  HttpReply refusal(unsigned status, std::string_view message) const override {
    return error_reply(status, message);
  }

  const std::string secret;
  const Take take;
  simdjson::dom::parser parser;  // the server has one thread
  std::atomic<std::uint64_t> bad_signatures{0};
  const ServerLog log{ServerLog::Level::off};
  ServerObserver unobserved;
  HttpServer server;
};

WebhookReceiver::WebhookReceiver(const std::string& listen, std::string secret, Take take)
    : receiving_(std::make_unique<Receiving>(listen, std::move(secret), std::move(take))) {}
WebhookReceiver::~WebhookReceiver() = default;

std::string WebhookReceiver::url() const { return receiving_->server.url() + std::string(kPath); }
std::uint64_t WebhookReceiver::bad_signatures() const { return receiving_->bad_signatures; }

}  // namespace sluice

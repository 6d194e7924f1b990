// A fake service behind a running server, for one test.
#pragma once

#include <memory>
#include <string>

#include "mock_api/server/api_server.hpp"
#include "tests/unit/mock_api/server/fake_service.hpp"
#include "tests/unit/mock_api/server/raw_client.hpp"

namespace sluice::test {

struct Served {
  explicit Served(ServerOptions given = {}, WebhookSenderSettings webhook_settings = {})
      : options(std::move(given)), webhooks(std::move(webhook_settings)) {
    options.log_level = ServerLog::Level::off;
  }
  ~Served() { stop(); }

  FakeService* operator->() { return &service; }
  const std::string& begin() {
    server = std::make_unique<ApiServer>(service, webhooks, options);
    return server->url();
  }
  void stop() {
    if (server) server->stop();
  }
  RawClient client() { return RawClient(server->url()); }

  ServerOptions options;
  FakeService service;
  WebhookSender webhooks;
  std::unique_ptr<ApiServer> server;
};

}  // namespace sluice::test

// An Api and a clock for tests that read as requests and replies; webhooks go to a list.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/json.hpp"
#include "mock_api/api.hpp"
#include "scenarios/scenario.hpp"

namespace sluice::test {

/// Keeps what is to be sent.
class KeptWebhooks final : public WebhookTransport {
 public:
  void post(WebhookPost post) override { posts.push_back(std::move(post)); }
  std::vector<WebhookPost> posts;
};

/// Keeps the frames of one stream.
class KeptFrames final : public EventSink {
 public:
  void write(std::string_view frame, std::uint64_t run) override;
  void end() override { ended = true; }

  /// Names of the run events so far, pings left out: "queued start success".
  std::string events() const;
  std::vector<Json> frames;
  bool ended = false;
};

/// One group `main`, workspaces `acme` and `tenant`, credentials `portal-1` to `portal-3` of one
/// domain, workflows `plain` (no alias, 10 s, two steps) and `claims` (alias USER, 10 s).
Scenario served_scenario(std::uint32_t workers = 2);

class ApiWorld {
 public:
  explicit ApiWorld(const Scenario& scenario, bool admin = true);

  using Headers = std::vector<std::pair<std::string, std::string>>;
  /// One request at the current time with the key of `workspace`.
  HttpReply call(std::string_view method, std::string_view target, std::string_view body = {},
                 const Headers& headers = {});
  HttpReply get(std::string_view target) { return call("GET", target); }
  HttpReply post(std::string_view target, std::string_view body = {}) {
    return call("POST", target, body);
  }
  /// Starts a run of `workflow`; its session id. `more`: further members of the body.
  std::string start(std::string_view workflow = "plain", std::string_view inputs = "{}",
                    std::string_view more = "");
  std::string status(const std::string& session);
  Json result(const std::string& session);
  Json story(const std::string& session);
  /// Lets time pass, and what happens in it.
  void pass(Duration time);

  static Json json(const HttpReply& reply);
  static std::string header(const HttpReply& reply, std::string_view name);

  KeptWebhooks webhooks;
  std::unique_ptr<Api> api;
  Time now = Time::zero();
  std::string workspace = "acme";
  std::string peer = "192.0.2.1";
};

}  // namespace sluice::test

// The whole server with faults of all kinds: both ends count the same, and what was started is what
// the faults let through.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/text/json.hpp"
#include "mock_api/api.hpp"
#include "mock_api/server/api_server.hpp"
#include "scenarios/loader/loader.hpp"
#include "tests/unit/mock_api/server/raw_client.hpp"

namespace sluice::test {
namespace {

constexpr std::uint64_t kSenders = 3;
constexpr std::uint64_t kPosts = 80;  // of each client
constexpr const char* kStruckScenario = R"(
scenario: struck
duration: 10h
resource_groups: {main: {workers: 50}}
workspaces: {acme: {}}
workflows: {plain: {time: 1s}}
submitters: {s: {workspace: acme, workflow: plain, arrivals: {poisson: {rate: 1/min}}}}
api: {latency: {constant: 100ms}, rate_limits: {}}
)";
constexpr std::array kStruckFaults{"\"status\":503",
                                   "\"wire\":\"reset\"",
                                   "\"wire\":\"reset_after\"",
                                   "\"wire\":\"close\"",
                                   "\"wire\":\"close_after\"",
                                   "\"wire\":\"reset_mid_body\"",
                                   "\"wire\":\"close_mid_body\"",
                                   "\"wire\":\"malformed_body\"",
                                   "\"latency\":\"1s\""};
enum Kind : std::uint8_t {
  kStatus,
  kReset,
  kResetAfter,
  kClose,
  kCloseAfter,
  kMidReset,
  kMidClose,
  kMalformed
};

/// What a client saw of one answer: the first of the faults that look so, or "ok".
std::string seen(const std::string& all) {
  if (all == "<reset>") return "reset";
  if (all.empty()) return "close";
  if (status_of(all) == 503) return "status";
  if (all.ends_with("<reset>")) return "reset_mid";
  const std::string body = body_of(all);
  if (const auto json = parse_json(body); json && json->contains("session_id")) return "ok";
  return all.find("Content-Length: " + std::to_string(body.size()) + "\r\n") == all.npos
             ? "close_mid"
             : "malformed";
}

class Struck : public ::testing::Test {
 protected:
  static Scenario scenario() {
    LoaderOptions options;
    options.file_access = false;
    LoadedScenario loaded = load_scenario_text(kStruckScenario, "struck.yaml", options);
    EXPECT_TRUE(loaded.scenario) << loaded.errors.front().to_string();
    return *loaded.scenario;
  }
  static ServerOptions options() {
    ServerOptions options;
    options.threads = 2;
    options.clock = ServerClock::wall(60);
    options.log_level = ServerLog::Level::off;
    return options;
  }
  std::string ask(const std::string& head, const std::string& body) {
    RawClient client(server_.url());
    client.send(head + " HTTP/1.1\r\nHost: h\r\ncc-key: sk_acme\r\nConnection: close\r\n" +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.rest();
  }
  Json get(const std::string& path) { return *parse_json(body_of(ask("GET " + path, ""))); }
  void play() {
    for (std::uint64_t i = 0; i < kPosts; ++i) {
      const std::string what =
          seen(ask("POST /run", R"({"workflow_id":"plain","run_input_variables":{}})"));
      const std::lock_guard lock(mutex_);
      ++seen_[what];
    }
  }

  WebhookSender webhooks_{{}};
  Api api_{scenario(), {}, webhooks_};
  ApiServer server_{api_, webhooks_, options()};
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> seen_;
};

TEST_F(Struck, BothEndsCountTheSame) {
  for (const std::string fault : kStruckFaults) {
    const std::string reply =
        ask("POST /_sluice/faults",
            R"({"match":{"method":"POST","path":"/run"},"probability":"10%",)" + fault + "}");
    ASSERT_EQ(status_of(reply), 201u) << reply;
  }
  std::vector<std::thread> clients;
  for (std::uint64_t i = 0; i < kSenders; ++i) clients.emplace_back([this] { play(); });
  for (std::thread& client : clients) client.join();

  std::vector<std::uint64_t> struck;
  for (const Json& fault : get("/_sluice/faults")) {
    struck.push_back(fault["struck"]);
    EXPECT_EQ(fault["fits"], kSenders * kPosts);
    EXPECT_EQ(fault["waiting"], 0);
    EXPECT_GT(struck.back(), 0u);
  }
  ASSERT_EQ(struck.size(), kStruckFaults.size());
  EXPECT_EQ(seen_["status"], struck[kStatus]);
  EXPECT_EQ(seen_["reset"], struck[kReset] + struck[kResetAfter]);
  EXPECT_EQ(seen_["close"], struck[kClose] + struck[kCloseAfter]);
  EXPECT_EQ(seen_["reset_mid"], struck[kMidReset]);
  EXPECT_EQ(seen_["close_mid"], struck[kMidClose]);
  EXPECT_EQ(seen_["malformed"], struck[kMalformed]);
  const Json runs = get("/runs?limit=1000");
  EXPECT_EQ(runs.size(), kSenders * kPosts - struck[kStatus] - struck[kReset] - struck[kClose]);
  std::map<std::string, std::uint64_t> marked;
  const Json journal = get("/_sluice/requests?method=POST&limit=1000");
  for (const Json& entry : journal["requests"])
    if (entry["fault"].is_string()) ++marked[entry["fault"]];
  for (std::size_t i = 0; i < struck.size(); ++i)
    EXPECT_EQ(marked[std::to_string(i + 1)], struck[i]) << kStruckFaults[i];
}

}  // namespace
}  // namespace sluice::test

// GET /webhooks/{session_id} and POST /webhooks/{session_id}/replay.
#include "mock_api/endpoints/webhook_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "base/text/json.hpp"
#include "tests/unit/mock_api/api_world.hpp"
#include "tests/unit/mock_api/events/sample_runs.hpp"

namespace sluice {
namespace {

using namespace literals;

class WebhookApiTest : public testing::Test {
 protected:
  static std::vector<ServedWebhook> one_webhook() {
    std::vector<ServedWebhook> made(1);
    made[0].url = "http://r.example/hook";
    return made;
  }
  void deliver_start(unsigned status) {
    outbox.add(at(0_s), run, EventType::execution_start, R"({"session_id":"s-1"})");
    outbox.done(at(0_s), transport.posts.back().id, {status, "body", "", 12_ms});
  }

  SampleNames names;
  SampleTransport transport;
  WebhookOutbox outbox{kSampleEpoch, {}, one_webhook(), transport};
  WebhookApi api{kSampleEpoch, names, outbox};
  ServedRun run = sample_run(1);
};

TEST_F(WebhookApiTest, TheLogOfARunWithoutWebhooksIsEmpty) {
  EXPECT_EQ(api.log(run).body, R"({"webhook_events":[]})");
}

TEST_F(WebhookApiTest, TheLogTellsOfEachDelivery) {
  deliver_start(503);
  outbox.advance(at(1_s));
  outbox.done(at(1_s), transport.posts.back().id, {200, "", "", 7_ms});
  EXPECT_EQ(Json::parse(api.log(run).body), Json::parse(R"({"webhook_events":[{
    "created_at":"2024-08-18T17:34:23.000000Z","workflow_id":"w-1","session_id":"s-1",
    "url":"http://r.example/hook","delivered":true,"delivery_errors":["HTTP 503"],"duration":7,
    "retries":1,"message":{"event":"execution.start","payload":{"session_id":"s-1"},
    "timestamp":1724002464,"expires_at":1724002764}}]})"))
      << "the envelope of the last try";
}

TEST_F(WebhookApiTest, TheLogTellsOfWhatAFaultHasDropped) {
  outbox.set_drop_fault([](Time, const WebhookDelivery&) { return true; });
  outbox.add(at(2_s), run, EventType::execution_start, R"({"session_id":"s-1"})");
  EXPECT_TRUE(transport.posts.empty());
  const Json row = Json::parse(api.log(run).body)["webhook_events"][0];
  EXPECT_EQ(row["delivered"], false);
  EXPECT_EQ(row["delivery_errors"], Json::array({"dropped by a fault"}));
  EXPECT_EQ(row["retries"], 0);
  EXPECT_EQ(row["message"]["timestamp"], 1'724'002'465);
}

TEST_F(WebhookApiTest, TheLogShowsAReplayInARowOfItsOwn) {
  deliver_start(200);
  api.replay(at(5_s), run);
  outbox.done(at(6_s), transport.posts.back().id, {500, "oops", "", 1_ms});
  const Json rows = Json::parse(api.log(run).body)["webhook_events"];
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["delivered"], true);
  EXPECT_EQ(rows[1]["delivery_errors"], Json::array({"HTTP 500"}));
  EXPECT_EQ(rows[1]["created_at"], "2024-08-18T17:34:28.000000Z");
  EXPECT_EQ(rows[1]["message"]["expires_at"], 1'724'002'768);
}

TEST_F(WebhookApiTest, AReplayOfNothingIsAnsweredAtOnce) {
  const HttpReply reply = api.replay(at(0_s), run);
  EXPECT_EQ(reply.deferred, 0U);
  EXPECT_EQ(reply.body, R"({"status":"success","info":"No webhook events to replay",)"
                        R"("nr_success":0,"nr_failed":0,"webhook_events":[]})");
}

TEST_F(WebhookApiTest, AReplayIsAnsweredWhenItsReceiversHave) {
  deliver_start(200);
  const HttpReply first = api.replay(at(5_s), run);
  EXPECT_NE(first.deferred, 0U);
  EXPECT_TRUE(api.take_replies().empty());
  outbox.done(at(6_s), transport.posts.back().id, {500, "oops", "", 1_ms});
  const auto replies = api.take_replies();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].first, first.deferred);
  EXPECT_EQ(replies[0].second.status, 200U);
  EXPECT_EQ(replies[0].second.body,
            R"({"status":"failed","info":"Replayed 1 webhook event, 1 failed","nr_success":0,)"
            R"("nr_failed":1,"webhook_events":[{"success":false,"response":"oops",)"
            R"("error":"HTTP 500"}]})");
  EXPECT_TRUE(api.take_replies().empty());
}

/// The stamps of the first webhook of a run that is posted one hour after a start in 2026.
std::pair<std::int64_t, std::int64_t> stamps_of_the_api(ServeConfig::WebhookStamps stamps,
                                                        std::function<std::int64_t()> unix_ns_now) {
  Scenario scenario = test::served_scenario();
  scenario.serve.webhook_stamps = stamps;
  ServedWebhook& webhook = scenario.serve.webhooks.emplace_back();
  webhook.url = "http://r.example/hook";
  webhook.validity = 60_s;
  ApiOptions options;
  options.unix_ns_at_zero = 1'767'571'200'000'000'000;
  options.unix_ns_now = std::move(unix_ns_now);
  test::KeptWebhooks webhooks;
  Api server(scenario, options, webhooks);
  HttpRequest request;
  request.method = "POST";
  request.target = "/run";
  request.body = R"({"workflow_id":"plain","run_input_variables":{}})";
  request.headers.emplace_back("cc-key", "sk_acme");
  EXPECT_EQ(server.handle(at(3600_s), request).status, 201u);
  server.advance(at(3600_s));
  const Json body = Json::parse(webhooks.posts.at(0).body);
  return {body["timestamp"].get<std::int64_t>(), body["expires_at"].get<std::int64_t>()};
}

TEST(WebhookStamps, AreOfRealTimeUnlessTheScenarioSaysOtherwise) {
  using Stamps = ServeConfig::WebhookStamps;
  const auto real = [] { return std::int64_t{1'900'000'000'500'000'000}; };
  EXPECT_EQ(stamps_of_the_api(Stamps::real, real), std::pair(1'900'000'000L, 1'900'000'060L));
  const std::pair simulated(1'767'574'800L, 1'767'574'860L);
  EXPECT_EQ(stamps_of_the_api(Stamps::simulated, real), simulated);
  EXPECT_EQ(stamps_of_the_api(Stamps::real, nullptr), simulated) << "nobody told what it is";
}

}  // namespace
}  // namespace sluice

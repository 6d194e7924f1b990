// GET /webhooks/{session_id} and POST /webhooks/{session_id}/replay.
#include "mock_api/webhooks/webhook_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mock_api/contract/json.hpp"
#include "tests/mock_api/events/sample_runs.hpp"

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
  EXPECT_EQ(rows[1]["created_at"], "2024-08-18T17:34:28.000Z");
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

}  // namespace
}  // namespace sluice

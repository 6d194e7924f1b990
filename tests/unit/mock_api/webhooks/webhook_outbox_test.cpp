// Who gets which webhook, in what order, how often it is tried, and what the log says of it.
#include "mock_api/webhooks/webhook_outbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "base/text/json.hpp"
#include "mock_api/contract/webhook_signature.hpp"
#include "tests/unit/mock_api/events/sample_runs.hpp"

namespace sluice {
namespace {

using namespace literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const WebhookResult kDelivered{200, "ok", "", 3_ms};
const WebhookResult kRefused{503, "busy", "", 4_ms};
const WebhookResult kUnreachable{0, "", "connection refused", 0_ms};

constexpr const char* kVectorBody =
    R"({"event":"execution.start","payload":{"session_id":"s-1","workflow_id":"w-1"},)"
    R"("timestamp":1724002463,"expires_at":1724002763})";
constexpr const char* kVectorSignature =
    "sha256=163ec773b1494fbdf2e96a8ee71d123eab89b146eaee93357b485996d77a44c7";

class WebhookOutboxTest : public testing::Test {
 protected:
  WebhookOutbox& outbox() {
    if (!outbox_) {
      outbox_ = std::make_unique<WebhookOutbox>(kSampleEpoch, settings, registered, transport);
    }
    return *outbox_;
  }
  static ServedWebhook webhook(std::string url, std::vector<std::string> events = {}) {
    ServedWebhook made;
    made.url = std::move(url);
    made.secret = "whsec_test";
    made.events = std::move(events);
    return made;
  }
  void add(Time now, const ServedRun& run, EventType type) {
    outbox().add(now, run, type, "{\"session_id\":\"" + run.session_id + "\"}");
  }
  /// Names of the events posted so far.
  std::vector<std::string> posted() const {
    std::vector<std::string> names;
    for (const WebhookPost& post : transport.posts)
      names.push_back(Json::parse(post.body)["event"].get<std::string>());
    return names;
  }
  void answer_last(Time now, const WebhookResult& result) {
    outbox().done(now, transport.posts.back().id, result);
  }

  WebhookSettings settings;
  std::vector<ServedWebhook> registered{webhook("http://r.example/hook")};
  SampleTransport transport;
  ServedRun run = sample_run(1);
  std::uint64_t next_run = 10;

 private:
  std::unique_ptr<WebhookOutbox> outbox_;
};

TEST(WebhookSignatureTest, TheContractsVector) {
  EXPECT_EQ(webhook_signature("whsec_test", kVectorBody), kVectorSignature);
}

TEST_F(WebhookOutboxTest, TheContractsVectorIsWhatIsSent) {
  outbox().add(at(0_s), run, EventType::execution_start,
               R"({"session_id":"s-1","workflow_id":"w-1"})");
  ASSERT_THAT(transport.posts, SizeIs(1));
  const WebhookPost& post = transport.posts[0];
  EXPECT_EQ(post.url, "http://r.example/hook");
  EXPECT_EQ(post.body, kVectorBody);
  EXPECT_EQ(post.timeout, 10_s);
  EXPECT_THAT(post.headers, ElementsAre(std::pair("Content-Type", "application/json"),
                                        std::pair("x-hmac-signature", kVectorSignature)));
}

TEST_F(WebhookOutboxTest, MetadataIsEchoedAsJsonStringifyWritesIt) {
  run.settings.webhook_metadata = R"({ "k" : 1.0, "7": "é" })";
  add(at(0_s), run, EventType::execution_start);
  EXPECT_TRUE(transport.posts[0].body.ends_with(R"(,"metadata":{"7":"é","k":1}})"));
}

TEST_F(WebhookOutboxTest, OnlySubscribedEventsAreSent) {
  registered = {webhook("http://r.example/", {"execution.success", "execution.pause"})};
  EXPECT_FALSE(outbox().subscribed(run, EventType::execution_step));
  EXPECT_TRUE(outbox().subscribed(run, EventType::execution_paused)) << "either spelling";
  add(at(0_s), run, EventType::execution_step);
  EXPECT_THAT(transport.posts, IsEmpty());
  add(at(0_s), run, EventType::execution_paused);
  EXPECT_THAT(posted(), ElementsAre("execution.paused"));
}

TEST_F(WebhookOutboxTest, PausesAreSpelledAsSet) {
  settings.paused_event = "execution.pause";
  add(at(0_s), run, EventType::execution_paused);
  EXPECT_THAT(posted(), ElementsAre("execution.pause"));
}

TEST_F(WebhookOutboxTest, UnknownNamesAloneSubscribeToNothing) {
  registered = {webhook("http://r.example/", {"no.such"})};
  EXPECT_FALSE(outbox().subscribed(run));
}

TEST_F(WebhookOutboxTest, AWebhookOfAnotherWorkspaceOrWorkflowHearsNothing) {
  registered = {webhook("http://a.example/"), webhook("http://b.example/")};
  registered[0].workspace = WorkspaceId::at(1);
  registered[1].workflow = WorkflowId::at(1);
  EXPECT_FALSE(outbox().subscribed(run));
  add(at(0_s), run, EventType::execution_start);
  EXPECT_THAT(transport.posts, IsEmpty());
}

TEST_F(WebhookOutboxTest, ARunsOwnWebhookIsAddedWithItsOwnSecretAndValidity) {
  run.settings.webhook = RunWebhook{"http://own.example/", {"execution.success"}, "own", 60_s};
  add(at(0_s), run, EventType::execution_start);
  add(at(0_s), run, EventType::execution_success);
  ASSERT_THAT(transport.posts, SizeIs(2)) << "its success does not wait for the other's start";
  const WebhookPost& own = transport.posts[1];
  EXPECT_EQ(own.url, "http://own.example/");
  EXPECT_EQ(own.headers[1].second, webhook_signature("own", own.body));
  const Json body = Json::parse(own.body);
  EXPECT_EQ(body["expires_at"].get<int>() - body["timestamp"].get<int>(), 60);
}

TEST_F(WebhookOutboxTest, TheNextEventOfASessionWaitsForTheOneBefore) {
  add(at(0_s), run, EventType::execution_queued);
  add(at(1_s), run, EventType::execution_start);
  EXPECT_THAT(posted(), ElementsAre("execution.queued"));
  answer_last(at(2_s), kDelivered);
  EXPECT_THAT(posted(), ElementsAre("execution.queued", "execution.start"));
  EXPECT_EQ(Json::parse(transport.posts[1].body)["timestamp"], 1'724'002'465)
      << "stamped when its turn came";
}

TEST_F(WebhookOutboxTest, OtherSessionsDoNotWait) {
  add(at(0_s), run, EventType::execution_queued);
  add(at(0_s), sample_run(2), EventType::execution_queued);
  EXPECT_THAT(transport.posts, SizeIs(2));
}

TEST_F(WebhookOutboxTest, RetriesAfterOneFiveAndTwentyFiveSecondsThenGivesUp) {
  add(at(0_s), run, EventType::execution_queued);
  add(at(0_s), run, EventType::execution_start);
  Time now = at(0_s);
  for (const Duration wait : {1_s, 5_s, 25_s}) {
    answer_last(now, kRefused);
    EXPECT_EQ(outbox().outstanding(), 0U);
    ASSERT_EQ(outbox().next_due(), now + wait);
    now = outbox().next_due();
    outbox().advance(now);
    EXPECT_EQ(posted().back(), "execution.queued");
  }
  answer_last(now, kUnreachable);
  EXPECT_EQ(outbox().next_due(), Time::never());
  EXPECT_EQ(posted().back(), "execution.start") << "the next one's turn";
  const auto log = outbox().log(1);
  ASSERT_THAT(log, SizeIs(2));
  EXPECT_FALSE(log[0]->delivered);
  EXPECT_TRUE(log[0]->over);
  EXPECT_THAT(log[0]->errors,
              ElementsAre("HTTP 503", "HTTP 503", "HTTP 503", "connection refused"));
}

TEST_F(WebhookOutboxTest, EachTryIsStampedAndSignedWhenItLeaves) {
  registered[0].validity = 2_s;
  add(at(0_s), run, EventType::execution_queued);
  answer_last(at(3_s), kRefused);
  outbox().advance(at(4_s));
  answer_last(at(4_s), kRefused);
  outbox().advance(at(9_s));
  std::vector<std::pair<int, int>> stamps;
  for (const WebhookPost& post : transport.posts) {
    const Json body = Json::parse(post.body);
    stamps.emplace_back(body["timestamp"].get<int>() - 1'724'002'463,
                        body["expires_at"].get<int>() - 1'724'002'463);
    EXPECT_EQ(post.headers[1].second, webhook_signature("whsec_test", post.body));
  }
  EXPECT_THAT(stamps, ElementsAre(std::pair(0, 2), std::pair(4, 6), std::pair(9, 11)));
  EXPECT_EQ(outbox().log(1)[0]->timestamp, 1'724'002'472) << "the log shows what was sent last";
}

TEST_F(WebhookOutboxTest, StampsAreOfRealTimeIfItIsTold) {
  std::int64_t unix_ns = 2'000'000'000'900'000'000;
  settings.unix_ns_now = [&unix_ns] { return unix_ns; };
  registered[0].validity = 1'500_ms;
  add(at(0_s), run, EventType::execution_queued);
  answer_last(at(0_s), kRefused);
  unix_ns += 3'000'000'000;
  outbox().advance(at(1_s));
  const Json first = Json::parse(transport.posts[0].body);
  const Json second = Json::parse(transport.posts[1].body);
  EXPECT_EQ(first["timestamp"], 2'000'000'000);
  EXPECT_EQ(first["expires_at"], 2'000'000'002) << "whole seconds, and never less than asked for";
  EXPECT_EQ(second["timestamp"], 2'000'000'003);
}

TEST_F(WebhookOutboxTest, AReceiverMayAskForALongerPause) {
  settings.max_retry_after = 60_s;
  Time now = at(0_s);
  const auto pause_after = [&](unsigned status, std::optional<Duration> retry_after) {
    add(now, sample_run(next_run++), EventType::execution_queued);
    WebhookResult result{status, "", "", 1_ms};
    result.retry_after = retry_after;
    answer_last(now, result);
    const Duration pause = outbox().next_due() - now;
    now = now + pause;
    outbox().advance(now);
    answer_last(now, kDelivered);
    return pause;
  };
  EXPECT_EQ(pause_after(429, 4_s), 4_s);
  EXPECT_EQ(pause_after(503, 4_s), 4_s);
  EXPECT_EQ(pause_after(503, 500_ms), 1_s) << "never sooner than without it";
  EXPECT_EQ(pause_after(503, 3600_s), 60_s) << "bounded";
  EXPECT_EQ(pause_after(500, 4_s), 1_s) << "it belongs to 429 and 503";
  EXPECT_EQ(pause_after(503, std::nullopt), 1_s);
}

TEST_F(WebhookOutboxTest, WhatAReceiverAsksForIsInItsOwnTime) {
  settings.time_scale = 60;
  add(at(0_s), run, EventType::execution_queued);
  WebhookResult result{503, "", "", 1_ms};
  result.retry_after = 4_s;
  answer_last(at(0_s), result);
  EXPECT_EQ(outbox().next_due(), at(240_s));
}

TEST_F(WebhookOutboxTest, TwoWebhooksWithOneUrlKeepOneOrder) {
  registered = {webhook("http://r.example/hook"), webhook("http://r.example/hook")};
  run.settings.webhook = RunWebhook{"http://r.example/hook", {}, "own", {}};
  add(at(0_s), run, EventType::execution_queued);
  add(at(0_s), run, EventType::execution_start);
  for (std::size_t posts = 1; posts < 6; ++posts) {
    EXPECT_THAT(transport.posts, SizeIs(posts));
    answer_last(at(0_s), kDelivered);
  }
  EXPECT_THAT(posted(), ElementsAre("execution.queued", "execution.queued", "execution.queued",
                                    "execution.start", "execution.start", "execution.start"));
}

TEST_F(WebhookOutboxTest, SoManyPostsOfAUrlAreUnderWayAtOnce) {
  settings.slots = {2, 64};
  for (std::uint64_t number = 1; number <= 4; ++number)
    add(at(0_s), sample_run(number), EventType::execution_queued);
  EXPECT_THAT(transport.posts, SizeIs(2));
  outbox().done(at(5_s), transport.posts[0].id, kDelivered);
  ASSERT_THAT(transport.posts, SizeIs(3));
  EXPECT_EQ(Json::parse(transport.posts[2].body)["timestamp"], 1'724'002'468)
      << "stamped when it leaves";
}

TEST_F(WebhookOutboxTest, WhatIsTooManyIsGivenUpAndLogged) {
  settings.max_under_way = 2;
  for (const EventType type :
       {EventType::execution_queued, EventType::execution_start, EventType::execution_success})
    add(at(0_s), run, type);
  ASSERT_THAT(outbox().log(1), SizeIs(3));
  EXPECT_TRUE(outbox().log(1)[2]->over);
  EXPECT_EQ(outbox().log(1)[2]->attempts, 0u);
  EXPECT_THAT(outbox().log(1)[2]->errors, ElementsAre("too many webhooks are under way"));
  answer_last(at(0_s), kDelivered);
  answer_last(at(0_s), kDelivered);
  EXPECT_EQ(outbox().under_way(), 0u);
  EXPECT_THAT(posted(), ElementsAre("execution.queued", "execution.start"));
}

TEST_F(WebhookOutboxTest, AnyTwoHundredIsASuccess) {
  add(at(0_s), run, EventType::execution_queued);
  answer_last(at(1_s), {204, "", "", 1_ms});
  EXPECT_TRUE(outbox().log(1)[0]->delivered);
  EXPECT_EQ(outbox().under_way(), 0U);
}

TEST_F(WebhookOutboxTest, ARedirectIsAFailure) {
  add(at(0_s), run, EventType::execution_queued);
  answer_last(at(1_s), {302, "", "", 1_ms});
  EXPECT_FALSE(outbox().log(1)[0]->delivered);
  EXPECT_EQ(outbox().next_due(), at(2_s));
}

TEST_F(WebhookOutboxTest, ADroppedOneNeverLeavesAndTheNextGoes) {
  outbox().set_drop_fault(
      [](Time, const WebhookDelivery& delivery) { return delivery.event != "execution.success"; });
  add(at(0_s), run, EventType::execution_queued);
  add(at(0_s), run, EventType::execution_start);
  add(at(0_s), run, EventType::execution_success);
  EXPECT_THAT(posted(), ElementsAre("execution.success"));
  EXPECT_THAT(outbox().log(1)[0]->errors, ElementsAre("dropped by a fault"));
  EXPECT_EQ(outbox().under_way(), 1U);
}

TEST_F(WebhookOutboxTest, UnknownResultsAreIgnored) {
  outbox().done(at(0_s), 99, kDelivered);
  EXPECT_EQ(outbox().outstanding(), 0U);
}

TEST_F(WebhookOutboxTest, ABatchIsOneWebhookInTheOrderOfAllItsSessions) {
  const ServedRun other = sample_run(2);
  add(at(0_s), run, EventType::execution_start);
  const std::array both{static_cast<const ServedRun*>(&run), &other};
  outbox().add(at(1_s), both, EventType::execution_stopped, [](WebhookOutbox::Runs runs) {
    return "{\"count\":" + std::to_string(runs.size()) + "}";
  });
  add(at(1_s), other, EventType::video_uploaded);
  EXPECT_THAT(posted(), ElementsAre("execution.start")) << "it waits for run 1's start";
  answer_last(at(2_s), kDelivered);
  EXPECT_THAT(posted(), ElementsAre("execution.start", "execution.stopped"));
  EXPECT_THAT(transport.posts[1].body, testing::HasSubstr(R"("payload":{"count":2})"));
  answer_last(at(3_s), kDelivered);
  EXPECT_THAT(posted(), ElementsAre("execution.start", "execution.stopped", "video.uploaded"));
  EXPECT_THAT(outbox().log(1), SizeIs(2));
  EXPECT_THAT(outbox().log(2), SizeIs(2));
}

TEST_F(WebhookOutboxTest, ABatchIsDividedByMetadataAndByRunsOwnWebhooks) {
  ServedRun tagged = sample_run(2);
  tagged.settings.webhook_metadata = R"({"tag":1})";
  tagged.settings.webhook = RunWebhook{"http://own.example/", {}, "own", {}};
  const std::array both{static_cast<const ServedRun*>(&run), &std::as_const(tagged)};
  outbox().add(at(1_s), both, EventType::execution_stopped,
               [](WebhookOutbox::Runs runs) { return "[" + runs[0]->session_id + "]"; });
  EXPECT_THAT(transport.posts, SizeIs(3));
}

TEST_F(WebhookOutboxTest, AReplaySendsAgainOnceFreshlyStamped) {
  add(at(0_s), run, EventType::execution_queued);
  answer_last(at(0_s), kDelivered);
  add(at(1_s), run, EventType::execution_start);
  answer_last(at(1_s), kDelivered);
  const std::uint64_t replay = outbox().replay(at(100_s), 1);
  EXPECT_EQ(outbox().take_replay(replay), std::nullopt);
  answer_last(at(101_s), kDelivered);
  answer_last(at(102_s), kRefused);
  EXPECT_THAT(posted(), ElementsAre("execution.queued", "execution.start", "execution.queued",
                                    "execution.start"));
  EXPECT_EQ(Json::parse(transport.posts[2].body)["timestamp"], 1'724'002'563);
  EXPECT_THAT(outbox().finished_replays(), ElementsAre(replay));
  const auto results = outbox().take_replay(replay);
  ASSERT_TRUE(results.has_value());
  ASSERT_THAT(*results, SizeIs(2));
  EXPECT_TRUE((*results)[0].success);
  EXPECT_EQ((*results)[0].response, "ok");
  EXPECT_FALSE((*results)[1].success);
  EXPECT_EQ((*results)[1].error, "HTTP 503");
  EXPECT_EQ(outbox().next_due(), Time::never()) << "a replay is not retried";
  ASSERT_THAT(outbox().log(1), SizeIs(4)) << "each post is in the log";
  EXPECT_TRUE(outbox().log(1)[2]->delivered);
  EXPECT_THAT(outbox().log(1)[3]->errors, ElementsAre("HTTP 503"));
}

TEST_F(WebhookOutboxTest, AReplayIsNotReplayed) {
  add(at(0_s), run, EventType::execution_queued);
  answer_last(at(0_s), kDelivered);
  outbox().replay(at(1_s), 1);
  answer_last(at(1_s), kDelivered);
  outbox().replay(at(2_s), 1);
  answer_last(at(2_s), kDelivered);
  EXPECT_THAT(transport.posts, SizeIs(3));
}

TEST_F(WebhookOutboxTest, AReplayOfNothingIsOverAtOnce) {
  const std::uint64_t replay = outbox().replay(at(0_s), 17);
  EXPECT_THAT(outbox().take_replay(replay).value(), IsEmpty());
}

TEST_F(WebhookOutboxTest, TheLogForgetsTheOldestSessionsThatAreOver) {
  settings.sessions_kept = 2;
  for (std::uint64_t number : {1, 2, 3, 4}) {
    add(at(0_s), sample_run(number), EventType::execution_queued);
    if (number != 2) answer_last(at(0_s), kDelivered);
  }
  EXPECT_THAT(outbox().log(1), IsEmpty());
  EXPECT_THAT(outbox().log(2), SizeIs(1)) << "still under way";
  EXPECT_THAT(outbox().log(4), SizeIs(1));
}

TEST_F(WebhookOutboxTest, TheLogIsBoundedInDeliveriesToo) {
  settings.deliveries_kept = 3;
  for (std::uint64_t number : {1, 2, 3})
    for (const EventType type : {EventType::execution_queued, EventType::execution_start}) {
      add(at(0_s), sample_run(number), type);
      answer_last(at(0_s), kDelivered);
    }
  EXPECT_THAT(outbox().log(1), IsEmpty());
  EXPECT_THAT(outbox().log(2), IsEmpty());
  EXPECT_THAT(outbox().log(3), SizeIs(2));
}

}  // namespace
}  // namespace sluice

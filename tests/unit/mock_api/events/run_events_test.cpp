// What clients and receivers of webhooks hear of a run: envelopes, payloads, and who hears at all.
#include "mock_api/events/run_events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/text/json.hpp"
#include "tests/unit/mock_api/events/sample_runs.hpp"

namespace sluice {
namespace {

using namespace literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RunEventsTest : public testing::Test {
 protected:
  RunEventsTest() { streams.open(Time::zero(), ClientStreams::key(WorkspaceId::at(0), "c"), sink); }

  static std::vector<ServedWebhook> one_webhook() {
    std::vector<ServedWebhook> made(1);
    made[0].url = "http://r.example/";
    made[0].workspace = WorkspaceId::at(0);
    return made;
  }
  /// What the frame says of the run: its `data.data`.
  static Json inner(const std::string& frame) {
    constexpr std::string_view head = "event: run.event\ndata: ";
    EXPECT_TRUE(frame.starts_with(head) && frame.ends_with("}\n\n")) << frame;
    return Json::parse(frame.substr(head.size()))["data"];
  }
  Json last() const { return inner(sink.events().back()); }
  Json last_payload() const { return last()["payload"]; }
  std::vector<std::string> heard_events() const {
    std::vector<std::string> names;
    for (const std::string& frame : sink.events())
      names.push_back(inner(frame)["event"].get<std::string>());
    return names;
  }

  SampleNames names;
  ArtifactUrls urls{kSampleEpoch, 1, 168_h};
  RunDocuments documents{kSampleEpoch, names, urls};
  ClientStreams streams{kSampleEpoch, {}};
  SampleTransport transport;
  WebhookOutbox outbox{kSampleEpoch, {}, one_webhook(), transport};
  RunEvents events{documents, streams, outbox};
  SampleSink sink;
  ServedRun run = sample_run(1, "c");
};

TEST(EventTypeTest, NamesAreTheContractsAndPausesHaveTwo) {
  for (std::size_t i = 0; i < kEventTypes; ++i) {
    const auto type = static_cast<EventType>(i);
    EXPECT_EQ(event_type_of(name(type)), type);
  }
  EXPECT_EQ(event_type_of("execution.pause"), EventType::execution_paused);
  EXPECT_EQ(event_type_of("execution.Start"), std::nullopt);
}

TEST(EventTypeTest, NoNamesSubscribeToAll) {
  EXPECT_EQ(EventSet::of({}), EventSet::all());
  const std::vector<std::string> unknown{"x"};
  EXPECT_TRUE(EventSet::of(unknown).empty());
}

TEST_F(RunEventsTest, AFrameIsTheContractsWithStampsInMicroseconds) {
  events.started(at(0_s), run);
  EXPECT_EQ(sink.events().back(),
            "event: run.event\n"
            R"(data: {"event":"run.event","data":{"event":"execution.start","payload":)"
            R"({"session_id":"s-1","workflow_id":"w-1"},"timestamp":1724002463,)"
            R"("expires_at":1724002763},"timestamp":"2024-08-18T17:34:23.000000Z",)"
            R"("expires_at":"2024-08-18T17:39:23.000000Z"})"
            "\n\n");
  EXPECT_EQ(sink.frames.back().run, 1U);
}

TEST_F(RunEventsTest, MetadataIsInTheWebhookOnly) {
  run.settings.webhook_metadata = R"({"k":"v"})";
  events.queued(at(0_s), run);
  EXPECT_FALSE(last().contains("metadata"));
  EXPECT_EQ(Json::parse(transport.posts[0].body)["metadata"]["k"], "v");
}

TEST_F(RunEventsTest, NobodyListensToARunWithoutClientAndWebhooks) {
  ServedRun silent = sample_run(2);
  EXPECT_TRUE(events.heard(silent)) << "a registered webhook of its workspace";
  silent.workspace = WorkspaceId::at(1);
  EXPECT_FALSE(events.heard(silent));
  events.queued(at(0_s), silent);
  events.ended(at(0_s), [&] { return silent.status = RunStatus::failed, silent; }());
  EXPECT_THAT(transport.posts, IsEmpty());
  EXPECT_THAT(sink.events(), IsEmpty());
}

TEST_F(RunEventsTest, StepsNameTheNodeAndTheNextOne) {
  events.step(at(0_s), run, 2);
  EXPECT_EQ(last_payload(), Json::parse(R"({"session_id":"s-1","workflow_id":"w-1",
    "current_step":"Step 3","next_step":"End"})"));
}

TEST_F(RunEventsTest, TheLiveViewIsToldOnlyIfTheRunAskedForIt) {
  events.started(at(0_s), run);
  EXPECT_FALSE(last_payload().contains("live_view_url"));
  run.settings.include_live_view = true;
  run.attempts.emplace_back();
  events.started(at(0_s), run);
  EXPECT_TRUE(last_payload()["live_view_url"].get<std::string>().starts_with(urls.base()));
}

TEST_F(RunEventsTest, ARequeueTellsWhenTheRunGoesOn) {
  run.requeues = 2;
  run.retry_delay = 20_s;
  run.next_execution = at(25_s);
  events.requeued(at(5_s), run, 3);
  EXPECT_EQ(last_payload(), Json::parse(R"({"session_id":"s-1","workflow_id":"w-1",
    "retry_attempt":2,"max_retries":3,"next_execution_time":"2024-08-18T17:34:48.000000Z",
    "delay_ms":20000})"));
}

TEST_F(RunEventsTest, ASuccessHasTheEndRunShape) {
  run.status = RunStatus::success;
  run.execution_start = at(0_s);
  run.settings.encrypted_variables = {"a"};
  run.settings.encrypted_variables_given = true;
  events.ended(at(9_s), run);
  EXPECT_EQ(last()["event"], "execution.success");
  EXPECT_EQ(last_payload().dump(),
            R"({"session_id":"s-1","workflow_id":"w-1","data":{"claim":"ok"},)"
            R"("input_variables":{"a":1,"USER":"u-1"},"errors":[],"status":"execution.success",)"
            R"("encrypted_variables":["a"],"file_urls":null,"vault_entries":null})");
}

TEST_F(RunEventsTest, AFailureListsItsErrors) {
  run.status = RunStatus::failed;
  run.execution_start = at(0_s);
  RunError error;
  error.error_id = "e-1";
  error.message = "No such \"button\"";
  error.category = "XPATH_INCORRECT";
  error.step = 1;
  error.created = at(2_s);
  run.errors.push_back(error);
  events.ended(at(9_s), run);
  const Json item = last_payload()["errors"][0];
  EXPECT_EQ(last_payload()["data"], nullptr);
  EXPECT_EQ(item["message"], "No such \"button\"");
  EXPECT_EQ(item["node_id"], "node-1");
  EXPECT_EQ(item["llm_error_category"], "XPATH_INCORRECT");
  EXPECT_FALSE(item.contains("error_code"));
  EXPECT_EQ(item["created_at"], "2024-08-18T17:34:25.000000Z");
}

TEST_F(RunEventsTest, ARunThatIsStoppedBeforeItStartsHasTheShortShape) {
  run.status = RunStatus::stopped;
  events.ended(at(9_s), run);
  EXPECT_EQ(last_payload(), Json::parse(R"({"message":"Run was interrupted before it started",
    "error_code":"INTERRUPTED-E0001","session_id":"s-1"})"));
  run.execution_start = at(1_s);
  events.ended(at(9_s), run);
  EXPECT_EQ(last_payload()["status"], "execution.stopped");
}

TEST_F(RunEventsTest, TheVideoFollowsTheTerminalEvent) {
  run.status = RunStatus::success;
  run.attempts.resize(2);
  RunArtifact first, second;
  first.kind = second.kind = RunArtifact::Kind::video;
  second.attempt = 2;
  run.artifacts = {first, second};
  events.ended(at(9_s), run);
  EXPECT_THAT(heard_events(), ElementsAre("execution.success", "video.uploaded"));
  const auto url = last_payload()["signed_screen_recording_url"].get<std::string>();
  EXPECT_TRUE(url.ends_with("/recording-2.mp4")) << url;
}

TEST_F(RunEventsTest, AScreenshotNamesItsNodeAndAttempt) {
  RunArtifact shot;
  shot.step = 1;
  shot.attempt = 2;
  shot.of_error = true;
  shot.created = at(3_s);
  events.uploaded(at(3_s), run, shot);
  const Json payload = last_payload();
  EXPECT_EQ(last()["event"], "screenshot.uploaded");
  EXPECT_EQ(payload["node_id"], "node-1");
  EXPECT_EQ(payload["node_display_name"], "Step 2");
  EXPECT_EQ(payload["retry_index"], 1);
  EXPECT_EQ(payload["error_screenshot"], true);
  EXPECT_EQ(payload["signed_screenshot_url_expires"], "2024-08-25T17:34:26.000000Z");
  EXPECT_EQ(payload["session_id"], "s-1");
}

TEST_F(RunEventsTest, PeopleAreAskedAndTheirAnswerIsTold) {
  run.steps_done = 2;  // it is at its third step
  events.interaction_waiting(at(0_s), run);
  EXPECT_EQ(last_payload(), Json::parse(R"({"session_id":"s-1","workflow_id":"w-1",
    "current_step":"Step 3","missing_properties":["code"],
    "expected_json_schema_datamodel":{"type":"object"},"message":"Code?"})"));
  run.interaction_answer = R"({"code": "1"})";
  events.interaction_finished(at(1_s), run);
  EXPECT_EQ(last_payload()["provided_input"]["code"], "1");
  run.interaction_answer.clear();
  events.interaction_finished(at(1_s), run);
  EXPECT_EQ(last_payload()["missing_properties"], Json::array());
  events.interaction_failed(at(2_s), run);
  EXPECT_THAT(heard_events(), ElementsAre("interaction.waiting", "interaction.finished",
                                          "interaction.finished", "interaction.failed"));
}

TEST_F(RunEventsTest, InputRecoveryAsksOtherwise) {
  names.words.input_required = true;
  events.interaction_waiting(at(0_s), run);
  EXPECT_EQ(last()["event"], "execution.input_required");
  EXPECT_EQ(last_payload()["reason"], "input_required");
  EXPECT_EQ(last_payload()["input_variables"]["USER"], "u-1");
  events.interaction_finished(at(1_s), run);
  EXPECT_THAT(heard_events(), SizeIs(1));
}

TEST_F(RunEventsTest, AnAnalysisNamesItsSession) {
  events.error_analysis(at(0_s), run, {.message = "m", .category = "UPSTREAM_ERROR"});
  EXPECT_EQ(last_payload()["session_id"], "s-1") << "clients drop events without it";
  EXPECT_EQ(last_payload()["error_category"], "UPSTREAM_ERROR");
}

TEST_F(RunEventsTest, RunsStoppedByALoginAreOneWebhookAndAnEventEach) {
  const ServedRun culprit = sample_run(7);
  ServedRun other = sample_run(2, "c");
  const std::array stopped{static_cast<const ServedRun*>(&run), &std::as_const(other)};
  events.stopped_by_login(at(0_s), culprit, stopped);
  ASSERT_THAT(sink.events(), SizeIs(2));
  for (std::size_t i = 0; i < 2; ++i) {
    const Json payload = inner(sink.events()[i])["payload"];
    EXPECT_EQ(payload["session_id"], stopped[i]->session_id);
    EXPECT_EQ(payload["session_causing_error"], "s-7");
    EXPECT_EQ(payload["error_code"], "INTERRUPTED-E0002");
  }
  ASSERT_THAT(transport.posts, SizeIs(1));
  EXPECT_EQ(Json::parse(transport.posts[0].body)["payload"]["session_ids"],
            Json::array({"s-1", "s-2"}));
}

TEST_F(RunEventsTest, EveryPayloadNamesItsSession) {
  run.attempts.emplace_back();
  run.artifacts.resize(3);
  run.artifacts[1].kind = RunArtifact::Kind::file;
  run.artifacts[2].kind = RunArtifact::Kind::video;
  events.queued(at(0_s), run);
  events.paused(at(0_s), run);
  for (const RunArtifact& each : run.artifacts) events.uploaded(at(0_s), run, each);
  for (const RunStatus status : {RunStatus::success, RunStatus::failed, RunStatus::stopped}) {
    run.status = status;
    events.ended(at(0_s), run);
  }
  EXPECT_THAT(sink.events(), SizeIs(11));
  for (const std::string& frame : sink.events())
    EXPECT_EQ(inner(frame)["payload"]["session_id"], "s-1") << frame;
}

TEST_F(RunEventsTest, ConsoleLogsAreThereOnlyIfCaptured) {
  run.attempts.push_back({at(0_s), at(4_s), 4_s, {}, 3});
  EXPECT_EQ(documents.console_logs(run), "null");
  run.settings.capture_console_logs = true;
  const Json lines = Json::parse(documents.console_logs(run));
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(lines[1]["timestamp"], "2024-08-18T17:34:25.000000Z");
  EXPECT_EQ(lines[1]["node_id"], "node-1");
}

}  // namespace
}  // namespace sluice

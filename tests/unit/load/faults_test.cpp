// Targets that do not do what they should: a load says so, counts it, and ends.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "http/client/ask.hpp"
#include "load/follow/webhook_receiver.hpp"
#include "load/load_run.hpp"
#include "mock_api/contract/webhook_signature.hpp"
#include "tests/unit/http/scripted_server.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

/// A run each 20 ms for two seconds, without further attempts.
constexpr const char* kFaultyLoad =
    "duration: 2s\n"
    "resource_groups: {main: {workers: 1}}\n"
    "workspaces: {acme: }\n"
    "workflows: {claims: {time: 1s}}\n"
    "submitters: {web: {retry: never, arrivals: {constant: {every: 20ms}}}}\n"
    "load: {drain: 0s, clients: 1, request_timeout: 500ms}\n";

/// `post` is what becomes of POST /run.
LoadOutcome load_against(std::function<Steps(const ScriptedRequest&)> post,
                         ScriptedServer::Options options = {}) {
  ScriptedServer server(
      [post = std::move(post)](const ScriptedRequest& request) {
        if (request.target.ends_with("/events")) return event_stream();
        return request.method == "GET" ? answer(404, "{}") : post(request);
      },
      options);
  const Scenario scenario = test::loaded(test::load(kFaultyLoad));
  return run_load(scenario, load_options(scenario, server.url(), 1));
}

std::uint64_t failed_with(const LoadOutcome& outcome, const std::string& reason) {
  const auto& failures = outcome.report.load->failures;
  const auto found = failures.find(reason);
  return found == failures.end() ? 0 : found->second;
}

TEST(FaultsTest, ConnectionsThatAreResetAreCounted) {
  const LoadOutcome outcome = load_against([](const auto&) {
    return Steps{{0ns, "", Step::Then::reset}};
  });
  EXPECT_EQ(failed_with(outcome, "reset"), 100u);
  EXPECT_EQ(outcome.report.load->unanswered, 100u);
}

TEST(FaultsTest, AnswersThatBreakOffAreCounted) {
  const LoadOutcome outcome = load_against([](const auto&) {
    const std::string whole = answer_bytes(201, R"({"session_id":"s"})");
    return Steps{{0ns, whole.substr(0, whole.size() - 5), Step::Then::close}};
  });
  EXPECT_EQ(failed_with(outcome, "closed"), 100u);
}

TEST(FaultsTest, GarbageIsNoAnswer) {
  const LoadOutcome outcome = load_against([](const auto&) {
    return Steps{{0ns, "\x7f garbage\r\n\r\n"}};
  });
  EXPECT_EQ(failed_with(outcome, "no HTTP"), 100u);
}

TEST(FaultsTest, AnAnswerWithoutASessionStartsNothing) {
  const LoadOutcome outcome = load_against([](const auto&) { return answer(201, "{\"id\":1}"); });
  EXPECT_EQ(failed_with(outcome, "no session_id"), 100u);
  EXPECT_EQ(outcome.report.load->runs_followed, 0u);
}

TEST(FaultsTest, AnswersThatNeverComeTimeOut) {
  const LoadOutcome outcome =
      load_against([](const auto&) { return answer(201, R"({"session_id":"s"})", 10s); });
  EXPECT_EQ(outcome.report.load->statuses.size(), 0u);
  EXPECT_GT(failed_with(outcome, "timed out"), 60u);
}

TEST(FaultsTest, ATargetThatIsSlowToAcceptIsWaitedFor) {
  std::atomic<int> runs{0};
  ScriptedServer::Options options;
  options.accept_delay = 50ms;
  const LoadOutcome outcome = load_against(
      [&runs](const auto&) {
        return answer(201, R"({"session_id":"s-)" + std::to_string(runs++) + R"("})");
      },
      options);
  EXPECT_GT(outcome.report.load->statuses.at(201), 90u);
  EXPECT_GE(outcome.report.load->latency.at.back(), Duration{50'000'000});
}

TEST(FaultsTest, ARequestThatCannotBeMendedIsShownOnce) {
  const LoadOutcome outcome =
      load_against([](const auto&) { return answer(400, R"({"message":"no such workflow"})"); });
  EXPECT_EQ(outcome.report.load->statuses.at(400), 100u);
  ASSERT_EQ(outcome.report.load->notes.size(), 1u);
  EXPECT_EQ(outcome.report.load->notes.front(),
            R"(first answer 400: {"message":"no such workflow"})");
}

TEST(FaultsSlowTest, ATargetThatDiesMidwayEndsTheLoad) {
  const Scenario scenario =
      test::loaded(test::load("duration: 1h\n"
                              "resource_groups: {main: {workers: 1}}\n"
                              "workspaces: {acme: }\n"
                              "workflows: {claims: {time: 1s}}\n"
                              "submitters: {web: {arrivals: {constant: {every: 50ms}}}}\n"));
  auto mock = std::make_unique<ServedMock>(scenario, 1);
  LoadRunOptions options = load_options(scenario, mock->url(), 1);
  options.progress = [&mock](const LoadProgress& progress) {
    if (progress.simulated > Duration{1'000'000'000}) mock.reset();
  };
  const LoadOutcome outcome = run_load(scenario, options);
  EXPECT_EQ(outcome.end, LoadEnd::target_lost);
  EXPECT_EQ(outcome.report.load->target_lost, "it refuses connections");
  EXPECT_FALSE(outcome.report.header.complete);
  EXPECT_GT(outcome.report.load->statuses.at(201), 5u);
  EXPECT_GT(outcome.report.load->unanswered, 50u);
}

TEST(FaultsTest, StreamsThatEndEarlyLoseNothing) {
  const Scenario scenario =
      test::loaded(test::load("duration: 1m\n"
                              "resource_groups: {main: {workers: 5}}\n"
                              "workspaces: {acme: }\n"
                              "workflows: {claims: {time: 3s}}\n"
                              "submitters: {web: {arrivals: {poisson: 60/min}}}\n"
                              "serve: {streams: {end_after: 5s}}\n"
                              "load: {drain: 5s}\n"));
  ServedMock mock(scenario, 20);
  LoadRunOptions options = load_options(scenario, mock.url(), 20);
  options.before_start = [&mock] { mock.begin_anew(); };
  const LoadOutcome outcome = run_load(scenario, options);
  const LoadFacts& facts = *outcome.report.load;
  EXPECT_GT(facts.streams_opened, 16u) << "eight clients, three seconds";
  EXPECT_EQ(facts.runs_ended, facts.runs_followed);
  EXPECT_EQ(facts.follow, "events");
}

TEST(FaultsTest, AReceiverTakesWhatIsSignedAndNothingElse) {
  std::atomic<int> taken{0};
  std::string run;
  WebhookReceiver receiver("127.0.0.1:0", "whsec",
                           [&](const std::string&, std::string_view name, SteadyTime) {
                             run = name;
                             ++taken;
                           });
  HttpClientSettings settings;
  settings.target = *parse_target(receiver.url());
  const std::string body =
      R"({"event":"execution.start","payload":{"session_id":"s"},"metadata":{"sluice_run":"w#7"}})";
  const auto post = [&](const std::string& signature) {
    return ask(settings,
               "POST /webhooks HTTP/1.1\r\nHost: localhost\r\nx-hmac-signature: " + signature +
                   "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
        .status;
  };
  EXPECT_EQ(post(webhook_signature("whsec", body)), 200u);
  EXPECT_EQ(post(webhook_signature("whsec", body)), 200u) << "whoever gets them finds repeats";
  EXPECT_EQ(post(webhook_signature("other", body)), 401u);
  EXPECT_EQ(post("sha256=00"), 401u);
  EXPECT_EQ(taken, 2);
  EXPECT_EQ(run, "w#7");
  EXPECT_EQ(receiver.bad_signatures(), 2u);
}

}  // namespace
}  // namespace sluice::test

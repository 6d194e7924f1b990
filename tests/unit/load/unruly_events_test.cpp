// Targets that tell of their runs twice, in another order, or by a clock of their own.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/text/json.hpp"
#include "experiments/replications.hpp"
#include "http/client/ask.hpp"
#include "load/load_run.hpp"
#include "mock_api/contract/webhook_signature.hpp"
#include "tests/unit/http/scripted_server.hpp"
#include "tests/unit/load/expect_validity.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

/// Takes every run, and sends each one's webhooks in the same given order, one right after the
/// other; says only `answer_after` later that it took it.
class WebhookingTarget {
 public:
  explicit WebhookingTarget(std::vector<std::string> events, std::chrono::nanoseconds answer_after)
      : events_(std::move(events)),
        answer_after_(answer_after),
        server_([this](const ScriptedRequest& request) { return take(request); }),
        sender_([this] { send(); }) {}
  ~WebhookingTarget() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_one();
    sender_.join();
  }

  std::string url() const { return server_.url(); }

 private:
  struct Taken {
    std::string session, url, secret;
    Json metadata;
  };

  Steps take(const ScriptedRequest& request) {
    if (request.method != "POST") return answer(404, "{}");
    const Json webhook = Json::parse(request.body).at("webhook");
    const std::string session = "of-the-request-with-number-" + std::to_string(request.number);
    {
      const std::lock_guard lock(mutex_);
      taken_.push_back({session, webhook.at("url"), webhook.at("secret"), webhook.at("metadata")});
    }
    changed_.notify_one();
    return answer(201, Json{{"session_id", session}}.dump(), answer_after_);
  }

  void send() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return over_ || !taken_.empty(); });
      if (over_) return;
      const Taken run = taken_.front();
      taken_.pop_front();
      lock.unlock();
      for (const std::string& event : events_) send(run, event);
      lock.lock();
    }
  }

  static void send(const Taken& run, const std::string& event) {
    const std::string body = Json{
        {"event", event},
        {"payload", {{"session_id", run.session}}},
        {"timestamp", std::time(nullptr)},
        {"metadata",
         run.metadata}}.dump();
    HttpClientSettings settings;
    settings.target = *parse_target(run.url);
    const auto answer =
        ask(settings, "POST " + settings.target.prefix + " HTTP/1.1\r\nHost: localhost\r\n" +
                          "x-hmac-signature: " + webhook_signature(run.secret, body) +
                          "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_EQ(answer.status, 200u) << event;
  }

  const std::vector<std::string> events_;
  const std::chrono::nanoseconds answer_after_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Taken> taken_;
  bool over_ = false;
  ScriptedServer server_;
  std::thread sender_;
};

/// Fifty runs at once, told of by `events`.
LoadOutcome load_told_by(std::vector<std::string> events,
                         std::chrono::nanoseconds answer_after = 0ns,
                         const std::string& drain = "5s") {
  const Scenario scenario =
      test::loaded(test::load("duration: 2s\n"
                              "resource_groups: {main: {workers: 1}}\n"
                              "workspaces: {acme: }\n"
                              "workflows: {claims: {time: 1s}}\n"
                              "submitters: {web: {arrivals: {batch: {at: [100ms], size: 50}}}}\n"
                              "load: {follow: webhooks, drain: " +
                              drain + "}\n"));
  WebhookingTarget target(std::move(events), answer_after);
  return run_load(scenario, load_options(scenario, target.url(), 1));
}

double value(const LoadOutcome& outcome, Metric metric, const Subject& subject = {}) {
  const Figure* figure = outcome.report.figures.find(metric, subject);
  return figure == nullptr ? -1 : figure->value;
}

void expect_all_ended(const LoadOutcome& outcome) {
  const LoadFacts& facts = *outcome.report.load;
  EXPECT_EQ(outcome.end, LoadEnd::whole);
  EXPECT_EQ(facts.runs_followed, 50u);
  EXPECT_EQ(facts.runs_ended, 50u);
  EXPECT_EQ(facts.runs_lost, 0u);
  EXPECT_EQ(facts.bad_signatures, 0u);
}

TEST(UnrulyEventsTest, WebhooksInOrderAreTheMeasure) {
  const LoadOutcome outcome = load_told_by({"execution.start", "execution.success"});
  expect_all_ended(outcome);
  EXPECT_EQ(outcome.report.load->duplicate_events, 0u);
  EXPECT_EQ(outcome.report.load->reordered_events, 0u);
  EXPECT_EQ(value(outcome, Metric::dispatched_count), 50);
}

TEST(UnrulyEventsTest, WhatIsToldTwiceCountsOnce) {
  const LoadOutcome outcome = load_told_by(
      {"execution.start", "execution.start", "execution.success", "execution.success"});
  expect_all_ended(outcome);
  EXPECT_EQ(outcome.report.load->duplicate_events, 50u) << "nobody asks of a run that has ended";
  EXPECT_EQ(value(outcome, Metric::dispatched_count), 50);
  EXPECT_EQ(value(outcome, Metric::succeeded_count), 50);
}

TEST(UnrulyEventsTest, AnEndThatOvertakesItsStartEndsTheRunAllTheSame) {
  const LoadOutcome outcome = load_told_by({"execution.success", "execution.start"});
  expect_all_ended(outcome);
  EXPECT_EQ(value(outcome, Metric::succeeded_count), 50);
  EXPECT_EQ(value(outcome, Metric::dispatched_count), 50);
}

TEST(UnrulyEventsTest, RunsThatEndBeforeTheirAnswersComeAreFollowedAllTheSame) {
  const LoadOutcome outcome =
      load_told_by({"execution.start", "execution.success", "execution.success"}, 300ms);
  expect_all_ended(outcome);
  EXPECT_EQ(value(outcome, Metric::dispatched_count), 50);
  EXPECT_EQ(value(outcome, Metric::succeeded_count), 50);
}

TEST(UnrulyEventsTest, StartsThatAreNeverToldMakeItInvalid) {
  const LoadOutcome outcome = load_told_by({"execution.success"});
  expect_all_ended(outcome);
  const LoadFacts& facts = *outcome.report.load;
  EXPECT_EQ(facts.failures.at("no start event"), 50u);
  test::expect_validity(facts, LoadFacts::Validity::unseen);
  const Figure* const p95 = outcome.report.figures.find(Metric::wait_p95);
  ASSERT_NE(p95, nullptr);
  EXPECT_TRUE(p95->upper_bound) << "it is not known how long they waited";
  EXPECT_EQ(outcome.report.verdict, Verdict::inconclusive);
}

TEST(UnrulyEventsTest, EndsThatAreNeverToldMakeItInvalid) {
  const LoadOutcome outcome = load_told_by({"execution.start"}, 0ns, "100ms");
  const LoadFacts& facts = *outcome.report.load;
  EXPECT_EQ(facts.runs_lost, 50u) << "the target tells nothing when it is asked";
  EXPECT_EQ(facts.runs_followed, 0u);
  EXPECT_EQ(facts.failures.at("no end event"), 50u);
  test::expect_validity(facts, LoadFacts::Validity::unseen);
}

/// The clock of the target is a day behind, two hours ahead: a constant is found and taken off.
TEST(UnrulyEventsTest, AClockThatIsOffChangesNothing) {
  const Scenario scenario =
      test::loaded(test::load("seed: 3\n"
                              "duration: 1m\n"
                              "resource_groups: {main: {workers: 2}}\n"
                              "workspaces: {acme: }\n"
                              "workflows: {claims: {time: 5s}}\n"
                              "submitters: {web: {arrivals: {poisson: 40/min}}}\n"
                              "load: {drain: 30s}\n"));
  const Report simulated = run_experiment(scenario);
  const double wait = simulated.figures.find(Metric::wait_mean, {})->value;
  ASSERT_GT(wait, 2);
  for (const std::chrono::seconds ahead : {-86'400s, 7'200s}) {
    ServedMock mock(scenario, 20, std::chrono::seconds(std::time(nullptr)) + ahead);
    LoadRunOptions options = load_options(scenario, mock.url(), 20);
    options.before_start = [&mock] { mock.begin_anew(); };
    const LoadOutcome outcome = run_load(scenario, options);
    EXPECT_NEAR(value(outcome, Metric::wait_mean), wait, 1) << ahead.count() << " s ahead";
    EXPECT_EQ(outcome.report.load->runs_ended, outcome.report.load->runs_followed);
  }
}

}  // namespace
}  // namespace sluice::test

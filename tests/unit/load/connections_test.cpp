// Loads of targets whose connections end, or that are not there for a while: each request is
// written once, what failed is counted, and a target that is away is nobody else's fault.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <functional>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "load/load_run.hpp"
#include "tests/unit/http/scripted_server.hpp"
#include "tests/unit/load/expect_validity.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

/// A run each 10 ms for a second; `more` is added to `load:`.
Scenario hundred_runs(const std::string& retry = ", retry: never", const std::string& more = "") {
  return test::loaded(
      test::load("duration: 1s\n"
                 "resource_groups: {main: {workers: 1}}\n"
                 "workspaces: {acme: }\n"
                 "workflows: {claims: {time: 1s}}\n"
                 "submitters: {web: {arrivals: {constant: {every: 10ms}}" +
                 retry +
                 "}}\n"
                 "load: {drain: 0s, clients: 1, connections: 4, late_after: 1h, lost_share: 100%" +
                 more + "}\n"));
}

/// Counts POSTs from 1; runs are accepted unless `post` says what becomes of them.
class DyingTarget {
 public:
  using Post = std::function<Steps(int number)>;
  explicit DyingTarget(Post post = {})
      : post_(std::move(post)),
        server_([this](const ScriptedRequest& request) { return react(request); }) {}

  Steps react(const ScriptedRequest& request) {
    if (request.target.ends_with("/events")) return event_stream();
    if (request.method == "GET") return answer(404, "{}");
    const int number = ++posts_;
    Steps steps = post_ ? post_(number) : Steps();
    if (!steps.empty()) return steps;
    return answer(201, R"({"session_id":"s-)" + std::to_string(number) + R"("})");
  }

  LoadOutcome load(const Scenario& scenario, LoadRunOptions options = {}) {
    LoadRunOptions all = load_options(scenario, server_.url(), 1);
    all.progress = std::move(options.progress);
    return run_load(scenario, all);
  }

  std::uint64_t posts() const { return static_cast<std::uint64_t>(posts_); }
  ScriptedServer& server() { return server_; }

 private:
  const Post post_;
  std::atomic<int> posts_{0};
  ScriptedServer server_;
};

std::uint64_t failed_with(const LoadFacts& facts, const std::string& reason) {
  const auto found = facts.failures.find(reason);
  return found == facts.failures.end() ? 0 : found->second;
}

void what_was_carried_out_and_not_answered_has_failed() {
  const auto check = [](Step::Then end) {
    DyingTarget target([end](int number) {
      return number % 2 == 0 ? Steps{{{}, "", end}} : Steps();
    });
    const LoadOutcome outcome = target.load(hundred_runs());
    const LoadFacts& facts = *outcome.report.load;
    EXPECT_EQ(target.posts(), facts.sent);
    EXPECT_EQ(failed_with(facts, end == Step::Then::close ? "closed" : "reset"), 50u);
    EXPECT_EQ(facts.statuses.at(201), 50u);
    EXPECT_EQ(facts.resent, 0u);
    const Figure* errors = outcome.report.figures.find(Metric::api_error_count, {});
    ASSERT_NE(errors, nullptr);
    EXPECT_LE(errors->value, 50);
    EXPECT_GE(errors->value, 25) << "the last ones may have come after the end";
  };
  std::future<void> resets = std::async(std::launch::async, check, Step::Then::reset);
  check(Step::Then::close);
  resets.get();
}

void a_slow_death_is_a_failure() {
  DyingTarget target([](int number) {
    return number == 50 ? Steps{{300ms, "", Step::Then::reset}} : Steps();
  });
  const LoadFacts facts =
      *target.load(hundred_runs(", until: 600ms, retry: {max_attempts: 2, backoff: {base: 10ms}}"))
           .report.load;
  EXPECT_EQ(target.posts(), facts.runs_submitted + 1);
  EXPECT_EQ(facts.sent, facts.runs_submitted + 1);
  EXPECT_EQ(failed_with(facts, "reset"), 1u);
  EXPECT_EQ(facts.statuses.at(201), facts.runs_submitted);
}

void each_answer_may_close_its_connection() {
  DyingTarget target([](int number) {
    return then({{{},
                  answer_bytes(201, R"({"session_id":"s-)" + std::to_string(number) + R"("})",
                               "Connection: close\r\n")}},
                Step::Then::close);
  });
  const LoadFacts facts = *target.load(hundred_runs()).report.load;
  EXPECT_GE(facts.connections_opened, 100u);
  EXPECT_LE(facts.connections_opened, 102u) << "that of a run, and those of the last look";
  EXPECT_GE(facts.connections_most, 1u);
  EXPECT_LE(facts.connections_most, 4u);
}

void a_target_that_was_away_is_judged_by_its_errors() {
  DyingTarget target;
  std::atomic<int> stage{0};
  LoadRunOptions options;
  options.progress = [&](const LoadProgress& progress) {
    if (progress.counts.sent >= 30 && stage == 0) target.server().go_away(), stage = 1;
    if (progress.counts.unreached >= 10 && stage == 1) target.server().come_back(), stage = 2;
  };
  const Scenario scenario =
      test::loaded(test::load("duration: 3s\n"
                              "resource_groups: {main: {workers: 1}}\n"
                              "workspaces: {acme: }\n"
                              "workflows: {claims: {time: 1s}}\n"
                              "submitters: {web: {arrivals: {constant: {every: 20ms}}}}\n"
                              "load: {drain: 0s, clients: 1, late_after: 1h, lost_share: 100%}\n"
                              "expect: [api.errors == 0]\n"));
  const LoadOutcome outcome = target.load(scenario, std::move(options));
  const LoadFacts& facts = *outcome.report.load;
  EXPECT_EQ(stage, 2);
  EXPECT_EQ(outcome.end, LoadEnd::whole);
  EXPECT_EQ(facts.target_lost, "");
  test::expect_validity(facts, LoadFacts::Validity::valid);
  EXPECT_GE(facts.unreached, 10u);
  EXPECT_EQ(facts.unsent, 0u);
  EXPECT_EQ(outcome.report.verdict, ::sluice::Verdict::failed);
}

void a_target_that_is_away_at_the_end_is_lost() {
  DyingTarget target;
  LoadRunOptions options;
  options.progress = [&](const LoadProgress& progress) {
    if (progress.counts.sent >= 30) target.server().go_away();
  };
  const LoadOutcome outcome = target.load(hundred_runs(), std::move(options));
  const LoadFacts& facts = *outcome.report.load;
  EXPECT_EQ(outcome.end, LoadEnd::target_lost);
  EXPECT_FALSE(outcome.report.header.complete);
  test::expect_validity(facts, LoadFacts::Validity::valid);
  EXPECT_TRUE(facts.target_lost.starts_with("at the end it refuses connections; the last "))
      << facts.target_lost;
  EXPECT_EQ(facts.intended, facts.sent + facts.unreached);
}

void errors_of_a_target_that_is_away_end_a_load() {
  DyingTarget target;
  LoadRunOptions options;
  options.progress = [&](const LoadProgress& progress) {
    if (progress.counts.sent >= 30) target.server().go_away();
  };
  const Scenario scenario = test::loaded(
      test::load("duration: 1h\n"
                 "resource_groups: {main: {workers: 1}}\n"
                 "workspaces: {acme: }\n"
                 "workflows: {claims: {time: 1s}}\n"
                 "submitters: {web: {arrivals: {constant: {every: 10ms}}}}\n"
                 "load: {drain: 0s, clients: 1, abort_when: [errors.rate > 5% over 500ms]}\n"));
  const LoadOutcome outcome = target.load(scenario, std::move(options));
  EXPECT_TRUE(outcome.report.load->ended_early.starts_with("errors.rate was "));
  EXPECT_EQ(outcome.end, LoadEnd::target_lost) << "and it is still away";
}

void what_is_not_sent_is_no_error_of_the_target() {
  DyingTarget target([](int) { return Steps{{1h, ""}}; });
  const LoadOutcome outcome =
      target.load(hundred_runs("", ", request_timeout: 10s, abort_when: []"));
  const LoadFacts& facts = *outcome.report.load;
  test::expect_validity(facts, LoadFacts::Validity::saturated);
  if (facts.validity == LoadFacts::Validity::saturated) {
    EXPECT_NE(facts.why_invalid.find("no connection was free in time"), std::string::npos);
  }
  EXPECT_EQ(facts.sent, 4u);
  EXPECT_EQ(failed_with(facts, "no answer by the end"), 4u);
  EXPECT_EQ(facts.unsent, facts.intended - 4);
  EXPECT_EQ(facts.unreached, 0u);
}

std::string http_date(std::chrono::seconds ahead) {
  const std::time_t at = std::time(nullptr) + ahead.count();
  std::tm parts{};
  ::gmtime_r(&at, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

/// How long after the first attempt of a run, which is turned away with this Retry-After, the next
/// came.
std::chrono::nanoseconds time_to_next_try(unsigned status, const std::string& value) {
  std::atomic<std::chrono::nanoseconds> first{}, second{};
  DyingTarget target([&](int number) {
    (number == 1 ? first : second) = std::chrono::steady_clock::now().time_since_epoch();
    if (number > 1) return Steps();
    return Steps{{{}, answer_bytes(status, "{}", "Retry-After: " + value + "\r\n")}};
  });
  target.load(
      test::loaded(test::load("duration: 3500ms\n"
                              "resource_groups: {main: {workers: 1}}\n"
                              "workspaces: {acme: }\n"
                              "workflows: {claims: {time: 1s}}\n"
                              "submitters: {web: {arrivals: {constant: {every: 10ms}}, max_runs: 1,"
                              " retry: {max_attempts: 2, backoff: {base: 10ms}}}}\n"
                              "load: {drain: 0s, clients: 1}\n")));
  EXPECT_EQ(target.posts(), 2u);
  return second.load() - first.load();
}

void retry_after_may_be_a_number_or_a_date() {
  std::vector<std::future<std::chrono::nanoseconds>> times;
  for (const unsigned status : {429u, 503u}) {
    for (const std::string& value : {std::string("1"), http_date(2s)})
      times.push_back(std::async(std::launch::async, time_to_next_try, status, value));
  }
  for (auto& time : times) EXPECT_GT(time.get(), 900ms);
}

void a_retry_after_the_end_is_told_of() {
  DyingTarget target([](int number) {
    if (number > 2) return Steps();
    return Steps{{{},
                  answer_bytes(number == 1 ? 429 : 503, "{}",
                               number == 1 ? "Retry-After: 99999999999\r\n"
                                           : "Retry-After: 99999999999999999999999\r\n")}};
  });
  const LoadFacts facts = *target.load(hundred_runs(", retry: {max_attempts: 3}")).report.load;
  EXPECT_EQ(facts.runs_submitted, 100u);
  EXPECT_EQ(facts.runs_submitting, 2u);
  EXPECT_EQ(facts.runs_accepted, 98u);
  EXPECT_EQ(facts.runs_gave_up, 0u);
  ASSERT_EQ(facts.notes.size(), 1u);
  EXPECT_TRUE(
      facts.notes[0].starts_with("2 runs were still being submitted: their next attempt "
                                 "was due after the end (longest Retry-After: "))
      << facts.notes[0];
}

void a_redirect_names_where_to() {
  DyingTarget target([](int) {
    return Steps{{{}, answer_bytes(308, "moved", "Location: https://x.example/run\r\n")}};
  });
  const LoadFacts facts = *target.load(hundred_runs()).report.load;
  ASSERT_EQ(facts.notes.size(), 1u);
  EXPECT_EQ(facts.notes[0], "first answer 308: redirects to https://x.example/run: moved");
}

/// Each load waits most of its time, so they are run beside each other.
TEST(ConnectionsTest, WhatEndsIsCountedWhereItBelongs) {
  std::vector<std::future<void>> checks;
  for (const auto check :
       {what_was_carried_out_and_not_answered_has_failed, a_slow_death_is_a_failure,
        each_answer_may_close_its_connection, a_target_that_was_away_is_judged_by_its_errors,
        a_target_that_is_away_at_the_end_is_lost, errors_of_a_target_that_is_away_end_a_load,
        what_is_not_sent_is_no_error_of_the_target, retry_after_may_be_a_number_or_a_date,
        a_retry_after_the_end_is_told_of, a_redirect_names_where_to})
    checks.push_back(std::async(std::launch::async, check));
  for (auto& check : checks) check.get();
}

}  // namespace
}  // namespace sluice::test

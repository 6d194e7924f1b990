// Whether a load measures what happened: latencies from the intended time, sends that keep it.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "load/load_test.hpp"
#include "tests/load/scripted_server.hpp"
#include "tests/load/served_mock.hpp"
#include "tests/scenarios/loading.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

/// Answers every request at once; its event streams say nothing.
Steps at_once(const ScriptedRequest& request) {
  if (request.target.ends_with("/events")) return event_stream();
  if (request.method == "GET") return answer(404, "{}");
  return answer(201, R"({"session_id":"s-)" + std::to_string(request.number) + R"("})");
}

Scenario constant_rate(const std::string& every, const std::string& duration) {
  return testing::loaded(testing::load("duration: " + duration + "\n" +
                                       "resource_groups: {main: {workers: 1}}\n"
                                       "workspaces: {acme: }\n"
                                       "workflows: {claims: {time: 1s}}\n"
                                       "submitters: {web: {arrivals: {constant: {every: " +
                                       every +
                                       "}}}}\n"
                                       "load: {drain: 0s, clients: 1}\n"));
}

double milliseconds(Duration length) { return length.seconds() * 1000; }

using Instants = std::vector<std::chrono::steady_clock::time_point>;

/// 12 000 requests in six seconds, to a target that is frozen for one of them. `answered` gets when
/// it answered each.
LoadFacts load_of_a_frozen_target(Instants& answered) {
  const Scenario scenario = constant_rate("500us", "6s");
  ScriptedServer server([&answered](const ScriptedRequest& request) {
    if (request.method == "POST") answered.push_back(std::chrono::steady_clock::now());
    return at_once(request);
  });
  std::thread freezer([&server] {
    std::this_thread::sleep_for(2s);
    server.freeze(1s);
  });
  const LoadOutcome outcome = run_load_test(scenario, load_options(scenario, server.url(), 1));
  freezer.join();
  return *outcome.report.load;
}

/// The quantile, in milliseconds, of how much later than the others each was answered that was due
/// every 500 us: what the server knows of its clients' latencies. Who is due first is answered
/// first.
double latency_seen_by_the_server(const Instants& answered, double quantile) {
  std::vector<double> after_due;
  for (std::size_t i = 0; i < answered.size(); ++i)
    after_due.push_back(
        std::chrono::duration<double, std::milli>(answered[i] - answered[0]).count() -
        0.5 * static_cast<double>(i));
  std::sort(after_due.begin(), after_due.end());
  const auto rank = static_cast<std::size_t>(quantile * static_cast<double>(after_due.size()));
  return after_due[rank] - after_due.front();
}

/// Of 12 000 requests in six seconds, those of one second wait for its end: a sixth, uniformly up
/// to a second. So a tenth of all wait longer than 400 ms, and a hundredth longer than 940 ms. What
/// else the machine does can only make it longer, so the shortest of three counts; what the server
/// saw is what was measured each time.
TEST(AccuracyAloneSlowTest, AFrozenTargetCannotHideWhatItDidToThoseWhoCameMeanwhile) {
  double p90 = 1e9, p99 = 1e9, p99_from_send = 1e9;
  for (int i = 0; i < 3 && (p90 > 420 || p99 > 987); ++i) {
    Instants answered;
    const LoadFacts facts = load_of_a_frozen_target(answered);
    ASSERT_EQ(facts.sent, 12'000u);
    ASSERT_EQ(answered.size(), 12'000u);
    const double this_p90 = milliseconds(facts.latency.at[1]);
    const double this_p99 = milliseconds(facts.latency.at[3]);
    EXPECT_NEAR(this_p90, latency_seen_by_the_server(answered, 0.9), 20);
    EXPECT_NEAR(this_p99, latency_seen_by_the_server(answered, 0.99), 47);
    p90 = std::min(p90, this_p90);
    p99 = std::min(p99, this_p99);
    p99_from_send = std::min(p99_from_send, milliseconds(facts.latency_from_send.at[3]));
  }
  std::cout << "frozen for 1 s: p90 " << p90 << " ms (400), p99 " << p99
            << " ms (940); from the send p99 " << p99_from_send << " ms\n";
  EXPECT_NEAR(p90, 400, 20);
  EXPECT_NEAR(p99, 940, 47);
  EXPECT_LT(p99_from_send, 100) << "only those that had a connection waited after their send";
}

TEST(AccuracyAloneSlowTest, WhatAServerTakesIsWhatIsMeasured) {
  const Scenario scenario = constant_rate("10ms", "2s");
  ScriptedServer server([](const ScriptedRequest& request) {
    if (request.method == "GET") return at_once(request);
    return answer(201, R"({"session_id":"s"})", 30ms);
  });
  const LoadOutcome outcome = run_load_test(scenario, load_options(scenario, server.url(), 1));
  const double p50 = milliseconds(outcome.report.load->latency.at[0]);
  EXPECT_GE(p50, 30);
  EXPECT_LT(p50, 45) << "or this machine is very busy";
}

TEST(LoadTest, TheSameSeedSendsTheSameRequests) {
  const Scenario scenario = testing::loaded(
      testing::load("seed: 5\n"
                    "duration: 2s\n"
                    "resource_groups: {main: {workers: 1}}\n"
                    "workspaces: {acme: , beta: }\n"
                    "workflows: {claims: {time: 1s}, forms: {time: 1s}}\n"
                    "submitters: {web: {workspace: [acme, beta], workflow: [claims, forms], "
                    "priority: {HIGH: 30%, LOW: 70%}, arrivals: {poisson: 20/s}}}\n"
                    "load: {drain: 0s}\n"));
  const auto requests = [&scenario](unsigned threads) {
    ScriptedServer server(at_once);
    LoadTestOptions options = load_options(scenario, server.url(), 1);
    options.threads = threads;
    run_load_test(scenario, options);
    std::vector<std::string> bodies;
    for (const ScriptedRequest& request : server.seen())
      if (request.method == "POST") bodies.push_back(request.body);
    std::sort(bodies.begin(), bodies.end());
    return bodies;
  };
  const std::vector<std::string> first = requests(1);
  EXPECT_GT(first.size(), 10u);
  EXPECT_EQ(first, requests(1));
  EXPECT_EQ(first, requests(3));
}

}  // namespace
}  // namespace sluice::test

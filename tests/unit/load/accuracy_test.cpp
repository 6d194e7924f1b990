// Whether a load measures what happened: latencies from the intended time, sends that keep it.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "load/load_run.hpp"
#include "tests/unit/http/scripted_server.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

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
  return test::loaded(test::load("duration: " + duration + "\n" +
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
  const LoadOutcome outcome = run_load(scenario, load_options(scenario, server.url(), 1));
  freezer.join();
  return *outcome.report.load;
}

/// How much later than the first each was answered that was due every 500 us, in milliseconds: what
/// the server knows of its clients' latencies. Who is due first is answered first.
std::vector<double> latencies_seen_by_the_server(const Instants& answered) {
  std::vector<double> latencies;
  for (std::size_t i = 0; i < answered.size(); ++i)
    latencies.push_back(
        std::chrono::duration<double, std::milli>(answered[i] - answered[0]).count() -
        0.5 * static_cast<double>(i));
  const double least = *std::min_element(latencies.begin(), latencies.end());
  for (double& latency : latencies) latency -= least;
  return latencies;
}

double quantile(std::vector<double> sample, double q) {
  std::sort(sample.begin(), sample.end());
  return sample[static_cast<std::size_t>(q * static_cast<double>(sample.size()))];
}

/// How long after its freeze the server was busy with those who had come meanwhile, in
/// milliseconds.
double catching_up(const std::vector<double>& latencies) {
  const auto longest = std::max_element(latencies.begin(), latencies.end());
  const auto caught_up =
      std::find_if(longest, latencies.end(), [](double latency) { return latency < 2; });
  return 0.5 * static_cast<double>(caught_up - longest) - *longest;
}

/// Of 12 000 requests in six seconds, those due in one second wait for its end and those due while
/// the server catches up, for `c` ms, wait for their turn: latencies fall evenly from 1 000 ms to 0
/// over 1 000 + c ms. So were c zero, a tenth of all would wait longer than 400 ms and a hundredth
/// longer than 940 ms; as it is, longer than 1 000 (1 - 600 / (1 000 + c)), 0.6 c more at most, and
/// 1 000 (1 - 60 / (1 000 + c)). What else the machine does can only be in the way, so the
/// best of three counts; what the server saw is what was measured each time.
TEST(AccuracyAloneSlowTest, AFrozenTargetCannotHideWhatItDidToThoseWhoCameMeanwhile) {
  double p90_beyond = 1e9, p99_beyond = 1e9, p99_from_send = 1e9, least_c = 1e9;
  for (int i = 0; i < 3 && (p90_beyond > 20 || p99_beyond > 47 || least_c > 100); ++i) {
    Instants answered;
    const LoadFacts facts = load_of_a_frozen_target(answered);
    ASSERT_EQ(facts.sent, 12'000u);
    ASSERT_EQ(answered.size(), 12'000u);
    const std::vector<double> seen = latencies_seen_by_the_server(answered);
    const double p90 = milliseconds(facts.latency.at[1]);
    const double p99 = milliseconds(facts.latency.at[3]);
    EXPECT_NEAR(p90, quantile(seen, 0.9), 10);
    EXPECT_NEAR(p99, quantile(seen, 0.99), 10);
    const double c = catching_up(seen);
    least_c = std::min(least_c, c);
    p90_beyond = std::min(p90_beyond, std::abs(p90 - 1'000 * (1 - 600 / (1'000 + c))));
    p99_beyond = std::min(p99_beyond, std::abs(p99 - 1'000 * (1 - 60 / (1'000 + c))));
    p99_from_send = std::min(p99_from_send, milliseconds(facts.latency_from_send.at[3]));
    std::cout << "frozen for 1 s, " << c << " ms to catch up: p90 " << p90 << " ms (400), p99 "
              << p99 << " ms (940)\n";
  }
  std::cout << "from the send p99 " << p99_from_send << " ms\n";
  EXPECT_LT(least_c, 100) << "the load kept the server waiting, or this machine is very busy";
  EXPECT_LT(p90_beyond, 20);
  EXPECT_LT(p99_beyond, 47);
  EXPECT_LT(p99_from_send, 100) << "only those that had a connection waited after their send";
}

TEST(AccuracyAloneSlowTest, WhatAServerTakesIsWhatIsMeasured) {
  const Scenario scenario = constant_rate("10ms", "2s");
  ScriptedServer server([](const ScriptedRequest& request) {
    if (request.method == "GET") return at_once(request);
    return answer(201, R"({"session_id":"s"})", 30ms);
  });
  const LoadOutcome outcome = run_load(scenario, load_options(scenario, server.url(), 1));
  const double p50 = milliseconds(outcome.report.load->latency.at[0]);
  EXPECT_GE(p50, 30);
  EXPECT_LT(p50, 45) << "or this machine is very busy";
}

TEST(LoadTest, TheSameSeedSendsTheSameRequests) {
  const Scenario scenario = test::loaded(
      test::load("seed: 5\n"
                 "duration: 2s\n"
                 "resource_groups: {main: {workers: 1}}\n"
                 "workspaces: {acme: , beta: }\n"
                 "workflows: {claims: {time: 1s}, forms: {time: 1s}}\n"
                 "submitters: {web: {workspace: [acme, beta], workflow: [claims, forms], "
                 "priority: {HIGH: 30%, LOW: 70%}, arrivals: {poisson: 20/s}}}\n"
                 "load: {drain: 0s}\n"));
  const auto requests = [&scenario](unsigned threads) {
    ScriptedServer server(at_once);
    LoadRunOptions options = load_options(scenario, server.url(), 1);
    options.threads = threads;
    run_load(scenario, options);
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

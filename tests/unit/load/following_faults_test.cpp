// Every fault of the mock against every way to follow runs: what is not seen is not the target's
// fault, and never fails a load.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <string>
#include <vector>

#include "base/text/json.hpp"
#include "http/client/ask.hpp"
#include "load/load_run.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

/// Runs that start at once. Whoever is not seen looks as if it waited for 0.7 s or more.
constexpr const char* kPromptLoad =
    "duration: 1s\n"
    "resource_groups: {main: {workers: 50}}\n"
    "workspaces: {acme: }\n"
    "workflows: {claims: {time: 20ms}}\n"
    "submitters: {web: {arrivals: {constant: {every: 15ms}}, until: 300ms}}\n"
    "load: {clients: 2, drain: 200ms, request_timeout: 1s, poll_interval: 50ms}\n"
    "expect: [wait.p50 < 600ms, succeeded.count >= 3, failed.count == 0,\n"
    "  starvation.longest < 600ms, service.mean < 600ms]\n";

struct FollowingCase {
  LoadConfig::Follow follow;
  std::string fault;  // members of its JSON
  bool everywhere;    // the last look at runs is struck as well

  std::string text() const {
    return std::to_string(static_cast<int>(follow)) + " " + fault +
           (everywhere ? " everywhere" : "");
  }
};

std::vector<std::string> struck_paths(const FollowingCase& one) {
  if (one.everywhere && one.follow == LoadConfig::Follow::polling) return {"/runs", "/run/*"};
  if (one.everywhere) return {"/run/clients/*/events", "/runs", "/run/*"};
  if (one.follow == LoadConfig::Follow::events) return {"/run/clients/*/events"};
  return {"/runs"};
}

void strike(const std::string& url, const std::string& fault) {
  HttpClientSettings settings;
  settings.target = *parse_target(url);
  const AskedAnswer answer =
      ask(settings, "POST /_sluice/faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                        std::to_string(fault.size()) + "\r\n\r\n" + fault);
  ASSERT_EQ(answer.status, 201u) << fault << answer.body;
}

/// Whether any of the faults has struck.
bool has_struck(const std::string& url) {
  HttpClientSettings settings;
  settings.target = *parse_target(url);
  const AskedAnswer answer =
      ask(settings, "GET /_sluice/faults HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const Json list = Json::parse(answer.body);
  const Json& faults = list.is_array() ? list : list.at("faults");
  return std::any_of(faults.begin(), faults.end(),
                     [](const Json& fault) { return fault.at("struck") > 0; });
}

LoadOutcome load_struck_by(const FollowingCase& one) {
  const Scenario scenario = test::loaded(test::load(kPromptLoad));
  ServedMock mock(scenario, 1);
  if (one.fault.starts_with("\"drop_webhook\""))
    strike(mock.url(), "{" + one.fault + "}");
  else
    for (const std::string& path : struck_paths(one))
      strike(mock.url(), R"({"match":{"method":"GET","path":")" + path + "\"}," + one.fault + "}");
  LoadRunOptions options = load_options(scenario, mock.url(), 1);
  options.follow = one.follow;
  LoadOutcome outcome = run_load(scenario, options);
  EXPECT_TRUE(has_struck(mock.url())) << one.text();
  return outcome;
}

void expect_no_failure(const FollowingCase& one, const LoadOutcome& outcome) {
  const LoadFacts& facts = *outcome.report.load;
  EXPECT_NE(outcome.report.verdict, ::sluice::Verdict::failed) << one.text();
  for (const ExpectationResult& result : outcome.report.expectations)
    EXPECT_NE(result.status, Status::failed)
        << one.text() << ": " << result.expectation.sentence << ": " << result.reason;
  EXPECT_EQ(facts.runs_accepted, facts.runs_followed + facts.runs_lost + facts.runs_unfollowed);
  EXPECT_EQ(facts.runs_accepted, facts.statuses.at(201)) << one.text();
  EXPECT_LE(facts.runs_ended, facts.runs_followed) << one.text();
  if (!one.everywhere) {
    EXPECT_EQ(facts.runs_lost, 0u) << one.text() << ": they were to be looked up";
  }
  if (facts.runs_lost > 1) {
    EXPECT_NE(facts.validity, LoadFacts::Validity::valid) << one.text();
  }
}

TEST(FollowingFaultsTest, NoFaultOfFollowingFailsALoad) {
  std::vector<FollowingCase> cases;
  using Follow = LoadConfig::Follow;
  for (const char* fault : {R"("latency":"2s")", R"("status":503)", R"("wire":"reset")",
                            R"("wire":"close")", R"("wire":"reset_mid_body")", R"("wire":"stall")"})
    for (const Follow follow : {Follow::events, Follow::polling})
      for (const bool everywhere : {false, true}) cases.push_back({follow, fault, everywhere});
  for (const bool everywhere : {false, true})
    cases.push_back({Follow::polling, R"("wire":"malformed_body")", everywhere});
  for (const char* fault :
       {R"("stream":"end","after_events":3)", R"("stream":"close","after_events":3)",
        R"("stream":"reset","after_events":3)", R"("stream":"silence","after_events":3)",
        R"("stream":"half_event","after_events":3)", R"("stream":"drop","events":5)",
        R"("stream":"repeat","events":5)"})
    cases.push_back({Follow::events, fault, false});
  for (const char* event : {"execution.queued", "execution.start", "execution.success"})
    cases.push_back(
        {Follow::webhooks, std::string(R"("drop_webhook":{"event":")") + event + "\"}", false});
  // They wait more than they compute; too many at once would be late.
  constexpr std::size_t kAtOnce = 8;
  for (std::size_t first = 0; first < cases.size(); first += kAtOnce) {
    const std::size_t end = std::min(first + kAtOnce, cases.size());
    std::vector<std::future<LoadOutcome>> outcomes;
    for (std::size_t i = first; i < end; ++i)
      outcomes.push_back(std::async(std::launch::async, load_struck_by, cases[i]));
    for (std::size_t i = first; i < end; ++i)
      expect_no_failure(cases[i], outcomes[i - first].get());
  }
}

}  // namespace
}  // namespace sluice::test

// Targets whose answers only look as if they had started runs: a load of them has failed.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <string>
#include <vector>

#include "load/load_run.hpp"
#include "tests/unit/http/scripted_server.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

/// Ten runs, whose submitter would try each four times.
constexpr const char* kTenRuns =
    "duration: 300ms\n"
    "resource_groups: {main: {workers: 1}}\n"
    "workspaces: {acme: }\n"
    "workflows: {claims: {time: 1s}}\n"
    "submitters: {web: {arrivals: {constant: {every: 10ms}}, max_runs: 10,\n"
    "  retry: {max_attempts: 4, backoff: {base: 10ms}}}}\n"
    "load: {drain: 0s, clients: 1, request_timeout: 500ms}\n";

struct SeenLoad {
  LoadOutcome outcome;
  std::size_t posts = 0;
};

SeenLoad load_answered(unsigned status, const std::string& body) {
  ScriptedServer server([&](const ScriptedRequest& request) {
    if (request.target.ends_with("/events")) return event_stream();
    return request.method == "GET" ? answer(404, "{}") : answer(status, body);
  });
  const Scenario scenario = test::loaded(test::load(kTenRuns));
  SeenLoad result{run_load(scenario, load_options(scenario, server.url(), 1)), 0};
  for (const ScriptedRequest& request : server.seen()) result.posts += request.method == "POST";
  return result;
}

struct WrongCase {
  unsigned status;
  std::string body, kind;
  std::uint64_t count;
};

TEST(BrokenTargetTest, WrongAnswersAreCountedShownAndNotSentAgain) {
  const std::vector<WrongCase> cases{
      {201, "", "no body", 10},
      {200, "<p>hello</p>", "HTML", 10},
      {201, "hello", "no JSON", 10},
      {201, "{}", "no session_id", 10},
      {201, R"({"session_id":""})", "no session_id", 10},
      {201, R"({"session_id":"one-for-all"})", "known session_id", 9}};
  std::vector<std::future<SeenLoad>> outcomes;
  for (const WrongCase& one : cases)
    outcomes.push_back(std::async(std::launch::async, load_answered, one.status, one.body));
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const WrongCase& one = cases[i];
    const SeenLoad result = outcomes[i].get();
    const LoadFacts& facts = *result.outcome.report.load;
    EXPECT_EQ(result.posts, 10u) << one.body;
    EXPECT_EQ(facts.sent, 10u) << one.body;
    EXPECT_EQ(facts.failures.at(one.kind), one.count);
    ASSERT_EQ(facts.wrong_answers.size(), 1u) << one.body;
    EXPECT_EQ(facts.wrong_answers.front().status, one.status);
    EXPECT_EQ(facts.wrong_answers.front().count, one.count);
    EXPECT_EQ(facts.wrong_answers.front().body, one.body.empty() ? "(empty)" : one.body);
    EXPECT_EQ(
        std::count_if(facts.notes.begin(), facts.notes.end(),
                      [](const std::string& note) { return note.starts_with("first wrong"); }),
        1);
    EXPECT_EQ(facts.runs_unfollowed, one.count);
    EXPECT_EQ(facts.runs_accepted, 10u);
    EXPECT_EQ(facts.runs_accepted, facts.runs_followed + facts.runs_lost + facts.runs_unfollowed);
    EXPECT_EQ(result.outcome.report.verdict, Verdict::failed) << one.body;
  }
}

}  // namespace
}  // namespace sluice::test

// A target with every way to die, and the accounts of the loads that it gets: what it carried out
// is what the report says was sent, resent and answered, and no run is in two accounts, or in none.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "load/load_run.hpp"
#include "tests/unit/http/scripted_server.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMostAttempts = 4;

/// Two hundred runs in half a second, each tried four times at most.
constexpr const char* kManyRuns =
    "duration: 500ms\n"
    "resource_groups: {main: {workers: 1}}\n"
    "workspaces: {acme: }\n"
    "workflows: {claims: {time: 1s}}\n"
    "submitters: {web: {arrivals: {constant: {rate: 400/s}}, "
    "retry: {max_attempts: 4, backoff: {base: 20ms}}}}\n"
    "load: {drain: 1s, clients: 1, request_timeout: 150ms, poll_interval: 50ms, "
    "late_after: 1h, follow: polling}\n";

/// Answers, dies and lies as its dice say; remembers what was done by whom. Its functions come from
/// the server's thread, its figures are read when that is over.
class UnrulyTarget {
  // What it does not read is rare beside what it leaves unanswered, so that bounds are close.
 public:
  explicit UnrulyTarget(unsigned seed) : random_(seed) {}

  Steps react(const ScriptedRequest& request) {
    if (request.method == "POST") return start(request);
    // Half an event, and that is all.
    if (request.target.ends_with("/events"))
      return then(event_stream("event: run.event\ndata: {\"event\":\"execution.st"),
                  one_in(2) ? Step::Then::close : Step::Then::reset);
    if (!request.target.starts_with("/runs")) return answer(404, "{}");
    std::string rows;
    for (std::size_t i = 0; i < carried_out_; ++i)
      rows += std::string(rows.empty() ? "" : ",") + R"({"session_id":"s-)" + std::to_string(i) +
              R"(","status":"execution.success","created_at":"2026-01-05T00:00:00.000Z",)"
              R"("execution_start":"2026-01-05T00:00:02.000Z",)"
              R"("execution_end":"2026-01-05T00:00:05.000Z"})";
    return answer(200, "[" + rows + "]");
  }

  Step::Then greet() {
    if (one_in(40)) return one_in(2) ? Step::Then::close : Step::Then::reset;
    return Step::Then::go_on;
  }

  std::map<std::string, std::uint64_t> posts;    // by run
  std::map<unsigned, std::uint64_t> said_whole;  // answers by status, in order to their end
  std::uint64_t carried_out() const { return carried_out_; }

 private:
  bool one_in(unsigned n) { return random_() % n == 0; }

  Steps start(const ScriptedRequest& request) {
    const std::size_t at = request.head.find("X-Sluice-Run: ") + 14;
    ++posts[request.head.substr(at, request.head.find("\r\n", at) - at)];
    const std::chrono::microseconds late(random_() % 3000);
    const Step::Then end = one_in(2) ? Step::Then::close : Step::Then::reset;
    if (one_in(4)) return dies(late, end);
    if (one_in(12)) return says(429, "{}", late, "Retry-After: 0\r\n");
    if (one_in(12)) return says(503, "{}", late);
    if (one_in(20)) return says(400, "{}", late);
    Steps steps = says(201, carry_out(), late);
    if (one_in(8)) steps = in_pieces(steps[0].bytes, 7, 100us);
    if (one_in(16)) return then(steps, Step::Then::close);
    // While it is idle, or just as the next request comes.
    if (one_in(16)) steps.push_back({std::chrono::microseconds(random_() % 20'000), "", end});
    return steps;
  }

  /// With or without having done the work, before, in or instead of an answer.
  Steps dies(std::chrono::microseconds late, Step::Then end) {
    const std::string whole = answer_bytes(201, one_in(2) ? carry_out() : "{}");
    switch (random_() % 5) {
      case 0:
        return {{late, "", end}};
      case 1:
        return {{late, whole.substr(0, 1 + random_() % (whole.size() - 1))}, {late, "", end}};
      case 2:
        return {{late, "220 mail.example ready\r\n"}};
      case 3:
        return {{1h, ""}};
      default:
        return {{100ms, "", end}};
    }
  }

  Steps says(unsigned status, const std::string& body, std::chrono::microseconds late,
             const std::string& headers = "") {
    ++said_whole[status];
    return {{late, answer_bytes(status, body, headers)}};
  }

  std::string carry_out() {
    return R"({"session_id":"s-)" + std::to_string(carried_out_++) + R"("})";
  }

  std::mt19937 random_;
  std::uint64_t carried_out_ = 0;
};

template <class Key>
std::uint64_t sum_of(const std::map<Key, std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& each) { return sum + each.second; });
}

template <class Key>
std::uint64_t count_of(const std::map<Key, std::uint64_t>& counts, const Key& key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

std::uint64_t unanswered_by(const LoadFacts& facts, const std::string& reason) {
  return count_of(facts.failures, reason);
}

std::uint64_t answered_with(const LoadFacts& facts, unsigned status) {
  return count_of(facts.statuses, status);
}

void expect_requests_add_up(const LoadFacts& facts, const UnrulyTarget& target) {
  const std::uint64_t answers = sum_of(facts.statuses), posts = sum_of(target.posts);
  EXPECT_EQ(facts.intended, facts.sent + facts.unsent + facts.unreached);
  EXPECT_EQ(facts.intended, answers + facts.unanswered);
  EXPECT_EQ(facts.unanswered, sum_of(facts.failures));
  EXPECT_LE(posts, facts.sent) << "nothing is written twice";
  const std::uint64_t may_be_unread =
      unanswered_by(facts, "closed") + unanswered_by(facts, "reset") +
      unanswered_by(facts, "timed out") + unanswered_by(facts, "no answer by the end");
  EXPECT_LE(facts.sent - posts, may_be_unread) << "what was not read whole has failed";
  for (const auto& [status, count] : facts.statuses)
    EXPECT_LE(count, count_of(target.said_whole, status)) << status;
}

void expect_runs_add_up(const LoadFacts& facts, const UnrulyTarget& target) {
  EXPECT_EQ(facts.runs_submitted, 200u);
  EXPECT_EQ(facts.runs_submitted,
            facts.runs_followed + facts.runs_lost + facts.runs_gave_up + facts.runs_submitting);
  EXPECT_EQ(facts.runs_accepted, answered_with(facts, 201));
  EXPECT_EQ(facts.runs_accepted, facts.runs_followed + facts.runs_lost + facts.runs_unfollowed);
  EXPECT_LE(facts.runs_ended, facts.runs_followed);
  EXPECT_LE(facts.runs_accepted, target.carried_out());
  std::uint64_t again = 0;
  for (const auto& [run, posts] : target.posts) {
    EXPECT_LE(posts, kMostAttempts) << run;
    again += posts - 1;
  }
  const std::uint64_t retries = facts.intended - facts.runs_submitted;
  EXPECT_LE(again, retries);
  EXPECT_LE(retries, facts.unanswered + answered_with(facts, 429) + answered_with(facts, 503))
      << "each attempt again is for a failure that is in the report";
}

LoadFacts load_of(UnrulyTarget& target, unsigned seed) {
  ScriptedServer::Options options;
  // The load's first question is answered.
  options.greets = [&target](std::size_t connection) {
    return connection == 0 ? Step::Then::go_on : target.greet();
  };
  ScriptedServer server([&target](const ScriptedRequest& request) { return target.react(request); },
                        options);
  const Scenario scenario = test::loaded(test::load(kManyRuns));
  LoadRunOptions load = load_options(scenario, server.url(), 1);
  load.threads = 1 + seed % 2;
  if (seed % 3 == 0) load.follow = LoadConfig::Follow::events;
  return *run_load(scenario, load).report.load;
}

/// They wait most of the time, so they are run beside each other.
TEST(AccountsTest, WhateverATargetDoesTheAccountsAddUp) {
  constexpr unsigned kLoads = 5;
  std::vector<UnrulyTarget> targets;
  for (unsigned seed = 0; seed < kLoads; ++seed) targets.emplace_back(seed);
  std::vector<std::future<LoadFacts>> loads;
  for (unsigned seed = 0; seed < kLoads; ++seed)
    loads.push_back(
        std::async(std::launch::async, [&targets, seed] { return load_of(targets[seed], seed); }));
  std::uint64_t resent = 0;
  for (unsigned seed = 0; seed < kLoads; ++seed) {
    SCOPED_TRACE(seed);
    const LoadFacts facts = loads[seed].get();
    expect_requests_add_up(facts, targets[seed]);
    expect_runs_add_up(facts, targets[seed]);
    EXPECT_GE(facts.connections_most, 1u);
    EXPECT_LE(facts.connections_most, facts.connections_opened);
    EXPECT_GT(sum_of(facts.failures), 10u);
    resent += facts.resent;
  }
  RecordProperty("resent", static_cast<int>(resent));
}

}  // namespace
}  // namespace sluice::test

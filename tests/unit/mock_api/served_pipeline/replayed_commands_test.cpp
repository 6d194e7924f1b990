// What is changed by hand while a scenario is served, taken as its incidents and simulated: the
// same dispatches and the same report, to the byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/json.hpp"
#include "mock_api/api.hpp"
#include "reports/json/json.hpp"
#include "tests/unit/mock_api/api_world.hpp"
#include "tests/unit/mock_api/served_pipeline/simulated_posts.hpp"

namespace sluice::test {
namespace {

struct Click {
  double second;
  const char* method;
  const char* target;
  const char* body = "";
};

struct ClickedSession {
  const char* name;
  const char* scenario;
  const char* duration;
  std::vector<Click> clicks;  // ascending
};

void PrintTo(const ClickedSession& c, std::ostream* out) { *out << c.name; }

/// The incidents of the scenario, which clicks are none of, left out.
std::string without_incidents(std::string report) {
  const std::size_t from = report.find("\n \"incidents\": [");
  const std::size_t until = report.find("\n \"time_lines\":");
  return from < until ? report.erase(from, until - from) : report;
}

/// A scenario that is served, with what is asked of it in order of time.
class Session {
 public:
  explicit Session(const Scenario& scenario)
      : scenario_(scenario), api_(scenario, options(served_), webhooks_) {}

  void click(const Click& click) {
    const HttpReply reply = api_.handle(
        Time::from_seconds(click.second),
        {click.method, std::string_view(click.target), std::string_view(click.body), "", {}});
    EXPECT_EQ(reply.status, 200u) << click.target << " " << reply.body;
  }
  void post(const Submissions::Post& post) {
    const std::string key = "sk_" + scenario_.pipeline.workspaces[post.workspace.index()].name;
    const HttpReply reply = api_.handle(
        post.at, {"POST", "/run", post.body, "", {{"cc-key", key}, {"X-Sluice-Run", post.run}}});
    EXPECT_EQ(reply.status, 201u) << reply.body;
  }
  /// GET /_sluice/incidents, the key left out.
  std::string incidents(Time now) {
    const HttpReply reply = api_.handle(now, {"GET", "/_sluice/incidents", "", "", {}});
    EXPECT_EQ(reply.status, 200u);
    EXPECT_EQ(reply.content_type, "application/yaml");
    EXPECT_EQ(reply.body, api_.commands_as_incidents());
    constexpr std::string_view kKey = "incidents:\n";
    EXPECT_EQ(reply.body.substr(0, kKey.size()), kKey);
    return reply.body.substr(kKey.size());
  }
  std::string report(Time end) {
    api_.advance(end);
    return without_incidents(render_json(api_.report(end), {false}));
  }
  const std::vector<std::string>& dispatches() const { return served_.lines; }

 private:
  static ApiOptions options(Dispatches& listener) {
    ApiOptions options;
    options.engine = Engine::virtual_time;
    options.listener = &listener;
    return options;
  }

  const Scenario& scenario_;
  KeptWebhooks webhooks_;
  Dispatches served_;
  Api api_;
};

/// Items of a YAML list, a line each, as a list in one line.
std::string in_one_line(std::string_view lines) {
  std::string list = "[";
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    list += std::string(lines.substr(4, end - 4)) + ", ";  // after "  - "
    lines.remove_prefix(end + 1);
  }
  return list + "]";
}

/// With incidents of its own and those of a session.
Scenario with_incidents(const ClickedSession& c, const Scenario& served,
                        const std::string& of_session) {
  Scenario scenario = library_scenario(c.scenario, c.duration, in_one_line(of_session));
  scenario.incidents.insert(scenario.incidents.begin(), served.incidents.begin(),
                            served.incidents.end());
  std::stable_sort(scenario.incidents.begin(), scenario.incidents.end(),
                   [](const Incident& a, const Incident& b) { return a.at < b.at; });
  scenario.hash = served.hash;  // of the file, which is all that may differ
  return scenario;
}

class ReplayedCommands : public ::testing::TestWithParam<ClickedSession> {};

TEST_P(ReplayedCommands, AreTheSameIncidents) {
  const ClickedSession& c = GetParam();
  const Scenario scenario = library_scenario(c.scenario, c.duration);
  const Simulated undisturbed = simulate_posts(scenario);
  Session session(scenario);
  auto click = c.clicks.begin();
  for (const Submissions::Post& post : undisturbed.posts) {
    for (; click != c.clicks.end() && Time::from_seconds(click->second) < post.at; ++click)
      session.click(*click);
    session.post(post);
  }
  ASSERT_TRUE(click == c.clicks.end());
  const Time end = Time::zero() + scenario.duration;
  const std::string served = session.report(end);
  const std::string incidents = session.incidents(end);
  ASSERT_FALSE(served == without_incidents(undisturbed.report)) << "the clicks changed nothing";
  EXPECT_EQ(incidents.find('#'), std::string::npos) << incidents;

  const Simulated replayed = simulate_posts(with_incidents(c, scenario, incidents));
  ASSERT_EQ(session.dispatches().size(), replayed.dispatches.size()) << incidents;
  for (std::size_t i = 0; i < replayed.dispatches.size(); ++i)
    ASSERT_EQ(session.dispatches()[i], replayed.dispatches[i]) << "dispatch " << i << "\n"
                                                               << incidents;
  EXPECT_TRUE(served == without_incidents(replayed.report)) << "the reports differ\n" << incidents;
}

constexpr const char *kPut = "PUT", *kPost = "POST";

INSTANTIATE_TEST_SUITE_P(
    Sessions, ReplayedCommands,
    ::testing::Values(
        ClickedSession{"pauses",
                       "credential_bottleneck",
                       "2h",
                       {{600.123456789, kPost, "/_sluice/credentials/erp/pause"},
                        {700.25, kPost, "/_sluice/groups/main/pause"},
                        {750.5, kPost, "/_sluice/groups/main/pause"},  // once is enough
                        {900.75, kPost, "/_sluice/groups/main/resume"},
                        {1500.000000001, kPost, "/_sluice/credentials/erp/resume"},
                        {1500.1, kPost, "/_sluice/credentials/erp/resume"},  // it was
                        {6000.3, kPost, "/_sluice/credentials/erp/pause"}}},
        ClickedSession{"workers",
                       "worker_outage",  // with an incident of its own, and failures
                       "3h",
                       {{300.1, kPut, "/_sluice/groups/main/workers", R"({"count": 30})"},
                        {900.2, kPost, "/_sluice/groups/main/lose", R"({"count": 7})"},
                        {1200.3, kPost, "/_sluice/groups/main/lose", R"({"count": 100})"},
                        {1500.4, kPost, "/_sluice/groups/main/restore", R"({"count": 7})"},
                        {2400.6, kPost, "/_sluice/groups/main/restore", R"({"count": 50})"},
                        {4000.7, kPut, "/_sluice/groups/main/workers", R"({"count": 45})"},
                        {5500.8, kPut, "/_sluice/groups/main/workers", R"({"count": null})"},
                        {7000.9, kPut, "/_sluice/groups/main/workers", R"({"count": 8})"}}},
        ClickedSession{"workflows",
                       "high_starves_low",
                       "2h",
                       {{1000.5, kPost, "/_sluice/workflows/fetch-report/pause"},
                        {1600.5, kPost, "/_sluice/workflows/fetch-report/resume"}}}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(ReplayedCommands, WhatCannotBeReplayedIsSaid) {
  ApiWorld world(served_scenario());
  EXPECT_EQ(world.get("/_sluice/incidents").body, "incidents: []\n");
  world.pass(Duration{1'500'000'000});
  world.post("/_sluice/credentials/portal-1/pause");
  world.post("/_sluice/groups/main/lose", R"({"count": 1})");
  world.post("/_sluice/groups/main/restore", R"({"count": 1})");
  EXPECT_EQ(
      world.get("/_sluice/incidents").body,
      "incidents:\n"
      "  - {at: 1s500ms, pause_credential: portal-1}\n"
      "  # at 1s500ms, not replayed: {\"lose_workers\":{\"group\":\"main\",\"count\":1}}\n"
      "  # at 1s500ms, not replayed: {\"restore_workers\":{\"group\":\"main\",\"count\":1}}\n");
  EXPECT_EQ(world.call("POST", "/_sluice/incidents").status, 405u);
  world.post("/_sluice/reset");
  EXPECT_EQ(world.get("/_sluice/incidents").body, "incidents: []\n");
}

}  // namespace
}  // namespace sluice::test

// The served pipeline against the simulated one: the same submissions at the same instants, sent as
// POST /run with a held clock, give the same dispatches and the same report, to the byte.
#include <gtest/gtest.h>

#include <string>

#include "mock_api/api.hpp"
#include "reports/json/json.hpp"
#include "tests/unit/mock_api/api_world.hpp"
#include "tests/unit/mock_api/served_pipeline/simulated_posts.hpp"

namespace sluice::test {
namespace {

struct Case {
  const char* scenario;
  const char* duration;
  const char* incidents = "";  // instead of its own
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.scenario; }

class ServedEqualsSimulated : public ::testing::TestWithParam<Case> {};

TEST_P(ServedEqualsSimulated, ToTheByte) {
  const Scenario scenario =
      library_scenario(GetParam().scenario, GetParam().duration, GetParam().incidents);
  const Simulated simulated = simulate_posts(scenario);
  ASSERT_GT(simulated.posts.size(), 100u);

  KeptWebhooks webhooks;
  Dispatches served;
  ApiOptions options;
  options.engine = Engine::virtual_time;
  options.listener = &served;
  Api api(scenario, options, webhooks);
  std::size_t other_answers = 0;
  for (const Submissions::Post& post : simulated.posts) {
    const std::string key = "sk_" + scenario.pipeline.workspaces[post.workspace.index()].name;
    const HttpRequest request{
        "POST", "/run", post.body, "", {{"cc-key", key}, {"X-Sluice-Run", post.run}}};
    const HttpReply reply = api.handle(post.at, request);
    if (reply.status == status_of(post.status)) continue;
    if (++other_answers < 3) ADD_FAILURE() << post.run << " " << reply.status << " " << reply.body;
  }
  const Time end = Time::zero() + scenario.duration;
  api.advance(end);

  EXPECT_EQ(other_answers, 0u);
  ASSERT_EQ(served.lines.size(), simulated.dispatches.size());
  for (std::size_t i = 0; i < served.lines.size(); ++i)
    ASSERT_EQ(served.lines[i], simulated.dispatches[i]) << "dispatch " << i;
  const std::string report = render_json(api.report(end), {false});
  EXPECT_TRUE(report == simulated.report) << "the reports differ";
}

INSTANTIATE_TEST_SUITE_P(
    ShippedScenarios, ServedEqualsSimulated,
    ::testing::Values(Case{"high_starves_low", "2h"}, Case{"credential_bottleneck", "3h"},
                      Case{"pool_rotation", "3h"}, Case{"pool_member_down", "5h"},
                      Case{"login_failure_siblings", "4h"}, Case{"rate_limited_burst", "1h"},
                      Case{"retry_storm", "3h"}, Case{"worker_outage", "4h"},
                      Case{"closed_loop", "3h"}, Case{"options_cost", "3h"},
                      Case{"trace_replay", "3h30m"}, Case{"deploy_restart", "4h"},
                      Case{"head_of_line", "2h"}),
    [](const auto& info) { return std::string(info.param.scenario); });

INSTANTIATE_TEST_SUITE_P(
    FactorsOnArrivals, ServedEqualsSimulated,
    ::testing::Values(Case{"trace_replay", "3h30m", "[{at: 10m, for: 1h, arrival_rate: 2.5}]"},
                      Case{"high_starves_low", "2h", "[{at: 10m, for: 1h, arrival_rate: 1.5}]"}),
    [](const auto& info) { return std::string(info.param.scenario); });

}  // namespace
}  // namespace sluice::test

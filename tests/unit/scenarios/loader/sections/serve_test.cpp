// `serve`: what is said is taken, what is not said is found in the rest of the scenario.
#include <gmock/gmock.h>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace sluice::test;

std::string scenario_served(const std::string& serve) {
  return R"(
duration: 1h
resource_groups: {main: {workers: 2}}
workspaces: {acme: {}, tenant: {count: 2}}
credentials:
  portal: {domain: https://portal.example.com, count: 2}
  other: {domain: https://other.example.com}
workflows:
  claims: {needs: {USER: portal}, time: 1m}
  either: {needs: [USER, ADMIN], time: 1m}
submitters:
  a: {workspace: acme, workflow: claims, credentials: {USER: portal-1},
      arrivals: {constant: {every: 1m}}}
  b: {workspace: tenant, workflow: either, credentials: {USER: portal-1, ADMIN: [portal-1, other]},
      arrivals: {constant: {every: 1m}}}
)" + serve;
}

Scenario scenario_of(const std::string& serve) {
  const LoadedScenario result = load_scenario_text(scenario_served(serve), "x.yaml");
  EXPECT_TRUE(result.scenario) << messages(result);
  return result.scenario.value_or(Scenario{});
}

std::string refused_serve(const std::string& serve) {
  return messages(load_scenario_text(scenario_served(serve), "x.yaml"));
}

TEST(Serve, needs_nothing_to_be_said) {
  const ServeConfig serve = scenario_of("").serve;
  EXPECT_EQ(serve.run_status, 201u);
  EXPECT_FALSE(serve.refuse_unknown_keys);
  ASSERT_EQ(serve.workflows.size(), 2u);
  EXPECT_THAT(serve.workflows[0].domains, ElementsAre(Pair("USER", "https://portal.example.com")));
  EXPECT_THAT(serve.workflows[1].domains, ElementsAre(Pair("USER", "https://portal.example.com")))
      << "ADMIN may be of two domains";
}

TEST(Serve, takes_what_is_said) {
  const ServeConfig serve = scenario_of(R"(
serve:
  start: 2026-01-05T08:00:00Z
  run_status: 200
  unknown_keys: refuse
  streams: {ping_interval: 5s}
  webhooks: {retries: [], registered: [{url: "http://x", secret: s, workspace: tenant-2}]}
  workspaces: {tenant-1: {api_key: key}}
  workflows:
    claims:
      id: c
      domains: {USER: x.example}
      input_schema: {type: object, required: ["5", a], maxProperties: 5}
)")
                                .serve;
  EXPECT_EQ(serve.start_unix_ns, 1'767'600'000'000'000'000);
  EXPECT_EQ(serve.run_status, 200u);
  EXPECT_TRUE(serve.refuse_unknown_keys);
  EXPECT_EQ(serve.ping_interval, Duration{5'000'000'000});
  EXPECT_TRUE(serve.webhook_retries.empty());
  ASSERT_EQ(serve.webhooks.size(), 1u);
  EXPECT_EQ(serve.webhooks[0].workspace, WorkspaceId::at(2));
  EXPECT_FALSE(serve.webhooks[0].workflow.valid());
  EXPECT_EQ(serve.workspaces[1].api_key, "key");
  EXPECT_EQ(serve.workflows[0].id, "c");
  EXPECT_EQ(serve.workflows[0].domains.at("USER"), "x.example");
  EXPECT_EQ(serve.workflows[0].input_schema,
            R"({"type":"object","required":["5","a"],"maxProperties":5})");
}

TEST(Serve, is_checked) {
  EXPECT_THAT(refused_serve("serve: {workspaces: {acm: {}}}"), HasSubstr("did you mean `acme`?"));
  EXPECT_THAT(refused_serve("serve: {workspaces: {tenant: {}}}"),
              HasSubstr("only one can stand here"));
  EXPECT_THAT(refused_serve("serve: {workspaces: {acme: {api_key: sk_tenant-1}}}"),
              HasSubstr("two workspaces have the same API key"));
  EXPECT_THAT(refused_serve("serve: {workspaces: {acme: {encryption_key: abc}}}"),
              HasSubstr("64 hex digits"));
  EXPECT_THAT(refused_serve("serve: {workflows: {claims: {domains: {X: y}}}}"),
              HasSubstr("has no alias `X`"));
  EXPECT_THAT(refused_serve("serve: {workflows: {claims: {downloads: [a, b]}}}"),
              HasSubstr("has 1 steps that can download a file"));
  EXPECT_THAT(refused_serve("serve: {workflows: {claims: {id: x}, either: {id: x}}}"),
              HasSubstr("two workflows have the same id"));
  EXPECT_THAT(refused_serve("serve: {start: tomorrow}"), HasSubstr("a date and time such as"));
}

TEST(Serve, webhooks_that_can_never_work_are_refused_where_they_stand) {
  const auto refused_url = [](const std::string& url) {
    return refused_serve("serve: {webhooks: {registered: [{url: \"" + url + "\", secret: s}]}}");
  };
  EXPECT_THAT(refused_url("x"), HasSubstr("it must begin with http:// or https://"));
  EXPECT_THAT(refused_url("http://h:80:80/"),
              AllOf(HasSubstr("x.yaml:16:49: "), HasSubstr("a number from 1 to 65535")));
  EXPECT_THAT(refused_url("http://a b/"), HasSubstr("must be percent-encoded"));
  EXPECT_THAT(refused_url("http://[::1]:99999/"), HasSubstr("a number from 1 to 65535"));
  EXPECT_THAT(refused_url("http://h:0/"), HasSubstr("a number from 1 to 65535"));
  EXPECT_EQ(refused_url("HTTP://127.0.0.1:9/x"), "");
}

TEST(Serve, webhooks_have_real_stamps_and_bounds) {
  const ServeConfig usual = scenario_of("").serve;
  EXPECT_EQ(usual.webhook_stamps, ServeConfig::WebhookStamps::real);
  EXPECT_EQ(usual.webhook_max_retry_after, Duration::from_seconds(3600));
  const ServeConfig serve = scenario_of(
                                "serve: {webhooks: {stamps: simulated, max_retry_after: 0s, "
                                "posts_per_url: 1, posts_per_host: 2}}")
                                .serve;
  EXPECT_EQ(serve.webhook_stamps, ServeConfig::WebhookStamps::simulated);
  EXPECT_EQ(serve.webhook_max_retry_after, Duration::zero());
  EXPECT_EQ(serve.webhook_posts_per_url, 1u);
  EXPECT_EQ(serve.webhook_posts_per_host, 2u);
}

TEST(Serve, AScenarioWithoutSubmittersIsValid) {
  for (const char* submitters : {"", "submitters: {}"}) {
    const LoadedScenario result = load_scenario_text(std::string(R"(
duration: 1h
resource_groups: {main: {workers: 2}}
workspaces: {acme: {}}
credentials: {portal: {domain: https://portal.example.com}}
workflows: {claims: {needs: {USER: portal}, time: 1m}}
)") + submitters,
                                                     "x.yaml");
    ASSERT_TRUE(result.scenario) << messages(result);
    EXPECT_TRUE(result.scenario->submitters.empty());
    EXPECT_TRUE(result.warnings.empty()) << messages(result);
  }
  EXPECT_THAT(messages(load_scenario_text(R"(
duration: 1h
resource_groups: {main: {workers: 2}}
workspaces: {acme: {}}
workflows: {claims: {time: 1m}}
submiters: {}
)",
                                          "x.yaml")),
              HasSubstr("did you mean `submitters`?"));
}

TEST(Serve, WhatIsKeptCanBeSet) {
  const ServeConfig config =
      scenario_of("serve: {keep_finished_runs: 7, keep_finished_for: 3h, keep_requests: 9}").serve;
  EXPECT_EQ(config.keep_finished_runs, 7U);
  EXPECT_EQ(config.keep_finished_for, Duration{3 * 3'600'000'000'000});
  EXPECT_EQ(config.keep_requests, 9U);
}

}  // namespace
}  // namespace sluice

// What scenario files mean.
#include "scenarios/loader/loader.hpp"

#include <gmock/gmock.h>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace literals;
using namespace test;
using ::testing::HasSubstr;

double mean_time(const std::string& distribution) {
  const LoadedScenario result = load_with({{"workflows.claims.time", distribution}});
  return loaded(result).pipeline.workflows.at(0).time.mean();
}

TEST(Loader, loads_the_sample_of_the_design) {
  const LoadedScenario result =
      load_scenario(source_file("tests/unit/scenarios/files/monday_batch.yaml"));
  const Scenario scenario = loaded(result);
  EXPECT_EQ(messages(result), "");
  EXPECT_EQ(scenario.name, "monday-batch-starves-low");
  EXPECT_EQ(scenario.seed, 42u);
  EXPECT_EQ(scenario.duration, 8_h);
  EXPECT_TRUE(scenario.warm_up.automatic);
  EXPECT_EQ(scenario.hash.size(), 16u);

  const PipelineConfig& pipeline = scenario.pipeline;
  ASSERT_EQ(pipeline.groups.size(), 1u);
  EXPECT_EQ(pipeline.groups[0].workers.count, 40u);
  EXPECT_DOUBLE_EQ(pipeline.groups[0].workers.start_up.mean(), 3);
  ASSERT_EQ(pipeline.workspaces.size(), 21u);
  EXPECT_EQ(pipeline.workspaces[20].name, "tenant-20");
  ASSERT_EQ(pipeline.credentials.size(), 8u);
  EXPECT_EQ(pipeline.credentials[7].name, "portal-8");
  EXPECT_EQ(pipeline.credentials[7].limit(), 4u);
  EXPECT_DOUBLE_EQ(pipeline.credentials[0].login->failure, 0.005);
  EXPECT_FALSE(pipeline.credentials[0].keeps_session);
  EXPECT_EQ(pipeline.workflows[0].aliases, std::vector<std::string>{"USER"});
  EXPECT_TRUE(pipeline.workflows[0].failures.at(0).retry);
  EXPECT_EQ(pipeline.api.rate_limits.size(), 3u);

  ASSERT_EQ(scenario.submitters.size(), 2u);
  const SubmitterConfig& interactive = scenario.submitters[0];
  const auto& rate = std::get<PoissonArrivals>(interactive.arrivals).rate;
  ASSERT_EQ(rate.points.size(), 3u);
  EXPECT_DOUBLE_EQ(rate.points[1].per_second, 25.0 / 60);
  const CredentialChoice& pool = interactive.workflows.at(0).second.credentials.at(0);
  EXPECT_EQ(pool.kind, CredentialChoice::Kind::pool);
  EXPECT_EQ(pool.members.size(), 8u);
  const SubmitterConfig& nightly = scenario.submitters[1];
  EXPECT_EQ(nightly.workspaces.size(), 20u);
  EXPECT_EQ(nightly.priority.size(), 2u);
  EXPECT_DOUBLE_EQ(std::get<BatchArrivals>(nightly.arrivals).size.mean(), 800);

  ASSERT_EQ(scenario.incidents.size(), 1u);
  EXPECT_EQ(std::get<LoseWorkers>(scenario.incidents[0].change).count, 15u);
  ASSERT_EQ(scenario.expectations.size(), 2u);
  EXPECT_EQ(scenario.expectations[0].because, "support promise of 2026-10");
  EXPECT_EQ(scenario.reaches.size(), 1u);
}

TEST(Loader, fills_in_defaults) {
  const Scenario scenario = loaded(load(small_scenario()));
  EXPECT_EQ(scenario.name, "test");
  EXPECT_EQ(scenario.seed, 1u);
  EXPECT_FALSE(scenario.replications);
  EXPECT_DOUBLE_EQ(scenario.confidence, 0.95);
  EXPECT_EQ(scenario.starvation_threshold[2], 5_min);
  EXPECT_FALSE(scenario.slo[0]);
  EXPECT_EQ(scenario.submitters.at(0).priority.at(0).second, PriorityLevel::LOW);
  EXPECT_EQ(scenario.submitters.at(0).workspaces.size(), 1u);
  EXPECT_EQ(scenario.submitters.at(0).until, Time::never());
  EXPECT_FALSE(scenario.pipeline.webhooks);
  EXPECT_TRUE(scenario.pipeline.workflows.at(0).debug_snapshot.always_zero());
}

TEST(Loader, thresholds_and_targets_are_for_all_levels_or_for_each) {
  const Scenario scenario =
      loaded(load(small_scenario("starvation_threshold: {LOW: 30m}\nslo: {HIGH: 30s}\n")));
  EXPECT_EQ(scenario.starvation_threshold[0], 5_min);
  EXPECT_EQ(scenario.starvation_threshold[2], 30_min);
  EXPECT_EQ(scenario.slo[0], 30_s);
  EXPECT_FALSE(scenario.slo[2]);
}

TEST(Loader, reads_each_distribution) {
  EXPECT_DOUBLE_EQ(mean_time("90s"), 90);
  EXPECT_DOUBLE_EQ(mean_time("{constant: 1m30s}"), 90);
  EXPECT_DOUBLE_EQ(mean_time("{uniform: {min: 10s, max: 30s}}"), 20);
  EXPECT_DOUBLE_EQ(mean_time("{exponential: 10s}"), 10);
  EXPECT_DOUBLE_EQ(mean_time("{exponential: {mean: 10s}}"), 10);
  EXPECT_NEAR(mean_time("{lognormal: {mean: 10s, cv: 2}}"), 10, 1e-9);
  EXPECT_GT(mean_time("{lognormal: {median: 90s, p95: 5m}}"), 90);
  EXPECT_NEAR(mean_time("{lognormal: {mean: 3m, p95: 8m}}"), 180, 1e-9);
  EXPECT_EQ(mean_time("{lognormal: {mean: 3m, p95: 3m}}"), 180) << "always the same";
  EXPECT_NEAR(mean_time("{gamma: {mean: 10s, cv: 0.5}}"), 10, 1e-9);
  EXPECT_NEAR(mean_time("{weibull: {shape: 1, scale: 10s}}"), 10, 1e-9);
  EXPECT_GT(mean_time("{pareto: {alpha: 1.5, min: 1s, max: 1h}}"), 1);
  EXPECT_NEAR(mean_time("{hyperexponential: [{weight: 50%, mean: 10s}, {weight: 50%, mean: 30s}]}"),
              20, 1e-9);
  EXPECT_NEAR(mean_time("{empirical: {values: [1s, 2s, 6s]}}"), 3, 1e-9);
  EXPECT_NEAR(mean_time("{mixture: [{weight: 3, of: 10s}, {weight: 1, of: {exponential: 50s}}]}"),
              20, 1e-9);
}

TEST(Loader, a_bad_distribution_is_an_error_and_not_an_exception) {
  for (const char* bad :
       {"{uniform: {min: 3s, max: 1s}}", "{exponential: 0}", "{weibull: {shape: 0, scale: 1s}}",
        "{lognormal: {median: 5m, p95: 1s}}", "{pareto: {alpha: 1, min: 5s, max: 1s}}",
        "{hyperexponential: []}", "{mixture: [{weight: 0, of: 1s}]}", "{empirical: {values: []}}",
        "{gamma: {mean: 1s}}", "{exponential: -5s}", "{}", "[]"})
    EXPECT_FALSE(load_with({{"workflows.claims.time", bad}}).scenario) << bad;
}

TEST(Loader, a_base_name_means_all_that_count_made) {
  const Scenario scenario = loaded(load(
      "duration: 1h\n"
      "resource_groups: {main: {workers: 2}}\n"
      "workspaces: {a: {count: 3}, b: {}}\n"
      "credentials: {c: {count: 2}}\n"
      "workflows: {w: {time: 1s, needs: [X]}}\n"
      "submitters:\n"
      "  s: {workspace: {a: 3, b: 1}, credentials: {X: c}, count: 2, arrivals: {poisson: 1/s}}\n"));
  ASSERT_EQ(scenario.submitters.size(), 2u);
  EXPECT_EQ(scenario.submitters[1].name, "s-2");
  EXPECT_EQ(scenario.submitters[1].workspaces.size(), 4u);
  EXPECT_EQ(scenario.submitters[1].workspace_weights, (std::vector<double>{1, 1, 1, 1}));
  const CredentialChoice& choice = scenario.submitters[0].workflows[0].second.credentials[0];
  EXPECT_EQ(choice.kind, CredentialChoice::Kind::drawn);
  EXPECT_EQ(choice.members.size(), 2u);
}

TEST(Loader, credentials_are_fixed_drawn_own_or_pooled) {
  using Kind = CredentialChoice::Kind;
  const auto kind_of = [](const std::string& choice) {
    LoaderOptions options;
    options.sets = {{"submitters.s.credentials.X", choice}};
    const LoadedScenario result = load(
        "duration: 1h\n"
        "resource_groups: {main: {workers: 2}}\n"
        "workspaces: {a: }\n"
        "credentials: {c: {count: 2}}\n"
        "workflows: {w: {time: 1s, needs: {X: c}}}\n"
        "submitters: {s: {arrivals: {poisson: 1/s}}}\n",
        options);
    return loaded(result).submitters.at(0).workflows.at(0).second.credentials.at(0).kind;
  };
  EXPECT_EQ(kind_of("c-1"), Kind::fixed);
  EXPECT_EQ(kind_of("c"), Kind::drawn);
  EXPECT_EQ(kind_of("[c-1, c-2]"), Kind::pool);
  EXPECT_EQ(kind_of("[c]"), Kind::pool);
  EXPECT_EQ(kind_of("{pool: c}"), Kind::pool);
  EXPECT_EQ(kind_of("{own: c}"), Kind::own);
  EXPECT_EQ(kind_of("{fixed: c-2}"), Kind::fixed);
}

TEST(Loader, a_session_is_kept_if_it_can_expire) {
  const auto keeps = [](const char* keys) {
    return loaded(load(small_scenario("credentials: {c: {" + std::string(keys) + "}}\n")))
        .pipeline.credentials.at(0)
        .keeps_session;
  };
  EXPECT_FALSE(keeps("login: {time: 1s}"));
  EXPECT_TRUE(keeps("expiry_time_from_last_use: 20m"));
  EXPECT_TRUE(keeps("keeps_session: true"));
}

TEST(Loader, reads_all_arrivals) {
  const auto arrivals = [](const std::string& text) {
    return loaded(load_with({{"submitters.web.arrivals", text}})).submitters.at(0).arrivals;
  };
  const auto linear =
      std::get<PoissonArrivals>(arrivals("{poisson: {rate: {linear: {0h: 0, 1h: 1/s}}}}"));
  EXPECT_TRUE(linear.rate.linear);
  const auto daily =
      std::get<PoissonArrivals>(arrivals("{poisson: {rate: {daily: {0h: 1/s, 9h: 2/s}}}}"));
  EXPECT_EQ(daily.rate.period, 24_h);
  EXPECT_EQ(std::get<ConstantArrivals>(arrivals("{constant: {rate: 6/min}}")).interval, 10_s);
  EXPECT_DOUBLE_EQ(
      std::get<JitteredArrivals>(arrivals("{jittered: {every: 1m, jitter: 20%}}")).jitter, 0.2);
  const auto bursts = std::get<BurstArrivals>(
      arrivals("{bursts: {on: {rate: 2/s, for: 1m}, off: {rate: 0, for: 1h}}}"));
  EXPECT_EQ(bursts.mean_off, 1_h);
  EXPECT_DOUBLE_EQ(bursts.on_per_second, 2);
  const auto batch = std::get<BatchArrivals>(arrivals("{batch: {at: 10m, size: 5, every: 30m}}"));
  EXPECT_EQ(batch.at.size(), 1u);
  EXPECT_EQ(batch.period, 30_min);
  EXPECT_EQ(std::get<ClosedLoop>(arrivals("{closed_loop: {clients: 7, think_time: 1s}}")).clients,
            7u);
}

TEST(Loader, reads_all_dispatch_policies) {
  const auto policy = [](const std::string& text) {
    return loaded(load_with({{"resource_groups.main.dispatch", text}}))
        .pipeline.groups.at(0)
        .dispatch;
  };
  using Kind = DispatchPolicyKind;
  EXPECT_EQ(policy("strict_priority").kind, Kind::strict_priority);
  EXPECT_EQ(policy("fifo").kind, Kind::fifo);
  EXPECT_EQ(policy("fair_first").kind, Kind::fair_first);
  EXPECT_EQ(policy("{ageing: 10m}").promote_after, 10_min);
  EXPECT_EQ(policy("weighted").weights, (std::array<std::uint32_t, 3>{4, 2, 1}));
  EXPECT_EQ(policy("{weighted: {HIGH: 9, LOW: 2}}").weights,
            (std::array<std::uint32_t, 3>{9, 1, 2}));
  EXPECT_EQ(policy("{reserved: {LOW: 1}}").reserved[2], 1u);
  EXPECT_EQ(policy("{workspace_cap: 3}").cap, 3u);
  EXPECT_EQ(policy("fair_share").kind, Kind::fair_share);
  EXPECT_TRUE(policy("fair_share").share_weights.empty());
  EXPECT_EQ(policy("{share_limit: 50%}").kind, Kind::share_limit);
  EXPECT_EQ(policy("{share_limit: 50%}").share_millionths, 500'000u);
  EXPECT_EQ(policy("{share_limit: 0.125}").share_millionths, 125'000u);
}

TEST(Loader, weights_of_a_fair_share_are_those_of_the_workspaces_that_a_name_means) {
  const auto weights = loaded(load(R"(
scenario: shares
duration: 1h
resource_groups: {main: {workers: 2, dispatch: {fair_share: {weights: {acme: 3, team: 2}}}}}
workspaces: {other: {}, acme: {}, team: {count: 2}}
workflows: {task: {time: 1s}}
submitters: {s: {workspace: [acme, other], workflow: task, arrivals: {poisson: 1/min}}}
)"))
                           .pipeline.groups.at(0)
                           .dispatch.share_weights;
  std::string text;
  for (const auto& [workspace, weight] : weights)
    text += std::to_string(workspace.value) + ":" + std::to_string(weight) + " ";
  EXPECT_EQ(text, "1:3 2:2 3:2 ");
}

TEST(Loader, a_weight_of_nobody_here_is_an_error) {
  const auto mistakes = [](const std::string& policy) {
    return messages(load(R"(
scenario: shares
duration: 1h
resource_groups:
  main: {workers: 2, dispatch: )" +
                         policy + R"(}
  side: {workers: 2}
workspaces: {acme: {group: main}, over-there: {group: side}}
workflows: {task: {time: 1s}}
submitters: {s: {workspace: [acme, over-there], workflow: task, arrivals: {poisson: 1/min}}}
)"));
  };
  EXPECT_THAT(mistakes("{fair_share: {weights: {acne: 3}}}"),
              HasSubstr("no workspace is called `acne`"));
  EXPECT_THAT(mistakes("{fair_share: {weights: {over-there: 3}}}"),
              HasSubstr("the workspace `over-there` is in another group"));
  EXPECT_THAT(mistakes("{fair_share: {weights: {acme: 0}}}"), HasSubstr(":5:"));
  EXPECT_THAT(mistakes("{share_limit: 0%}"), HasSubstr("a share of the workers is above 0"));
  EXPECT_THAT(mistakes("{share_limit: 101%}"), HasSubstr(":5:"));
}

TEST(Loader, incidents_ascend_and_default_to_the_only_group) {
  const Scenario scenario =
      loaded(load(small_scenario("incidents:\n"
                                 "  - {at: 30m, for: 5m, lose_workers: {count: 1}}\n"
                                 "  - {at: 10m, restart_workers: {}}\n"
                                 "  - {at: 20m, arrival_rate: 3}\n")));
  ASSERT_EQ(scenario.incidents.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<RestartWorkers>(scenario.incidents[0].change));
  EXPECT_EQ(std::get<ArrivalFactor>(scenario.incidents[1].change).submitters.size(), 1u);
  EXPECT_EQ(std::get<LoseWorkers>(scenario.incidents[2].change).group, GroupId{0});
}

TEST(Loader, missing_files_are_errors) {
  EXPECT_THAT(messages(load_scenario("no/such/file.yaml")),
              HasSubstr("no/such/file.yaml: error: the scenario cannot be opened"));
  EXPECT_FALSE(load_scenario(source_file("tests/unit/scenarios")).scenario);
}

}  // namespace
}  // namespace sluice

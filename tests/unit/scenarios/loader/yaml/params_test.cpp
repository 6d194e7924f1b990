// `params`, `--set` and `include`.
#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace literals;
using namespace test;
using ::testing::HasSubstr;

LoaderOptions params(std::vector<std::pair<std::string, std::string>> values) {
  LoaderOptions options;
  options.params = std::move(values);
  return options;
}

const std::string kWithParams =
    "params: {n: 3, site: example.com, curve: {at: {0h: 5/min, 1h: 1/s}}, twice: \"${n}${n}\"}\n"
    "duration: 1h\n"
    "resource_groups: {main: {workers: {count: ${n}, start_up: 1s}}}\n"
    "workspaces: {acme: {count: \"${twice}\"}}\n"
    "credentials: {portal: {domain: https://${site}/login, count: ${n}}}\n"
    "workflows: {claims: {time: 10s}}\n"
    "submitters: {web: {workspace: acme, arrivals: {poisson: {rate: ${curve}}}}}  # ${not} a "
    "reference\n";

TEST(Params, stand_in_flow_maps_inside_texts_and_for_whole_maps) {
  const Scenario scenario = loaded(load(kWithParams));
  EXPECT_EQ(scenario.pipeline.groups[0].workers.count, 3u);
  EXPECT_EQ(scenario.pipeline.workspaces.size(), 33u);
  EXPECT_EQ(scenario.pipeline.credentials.at(0).domain, "https://example.com/login");
  EXPECT_EQ(std::get<PoissonArrivals>(scenario.submitters[0].arrivals).rate.points.size(), 2u);
}

TEST(Params, are_overridden_on_the_command_line) {
  const Scenario scenario =
      loaded(load(kWithParams, params({{"n", "5"}, {"curve", "{daily: {0h: 1/s}}"}, {"n", "4"}})));
  EXPECT_EQ(scenario.pipeline.groups[0].workers.count, 4u);
  EXPECT_EQ(scenario.pipeline.workspaces.size(), 44u);
  EXPECT_EQ(std::get<PoissonArrivals>(scenario.submitters[0].arrivals).rate.period, 24_h);
}

TEST(Params, unknown_ones_are_errors) {
  EXPECT_THAT(messages(load(kWithParams, params({{"sit", "x"}}))),
              HasSubstr("-p:1:1: error: the scenario has no param `sit`; did you mean `site`?"));
  EXPECT_THAT(errors_of(load(small_scenario(), params({{"n", "1"}}))),
              HasSubstr("it has none at all"));
  EXPECT_THAT(errors_of(load(small_scenario("seed: ${sed}\n"))),
              HasSubstr("no param is called `sed`"));
  EXPECT_THAT(errors_of(load(small_scenario("seed: \"${\"\n"))), HasSubstr("begins a reference"));
}

TEST(Params, a_bad_value_is_located_where_it_is_used_and_says_where_it_is_from) {
  EXPECT_THAT(messages(load(kWithParams, params({{"n", "many"}}))),
              HasSubstr("test.yaml:3:43: error: "));
  EXPECT_THAT(errors_of(load(kWithParams, params({{"n", "many"}}))),
              HasSubstr("this is `many` (param n, -p)"));
}

TEST(Params, cannot_hold_themselves_or_grow_deep_through_each_other) {
  EXPECT_THAT(errors_of(load(kWithParams, params({{"n", "{a: \"${n}\"}"}}))),
              HasSubstr("no param is called `n`"));
  std::string text = small_scenario("params:\n  p0: [1]\n");
  for (int i = 1; i < 200; ++i)
    text += "  p" + std::to_string(i) + ": [\"${p" + std::to_string(i - 1) + "}\"]\n";
  EXPECT_THAT(errors_of(load(text)), HasSubstr("nested too deeply through the param"));
}

TEST(Params, refer_only_to_those_above) {
  EXPECT_THAT(errors_of(load(small_scenario("params: {a: \"${b}\", b: \"${a}\"}\n"))),
              HasSubstr("no param is called `b`"));
}

TEST(Set, changes_adds_and_indexes) {
  const LoadedScenario result =
      load(small_scenario("incidents: [{at: 1m, pause_group: main}]\n"),
           {{},
            {{"resource_groups.main.workers", "{count: 9, start_up: {exponential: 3s}}"},
             {"resource_groups.main.workers.count", "7"},
             {"seed", "99"},
             {"workflows.claims.backoff.base", "3s"},
             {"incidents.0.at", "2m"}}});
  const Scenario scenario = loaded(result);
  EXPECT_EQ(scenario.pipeline.groups[0].workers.count, 7u);
  EXPECT_EQ(scenario.seed, 99u);
  EXPECT_EQ(scenario.pipeline.workflows[0].backoff.base, 3_s);
  EXPECT_EQ(scenario.incidents[0].at, Time::zero() + 2_min);
}

TEST(Set, mistakes_are_located_in_the_option) {
  EXPECT_THAT(messages(load_with({{"sed", "5"}})),
              HasSubstr("--set:1:1: error: unknown key `sed`"));
  EXPECT_THAT(messages(load_with({{"seed", "x"}})), HasSubstr("--set:1:6: error: "));
  EXPECT_THAT(messages(load_with({{"duration.x", "5"}})), HasSubstr("nothing lies below `"));
  std::string deep = "a";
  for (int i = 0; i < 100'000; ++i) deep += ".a";
  EXPECT_THAT(errors_of(load_with({{deep, "5"}})), HasSubstr("the path is too long"));
  EXPECT_FALSE(load_with({{"", "5"}}).scenario);
  EXPECT_FALSE(load_with({{"a.", "5"}}).scenario);
  EXPECT_FALSE(load_with({{".a", "5"}}).scenario);
  EXPECT_FALSE(load_with({{"duration", "[1"}}).scenario);
  EXPECT_FALSE(load_with({{"duration", ""}}).scenario);
}

TEST(Set, of_a_new_thing_as_a_whole_is_no_mistake) {
  const LoadedScenario result = load_with({{"workspaces.other", "{group: main}"},
                                           {"submitters.more",
                                            "{workspace: other, arrivals: {poisson: "
                                            "1/min}}"},
                                           {"submitters.web.workspace", "acme"}});
  EXPECT_EQ(loaded(result).submitters.size(), 2u);
  EXPECT_EQ(messages(result), "");
}

TEST(Set, names_the_nearest_when_it_adds_a_thing_for_the_sake_of_one_value) {
  const LoadedScenario result =
      load_with({{"workflows.clams.time", "1s"}, {"submitters.web.workflow", "claims"}});
  loaded(result);
  EXPECT_THAT(messages(result), HasSubstr("--set:1:11: warning: there is no workflow `clams`: this "
                                          "adds one; did you mean `claims`?"));
}

TEST(Set, of_a_param_that_is_not_there_is_the_same_mistake_as_with_p) {
  const std::string text = small_scenario("params: {workers: 3}\n");
  EXPECT_EQ(errors_of(load(text, {{}, {{"params.wrkers", "50"}}})),
            errors_of(load(text, {{{"wrkers", "50"}}, {}})));
  EXPECT_THAT(errors_of(load_with({{"params.workers", "50"}})), HasSubstr("it has none at all"));
}

class Include : public ::testing::Test {
 protected:
  Include() {
    static int number = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("sluice-include-" + std::to_string(::getpid()) + "-" + std::to_string(number++));
    std::filesystem::create_directories(folder_ / "parts");
  }
  ~Include() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  LoadedScenario load_main() const { return load_scenario((folder_ / "main.yaml").string()); }

  std::filesystem::path folder_;
};

TEST_F(Include, is_merged_deeply_with_the_including_file_on_top) {
  write("parts/times.txt", "5\n");
  write("parts/base.yaml", small_scenario("incidents: [{at: 1m, pause_group: main}]\nslo: 5m\n"));
  write("parts/more.yaml",
        "include: base.yaml\n"
        "workflows: {claims: {steps: 4}, other: {time: {empirical: {file: times.txt}}}}\n");
  write("main.yaml",
        "include: [parts/more.yaml]\n"
        "duration: 2h\n"
        "slo: ~\n"
        "incidents: []\n"
        "workflows: {claims: {time: {exponential: 4s}}}\n"
        "submitters: {web: {workflow: [claims, other], arrivals: {constant: {every: 1s}}}}\n");
  const LoadedScenario result = load_main();
  const Scenario scenario = loaded(result);
  EXPECT_EQ(scenario.duration, 2_h);
  EXPECT_EQ(scenario.pipeline.workflows[0].steps, 4u);
  EXPECT_DOUBLE_EQ(scenario.pipeline.workflows[0].time.mean(), 4);
  EXPECT_DOUBLE_EQ(scenario.pipeline.workflows[1].time.mean(), 5);
  EXPECT_TRUE(scenario.incidents.empty());
  EXPECT_FALSE(scenario.slo[0]);
  EXPECT_TRUE(std::holds_alternative<ConstantArrivals>(scenario.submitters[0].arrivals));

  // Printed, it finds the recorded file from where the main file is.
  write("effective.yaml", effective_scenario(result));
  EXPECT_EQ(loaded(load_scenario((folder_ / "effective.yaml").string())).hash, scenario.hash);
}

TEST_F(Include, problems_are_located_in_the_included_file) {
  write("base.yaml", small_scenario("sed: 4\n"));
  write("main.yaml", "include: base.yaml\n");
  EXPECT_THAT(messages(load_main()), HasSubstr("base.yaml:6:1: error: unknown key `sed`"));
}

TEST_F(Include, circles_and_missing_files_are_errors) {
  write("main.yaml", "include: a.yaml\n");
  EXPECT_THAT(messages(load_main()), HasSubstr("main.yaml:1:10: error: `"));
  write("a.yaml", "include: parts/../b.yaml\n");
  write("b.yaml", "include: a.yaml\n");
  EXPECT_THAT(errors_of(load_main()), HasSubstr("in a circle: a.yaml → b.yaml"));
  write("main.yaml", "include: main.yaml\n");
  EXPECT_THAT(errors_of(load_main()), HasSubstr("in a circle"));
  write("main.yaml", "include: {a: b}\n");
  EXPECT_THAT(errors_of(load_main()), HasSubstr("takes the name of a file"));
}

TEST_F(Include, a_file_that_includes_itself_many_times_ends) {
  for (int i = 0; i < 20; ++i)
    write("f" + std::to_string(i) + ".yaml",
          "include: [f" + std::to_string(i + 1) + ".yaml, f" + std::to_string(i + 1) + ".yaml]\n");
  write("main.yaml", "include: f0.yaml\n");
  EXPECT_THAT(errors_of(load_main()), HasSubstr("too many files"));
}

TEST_F(Include, is_refused_without_file_access) {
  LoaderOptions options;
  options.file_access = false;
  EXPECT_THAT(errors_of(load("include: a.yaml\n", options)), HasSubstr("cannot be included here"));
}

}  // namespace
}  // namespace sluice

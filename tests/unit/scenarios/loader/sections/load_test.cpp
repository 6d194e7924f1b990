// `load`: what is said is taken, what is not said has defaults, what cannot be is refused.
#include <gmock/gmock.h>

#include "scenarios/loader/sections/abort_condition.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace sluice::test;
using namespace literals;
using Measure = AbortCondition::Measure;

std::string scenario_with(const std::string& load) {
  return R"(
duration: 1h
resource_groups: {main: {workers: 2}}
workspaces: {acme: {}}
credentials: {portal: {count: 2}, other: {}}
workflows: {claims: {needs: {USER: portal}, time: 1m}, either: {time: 1m}}
submitters:
  a: {workflow: claims, credentials: {USER: portal-1}, arrivals: {constant: {every: 1m}}}
  b: {workflow: either, arrivals: {constant: {every: 1m}}}
)" + load;
}

LoadConfig config_of(const std::string& load) {
  const LoadedScenario result = load_scenario_text(scenario_with(load), "x.yaml");
  EXPECT_TRUE(result.scenario) << messages(result);
  return result.scenario.value_or(Scenario{}).load;
}

std::string refused(const std::string& load) {
  return errors_of(load_scenario_text(scenario_with(load), "x.yaml"));
}

TEST(Load, needs_nothing_to_be_said) {
  const LoadConfig load = config_of("");
  EXPECT_EQ(load.follow, LoadConfig::Follow::events);
  EXPECT_EQ(load.connections, 64u);
  EXPECT_THAT(load.workflows, IsEmpty());
  EXPECT_THAT(load.credentials, IsEmpty());
  const LoadConfig empty = config_of("load: {}");
  EXPECT_EQ(empty.drain, load.drain);
  EXPECT_EQ(empty.request_timeout, load.request_timeout);
  EXPECT_EQ(empty.poll_interval, load.poll_interval);
  EXPECT_EQ(empty.late_after, load.late_after);
  EXPECT_EQ(empty.late_share, load.late_share);
  EXPECT_EQ(empty.lost_share, load.lost_share);
  EXPECT_EQ(empty.ping_interval, load.ping_interval);
  EXPECT_EQ(empty.clients, load.clients) << "a written default is the default";
}

TEST(Load, takes_what_is_said) {
  const LoadConfig load = config_of(R"(
load:
  follow: polling
  clients: 3
  connections: 5
  request_timeout: 7s
  poll_interval: 200ms
  drain: 0s
  late_after: 1ms
  late_share: 5%
  lost_share: 3%
  ping_interval: 400ms
  abort_when: ["latency.p99 > 2s over 10s"]
  workflows: {either: {id: wf-1, inputs: {claim: A-1, lines: [1, 2]}}}
  credentials: {portal-2: user-17}
)");
  EXPECT_EQ(load.follow, LoadConfig::Follow::polling);
  EXPECT_EQ(load.clients, 3u);
  EXPECT_EQ(load.connections, 5u);
  EXPECT_EQ(load.request_timeout, 7_s);
  EXPECT_EQ(load.poll_interval, 200_ms);
  EXPECT_EQ(load.drain, 0_s);
  EXPECT_EQ(load.late_after, 1_ms);
  EXPECT_EQ(load.late_share, 0.05);
  EXPECT_EQ(load.lost_share, 0.03);
  EXPECT_EQ(load.ping_interval, 400_ms);
  ASSERT_EQ(load.abort_when.size(), 1u);
  EXPECT_EQ(load.abort_when[0].measure, Measure::latency_p99);
  ASSERT_EQ(load.workflows.size(), 2u);
  EXPECT_EQ(load.workflows[0].id, "");
  EXPECT_EQ(load.workflows[1].id, "wf-1");
  EXPECT_EQ(load.workflows[1].inputs, R"({"claim":"A-1","lines":[1,2]})");
  EXPECT_THAT(load.credentials, ElementsAre("", "user-17", ""));
}

TEST(Load, is_checked) {
  EXPECT_THAT(refused("load: {workflows: {claim: {}}}"), HasSubstr("did you mean `claims`?"));
  EXPECT_THAT(refused("load: {workflows: {claims: {id: x}, either: {id: x}}}"),
              HasSubstr("another workflow has the id `x`"));
  EXPECT_THAT(refused("load: {credentials: {portal: x}}"), HasSubstr("only one can stand here"));
  EXPECT_THAT(refused("load: {credentials: {portal-3: x}}"), HasSubstr("portal-3"));
  EXPECT_THAT(refused("load: {folow: events}"), HasSubstr("did you mean `follow`?"));
  EXPECT_THAT(refused("load: {follow: pulling}"), HasSubstr("did you mean `polling`?"));
  EXPECT_THAT(refused("load: {clients: 0}"), HasSubstr("from 1 to 10000"));
  EXPECT_THAT(refused("load: {late_share: 120%}"), HasSubstr("0% to 100%"));
}

struct Sentence {
  const char* text;
  Measure measure;
  double limit;
  Duration over;
};

TEST(AbortConditions, are_read) {
  for (const Sentence& expected : {
           Sentence{"errors.rate > 5% over 30s", Measure::errors_rate, 0.05, 30_s},
           Sentence{"rejected.rate > 0.1", Measure::rejected_rate, 0.1, 30_s},
           Sentence{"lateness.p99>50ms", Measure::lateness_p99, 0.05, 30_s},
           Sentence{"  latency.p99 > 2s  over  1m  ", Measure::latency_p99, 2, 1_min},
           Sentence{"in_flight.count > 5000 over 500ms", Measure::in_flight_count, 5000, 500_ms},
       }) {
    const auto parsed = parse_abort_condition(expected.text);
    ASSERT_TRUE(parsed) << expected.text << ": " << parsed.error.message;
    EXPECT_EQ(parsed->sentence, expected.text);
    EXPECT_EQ(parsed->measure, expected.measure);
    EXPECT_DOUBLE_EQ(parsed->limit, expected.limit);
    EXPECT_EQ(parsed->over, expected.over);
  }
}

struct Mistake {
  const char* text;
  std::size_t offset;
  const char* message;
};

TEST(AbortConditions, say_where_a_mistake_is_and_what_is_allowed) {
  for (const Mistake& expected : {
           Mistake{"", 0, "expected a measure"},
           Mistake{"error.rate > 5%", 0, "did you mean 'errors.rate'?; allowed: errors.rate"},
           Mistake{"errors.rate", 11, "expected `>`"},
           Mistake{"errors.rate < 5%", 12, "expected `>`"},
           Mistake{"errors.rate >= 5%", 12, "expected `>`"},
           Mistake{"errors.rate > ", 14, "expected a share such as 5%"},
           Mistake{"errors.rate > 500%", 14, "at most 100%"},
           Mistake{"lateness.p99 >", 14, "expected a time such as 50ms"},
           Mistake{"in_flight.count > many", 18, ""},
           Mistake{"latency.p99 > 2s for 10s", 17, "expected `over`"},
           Mistake{"latency.p99 > 2s over", 21, ""},
           Mistake{"latency.p99 > 2s over 0s", 22, "longer than 0"},
           Mistake{"latency.p99 > 2s over 1s or so", 25, "nothing follows"},
       }) {
    const auto parsed = parse_abort_condition(expected.text);
    ASSERT_FALSE(parsed) << expected.text;
    EXPECT_EQ(parsed.error.offset, expected.offset) << expected.text;
    EXPECT_THAT(parsed.error.message, AllOf(Not(IsEmpty()), HasSubstr(expected.message)))
        << expected.text;
  }
}

}  // namespace
}  // namespace sluice

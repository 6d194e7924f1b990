// `replications: auto`: as many as decide what is expected, and what ends it earlier.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "experiments/replications.hpp"
#include "reports/json/json.hpp"
#include "sim/scenario_report.hpp"
#include "tests/unit/sim/checked.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;
using ::testing::HasSubstr;

/// Busy three quarters of the time; LOW waits some 40 s, or half as long, or twice, in an hour.
Scenario office() {
  Scenario scenario = small_scenario(4, Distribution::exponential(60), 3600_s);
  scenario.seed = 3;
  scenario.warm_up.length = 600_s;
  add_submitter(scenario, "people", poisson(1.0 / 60)).priority = {{1, PriorityLevel::HIGH}};
  add_submitter(scenario, "nightly", poisson(2.0 / 60)).priority = {{1, PriorityLevel::LOW}};
  return scenario;
}

Names names_in(const Scenario& scenario) {
  return names_of(scenario.pipeline, submitter_names(scenario));
}

Scenario office_expecting(const std::string& sentence) {
  Scenario scenario = office();
  scenario.expectations.push_back(*parse_expectation(sentence, names_in(scenario)));
  return scenario;
}

Scenario office_to(const std::string& precision) {
  Scenario scenario = office();
  scenario.expectations.push_back(*parse_precision(precision, names_in(scenario)));
  return scenario;
}

TEST(AutoReplications, AreOneWhereNothingIsExpected) {
  const Report report = run_checked(office());
  EXPECT_EQ(report.header.replications, 1u);
  EXPECT_EQ(report.verdict, Verdict::none);
  EXPECT_FALSE(report.header.looks);
}

TEST(AutoReplications, AreOneWhereNothingIsDrawn) {
  Scenario scenario = small_scenario(1, Distribution::constant(30), 3600_s);
  add_submitter(scenario, "batch", BatchArrivals{{at(0)}, {}, Distribution::constant(20), {}});
  scenario.expectations.push_back(*parse_expectation("LOW.wait.max < 10m", names_in(scenario)));
  const Report report = run_checked(scenario);
  EXPECT_EQ(report.header.replications, 1u);
  EXPECT_EQ(report.verdict, Verdict::passed);
}

TEST(AutoReplications, EndAtTheFirstLookThatDecides) {
  const Report report = run_checked(office_expecting("LOW.queue.length.mean < 20"));
  EXPECT_EQ(report.verdict, Verdict::passed);
  EXPECT_EQ(report.header.replications, 5u);
  ASSERT_TRUE(report.header.looks);
  EXPECT_EQ(report.header.looks->taken, 1u);
  EXPECT_EQ(report.header.looks->at_most, 10u);
  EXPECT_TRUE(report.header.looks->decided);
  EXPECT_DOUBLE_EQ(report.header.looks->confidence, 0.95);
  EXPECT_DOUBLE_EQ(report.header.confidence, 0.995);
}

TEST(AutoReplications, GoOnWhileALimitIsNear) {
  const Report report = run_checked(office_expecting("LOW.queue.length.mean < 2.6"));
  EXPECT_GT(report.header.replications, 5u);
  EXPECT_EQ(report.verdict, Verdict::passed);
}

TEST(AutoReplications, SayHowManyMoreWouldProbablyDo) {
  Scenario scenario = office_expecting("LOW.queue.length.mean < 20");
  scenario.replications = 200;
  const double mean = run_checked(scenario).expectations.at(0).figure->value;
  const Report report =
      run_checked(office_expecting("LOW.queue.length.mean < " + std::to_string(mean * 1.05)));
  EXPECT_EQ(report.header.replications, 200u);
  EXPECT_EQ(report.verdict, Verdict::inconclusive);
  EXPECT_FALSE(report.header.looks->decided);
  EXPECT_THAT(report.expectations.at(0).reason, HasSubstr("replications would probably decide"));
}

TEST(AutoReplications, EndWhereNoNumberOfThemHelps) {
  const Report nothing = run_checked(office_expecting("MEDIUM.wait.mean < 1m"));
  EXPECT_EQ(nothing.header.replications, 5u);
  EXPECT_EQ(nothing.verdict, Verdict::inconclusive);
  const Report never =
      run_checked(office_expecting("MEDIUM.wait.mean < 1m in 90% of replications"));
  EXPECT_EQ(never.header.replications, 5u);
}

TEST(AutoReplications, LookForTheOneThatRefutes) {
  const Report report =
      run_checked(office_expecting("LOW.queue.length.mean < 5 in 100% of replications"));
  EXPECT_GT(report.header.replications, 5u);
  EXPECT_EQ(report.verdict, Verdict::failed);
}

TEST(AutoReplications, LookForWhatHappensSeldom) {
  Scenario scenario = office();
  scenario.reaches.push_back(*parse_reach("a worker was lost"));
  ExperimentOptions options;
  options.most_runs = 2600;
  const Report report = run_checked(scenario, options);
  EXPECT_EQ(report.header.replications, 12u) << "18 would be more than 2 600 runs";
  EXPECT_EQ(report.verdict, Verdict::failed);
}

TEST(AutoReplications, TakeAsManyAsAShareOfThemNeeds) {
  const Report report =
      run_checked(office_expecting("LOW.queue.length.mean < 20 in 90% of replications"));
  EXPECT_EQ(report.verdict, Verdict::passed);
  EXPECT_GE(report.header.replications, 36u);
  EXPECT_EQ(report.header.looks->at_most, 14u);
}

TEST(AutoReplications, EndBeforeALookThatIsTooLarge) {
  ExperimentOptions options;
  options.most_runs = 700;  // of which one replication has some 180, and five have 900
  const Report report = run_checked(office_expecting("LOW.queue.length.mean < 20"), options);
  EXPECT_EQ(report.header.replications, 1u);
  EXPECT_EQ(report.verdict, Verdict::held);
  ASSERT_TRUE(report.header.looks);
  EXPECT_EQ(report.header.looks->taken, 0u);
}

TEST(AutoReplications, TheirFirstOneIsThatOfOneAlone) {
  Scenario alone = office();
  alone.replications = 1;
  const std::string one = render_json(run_checked(alone), {.build_and_wall_time = false});
  EXPECT_EQ(one, render_json(run_checked(office()), {.build_and_wall_time = false}));
}

TEST(AutoReplications, AreHeardOfTheFirstOnly) {
  std::set<std::uint32_t> heard;
  ExperimentOptions options;
  options.threads = 1;
  options.listeners = [&](std::uint32_t number, const Recorder&) {
    heard.insert(number);
    return Listeners{};
  };
  run_checked(office_expecting("LOW.queue.length.mean < 20"), options);
  EXPECT_EQ(heard, std::set<std::uint32_t>{0});
}

TEST(AutoReplications, AreTheSameOnAnyNumberOfThreads) {
  const Scenario scenario = office_to("LOW.wait.mean: 20%");
  ExperimentOptions one, three;
  one.threads = 1;
  three.threads = 3;
  EXPECT_EQ(render_json(run_checked(scenario, one), {.build_and_wall_time = false}),
            render_json(run_checked(scenario, three), {.build_and_wall_time = false}));
}

TEST(Precision, IsReachedByAsManyReplicationsAsItTakes) {
  const Report rough = run_checked(office_to("LOW.wait.mean: 50%"));
  const Report fine = run_checked(office_to("LOW.wait.mean: 12%"));
  EXPECT_EQ(rough.verdict, Verdict::passed);
  EXPECT_EQ(fine.verdict, Verdict::passed);
  EXPECT_LT(rough.header.replications, fine.header.replications);
  const Figure& figure = *fine.expectations.at(0).figure;
  EXPECT_LE((figure.interval->high - figure.interval->low) / 2, 0.12 * figure.value);
}

TEST(Precision, ThatIsTooFineIsUndecided) {
  Scenario scenario = office_to("LOW.wait.mean: 1%");
  scenario.replications = 20;
  const Report report = run_checked(scenario);
  EXPECT_EQ(report.verdict, Verdict::inconclusive);
  EXPECT_THAT(report.expectations.at(0).reason, HasSubstr("it takes probably"));
}

TEST(Precision, SaysNothingOfWhatMayBeLost) {
  Scenario scenario = office_to("lost_load.share: 50%");
  scenario.submitters[1].patience = Distribution::constant(1);
  const Report report = run_checked(scenario);
  EXPECT_EQ(report.verdict, Verdict::failed);
}

TEST(Precision, IsWrittenAsAMetricAndAShare) {
  const Names names = names_in(office());
  EXPECT_TRUE(parse_precision("LOW.wait.p95 : 5%", names));
  EXPECT_DOUBLE_EQ(*parse_precision("wait.mean{workspace=acme}: 0.1", names)->precision, 0.1);
  EXPECT_THAT(parse_precision("LOW.wait.p95", names).error.message, HasSubstr("expected `:`"));
  EXPECT_THAT(parse_precision("LOW.wait.p95: 0%", names).error.message, HasSubstr("more than 0%"));
  EXPECT_THAT(parse_precision("LOW.wiat.p95: 5%", names).error.message, HasSubstr("no metric"));
  EXPECT_EQ(parse_precision("LOW.wait.p95: 5", names).error.offset, 14u);
}

}  // namespace
}  // namespace sluice::test

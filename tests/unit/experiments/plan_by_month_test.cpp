// What is needed when: months of a load that grows, against what is known of it.
#include "experiments/plan_by_month.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/one_replication.hpp"
#include "experiments/rounds/measures.hpp"
#include "experiments/store/point_files.hpp"
#include "reports/csv/plan_by_month.hpp"
#include "reports/json/plan.hpp"
#include "reports/json/plan_by_month.hpp"
#include "reports/json/settings_schema.hpp"
#include "reports/markdown/plan_by_month.hpp"
#include "sim/scenario_report.hpp"
#include "tests/unit/experiments/scenario_in_folder.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/valijson_schema.hpp"

namespace sluice::test {
namespace {

using ::testing::HasSubstr;

/// 2.7 workers' worth of work to begin with, 40 % more each month: 3.2, 4.5 and 6.3 on the average
/// of the months. About 3 ms a replication of a month.
constexpr const char* kGrowingQueue = R"(scenario: growing-queue
seed: 5
duration: 90d
growth: 40%/30d
params: {workers: 4}
api: {rate_limits: {}}
resource_groups: {main: {workers: "${workers}"}}
workspaces: {support: {}, research: {}}
workflows:
  plain: {time: {exponential: 1h}}
submitters:
  support: {workspace: support, workflow: plain, priority: HIGH, arrivals: {poisson: 1.5/h}}
  research: {workspace: research, workflow: plain, priority: LOW, arrivals: {poisson: 1.2/h}}
expect:
  - "LOW.wait.mean < 1h"
)";

class PlanByMonthTest : public ScenarioInFolder {
 protected:
  Variants growing() const { return {write("growing.yaml", kGrowingQueue), {}}; }
  static std::vector<Choice> workers(int from, int to) {
    Choice choice{"workers", {}};
    for (int n = from; n <= to; ++n) choice.values.push_back(std::to_string(n));
    return {choice};
  }
  static PlanOptions options() {
    PlanOptions options;
    options.trials.threads = 2;
    options.build_id = "test";
    return options;
  }
};

TEST_F(PlanByMonthTest, EachMonthGetsWhatItsLoadNeeds) {
  const Variants variants = growing();
  const PlanByMonth found = plan_by_month(variants, workers(3, 12), options());
  ASSERT_EQ(found.months.size(), 3u);
  EXPECT_EQ(found.status(), PlanStatus::found);
  double before = 0;
  double grown = 1;
  for (const PlannedMonth& month : found.months) {
    ASSERT_TRUE(month.plan.winner) << month.name;
    EXPECT_GT(month.plan.winner->cost, before) << month.name;
    before = month.plan.winner->cost;
    EXPECT_NEAR(*found.load_of(month), grown, 0.05 * grown) << month.name;
    grown *= 1.4;
    EXPECT_EQ(month.plan.binding, (std::vector<std::string>{"LOW.wait.mean < 1h"}));
    // All months together have the error of one plan.
    EXPECT_NEAR(month.plan.certificate.all_errors, 0.05 / 3, 1e-12);
    EXPECT_LE(month.plan.certificate.error, 0.05 / 3 / 2 + 1e-12);
  }
  EXPECT_NEAR(*found.months[0].plan.runs_per_day, 2.7 * 24 * 0.4 / std::log(1.4), 3);
  EXPECT_NEAR(found.all_errors(), 0.05, 1e-12);

  // A month is a plan of its window, which anybody can make.
  PlanOptions third = options();
  third.share_of_error = 1 / 3.0;
  const Variants window = variants.with("window", found.months[1].window);
  EXPECT_EQ(plan_json(plan(window, workers(3, 12), third)), plan_json(found.months[1].plan));
}

TEST_F(PlanByMonthTest, TheWorstMonthIsTheTable) {
  const PlanByMonth found = plan_by_month(growing(), workers(5, 6), options());
  ASSERT_EQ(found.months.size(), 3u);
  EXPECT_EQ(found.months[0].plan.status, PlanStatus::found);
  EXPECT_EQ(found.months[2].plan.status, PlanStatus::infeasible);
  EXPECT_EQ(found.status(), PlanStatus::infeasible);
  const std::string markdown = render_plan_by_month_markdown(found);
  EXPECT_THAT(markdown, HasSubstr("month 3: LOW.wait.mean"));
  EXPECT_THAT(markdown, HasSubstr("has none that meets all expectations"));

  PlanByMonth early = found;
  early.months.pop_back();
  EXPECT_EQ(early.count(PlanStatus::undecided), 1u) << "what was not reached";
  EXPECT_EQ(early.status(), PlanStatus::undecided);
}

TEST_F(PlanByMonthTest, ItsJsonIsAsItsSchemaSays) {
  const ValijsonSchema schema(nlohmann::json::parse(plan_by_month_schema()));
  const PlanByMonth plan = plan_by_month(growing(), workers(5, 6), options());
  auto found = nlohmann::json::parse(plan_by_month_json(plan));
  EXPECT_EQ(schema.violations(found), "");
  EXPECT_EQ(found["status"], "infeasible");
  EXPECT_EQ(found["months"][1]["window"], "{from: 30d, until: 60d}");
  EXPECT_EQ(found["months"][2]["winner"], nullptr);
  found["months"][0].erase("load");
  EXPECT_NE(schema.violations(found), "");
  expect_golden("reports/schema/plan_by_month.schema.json", plan_by_month_schema());

  const std::string csv = plan_by_month_csv(plan);
  EXPECT_TRUE(
      csv.starts_with("month,days,runs_per_day,load,workers,cost,status,binds\nmonth 1,30,"))
      << csv;
  EXPECT_THAT(csv, HasSubstr(",,,infeasible,\n"));
}

TEST_F(PlanByMonthTest, FromAStoreAndByShardsTheSameBytes) {
  const Variants variants = growing();
  PlanOptions five = options();
  five.looks = Looks::at(5);
  const auto choices = workers(9, 10);
  const std::string alone = plan_by_month_json(plan_by_month(variants, choices, five));
  const Further further = further_of(measures_of(*variants.base().scenario));
  const StoreIdentity identity = store_identity(variants, further, "test");
  bool all_done = false;
  for (int turn = 0; turn < 60 && !all_done; ++turn) {
    all_done = true;
    for (const std::uint32_t shard : {1, 2}) {
      PointStore points(store(), identity, shard_points_file(shard, 2));
      const TrialStore kept{&points, store(), Shard{shard, 2}};
      PlanOptions part = five;
      part.trials.store = &kept;
      all_done &= plan_by_month(variants, choices, part).header.complete;
    }
  }
  ASSERT_TRUE(all_done);
  PointStore points(store(), identity, std::string(kPointsFile));
  const std::size_t before = points.size();
  const TrialStore kept{&points, store(), std::nullopt};
  PlanOptions all = five;
  all.trials.store = &kept;
  EXPECT_EQ(plan_by_month_json(plan_by_month(variants, choices, all)), alone);
  EXPECT_EQ(points.size(), before) << "nothing was left to simulate";
}

TEST_F(PlanByMonthTest, ASingleMonthOrAWindowIsAMistake) {
  const Variants small(small_queue(), {});
  EXPECT_THROW(plan_by_month(small, workers(1, 2), options()), UserError);
  const Variants window = growing().with("window", "{from: 30d}");
  EXPECT_THROW(plan_by_month(window, workers(1, 2), options()), UserError);
}

/// The window of a scenario has what arrives in it, and little of what came before.
TEST_F(PlanByMonthTest, AWindowIsThatPartOfTheTimeAlone) {
  const Variants variants = growing();
  const auto simulated = [&](const std::string& path, const std::string& value) {
    const Variants part = variants.with(path, value);
    const Scenario& scenario = *part.base().scenario;
    const RecorderConfig config = recorder_config(scenario, Time::zero() + scenario.warm_up.length,
                                                  std::vector<Metric>{Metric::accepted_count});
    return replicate(scenario, config, 0, {}).result;
  };
  const ReplicationResult all = simulated("warm_up", "60d");
  const ReplicationResult window = simulated("window", "{from: 60d, lead_in: 2d}");
  const auto accepted = [](const ReplicationResult& result) {
    return result.figures.find(Metric::accepted_count, {})->value;
  };
  EXPECT_EQ(window.from, all.from);
  EXPECT_EQ(window.until, all.until);
  // 4 500 of them: chance is within 6 %.
  EXPECT_NEAR(accepted(window), accepted(all), 0.06 * accepted(all));
  const double before = static_cast<double>(window.runs) - accepted(window);
  EXPECT_NEAR(before, 2 * 24 * 2.7 * 1.96, 80);
  EXPECT_GT(static_cast<double>(all.runs) - accepted(all), 4000);
}

}  // namespace
}  // namespace sluice::test

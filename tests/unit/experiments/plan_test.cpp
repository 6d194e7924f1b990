// A plan: the cheapest setting by a search that believes little, against looking at all of them.
#include "experiments/plan.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "experiments/planning/responses.hpp"
#include "experiments/planning/search_space.hpp"
#include "experiments/rounds/measures.hpp"
#include "experiments/settings/grid.hpp"
#include "experiments/store/point_files.hpp"
#include "experiments/sweep.hpp"
#include "reports/json/plan.hpp"
#include "reports/json/settings_schema.hpp"
#include "tests/unit/experiments/scenario_in_folder.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/valijson_schema.hpp"

namespace sluice::test {
namespace {

class PlanTest : public ScenarioInFolder {
 protected:
  static PlanOptions options() {
    PlanOptions options;
    options.looks = Looks::up_to(60);
    options.trials.threads = 2;
    options.build_id = "test";
    return options;
  }
  static LoaderOptions with(const std::string& path, const std::string& value) {
    return {{}, {{path, value}}};
  }
};

TEST_F(PlanTest, FindsTheCheapestAndSaysWhatItRestsOn) {
  const Variants variants(small_queue(), {});
  const PlanResult found =
      plan(variants, {{"workers", {"1", "2", "3", "4", "5", "6", "7", "8"}}}, options());
  ASSERT_EQ(found.status, PlanStatus::found);
  // 2.7 workers' worth of work: LOW waits 4.9 min with three workers (M/M/3 with priorities), and
  // 39 s with four.
  EXPECT_EQ(found.winner->setting.text(), "workers 4");
  EXPECT_EQ(found.winner->cost, 4);
  EXPECT_EQ(found.winner->standing, SettingStanding::confirmed);
  EXPECT_EQ(found.certificate.cheaper, 3u);
  EXPECT_EQ(found.certificate.rejected + found.certificate.presumed, 3u);
  ASSERT_EQ(found.less.size(), 1u);
  EXPECT_EQ(found.less[0].broken, (std::vector<std::string>{"LOW.wait.mean < 1m"}));
  ASSERT_EQ(found.more.size(), 1u);
  EXPECT_LT(found.more[0].differences[0].mean, 0);
  EXPECT_EQ(found.binding, (std::vector<std::string>{"LOW.wait.mean < 1m"}));
}

TEST_F(PlanTest, TheSameBytesOnAnyNumberOfThreads) {
  const Variants variants(small_queue(), {});
  PlanOptions one = options();
  one.trials.threads = 1;
  const std::vector<Choice> choices{{"workers", {"2", "3", "4", "5"}}};
  EXPECT_EQ(plan_json(plan(variants, choices, one)), plan_json(plan(variants, choices, options())));
}

/// Wherever it is told to stop: once the winner is known its neighbours may not be.
TEST_F(PlanTest, ByShardsItComesToTheSameBytes) {
  const Variants variants(small_queue(), {});
  PlanOptions five = options();
  five.looks = Looks::at(5);
  const std::vector<Choice> choices{{"workers", {"5", "6", "7"}}};
  const std::string alone = plan_json(plan(variants, choices, five));
  const StoreIdentity identity =
      store_identity(variants, further_of(measures_of(*variants.base().scenario)), "test");
  bool all_done = false;
  for (int turn = 0; turn < 20 && !all_done; ++turn) {
    all_done = true;
    for (const std::uint32_t shard : {1, 2}) {
      PointStore points(store(), identity, shard_points_file(shard, 2));
      const TrialStore kept{&points, store(), Shard{shard, 2}};
      PlanOptions part = five;
      part.trials.store = &kept;
      all_done &= plan(variants, choices, part).header.complete;
    }
  }
  ASSERT_TRUE(all_done);
  PointStore points(store(), identity, std::string(kPointsFile));
  const TrialStore kept{&points, store(), std::nullopt};
  PlanOptions all = five;
  all.trials.store = &kept;
  EXPECT_EQ(plan_json(plan(variants, choices, all)), alone);
}

TEST_F(PlanTest, ItsJsonIsAsItsSchemaSays) {
  const ValijsonSchema schema(nlohmann::json::parse(plan_schema()));
  const Variants variants(small_queue(), {});
  auto found =
      nlohmann::json::parse(plan_json(plan(variants, {{"workers", {"3", "4"}}}, options())));
  EXPECT_EQ(schema.violations(found), "");
  EXPECT_EQ(found["winner"]["settings"]["workers"], 4);
  found.erase("certificate");
  EXPECT_NE(schema.violations(found), "");
  expect_golden("reports/schema/plan.schema.json", plan_schema());
}

/// Sessions let HIGH runs onto the workers: HIGH waits for them, LOW because of them. The search
/// takes more for better until it sees otherwise.
TEST_F(PlanTest, WhereMoreIsWorseTheSearchFindsWhatAllTestsFind) {
  const Variants variants(small_queue(),
                          with("expect", "[\"HIGH.wait.mean < 40s\", \"LOW.wait.mean < 70s\"]"));
  const std::vector<Choice> choices{{"workers", {"3", "4", "5"}},
                                    {"sessions", {"1", "2", "3", "4", "5"}}};
  PlanOptions plain = options();
  plain.cost = "10*workers + sessions";
  const PlanResult found = plan(variants, choices, plain);

  SweepOptions all;
  all.cost = plain.cost;
  all.looks = Looks::up_to(60);
  all.trials.threads = 2;
  const SweepResult swept = sweep(variants, grid_of(choices), all);
  double cheapest = 1e9;
  for (const SweptSetting& setting : swept.settings)
    if (setting.verdict == Verdict::passed) cheapest = std::min(cheapest, *setting.cost);
  ASSERT_LT(cheapest, 1e9);
  ASSERT_EQ(found.status, PlanStatus::found);
  EXPECT_EQ(found.winner->cost, cheapest);
}

TEST_F(PlanTest, InfeasibleSaysWhichSentenceNothingMeets) {
  const Variants variants(small_queue(), with("expect.0", "HIGH.wait.mean < 1s"));
  const PlanResult found = plan(variants, {{"workers", {"1", "2", "3"}}}, options());
  EXPECT_EQ(found.status, PlanStatus::infeasible);
  EXPECT_FALSE(found.winner);
  ASSERT_EQ(found.unmet.size(), 1u);
  EXPECT_TRUE(found.unmet[0].starts_with("HIGH.wait.mean < 1s: no setting"));
}

TEST_F(PlanTest, NothingExpectedIsAMistake) {
  const Variants variants(small_queue(), with("expect", "[]"));
  EXPECT_THROW(plan(variants, {{"workers", {"1"}}}, options()), UserError);
  const Variants asked(small_queue(), {});
  EXPECT_THROW(plan(asked, {}, options()), UserError);
  EXPECT_THROW(plan(asked, {{"workers", {"1"}}, {"sessions", {"1"}}}, options()), UserError)
      << "two numbers and no cost";
}

TEST_F(PlanTest, TheSpaceIsInOrderOfCost) {
  const Variants variants(small_queue(), {});
  const SearchSpace space({{"workers", {"2", "1"}}, {"sessions", {"5", "1"}}}, variants,
                          "2*workers + sessions");
  ASSERT_EQ(space.size(), 4u);
  for (std::size_t i = 1; i < space.size(); ++i) EXPECT_LE(space.cost(i - 1), space.cost(i));
  EXPECT_EQ(space.setting(0).text(), "workers 1, sessions 1");
  const auto more = space.moved(0, 1, 1);
  ASSERT_TRUE(more);
  EXPECT_EQ(space.setting(*more).text(), "workers 1, sessions 5");
  EXPECT_EQ(space.only_difference(0, *more), std::optional<std::size_t>(1));
  EXPECT_FALSE(space.moved(0, 0, -1));
}

TEST_F(PlanTest, NothingFollowsFromMixedResponses) {
  const Variants variants(small_queue(), {});
  const SearchSpace space({{"workers", {"1", "2", "3"}}}, variants, "");
  Responses responses(1, 1);
  EXPECT_TRUE(responses.follows(0, space, 1, 0)) << "unseen: more is taken for better";
  EXPECT_FALSE(responses.follows(0, space, 1, 2));
  responses.note(0, 0, {5, Interval{4, 6}, 5}, true);
  EXPECT_EQ(responses.of(0, 0), Response::worse);
  EXPECT_TRUE(responses.follows(0, space, 1, 2));
  EXPECT_FALSE(responses.follows(0, space, 1, 0));
  responses.note(0, 0, {-5, Interval{-6, -4}, 5}, true);
  EXPECT_EQ(responses.of(0, 0), Response::mixed);
  EXPECT_FALSE(responses.follows(0, space, 1, 2));
  EXPECT_FALSE(responses.follows(0, space, 1, 0));
}

}  // namespace
}  // namespace sluice::test

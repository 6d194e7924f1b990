// A sweep: the same bytes on any number of threads, after an end in the middle, and in shards; what
// no other setting beats, and where more is worse.
#include "experiments/sweep.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "experiments/rounds/measures.hpp"
#include "experiments/settings/alternatives.hpp"
#include "experiments/settings/grid.hpp"
#include "experiments/store/merge_stores.hpp"
#include "experiments/store/point_files.hpp"
#include "reports/json/settings_schema.hpp"
#include "reports/json/sweep.hpp"
#include "tests/unit/experiments/scenario_in_folder.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/valijson_schema.hpp"

namespace sluice::test {
namespace {

class SweepTest : public ScenarioInFolder {
 protected:
  std::vector<Setting> settings() const {
    return grid_of(std::vector<Choice>{{"workers", {"3", "4", "5"}}, {"sessions", {"1", "2"}}});
  }
  SweepOptions options(unsigned threads) const {
    SweepOptions options;
    options.cost = "10*workers + sessions";
    options.looks = Looks::up_to(12);
    options.trials.threads = threads;
    options.build_id = "test";
    return options;
  }
  std::string json(const Variants& variants, const SweepOptions& options) const {
    return sweep_json(sweep(variants, settings(), options));
  }
  /// As a process would do it that has the store to itself, or is a shard.
  SweepResult with_store(const Variants& variants, std::optional<Shard> shard,
                         const std::atomic<bool>* stop = nullptr) const {
    const Further further = further_of(measures_of(*variants.base().scenario));
    PointStore points(
        store(), store_identity(variants, further, "test"),
        shard ? shard_points_file(shard->index, shard->count) : std::string(kPointsFile));
    const TrialStore trial_store{&points, store(), shard};
    SweepOptions with = options(2);
    with.trials.store = &trial_store;
    with.trials.stop = stop;
    return sweep(variants, settings(), with);
  }
};

TEST_F(SweepTest, TheSameBytesOnAnyNumberOfThreads) {
  const Variants variants(small_queue(), {});
  const std::string one = json(variants, options(1));
  EXPECT_EQ(json(variants, options(3)), one);
  EXPECT_NE(one.find("\"complete\": true"), std::string::npos);
}

TEST_F(SweepTest, ItsJsonIsAsItsSchemaSays) {
  const ValijsonSchema schema(nlohmann::json::parse(sweep_schema()));
  const Variants variants(small_queue(), {});
  auto found = nlohmann::json::parse(json(variants, options(2)));
  EXPECT_EQ(schema.violations(found), "");
  EXPECT_EQ(found["settings"][1]["settings"]["workers"], 3) << "a number, not a text";
  found["settings"][1]["verdict"] = "fine";
  EXPECT_NE(schema.violations(found), "");
  expect_golden("reports/schema/sweep.schema.json", sweep_schema());
}

TEST_F(SweepTest, GoesOnFromAStoreToTheSameBytes) {
  const Variants variants(small_queue(), {});
  const std::string whole = json(variants, options(2));
  const std::atomic<bool> stop = true;
  EXPECT_FALSE(with_store(variants, std::nullopt, &stop).header.complete);
  EXPECT_EQ(sweep_json(with_store(variants, std::nullopt)), whole);
  // Again, from what is there.
  EXPECT_EQ(sweep_json(with_store(variants, std::nullopt)), whole);
}

TEST_F(SweepTest, ShardsTogetherComeToTheSameBytes) {
  const Variants variants(small_queue(), {});
  int turns = 0;
  for (bool waiting = true; waiting; ++turns) {
    ASSERT_LT(turns, 20);
    waiting = false;
    for (const std::uint32_t index : {2u, 1u, 3u}) {
      const SweepResult part = with_store(variants, Shard{index, 3});
      waiting |= part.header.waiting;
      EXPECT_EQ(part.header.waiting, !part.header.complete);
    }
    // The last one of a turn has all that it needs to ask for the next round.
    ASSERT_TRUE(merge_stores(store(), {}).manifest);
  }
  EXPECT_GT(turns, 1) << "some setting needs a second look";
  EXPECT_EQ(sweep_json(with_store(variants, std::nullopt)), json(variants, options(2)));
}

TEST_F(SweepTest, AStoreOfAnotherScenarioIsRefused) {
  const std::string file = small_queue();
  with_store(Variants(file, {}), std::nullopt);
  EXPECT_THROW(with_store(Variants(file, {{}, {{"seed", "6"}}}), std::nullopt), UserError);
}

TEST_F(SweepTest, TheBaseStandsFirstUnlessItIsOneOfThem) {
  const Variants variants(small_queue(), {});
  const SweepResult with_base = sweep(variants, settings(), options(2));
  ASSERT_EQ(with_base.settings.size(), 7u);
  EXPECT_EQ(with_base.base, 0u);
  EXPECT_EQ(with_base.settings[0].setting.text(), "as it is");
  const SweepResult among =
      sweep(variants, grid_of(std::vector<Choice>{{"workers", {"5", "4"}}}), options(2));
  ASSERT_EQ(among.settings.size(), 2u);
  EXPECT_EQ(among.base, 1u);
  EXPECT_FALSE(among.settings[1].measured[0].difference);
  ASSERT_TRUE(among.settings[0].measured[0].difference);
  EXPECT_LT(among.settings[0].measured[0].difference->mean, 0) << "more workers, shorter waits";
}

TEST_F(SweepTest, SaysWhereMoreIsWorse) {
  // More sessions let more HIGH runs onto the three workers: LOW waits longer.
  const Variants variants(small_queue(), {});
  SweepOptions many = options(2);
  many.looks = Looks::at(30);
  const SweepResult found = sweep(
      variants, grid_of(std::vector<Choice>{{"workers", {"3"}}, {"sessions", {"1", "9"}}}), many);
  const auto about_low = [](const std::string& remark) {
    return remark.starts_with("LOW.wait.mean gets worse with more sessions: 1 → ") &&
           remark.find(", 9 → ") != std::string::npos &&
           remark.find("(workers 3). Runs of LOW wait longer there: on average ") !=
               std::string::npos &&
           remark.ends_with(" before) with workers busy with HIGH runs");
  };
  EXPECT_TRUE(std::ranges::any_of(found.remarks, about_low))
      << (found.remarks.empty() ? "none" : found.remarks.front());
  for (const std::string& remark : found.remarks)
    EXPECT_EQ(remark.find("HIGH.wait"), std::string::npos) << remark;
}

TEST_F(SweepTest, WhatIsDominatedIsNotMarked) {
  const Variants variants(small_queue(), {});
  const SweepResult found = sweep(variants, settings(), options(2));
  for (const SweptSetting& mine : found.settings) {
    bool beaten = false;
    for (const SweptSetting& other : found.settings) {
      const double a = mine.measured[0].figure->value;
      const double b = other.measured[0].figure->value;
      beaten |= other.cost <= mine.cost && b <= a && (other.cost < mine.cost || b < a);
    }
    EXPECT_EQ(mine.undominated, !beaten) << mine.setting.text();
  }
}

TEST_F(SweepTest, NamedAlternatives) {
  const std::string file =
      write("alternatives.yaml",
            "more workers: {workers: 6}\n"
            "turns: {resource_groups.main.dispatch: {weighted: {HIGH: 1, LOW: 1}}}\n");
  const std::vector<Setting> settings = read_alternatives(file);
  ASSERT_EQ(settings.size(), 2u);
  EXPECT_EQ(settings[1].values[0].second, "{weighted: {HIGH: 1, LOW: 1}}");
  const Variants variants(small_queue(), {});
  SweepOptions free = options(2);
  free.cost.clear();
  const SweepResult found = sweep(variants, settings, free);
  EXPECT_EQ(found.settings[1].setting.text(), "more workers");
  EXPECT_THROW(read_alternatives(write("bad.yaml", "- a\n- b\n")), UserError);
  EXPECT_THROW(read_alternatives(write("worse.yaml", "a: 3\n")), UserError);
}

TEST_F(SweepTest, ASettingThatCannotBeLoadedIsNamed) {
  const Variants variants(small_queue(), {});
  try {
    sweep(variants, grid_of(std::vector<Choice>{{"workers", {"4", "many"}}}), options(2));
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_NE(std::string(error.what()).find("with workers many: "), std::string::npos);
  }
}

TEST_F(SweepTest, ChoicesMustBeOfTheScenario) {
  const Variants variants(small_queue(), {});
  EXPECT_NO_THROW(variants.check(std::vector<Choice>{{"workers", {"4"}}}));
  EXPECT_NO_THROW(variants.check(std::vector<Choice>{{"resource_groups.main.dispatch", {"fifo"}}}));
  EXPECT_THROW(variants.check(std::vector<Choice>{{"workerz", {"4"}}}), UserError);
  EXPECT_THROW(variants.check(std::vector<Choice>{{"workers", {"4"}}, {"workers", {"5"}}}),
               UserError);
  EXPECT_EQ(variants.cost("workers*60 + sessions*25", {"", {{"workers", "2"}}}), 345);
  EXPECT_THROW(variants.cost("workerz", {}), UserError);
}

}  // namespace
}  // namespace sluice::test

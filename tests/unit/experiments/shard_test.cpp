// Shards: who does what, and how each scheduler says which one a process is.
#include "experiments/shard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace sluice::test {
namespace {

using Variables = std::map<std::string, std::string>;

EnvironmentLookup lookup_in(const Variables& variables) {
  return [&variables](const char* name) -> const char* {
    const auto variable = variables.find(name);
    return variable == variables.end() ? nullptr : variable->second.c_str();
  };
}

std::optional<Shard> find(const ShardRequest& request, const Variables& variables = {}) {
  return find_shard(request, lookup_in(variables));
}
std::optional<Shard> automatic(const Variables& variables) { return find({"auto", {}}, variables); }
std::optional<Shard> of(const std::string& shards, const Variables& variables) {
  return find({{}, shards}, variables);
}

/// The error's text; empty if there is none.
std::string mistake(const ShardRequest& request, const Variables& variables = {}) {
  try {
    find(request, variables);
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "";
}
std::string automatic_mistake(const Variables& variables) {
  return mistake({"auto", {}}, variables);
}
std::string mistake_of(const std::string& shards, const Variables& variables) {
  return mistake({{}, shards}, variables);
}

Variables slurm(std::uint32_t id, std::uint32_t min, std::uint32_t max, std::uint32_t step,
                std::uint32_t count) {
  return {{"SLURM_ARRAY_TASK_ID", std::to_string(id)},
          {"SLURM_ARRAY_TASK_MIN", std::to_string(min)},
          {"SLURM_ARRAY_TASK_MAX", std::to_string(max)},
          {"SLURM_ARRAY_TASK_STEP", std::to_string(step)},
          {"SLURM_ARRAY_TASK_COUNT", std::to_string(count)}};
}
Variables grid_engine(const std::string& id, const std::string& first, const std::string& last,
                      const std::string& step) {
  return {{"SGE_TASK_ID", id},
          {"SGE_TASK_FIRST", first},
          {"SGE_TASK_LAST", last},
          {"SGE_TASK_STEPSIZE", step}};
}

using testing::HasSubstr;
using testing::StartsWith;

TEST(Shard, EachNumberBelongsToOne) {
  for (std::uint32_t count = 1; count <= 7; ++count)
    for (std::uint64_t number = 0; number < 50; ++number) {
      int owners = 0;
      for (std::uint32_t index = 1; index <= count; ++index)
        owners += Shard{index, count}.owns(number) ? 1 : 0;
      EXPECT_EQ(owners, 1) << number << " of " << count << " shards";
    }
  EXPECT_TRUE((Shard{1, 3}.owns(0)));
  EXPECT_TRUE((Shard{3, 3}.owns(5)));
}

TEST(Shard, NothingIsDividedThatNobodyAskedToDivide) {
  EXPECT_EQ(find({}), std::nullopt);
  EXPECT_EQ(find({}, slurm(3, 1, 16, 1, 16)), std::nullopt) << "inside an array, too";
}

TEST(Shard, WhatIsGivenByHandWins) {
  EXPECT_EQ(find({"3/16", {}}), (Shard{3, 16}));
  EXPECT_EQ(find({"1/1", {}}), (Shard{1, 1}));
  EXPECT_EQ(find({"3/16", "16"}), (Shard{3, 16}));
  EXPECT_EQ(find({"3/16", {}}, slurm(1, 1, 2, 1, 2)), (Shard{3, 16}));
  EXPECT_EQ(find({"4294967295/4294967295", {}}), (Shard{4294967295, 4294967295}));
}

TEST(Shard, MistakesByHandAreNamed) {
  EXPECT_THAT(mistake({"5/4", {}}), StartsWith("--shard 5/4: i counts from 1 to 4"));
  EXPECT_THAT(mistake({"0/4", {}}), StartsWith("--shard 0/4: i counts from 1 to 4"));
  EXPECT_THAT(mistake({"1/0", {}}), StartsWith("--shard 1/0: there must be at least 1"));
  for (const char* const text : {"", "3", "/", "3/", "/3", "a/b", "1/2/3", "+1/2", " 1/2", "1/2 ",
                                 "-1/2", "1.0/2", "Auto", "1/4294967296", "18446744073709551617/2"})
    EXPECT_THAT(mistake({text, {}}), StartsWith(std::string("--shard ") + text + ": must be i/n"));
  for (const char* const text : {"", "0", "-1", "x", "8 ", "4294967296"})
    EXPECT_THAT(mistake_of(text, slurm(1, 1, 2, 1, 2)),
                StartsWith(std::string("--shards ") + text + ": must be a whole number from 1"));
  EXPECT_EQ(mistake({"3/16", "8"}), "--shard 3/16: contradicts --shards 8");
}

TEST(Shard, OfNoScheduler) {
  EXPECT_THAT(automatic_mistake({}), StartsWith("--shard auto: no variable of a scheduler"));
  EXPECT_THAT(mistake_of("8", {}), StartsWith("--shards 8: no variable of a scheduler"));
  EXPECT_THAT(mistake_of("8", {}), HasSubstr("--shard i/n says it by hand"));
  EXPECT_THAT(automatic_mistake({{"PARALLEL_SEQ", ""}}), StartsWith("--shard auto: no variable"))
      << "an empty variable is none";
}

TEST(Shard, OfASlurmArray) {
  EXPECT_EQ(automatic(slurm(1, 1, 16, 1, 16)), (Shard{1, 16}));
  EXPECT_EQ(automatic(slurm(16, 1, 16, 1, 16)), (Shard{16, 16}));
  EXPECT_EQ(automatic(slurm(0, 0, 15, 1, 16)), (Shard{1, 16}));
  EXPECT_EQ(automatic(slurm(8, 2, 14, 3, 5)), (Shard{3, 5}));
  EXPECT_EQ(automatic(slurm(5, 5, 5, 1, 1)), (Shard{1, 1}));
}

TEST(Shard, OfASlurmArrayThatIsAList) {
  // --array=1,3,7 and --array=1,3,5: Slurm says step 1 of both.
  EXPECT_THAT(automatic_mistake(slurm(3, 1, 7, 1, 3)),
              StartsWith("SLURM_ARRAY_TASK_ID=3: the 3 numbers of this array, from 1 to 7, are not "
                         "evenly spaced"));
  EXPECT_THAT(automatic_mistake(slurm(1, 1, 5, 1, 3)), HasSubstr("with --shards n"));
  EXPECT_EQ(of("8", slurm(7, 1, 7, 1, 3)), (Shard{7, 8})) << "shards that are done again";
}

TEST(Shard, OfASlurmArrayWhoseNumbersAreTheShards) {
  EXPECT_EQ(of("16", slurm(3, 1, 16, 1, 16)), (Shard{3, 16}));
  EXPECT_EQ(of("16", slurm(12, 12, 12, 1, 1)), (Shard{12, 16}));
  EXPECT_EQ(of("16", {{"SLURM_ARRAY_TASK_ID", "4"}}), (Shard{4, 16}));
  EXPECT_EQ(find({"auto", "16"}, slurm(3, 1, 16, 1, 16)), (Shard{3, 16}));
  // Each task says so, also those whose own number would do.
  EXPECT_THAT(mistake_of("8", slurm(3, 1, 16, 1, 16)),
              StartsWith("SLURM_ARRAY_TASK_MAX=16: with --shards 8 an array's numbers are those of "
                         "the shards, from 1 to 8; submit --array=1-8"));
  EXPECT_THAT(mistake_of("16", slurm(3, 0, 15, 1, 16)), StartsWith("SLURM_ARRAY_TASK_MIN=0: "));
  EXPECT_THAT(mistake_of("2", {{"SLURM_ARRAY_TASK_ID", "3"}}),
              StartsWith("SLURM_ARRAY_TASK_ID=3: "));
}

TEST(Shard, OfASlurmArrayThatSaysNonsense) {
  EXPECT_THAT(automatic_mistake({{"SLURM_ARRAY_TASK_ID", "3"}}),
              StartsWith("SLURM_ARRAY_TASK_MIN: is not set, although SLURM_ARRAY_TASK_ID is"));
  EXPECT_THAT(automatic_mistake({{"SLURM_ARRAY_TASK_ID", "3x"}}),
              StartsWith("SLURM_ARRAY_TASK_ID=3x: is no whole number"));
  for (const Variables& variables :
       {slurm(9, 1, 8, 1, 8), slurm(1, 2, 8, 1, 7), slurm(3, 1, 8, 0, 8), slurm(4, 1, 7, 2, 4)})
    EXPECT_THAT(automatic_mistake(variables), HasSubstr("is none of the numbers from"));
  EXPECT_EQ(automatic(slurm(4294967295, 0, 4294967295, 5, 858993460)),
            (Shard{858993460, 858993460}));
  // 2³² tasks from 0 on: one more than can be counted.
  EXPECT_THAT(automatic_mistake(slurm(0, 0, 4294967295, 1, 4294967295)),
              StartsWith("SLURM_ARRAY_TASK_ID=0: "));
  EXPECT_THAT(automatic_mistake(grid_engine("0", "0", "4294967295", "1")),
              StartsWith("SGE_TASK_ID=0: "));
}

TEST(Shard, OfAnArrayOfGridEngine) {
  EXPECT_EQ(automatic(grid_engine("3", "1", "16", "1")), (Shard{3, 16}));
  EXPECT_EQ(automatic(grid_engine("9", "1", "10", "4")), (Shard{3, 3}));
  EXPECT_EQ(of("16", grid_engine("9", "9", "9", "1")), (Shard{9, 16}));
  EXPECT_THAT(automatic_mistake(grid_engine("undefined", "undefined", "undefined", "undefined")),
              StartsWith("--shard auto: no variable of a scheduler"));
  EXPECT_THAT(automatic_mistake(grid_engine("3", "1", "undefined", "1")),
              StartsWith("SGE_TASK_LAST: is not set"));
  EXPECT_THAT(mistake_of("8", grid_engine("3", "1", "16", "1")),
              HasSubstr("SGE_TASK_LAST=16: with --shards 8"));
  EXPECT_THAT(mistake_of("8", grid_engine("3", "1", "16", "1")), HasSubstr("submit -t 1-8"));
}

TEST(Shard, OfPbs) {
  EXPECT_EQ(of("16", {{"PBS_ARRAY_INDEX", "3"}}), (Shard{3, 16}));
  EXPECT_EQ(automatic_mistake({{"PBS_ARRAY_INDEX", "3"}}),
            "PBS_ARRAY_INDEX=3: does not say of how many; add --shards n");
  EXPECT_THAT(mistake_of("16", {{"PBS_ARRAY_INDEX", "0"}}), HasSubstr("submit -J 1-16"));
}

TEST(Shard, OfAKubernetesJobWhichCountsFromZero) {
  EXPECT_EQ(of("16", {{"JOB_COMPLETION_INDEX", "0"}}), (Shard{1, 16}));
  EXPECT_EQ(of("16", {{"JOB_COMPLETION_INDEX", "15"}}), (Shard{16, 16}));
  EXPECT_EQ(mistake_of("16", {{"JOB_COMPLETION_INDEX", "16"}}),
            "JOB_COMPLETION_INDEX=16: with --shards 16 it may be 0 to 15");
  EXPECT_EQ(automatic_mistake({{"JOB_COMPLETION_INDEX", "3"}}),
            "JOB_COMPLETION_INDEX=3: does not say of how many; add --shards n");
}

TEST(Shard, OfGnuParallel) {
  EXPECT_EQ(of("16", {{"PARALLEL_SEQ", "1"}}), (Shard{1, 16}));
  EXPECT_EQ(of("16", {{"PARALLEL_SEQ", "16"}}), (Shard{16, 16}));
  EXPECT_EQ(mistake_of("16", {{"PARALLEL_SEQ", "17"}}),
            "PARALLEL_SEQ=17: with --shards 16 it may be 1 to 16");
  EXPECT_EQ(mistake_of("16", {{"PARALLEL_SEQ", "0"}}),
            "PARALLEL_SEQ=0: with --shards 16 it may be 1 to 16");
  EXPECT_EQ(automatic_mistake({{"PARALLEL_SEQ", "3"}}),
            "PARALLEL_SEQ=3: does not say of how many; add --shards n");
}

TEST(Shard, OfRanksWhichCountFromZero) {
  for (const std::string name : {"OMPI_COMM_WORLD", "PMI"}) {
    const auto rank = [&](const char* value) {
      return Variables{{name + "_RANK", value}, {name + "_SIZE", "4"}};
    };
    EXPECT_EQ(automatic(rank("0")), (Shard{1, 4}));
    EXPECT_EQ(of("4", rank("3")), (Shard{4, 4}));
    EXPECT_THAT(automatic_mistake(rank("4")), StartsWith(name + "_RANK=4: must be less than"));
    EXPECT_THAT(mistake_of("8", rank("3")), StartsWith(name + "_SIZE=4: contradicts --shards 8"));
    EXPECT_THAT(automatic_mistake({{name + "_RANK", "0"}}),
                StartsWith(name + "_SIZE: is not set, although " + name + "_RANK is"));
    EXPECT_THAT(automatic_mistake({{name + "_RANK", "0"}, {name + "_SIZE", "0"}}),
                StartsWith(name + "_RANK=0: must be less than"));
  }
}

TEST(Shard, SeveralSchedulersHaveToAgree) {
  Variables both = {{"OMPI_COMM_WORLD_RANK", "2"},
                    {"OMPI_COMM_WORLD_SIZE", "4"},
                    {"PMI_RANK", "2"},
                    {"PMI_SIZE", "4"}};
  EXPECT_EQ(automatic(both), (Shard{3, 4}));
  both.merge(slurm(3, 1, 16, 1, 16));
  EXPECT_EQ(automatic_mistake(both),
            "--shard auto: SLURM_ARRAY_TASK_ID=3 says shard 3/16, and OMPI_COMM_WORLD_RANK=2 says "
            "3/4; --shard i/n says it by hand");
  EXPECT_EQ(find({"5/64", {}}, both), (Shard{5, 64}));
}

}  // namespace
}  // namespace sluice::test

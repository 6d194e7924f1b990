// sluice merge as a process: what it prints, and with which code it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "experiments/store/merge_stores.hpp"
#include "experiments/store/point_files.hpp"
#include "experiments/store/point_store.hpp"
#include "tests/unit/cli/command_in_child.hpp"

namespace sluice::test {
namespace {

using ::testing::HasSubstr;

class MergeCommandTest : public CommandTest {
 protected:
  /// What shard `i` of 4 found of eight replications: each fourth.
  void fill_shard(std::uint32_t i, const std::string& build = "0.1.0") const {
    PointStore store(path("shard" + std::to_string(i)), {"monday", "1f", build, "waits"},
                     shard_points_file(i, 4));
    for (std::uint32_t replication = i - 1; replication < 8; replication += 4) {
      Point point;
      point.key.replication = replication;
      store.add(point);
    }
  }
  Result merge(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"merge", "--store", path("all")});
    return sluice(arguments);
  }
};

TEST_F(MergeCommandTest, SaysWhatIsThereAndWhatIsMissing) {
  for (const std::uint32_t shard : {1, 3}) fill_shard(shard);
  Result merged = merge({path("shard1"), path("shard3")});
  EXPECT_EQ(merged.code, 0) << merged.err;
  EXPECT_EQ(merged.out, path("all") + "/points: 4 points of 1 setting, 4 of them new\n");
  EXPECT_EQ(merge({"--array"}).code, 2);
  EXPECT_THAT(merge({"--array"}).err, HasSubstr("has no manifest.json"));

  write_manifest(path("all"), {4, {{"", 0, 8}}});
  merged = merge({});
  EXPECT_EQ(merged.code, 5);
  EXPECT_EQ(merged.out, path("all") +
                            "/points: 4 points of 1 setting, 0 of them new\n"
                            "missing: 4 of 8 points, of 2 of 4 shards: --array=2,4\n");
  merged = merge({"--array"});
  EXPECT_EQ(merged.code, 5);
  EXPECT_EQ(merged.out, "2,4\n");
  EXPECT_EQ(merge({"-q"}).out, "");

  for (const std::uint32_t shard : {2, 4}) fill_shard(shard);
  merged = merge({path("shard4"), path("shard2/points.2-of-4")});
  EXPECT_EQ(merged.code, 0);
  EXPECT_EQ(merged.out, path("all") +
                            "/points: 8 points of 1 setting, 4 of them new\n"
                            "complete: all 8 points that are wanted are there\n");
  EXPECT_EQ(merge({"--array"}).out, "");
}

TEST_F(MergeCommandTest, WhatDoesNotBelongTogetherIsBadInput) {
  fill_shard(1);
  fill_shard(2, "0.2.0");
  const Result merged = merge({path("shard1"), path("shard2")});
  EXPECT_EQ(merged.code, 2);
  EXPECT_EQ(merged.err, "sluice: " + path("shard2") +
                            "/points.2-of-4 has points of the build 0.2.0 and not 0.1.0, unlike " +
                            path("shard1") + "/points.1-of-4\n");
  EXPECT_EQ(sluice({"merge", path("shard1")}).code, 2);
  EXPECT_THAT(sluice({"merge", path("shard1")}).err, HasSubstr("--store is required"));
}

}  // namespace
}  // namespace sluice::test

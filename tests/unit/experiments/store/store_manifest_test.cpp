// What a store is to hold, and whose points are missing.
#include "experiments/store/store_manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/experiments/store/store_in_folder.hpp"

namespace sluice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using StoreManifestTest = StoreTest;

TEST(ArrayTextTest, AsSchedulersTakeIt) {
  EXPECT_EQ(array_text({}), "");
  EXPECT_EQ(array_text({3}), "3");
  EXPECT_EQ(array_text({3, 7, 8, 9, 12}), "3,7-9,12");
  EXPECT_EQ(array_text({1, 2}), "1-2");
  EXPECT_EQ(array_text({0, 1, 4294967294, 4294967295}), "0-1,4294967294-4294967295");
}

TEST_F(StoreManifestTest, ComesBackAsItWasWritten) {
  EXPECT_EQ(read_manifest(path("")), std::nullopt);
  const StoreManifest manifest{8, {{"", 0, 5}, {"policy={weighted: {HIGH: \"1\"}}", 5, 3}}};
  write_manifest(path(""), manifest);
  EXPECT_EQ(read_manifest(path("")), manifest);
  EXPECT_EQ(read("manifest.json"), R"({
 "format": "sluice.store",
 "version": 1,
 "shards": 8,
 "wanted": [
  {"setting": "", "from": 0, "count": 5},
  {"setting": "policy={weighted: {HIGH: \"1\"}}", "from": 5, "count": 3}
 ]
}
)");
  write_manifest(path(""), {2, {}});
  EXPECT_EQ(read_manifest(path("")), (StoreManifest{2, {}}));
}

TEST_F(StoreManifestTest, MistakesAreNamed) {
  const auto mistake = [&](const std::string& text) {
    write("manifest.json", text);
    return failure_of([&] { read_manifest(path("")); }).second;
  };
  const std::string begin = R"({"format":"sluice.store","version":1)";
  EXPECT_THAT(mistake("{"), HasSubstr("manifest.json is not valid JSON"));
  EXPECT_THAT(mistake("[]"), HasSubstr("manifest.json is no manifest of a store"));
  EXPECT_THAT(mistake(R"({"format":"sluice.store","version":2})"), HasSubstr("has a version"));
  EXPECT_THAT(mistake(begin + "}"), HasSubstr("has no number of \"shards\""));
  EXPECT_THAT(mistake(begin + R"(,"shards":0})"), HasSubstr("has no number of \"shards\""));
  EXPECT_THAT(mistake(begin + R"(,"shards":2})"), HasSubstr("has no list \"wanted\""));
  for (const char* wanted :
       {"3", "{}", R"({"setting":"","from":0,"count":0})", R"({"setting":"","from":-1,"count":1})",
        R"({"setting":"","from":4294967295,"count":1})"})
    EXPECT_THAT(mistake(begin + R"(,"shards":2,"wanted":[)" + wanted + "]}"),
                HasSubstr("which is not \"setting\", \"from\" and \"count\""));
}

TEST(StoreManifestMissingTest, APointBelongsToOneShardForEver) {
  StoreManifest manifest{4, {{"a", 0, 5}, {"b", 2, 5}}};
  EXPECT_EQ(manifest.points(), 10u);
  const auto none = [](const PointKey&) { return false; };
  EXPECT_EQ(missing_points(manifest, none).points, 10u);
  EXPECT_THAT(missing_points(manifest, none).shards, ElementsAre(1, 2, 3, 4));
  // Position 7 of the list, from 0: shard 4.
  const auto but_one = [](const PointKey& key) { return key != PointKey{"b", 4}; };
  EXPECT_THAT(missing_points(manifest, but_one).shards, ElementsAre(4));
  const StoreManifest earlier = manifest;
  manifest.wanted.push_back({"a", 5, 3});
  EXPECT_THAT(missing_points(manifest, but_one).shards, ElementsAre(4));
  EXPECT_TRUE(manifest.continues(earlier));
  EXPECT_TRUE(manifest.continues(manifest));
  EXPECT_FALSE(earlier.continues(manifest));
  manifest.shards = 5;
  EXPECT_FALSE(manifest.continues(earlier));
}

}  // namespace
}  // namespace sluice::test

// Merging: the same points are the same bytes, and what does not belong together is refused.
#include "experiments/store/merge_stores.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "experiments/store/point_files.hpp"
#include "experiments/store/point_record.hpp"
#include "tests/unit/experiments/store/store_in_folder.hpp"

namespace sluice::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MergeStoresTest : public StoreTest {
 protected:
  /// Three shards of 30 points of three settings, each in a folder of its own, some in two.
  std::vector<std::string> shards() const {
    std::vector<std::string> folders;
    for (std::uint32_t shard = 1; shard <= 3; ++shard) {
      folders.push_back(path("shard" + std::to_string(shard)));
      PointStore store(folders.back(), sample_identity(), shard_points_file(shard, 3));
      for (std::uint32_t i = 30; i-- > 0;)
        if (i % 3 + 1 == shard || i % 7 == 0) store.add(drawn_point(key(i)));
    }
    return folders;
  }
  static PointKey key(std::uint32_t i) { return {i % 2 == 0 ? "workers=9" : "workers=10", i / 2}; }

  std::pair<ExitCode, std::string> refusal(const std::vector<std::string>& sources) const {
    return failure_of([&] { merge_stores(path("all"), sources); });
  }
};

TEST_F(MergeStoresTest, SamePointsAreSameBytesWhateverTheOrder) {
  std::vector<std::string> sources = shards();
  std::string expected = points_header(sample_identity());
  for (const char* setting : {"workers=10", "workers=9"})
    for (std::uint32_t i = 0; i < 15; ++i) expected += point_record(drawn_point({setting, i}));
  int orders = 0;
  do {
    std::filesystem::remove_all(path("all"));
    const MergedStores merged = merge_stores(path("all"), sources);
    EXPECT_EQ(merged.points, 30u);
    EXPECT_EQ(merged.settings, 2u);
    EXPECT_EQ(merged.added, 30u);
    EXPECT_FALSE(merged.manifest);
    ASSERT_EQ(read("all/points"), expected);
    ++orders;
  } while (std::next_permutation(sources.begin(), sources.end()));
  EXPECT_EQ(orders, 6);

  // Again, of itself, of files instead of folders, one after the other: nothing changes.
  EXPECT_EQ(merge_stores(path("all"), sources).added, 0u);
  EXPECT_EQ(merge_stores(path("all"), {}).added, 0u);
  EXPECT_EQ(merge_stores(path("all"), {path("all"), path("all/points")}).points, 30u);
  EXPECT_EQ(read("all/points"), expected);
  std::filesystem::remove_all(path("all"));
  for (std::uint32_t shard = 3; shard > 0; --shard) merge_stores(path("all"), {sources[shard - 1]});
  EXPECT_EQ(read("all/points"), expected);
  EXPECT_EQ(points_files(path("all")).size(), 1u);
}

TEST_F(MergeStoresTest, ShardsOfOneFolderAreJoinedWhereTheyAre) {
  for (std::uint32_t shard = 1; shard <= 2; ++shard)
    PointStore(path("all"), sample_identity(), shard_points_file(shard, 2))
        .add(drawn_point({"", shard}));
  EXPECT_EQ(merge_stores(path("all"), {}).points, 2u);
  EXPECT_EQ(read("all/points"), points_header(sample_identity()) +
                                    point_record(drawn_point({"", 1})) +
                                    point_record(drawn_point({"", 2})));
  // A shard goes on, and reads what was merged.
  PointStore again(path("all"), sample_identity(), shard_points_file(1, 2));
  EXPECT_EQ(again.size(), 2u);
}

TEST_F(MergeStoresTest, ATornRecordOfASourceIsLeftOut) {
  fill("one", 3);
  const std::string whole = read("one/points");
  write("one/points", whole.substr(0, whole.size() - 1));
  EXPECT_EQ(merge_stores(path("all"), {path("one")}).points, 2u);
  EXPECT_EQ(read("one/points"), whole.substr(0, whole.size() - 1));
}

TEST_F(MergeStoresTest, TwoDifferentPointsOfOneKeyAreRefused) {
  fill("one", 2);
  Point other = drawn_point({"workers=26", 1});
  other.result.runs += 1;
  PointStore(path("two"), sample_identity(), "points").add(other);
  merge_stores(path("all"), {path("one")});
  const std::string before = read("all/points");
  EXPECT_EQ(refusal({path("two")}).first, ExitCode::bad_input);
  EXPECT_THAT(
      refusal({path("two")}).second,
      AllOf(HasSubstr("two/points:2: replication 1 of workers=26"), HasSubstr(path("all/points"))));
  EXPECT_EQ(read("all/points"), before);
}

TEST_F(MergeStoresTest, PointsOfAnotherScenarioBuildOrRecordingAreRefused) {
  fill("one", 2);
  for (const auto member : {&StoreIdentity::scenario, &StoreIdentity::hash, &StoreIdentity::build,
                            &StoreIdentity::recorded}) {
    StoreIdentity other = sample_identity();
    other.*member = "another";
    std::filesystem::remove_all(path("two"));
    fill("two", 1, "points", other);
    for (const bool turned : {false, true}) {
      std::vector<std::string> sources{path("one"), path("two")};
      if (turned) std::swap(sources[0], sources[1]);
      EXPECT_EQ(refusal(sources).first, ExitCode::bad_input);
      EXPECT_THAT(refusal(sources).second,
                  AllOf(HasSubstr(path("one/points")), HasSubstr(path("two/points")),
                        HasSubstr("another")));
    }
  }
  EXPECT_FALSE(std::filesystem::exists(path("all/points")));
}

TEST_F(MergeStoresTest, SourcesThatAreNotThere) {
  EXPECT_THAT(refusal({path("none")}).second, HasSubstr("none: No such file"));
  std::filesystem::create_directories(path("empty"));
  EXPECT_THAT(refusal({path("empty")}).second, HasSubstr("there are no points in"));
  write("text", "no points\n");
  EXPECT_THAT(refusal({path("text")}).second, HasSubstr("text:1: is no file of points"));
}

TEST_F(MergeStoresTest, AStoreThatIsBeingWrittenIsRefused) {
  fill("one", 1);
  const PointStore store(path("all"), sample_identity(), "points");
  EXPECT_THAT(refusal({path("one")}).second, HasSubstr("written by another process"));
}

TEST_F(MergeStoresTest, AFullDiskLeavesTheStoreAsItWas) {
  fill("one", 20);
  fill("all", 2);
  const std::string before = read("all/points");
  EXPECT_EQ(in_child([&] {
              std::signal(SIGXFSZ, SIG_IGN);
              const rlimit limit{read("one/points").size() / 2, RLIM_INFINITY};
              ::setrlimit(RLIMIT_FSIZE, &limit);
              return refusal({path("one")}).first == ExitCode::output_failed ? 0 : 1;
            }),
            0);
  EXPECT_EQ(read("all/points"), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path("all")), {}), 1);
  EXPECT_EQ(merge_stores(path("all"), {path("one")}).points, 20u);
}

TEST_F(MergeStoresTest, TheManifestSaysWhoseAreMissing) {
  const std::vector<std::string> sources = shards();
  StoreManifest manifest{3, {{"workers=9", 0, 15}, {"workers=10", 0, 15}}};
  write_manifest(sources[1], manifest);
  const MergedStores complete = merge_stores(path("all"), sources);
  EXPECT_EQ(complete.missing.points, 0u);
  EXPECT_EQ(read_manifest(path("all")), manifest);

  // A round later; the points 30 and 31 of all that are wanted are those of shards 1 and 2.
  manifest.wanted.push_back({"workers=9", 15, 2});
  write_manifest(path("all"), manifest);
  const MergedStores later = merge_stores(path("all"), sources);
  EXPECT_EQ(later.missing.points, 2u);
  EXPECT_THAT(later.missing.shards, ElementsAre(1, 2));
  EXPECT_EQ(read_manifest(path("all")), manifest);

  write_manifest(sources[0], {3, {{"workers=11", 0, 1}}});
  EXPECT_THAT(refusal(sources).second, HasSubstr("want different points"));
}

}  // namespace
}  // namespace sluice::test

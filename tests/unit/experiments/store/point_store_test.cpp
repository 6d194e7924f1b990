// The store: what was added is there after whatever happened to the process, and nothing else.
#include "experiments/store/point_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "experiments/store/point_files.hpp"
#include "experiments/store/point_record.hpp"
#include "tests/unit/experiments/store/store_in_folder.hpp"

namespace sluice::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class PointStoreTest : public StoreTest {
 protected:
  PointStore open(const std::string& file = "points") const {
    return {folder_.string(), sample_identity(), file};
  }
  std::pair<ExitCode, std::string> refusal(const StoreIdentity& identity = sample_identity(),
                                           const std::string& file = "points") const {
    return failure_of([&] { PointStore(folder_.string(), identity, file); });
  }
};

bool has_same(const PointStore& store, const Point& point) {
  const std::optional<Point> found = store.read(point.key);
  return found && point_record(*found) == point_record(point);
}

TEST_F(PointStoreTest, WhatWasAddedIsThereNowAndLater) {
  const Point first = drawn_point({"", 0}), second = drawn_point({"workers=26", 5});
  {
    PointStore store = open();
    EXPECT_FALSE(store.read(first.key));
    store.add(first);
    store.add(second);
    EXPECT_TRUE(has_same(store, first));
    EXPECT_TRUE(has_same(store, second));
  }
  const PointStore again = open();
  EXPECT_EQ(again.size(), 2u);
  EXPECT_TRUE(has_same(again, first));
  EXPECT_TRUE(has_same(again, second));
  EXPECT_FALSE(again.read({"workers=26", 6}).has_value());
  EXPECT_FALSE(again.read({"workers=27", 5}));
}

TEST_F(PointStoreTest, APointTwiceIsOneAndAnotherOneIsRefused) {
  const Point point = drawn_point({"workers=26", 5});
  Point other = point;
  other.result.runs += 1;
  PointStore store = open();
  store.add(point);
  const std::string bytes = read("points");
  store.add(point);
  EXPECT_EQ(failure_of([&] { store.add(other); }).first, ExitCode::bad_input);
  EXPECT_THAT(failure_of([&] { store.add(other); }).second,
              HasSubstr("replication 5 of workers=26"));
  EXPECT_EQ(read("points"), bytes);
}

TEST_F(PointStoreTest, ARecordThatWasTornAnywhereIsDroppedAndDoneAgain) {
  fill("", 3);
  const std::string whole = read("points");
  const std::size_t last = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t length = last; length < whole.size(); ++length) {
    write("points", whole.substr(0, length));
    PointStore store = open();
    ASSERT_EQ(store.size(), 2u) << length;
    ASSERT_EQ(read("points"), whole.substr(0, last));
    store.add(drawn_point({"workers=26", 2}));
    ASSERT_EQ(read("points"), whole);
  }
}

TEST_F(PointStoreTest, AHeaderThatWasTornAnywhereIsWrittenAgain) {
  fill("", 1);
  const std::string whole = read("points");
  const std::size_t header = whole.find('\n');
  for (std::size_t length = 0; length <= header; ++length) {
    write("points", whole.substr(0, length));
    fill("", 1);
    ASSERT_EQ(read("points"), whole);
  }
}

TEST_F(PointStoreTest, WhatIsDamagedElsewhereIsNamedWithItsLine) {
  fill("", 3);
  const std::string whole = read("points");
  std::string damaged = whole;
  damaged[whole.find("\"runs\":") + 7] ^= 1;
  write("points", damaged);
  EXPECT_EQ(refusal().first, ExitCode::bad_input);
  EXPECT_THAT(refusal().second, HasSubstr("points:2: is damaged"));
  EXPECT_EQ(read("points"), damaged);

  // Also the last one, if it has its end: that is not how a killed process leaves it.
  damaged = whole;
  damaged[whole.size() - 20] ^= 1;
  write("points", damaged);
  EXPECT_THAT(refusal().second, HasSubstr("points:4: is damaged"));
  write("points", whole + "\n");
  EXPECT_THAT(refusal().second, HasSubstr("points:5: is damaged"));
  write("points", "to be, or not to be");
  EXPECT_THAT(refusal().second, HasSubstr("points:1: is no file of points"));
  EXPECT_EQ(read("points"), "to be, or not to be");
}

TEST_F(PointStoreTest, PointsOfAnotherScenarioBuildOrRecordingAreRefused) {
  fill("", 1);
  for (const auto member : {&StoreIdentity::scenario, &StoreIdentity::hash, &StoreIdentity::build,
                            &StoreIdentity::recorded}) {
    StoreIdentity other = sample_identity();
    other.*member = "another";
    EXPECT_EQ(refusal(other).first, ExitCode::bad_input);
    EXPECT_THAT(refusal(other).second,
                AllOf(HasSubstr("/points has points of "), HasSubstr(sample_identity().*member),
                      HasSubstr("another")));
    EXPECT_EQ(refusal(other, "points.1-of-2").first, ExitCode::bad_input);
  }
  EXPECT_FALSE(std::filesystem::exists(path("points.1-of-2"))) << "what was refused leaves nothing";
}

TEST_F(PointStoreTest, TwoAtOnceAreRefused) {
  const PointStore store = open();
  const auto expect_locked = [&] {
    const auto [code, text] = refusal();
    EXPECT_EQ(code, ExitCode::bad_input);
    EXPECT_THAT(text, HasSubstr("/points is being written by another process"));
    return code == ExitCode::bad_input ? 0 : 1;
  };
  expect_locked();
  EXPECT_EQ(in_child(expect_locked), 0);
  EXPECT_EQ(refusal(sample_identity(), "points.1-of-2").first, ExitCode::ok);
}

TEST_F(PointStoreTest, ShardsOfOneFolderSeeEachOthersPoints) {
  PointStore one = open("points.1-of-2");
  one.add(drawn_point({"", 0}));
  const std::string torn = point_record(drawn_point({"", 2})).substr(0, 40);
  write("points.1-of-2", read("points.1-of-2") + torn);
  const PointStore two = open("points.2-of-2");
  EXPECT_TRUE(has_same(two, drawn_point({"", 0})));
  EXPECT_EQ(two.size(), 1u);
  EXPECT_TRUE(read("points.1-of-2").ends_with(torn)) << "only its owner cuts a file";
}

TEST_F(PointStoreTest, MoreFilesThanAProcessMayHaveOpen) {
  constexpr std::uint32_t kFiles = 150;
  const std::string header = points_header(sample_identity());
  for (std::uint32_t i = 1; i <= kFiles; ++i)
    write(shard_points_file(i, kFiles), header + point_record(drawn_point({"", i})));
  EXPECT_EQ(in_child([&] {
              const rlimit few{140, 140};
              ::setrlimit(RLIMIT_NOFILE, &few);
              const PointStore store = open();
              for (std::uint32_t i = 1; i <= kFiles; ++i)
                if (!has_same(store, drawn_point({"", i}))) return 1;
              return 0;
            }),
            0);
}

TEST_F(PointStoreTest, ThreadsAddAndFindAtTheSameTime) {
  constexpr std::uint32_t kThreads = 8, kPoints = 40;
  {
    PointStore store = open();
    std::vector<std::thread> threads;
    for (std::uint32_t t = 0; t < kThreads; ++t)
      threads.emplace_back([&store, t] {
        for (std::uint32_t i = 0; i < kPoints; ++i) {
          const Point point = drawn_point({"thread=" + std::to_string(t), i}, 5);
          store.add(point);
          EXPECT_TRUE(has_same(store, point));
          // One that they all have.
          store.add(drawn_point({"", i}, 5));
          EXPECT_TRUE(store.read({"", i}));
        }
      });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(store.size(), (kThreads + 1) * kPoints);
  }
  const PointStore again = open();
  EXPECT_EQ(again.size(), (kThreads + 1) * kPoints);
  for (std::uint32_t t = 0; t < kThreads; ++t)
    for (std::uint32_t i = 0; i < kPoints; ++i)
      EXPECT_TRUE(has_same(again, drawn_point({"thread=" + std::to_string(t), i}, 5)));
}

/// A limit on the size of files does what a full disk does.
void let_files_grow_to(std::uint64_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, RLIM_INFINITY};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

TEST_F(PointStoreTest, AFullDiskCorruptsNothing) {
  fill("", 3);
  const std::string three = read("points");
  const std::string record = point_record(drawn_point({"workers=26", 3}));
  std::size_t refused = 0;
  for (std::size_t room = 0; room < record.size(); room += 61) {
    const int status = in_child([&] {
      PointStore store = open();
      let_files_grow_to(three.size() + room);
      const auto [code, text] = failure_of([&] { store.add(drawn_point({"workers=26", 3})); });
      if (code != ExitCode::output_failed || !text.ends_with("/points: File too large")) return 1;
      if (store.read({"workers=26", 3}).has_value() || read("points") != three) return 2;
      let_files_grow_to(RLIM_INFINITY);  // there is room again
      store.add(drawn_point({"workers=26", 4}));
      return has_same(store, drawn_point({"workers=26", 4})) ? 0 : 3;
    });
    ASSERT_EQ(status, 0) << room;
    ++refused;
    ASSERT_EQ(open().size(), 4u);
    write("points", three);
  }
  EXPECT_GT(refused, 3u);
}

TEST_F(PointStoreTest, ManyThreadsHearOfAFullDisk) {
  const int status = in_child([&] {
    PointStore store = open();
    let_files_grow_to(10'000);
    std::vector<std::thread> threads;
    std::atomic<std::uint32_t> added = 0, failed = 0;
    for (std::uint32_t t = 0; t < 8; ++t)
      threads.emplace_back([&, t] {
        for (std::uint32_t i = 0; i < 20; ++i) {
          const PointKey key{"thread=" + std::to_string(t), i};
          const bool full = failure_of([&] { store.add(drawn_point(key)); }).first != ExitCode::ok;
          (full ? failed : added) += 1;
          if (store.read(key).has_value() == full) ::_exit(1);
        }
      });
    for (std::thread& thread : threads) thread.join();
    if (added == 0 || failed == 0 || store.size() != added) return 2;
    return 0;
  });
  EXPECT_EQ(status, 0);
  const PointStore again = open();
  EXPECT_GT(again.size(), 0u);
}

TEST_F(PointStoreTest, AFolderThatCannotBeMadeIsAnOutputThatFailed) {
  write("file", "");
  const auto [code, text] =
      failure_of([&] { PointStore(path("file/store"), sample_identity(), "points"); });
  EXPECT_EQ(code, ExitCode::output_failed);
  EXPECT_THAT(text, HasSubstr("file/store"));
}

TEST(PointFilesTest, NamesOfFiles) {
  EXPECT_EQ(shard_points_file(3, 8), "points.3-of-8");
  for (const char* name : {"points", "points.3-of-8", "points.12-of-1000"})
    EXPECT_TRUE(is_points_file(name)) << name;
  for (const char* name : {"", "point", "points.", "points.tmp", "points.3-of-8.77.tmp",
                           "points.-of-8", "points.3-of-", "points.3", "manifest.json"})
    EXPECT_FALSE(is_points_file(name)) << name;
}

}  // namespace
}  // namespace sluice::test

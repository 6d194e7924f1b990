// Processes that are killed while they add points: nothing that was reported is lost.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <thread>

#include "experiments/store/merge_stores.hpp"
#include "experiments/store/point_files.hpp"
#include "experiments/store/point_record.hpp"
#include "tests/unit/experiments/store/store_in_folder.hpp"

namespace sluice::test {
namespace {

constexpr std::uint32_t kPoints = 1500;
constexpr std::uint64_t kMostFigures = 4;
constexpr std::uint32_t kWorkers = 2;

class PointStoreKillTest : public StoreTest {
 protected:
  /// Adds all points from several threads, and says each one's number on `report` once it counts.
  void add_all(int report) const {
    PointStore store(path("store"), sample_identity(), "points");
    std::vector<std::thread> threads;
    for (std::uint32_t t = 0; t < kWorkers; ++t)
      threads.emplace_back([&, t] {
        for (std::uint32_t i = t; i < kPoints; i += kWorkers) {
          if (store.has({"", i})) continue;
          store.add(drawn_point({"", i}, kMostFigures));
          if (::write(report, &i, sizeof i) != sizeof i) ::_exit(98);
        }
      });
    for (std::thread& thread : threads) thread.join();
  }

  /// A process that adds points and is killed after a while. Whether it had ended before.
  bool add_and_kill(std::chrono::microseconds after, std::set<std::uint32_t>& reported) const {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      add_all(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    std::this_thread::sleep_for(after);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    std::uint32_t number = 0;
    while (::read(ends[0], &number, sizeof number) == sizeof number)
      EXPECT_TRUE(reported.insert(number).second) << number << " was done twice";
    ::close(ends[0]);
    return WIFEXITED(status);
  }
};

TEST_F(PointStoreKillTest, NothingIsLostAndNothingIsThereTwice) {
  Stream stream(7);
  std::set<std::uint32_t> reported;
  int killed = 0;
  for (int round = 0; round < 20; ++round) {
    const bool ended = add_and_kill(std::chrono::microseconds(300 + stream.below(2'500)), reported);
    killed += ended ? 0 : 1;
    const PointStore store(path("store"), sample_identity(), "points");
    for (const std::uint32_t number : reported) {
      const Point* point = store.find({"", number});
      ASSERT_NE(point, nullptr) << number << " was reported and is lost";
      ASSERT_EQ(point_record(*point), point_record(drawn_point({"", number}, kMostFigures)));
    }
  }
  EXPECT_GT(killed, 3);
  EXPECT_GT(reported.size(), 0u);
  std::set<std::string> lines;
  const std::string text = read("store/points");
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    EXPECT_TRUE(lines.insert(text.substr(at, text.find('\n', at) - at)).second) << "a line twice";

  add_all(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  merge_stores(path("store"), {});
  std::string uninterrupted = points_header(sample_identity());
  for (std::uint32_t i = 0; i < kPoints; ++i)
    uninterrupted += point_record(drawn_point({"", i}, kMostFigures));
  EXPECT_EQ(read("store/points"), uninterrupted);
}

}  // namespace
}  // namespace sluice::test

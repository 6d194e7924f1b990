// Processes that are killed while they add points or merge: nothing that was reported is lost.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <thread>

#include "experiments/store/merge_stores.hpp"
#include "experiments/store/point_files.hpp"
#include "experiments/store/point_record.hpp"
#include "tests/unit/experiments/store/store_in_folder.hpp"

namespace sluice::test {
namespace {

/// The process kills itself before so many more calls of those below; a negative number: never.
std::int64_t calls_left = -1;

void count_call() {
  if (calls_left >= 0 && calls_left-- == 0) ::raise(SIGKILL);
}

}  // namespace
}  // namespace sluice::test

// The system's calls that change files, replaced for this program.
extern "C" ssize_t pwrite(int descriptor, const void* data, size_t size, off_t offset) {
  sluice::test::count_call();
  return ::syscall(SYS_pwrite64, descriptor, data, size, offset);
}
extern "C" int fsync(int descriptor) {
  sluice::test::count_call();
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}
extern "C" int rename(const char* from, const char* to) {
  sluice::test::count_call();
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

namespace sluice::test {
namespace {

constexpr std::uint32_t kPoints = 1500;
constexpr std::uint64_t kMostFigures = 4;
constexpr std::uint32_t kWorkers = 2;
constexpr int kRounds = 20;

/// So large that few fit into a pipe that nobody reads: a process waits there to be killed, and
/// comes to no end before.
struct Report {
  std::uint32_t number;
  char rest[60];
};
constexpr int kPipeSize = 4096;
static_assert(kPoints > kRounds * (kPipeSize / sizeof(Report) + kWorkers));

class PointStoreKillTest : public StoreTest {
 protected:
  /// Adds all points from several threads, and says each one's number on `report` once it counts.
  void add_all(int report) const {
    PointStore store(path("store"), sample_identity(), "points");
    std::vector<std::thread> threads;
    for (std::uint32_t t = 0; t < kWorkers; ++t)
      threads.emplace_back([&, t] {
        for (std::uint32_t i = t; i < kPoints; i += kWorkers) {
          if (store.read({"", i}).has_value()) continue;
          store.add(drawn_point({"", i}, kMostFigures));
          const Report done{i, {}};
          if (::write(report, &done, sizeof done) != sizeof done) ::_exit(98);
        }
      });
    for (std::thread& thread : threads) thread.join();
  }

  /// A process that adds points, and is killed so long after its start or its first report.
  void add_and_kill(bool first_report, std::chrono::microseconds after,
                    std::set<std::uint32_t>& reported) const {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_GE(::fcntl(ends[1], F_SETPIPE_SZ, kPipeSize), kPipeSize);
    const pid_t child = ::fork();
    if (child == 0) {
      add_all(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    pollfd readable{ends[0], POLLIN, 0};
    if (first_report) {
      ASSERT_EQ(::poll(&readable, 1, 60'000), 1);
    }
    std::this_thread::sleep_for(after);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
    Report report{};
    while (::read(ends[0], &report, sizeof report) == sizeof report)
      EXPECT_TRUE(reported.insert(report.number).second) << report.number << " was done twice";
    ::close(ends[0]);
  }
};

TEST_F(PointStoreKillTest, NothingIsLostAndNothingIsThereTwice) {
  Stream stream(7);
  std::set<std::uint32_t> reported;
  for (int round = 0; round < kRounds; ++round) {
    const std::chrono::microseconds after(stream.below(1'500));
    ASSERT_NO_FATAL_FAILURE(add_and_kill(round % 2 == 0, after, reported));
    const PointStore store(path("store"), sample_identity(), "points");
    for (const std::uint32_t number : reported) {
      const std::optional<Point> point = store.read({"", number});
      ASSERT_TRUE(point) << number << " was reported and is lost";
      ASSERT_EQ(point_record(*point), point_record(drawn_point({"", number}, kMostFigures)));
    }
  }
  EXPECT_GE(reported.size(), kRounds / 2u);
  std::set<std::string> lines;
  const std::string text = read("store/points");
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    EXPECT_TRUE(lines.insert(text.substr(at, text.find('\n', at) - at)).second) << "a line twice";

  const int nobody = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  add_all(nobody);
  ::close(nobody);
  merge_stores(path("store"), {});
  std::string uninterrupted = points_header(sample_identity());
  for (std::uint32_t i = 0; i < kPoints; ++i)
    uninterrupted += point_record(drawn_point({"", i}, kMostFigures));
  EXPECT_EQ(read("store/points"), uninterrupted);
}

/// Killed before each of its calls that change a file, one after the other.
TEST_F(PointStoreKillTest, AMergeThatIsKilledLeavesTheStoreAsItWasOrMerged) {
  fill("one", 300);
  fill("all", 10);
  int as_it_was = 0;
  int merged = 0;
  bool over = false;
  for (int call = 0; !over; ++call) {
    ASSERT_LT(call, 100);
    std::filesystem::copy(path("all"), path("copy"));
    const pid_t child = ::fork();
    if (child == 0) {
      calls_left = call;
      merge_stores(path("copy"), {path("one")});
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    over = WIFEXITED(status);
    const std::size_t points = PointStore(path("copy"), sample_identity(), "points").size();
    EXPECT_TRUE(points == 10 || points == 300) << points;
    as_it_was += points == 10 ? 1 : 0;
    merged += points == 300 ? 1 : 0;
    EXPECT_EQ(merge_stores(path("copy"), {path("one")}).points, 300u);
    std::filesystem::remove_all(path("copy"));
  }
  EXPECT_GE(as_it_was, 3) << "before it is written, synced, and put in place";
  EXPECT_GE(merged, 2) << "before the folder is synced, and at the end";
}

TEST_F(PointStoreKillTest, AMergeThatIsToldToStopLeavesNothingBehind) {
  fill("one", 300);
  fill("all", 10);
  const std::string before = read("all/points");
  const std::atomic<bool> stop = true;
  EXPECT_FALSE(merge_stores(path("all"), {path("one")}, &stop).complete);
  EXPECT_EQ(read("all/points"), before);
  for (const auto& entry : std::filesystem::directory_iterator(path("all")))
    EXPECT_EQ(entry.path().filename(), "points");
}

}  // namespace
}  // namespace sluice::test

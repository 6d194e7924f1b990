// A store in a folder of its own, and points to put into it.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/failure.hpp"
#include "base/random/random.hpp"
#include "experiments/store/point.hpp"
#include "experiments/store/point_store.hpp"

namespace sluice::test {

inline StoreIdentity sample_identity() {
  return {"monday", "0123456789abcdef", "0.1.0 (gcc, optimised)", "waits"};
}

/// Any double at all: one bit pattern in four is something odd.
inline double drawn_real(Stream& stream) {
  constexpr double kOdd[] = {0.0,
                             -0.0,
                             INFINITY,
                             -INFINITY,
                             std::numeric_limits<double>::denorm_min(),
                             std::numeric_limits<double>::max(),
                             std::numeric_limits<double>::min()};
  if (stream.chance(0.25)) return kOdd[stream.below(std::size(kOdd))];
  if (stream.chance(0.25)) return static_cast<double>(stream.below(1000));
  return std::bit_cast<double>(stream.bits());  // one in 1024 of these is no number
}

inline Interval drawn_interval(Stream& stream) {
  const double low = drawn_real(stream);
  return {low, drawn_real(stream)};
}

inline Figure drawn_figure(Stream& stream) {
  Figure figure;
  figure.value = stream.chance(0.02) ? std::nan("7") : drawn_real(stream);
  figure.samples = stream.chance(0.1) ? stream.bits() : stream.below(100'000);
  if (stream.chance(0.3)) figure.censored = stream.below(50);
  if (stream.chance(0.2)) figure.lower_bound = true;
  if (stream.chance(0.2)) figure.upper_bound = true;
  if (stream.chance(0.2)) figure.at_most = drawn_real(stream);
  if (stream.chance(0.2)) figure.interval = drawn_interval(stream);
  if (stream.chance(0.2)) figure.range = drawn_interval(stream);
  if (stream.chance(0.5)) figure.within = drawn_interval(stream);
  if (stream.chance(0.1)) figure.replications = static_cast<std::uint32_t>(stream.below(99));
  return figure;
}

inline Subject drawn_subject(Stream& stream) {
  Subject subject;
  const auto some = [&](auto& id) {
    if (stream.chance(0.25)) id.value = static_cast<std::uint32_t>(stream.below(2000));
  };
  some(subject.group);
  some(subject.workspace);
  some(subject.workflow);
  some(subject.credential);
  some(subject.submitter);
  if (stream.chance(0.5)) subject.level = kAllLevels[stream.below(kLevels)];
  return subject;
}

inline WindowFigure drawn_window(Stream& stream) {
  WindowFigure window;
  window.metric = static_cast<Metric>(stream.below(kMetrics));
  window.subject = drawn_subject(stream);
  window.over = {static_cast<std::int64_t>(stream.bits() >> 1)};
  window.highest = drawn_figure(stream);
  window.lowest = drawn_figure(stream);
  for (std::uint64_t i = stream.below(3); i > 0; --i) {
    WindowBreaks breaks{static_cast<Comparison>(stream.below(5)),
                        drawn_real(stream),
                        stream.bits(),
                        stream.below(100),
                        stream.below(10),
                        {},
                        drawn_real(stream),
                        1};
    if (stream.chance(0.5)) breaks.first = Time{static_cast<std::int64_t>(stream.bits() >> 1)};
    window.breaks.push_back(breaks);
  }
  return window;
}

/// The same for the same key, as a simulation is.
inline Point drawn_point(PointKey key, std::uint64_t most_figures = 6) {
  Point point;
  point.seed = stream_key(stream_key(42, key.setting), key.replication);
  Stream stream(point.seed);
  point.key = std::move(key);
  point.scenario_hash = "fedcba9876543210";
  ReplicationResult& result = point.result;
  result.from = {static_cast<std::int64_t>(stream.bits() >> 2)};
  result.until = result.from + Duration{1};
  result.runs = stream.bits();
  result.refused = stream.chance(0.5);
  for (std::uint64_t i = stream.below(most_figures + 1); i > 0; --i) {
    const auto metric = static_cast<Metric>(stream.below(kMetrics));
    const Subject subject = drawn_subject(stream);
    result.figures.add(metric, subject, drawn_figure(stream));
  }
  result.figures.seal();
  for (std::uint64_t i = stream.below(3); i > 0; --i)
    result.windows.push_back(drawn_window(stream));
  return point;
}

inline PointKey drawn_key(Stream& stream) {
  return {"workers=" + std::to_string(stream.below(50)),
          static_cast<std::uint32_t>(stream.below(200))};
}

/// A folder of its own for each test: in memory where there is such a place, for these tests sync
/// thousands of times.
class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path memory = "/dev/shm";
    const bool in_memory = ::access(memory.c_str(), W_OK | X_OK) == 0;
    const auto place = in_memory ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (place / "sluice-store-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
  }
  /// Points 0 … count - 1 of one setting, into a store in this folder.
  void fill(const std::string& folder, std::uint32_t count, const std::string& file = "points",
            const StoreIdentity& identity = sample_identity()) const {
    PointStore store(path(folder), identity, file);
    for (std::uint32_t i = 0; i < count; ++i) store.add(drawn_point({"workers=26", i}));
  }

  std::filesystem::path folder_;
};

/// The text and exit code of the UserError that `action` throws; ok and empty: none.
inline std::pair<ExitCode, std::string> failure_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const UserError& error) {
    return {error.code(), error.what()};
  }
  return {ExitCode::ok, ""};
}

/// The exit status of a process that does nothing but `action`; what it throws is 99.
inline int in_child(const std::function<int()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      ::_exit(action());
    } catch (...) {
      ::_exit(99);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace sluice::test

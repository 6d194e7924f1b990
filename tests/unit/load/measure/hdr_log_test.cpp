// Interval logs: their lines, and that the reader everybody uses finds in them what was recorded.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "load/measure/hdr_layout.hpp"
#include "load/measure/latency_histogram.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace literals;
namespace fs = std::filesystem;

TEST(HdrLog, begins_with_its_version_and_the_time_that_its_lines_count_from) {
  EXPECT_EQ(hdr_log_header(1'790'000'000.25, "a scenario\nof two lines"),
            "#[a scenario of two lines; values in microseconds, maxima in milliseconds]\n"
            "#[Histogram log format version 1.3]\n"
            "#[StartTime: 1790000000.250 (seconds since epoch)]\n"
            "#[BaseTime: 1790000000.250 (seconds since epoch)]\n"
            "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
            "\"Interval_Compressed_Histogram\"\n");
}

TEST(HdrLog, has_a_line_per_interval_with_or_without_a_tag) {
  LatencyHistogram interval;
  interval.record(Duration{2'500'000});
  EXPECT_THAT(hdr_log_line(1, 0.5, interval, "latency"),
              StartsWith("Tag=latency,1.000,0.500,2.500,HISTFAA"))
      << "what every compressed V2 histogram begins with";
  EXPECT_THAT(hdr_log_line(1, 0.5, interval, ""), StartsWith("1.000,0.500,2.500,HISTFAA"));
}

struct TemporaryFolder {
  fs::path path = fs::temp_directory_path() / fmt::format("sluice_hdr_log_{}", getpid());
  TemporaryFolder() { fs::create_directories(path); }
  ~TemporaryFolder() { fs::remove_all(path); }
};

struct CommandResult {
  int exit_code = -1;
  std::string output;
};

CommandResult run(const std::string& command) {
  CommandResult result;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe))
    result.output.append(buffer.data(), n);
  result.exit_code = WEXITSTATUS(pclose(pipe));
  return result;
}

/// Times of many sizes in nanoseconds, always the same.
LatencyHistogram many_times(std::uint64_t count, std::uint64_t largest_us) {
  LatencyHistogram histogram;
  std::uint64_t state = 1;
  for (std::uint64_t i = 0; i < count; ++i) {
    state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
    const std::uint64_t us = 1 + (((state >> 33) % largest_us) >> (state >> 28 & 15));
    histogram.record(Duration{static_cast<std::int64_t>(us) * 1000});
  }
  return histogram;
}

/// As the program beside this test prints an interval; times of the log in milliseconds. A log
/// knows the maximum to three digits like every other value.
std::string as_read(const std::string& tag, double from_ms, double length_ms,
                    const LatencyHistogram& interval) {
  const auto microseconds = [](Duration value) {
    return hdr_layout::highest_in(hdr_layout::slot_of(static_cast<std::uint64_t>(value.ns / 1000)));
  };
  std::string line = fmt::format("{} {} {} {} {}", tag, from_ms, length_ms, interval.count(),
                                 microseconds(interval.quantile(1)));
  for (const double share : {0.5, 0.9, 0.95, 0.99, 0.999})
    line += fmt::format(" {}", microseconds(interval.quantile(share)));
  return line + "\n";
}

TEST(HdrLog, is_read_by_hdr_histogram_js_with_the_same_counts_and_quantiles) {
  const TemporaryFolder folder;
  const LatencyHistogram small = many_times(9, 1000);
  const LatencyHistogram large = many_times(300'000, 2'000'000'000);
  const LatencyHistogram empty;
  const std::string log = folder.path / "latency.hlog";
  std::ofstream(log) << hdr_log_header(1'790'000'000, "a test") << hdr_log_line(0, 1, small, "")
                     << hdr_log_line(1, 1, large, "send") << hdr_log_line(2, 0.5, empty, "");

  const CommandResult read = run(SLUICE_SOURCE_DIR "/tests/unit/load/hdr_js/run.sh " + log + " " +
                                 (folder.path / "js").string());

  if (read.exit_code == 77) GTEST_SKIP() << "no Node.js, or npm cannot install hdr-histogram-js";
  ASSERT_EQ(read.exit_code, 0);
  EXPECT_EQ(read.output, as_read("-", 1.79e12, 1000, small) +
                             as_read("send", 1.79e12 + 1000, 1000, large) +
                             as_read("-", 1.79e12 + 2000, 500, empty));
}

}  // namespace
}  // namespace sluice

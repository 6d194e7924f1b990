// Recorded schedules: the recorder against figures computed independently from two real traces, to
// the digit.
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "reports/make_recorder.hpp"
#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

struct Job {
  double submitted = 0;
  double started = 0;
  PriorityLevel level = PriorityLevel::HIGH;
};

std::string trace(const std::string& file) {
  return std::string(SLUICE_SHARED_DIR) + "/traces/" + file;
}

std::vector<std::string> fields_of(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, separator);)
    if (separator != ' ' || !field.empty()) fields.push_back(field);
  return fields;
}

/// Pods that were scheduled, by class; Guaranteed is left out.
std::vector<Job> openb_jobs() {
  std::vector<Job> jobs;
  std::ifstream in(trace("openb_pod_list_default.csv"));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto f = fields_of(line, ',');
    if (f.size() < 11 || f[10].empty()) continue;
    const std::string& qos = f[6];
    if (qos != "LS" && qos != "Burstable" && qos != "BE") continue;
    jobs.push_back({std::strtod(f[8].c_str(), nullptr), std::strtod(f[10].c_str(), nullptr),
                    qos == "LS"   ? PriorityLevel::HIGH
                    : qos == "BE" ? PriorityLevel::LOW
                                  : PriorityLevel::MEDIUM});
  }
  return jobs;
}

/// Jobs by the time they asked for: up to 1 h, up to 4 h, the rest.
std::vector<Job> kth_jobs() {
  std::vector<Job> jobs;
  gzFile in = gzopen(trace("KTH-SP2-1996-2.1-cln.swf.gz").c_str(), "rb");
  if (in == nullptr) return jobs;
  char line[4096];
  while (gzgets(in, line, sizeof line) != nullptr) {
    if (line[0] == ';') continue;
    const auto f = fields_of(line, ' ');
    if (f.size() < 9) continue;
    const double submitted = std::strtod(f[1].c_str(), nullptr);
    const double wait = std::strtod(f[2].c_str(), nullptr);
    const double asked = std::strtod(f[8].c_str(), nullptr);
    jobs.push_back({submitted, submitted + std::max(0.0, wait),
                    asked <= 3600    ? PriorityLevel::HIGH
                    : asked <= 14400 ? PriorityLevel::MEDIUM
                                     : PriorityLevel::LOW});
  }
  gzclose(in);
  return jobs;
}

/// Tells a recorder of acceptances and dispatches in order of time; arrivals first where they tie.
ReplicationResult replay(std::vector<Job> jobs, Duration threshold, bool exact) {
  struct Step {
    double at;
    bool is_dispatch;
    std::size_t job;
  };
  std::vector<Step> steps;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    steps.push_back({jobs[i].submitted, false, i});
    steps.push_back({jobs[i].started, true, i});
  }
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return a.at != b.at ? a.at < b.at : a.is_dispatch < b.is_dispatch;
  });
  RecorderConfig config;
  config.starvation_threshold = {threshold, threshold, threshold};
  config.exact_quantiles = exact;
  const auto made = make_recorder(config, small_pipeline());
  Recorder& recorder = *made;
  std::deque<Run> runs(jobs.size());
  for (const Step& step : steps) {
    Run& run = runs[step.job];
    if (step.is_dispatch) {
      recorder.dispatched(at_s(step.at), run);
      continue;
    }
    run.request.workspace = WorkspaceId::at(0);
    run.request.workflow = WorkflowId::at(0);
    run.request.level = jobs[step.job].level;
    run.request.submitted = run.accepted = run.queued_at = at_s(step.at);
    run.group = GroupId::at(0);
    run.slot = RunSlot::at(step.job);
    recorder.accepted(at_s(step.at), run);
  }
  return recorder.finish(at_s(steps.back().at));
}

struct Row {
  PriorityLevel level;
  double n, mean, p50, p99, max, episodes, total, longest, over;
};

double value(const ReplicationResult& result, Metric metric, PriorityLevel level) {
  const Figure* figure = result.figures.find(metric, Subject::of(level));
  return figure == nullptr ? NAN : figure->value;
}

void expect_row(const ReplicationResult& result, const Row& row, double quantile_error) {
  SCOPED_TRACE(name(row.level));
  const auto got = [&](Metric metric) { return value(result, metric, row.level); };
  EXPECT_EQ(got(Metric::wait_count), row.n);
  EXPECT_NEAR(got(Metric::wait_mean), row.mean, 0.0005);
  EXPECT_NEAR(got(Metric::wait_p50), row.p50, row.p50 * quantile_error);
  EXPECT_NEAR(got(Metric::wait_p99), row.p99, row.p99 * quantile_error);
  EXPECT_EQ(got(Metric::wait_max), row.max);
  EXPECT_EQ(got(Metric::starvation_count), row.episodes);
  EXPECT_EQ(got(Metric::starvation_total), row.total);
  EXPECT_EQ(got(Metric::starvation_longest), row.longest);
  EXPECT_EQ(got(Metric::wait_over_threshold), row.over);
}

const std::vector<Row> kOpenb{
    {PriorityLevel::HIGH, 4193, 70.374, 3, 839, 14330, 736, 209321, 7338, 671},
    {PriorityLevel::MEDIUM, 98, 12.939, 0, 623, 623, 5, 1242, 517, 4},
    {PriorityLevel::LOW, 2957, 50.175, 0, 1043, 4492, 482, 124439, 3082, 455}};
const std::vector<Row> kKth{
    {PriorityLevel::HIGH, 14105, 3714.357, 120, 57000, 433500, 6, 710685, 170542, 76},
    {PriorityLevel::MEDIUM, 8958, 14311.895, 660, 233580, 610020, 6, 746892, 187455, 290},
    {PriorityLevel::LOW, 5413, 47102.969, 13380, 432000, 980040, 5, 477275, 109756, 967}};

TEST(RecordedSchedule, OpenbToTheDigit) {
  const auto jobs = openb_jobs();
  if (jobs.empty()) GTEST_SKIP() << "no trace " << trace("openb_pod_list_default.csv");
  const auto result = replay(jobs, 60_s, true);
  for (const Row& row : kOpenb) expect_row(result, row, 0);
  // BE over LS 326, over Burstable 3; of Burstable over LS 10.
  EXPECT_EQ(result.inversions[0].dispatches[2][0], 326U);
  EXPECT_EQ(result.inversions[0].pairs[2][0], 396U);
  EXPECT_EQ(result.inversions[0].dispatches[1][0], 10U);
  EXPECT_EQ(result.inversions[0].pairs[1][0], 13U);
  EXPECT_EQ(result.inversions[0].dispatches[2][1], 3U);
  EXPECT_EQ(result.inversions[0].pairs[2][1], 3U);
  EXPECT_EQ(value(result, Metric::inversions_pairs, PriorityLevel::LOW), 399);
}

TEST(RecordedSchedule, KthToTheDigit) {
  const auto jobs = kth_jobs();
  if (jobs.empty()) GTEST_SKIP() << "no trace " << trace("KTH-SP2-1996-2.1-cln.swf.gz");
  const auto result = replay(jobs, 24_h, true);
  for (const Row& row : kKth) expect_row(result, row, 0);
}

TEST(RecordedSchedule, HistogramQuantilesAreWithinTheStatedError) {
  const auto openb = openb_jobs();
  const auto kth = kth_jobs();
  if (openb.empty() || kth.empty()) GTEST_SKIP() << "no traces in " << SLUICE_SHARED_DIR;
  constexpr double kStated = 1.0 / 128;
  for (const Row& row : kOpenb) expect_row(replay(openb, 60_s, false), row, kStated);
  for (const Row& row : kKth) expect_row(replay(kth, 24_h, false), row, kStated);
}

}  // namespace
}  // namespace sluice::test

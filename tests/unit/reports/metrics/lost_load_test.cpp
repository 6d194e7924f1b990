// Lost load: runs that ended without having been served.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

RunRequest request_at(double at, PriorityLevel level, std::size_t workspace,
                      std::uint32_t submitter) {
  RunRequest request;
  request.workspace = WorkspaceId::at(workspace);
  request.workflow = WorkflowId::at(0);
  request.level = level;
  request.submitter = {submitter};
  request.submitted = at_s(at);
  return request;
}

class LostLoadTest : public ::testing::Test {
 protected:
  void submit(double at, PriorityLevel level, std::uint32_t submitter, std::size_t workspace = 0) {
    recording.recorder.submitted(at_s(at), request_at(at, level, workspace, submitter));
  }
  void give_up(double at, PriorityLevel level, std::uint32_t submitter, std::size_t workspace = 0) {
    recording.recorder.gave_up(at_s(at), request_at(0, level, workspace, submitter));
  }
  void end(double at, const std::string& run, EndReason reason) {
    recording.recorder.ended(at_s(at), recording.run(run), Outcome::stopped, reason);
  }
  double count(const Subject& subject = {}) { return value(Metric::lost_load_count, subject); }
  double share(const Subject& subject = {}) { return value(Metric::lost_load_share, subject); }
  double value(Metric metric, const Subject& subject) {
    return recording.value(recording.recorder.finish(at_s(100)), metric, subject);
  }

  Recording recording{small_pipeline(2), config()};

  static RecorderConfig config() {
    RecorderConfig config;
    config.slices.push_back(Subject::of(WorkflowId::at(0)));
    return config;
  }
};

TEST_F(LostLoadTest, IsZeroWhereEverySubmittedRunIsServedOrWaits) {
  submit(0, LOW, 0);
  recording.accept(0, "served", LOW);
  recording.dispatch(1, "served");
  recording.end(2, "served");
  recording.accept(3, "waits", LOW);
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(share(), 0);
}

TEST_F(LostLoadTest, CountsRunsThatTheirSubmitterGaveUp) {
  for (int i = 0; i < 4; ++i) submit(0, LOW, 0);
  submit(0, HIGH, 1);
  give_up(5, LOW, 0);
  EXPECT_EQ(count(), 1);
  EXPECT_DOUBLE_EQ(share(), 1.0 / 5);
  EXPECT_DOUBLE_EQ(share(Subject::of(LOW)), 1.0 / 4);
  EXPECT_EQ(count(Subject::of(HIGH)), 0);
  EXPECT_DOUBLE_EQ(share(Subject::of(SubmitterId::at(0))), 1.0 / 4);
  EXPECT_EQ(count(Subject::of(SubmitterId::at(1))), 0);
}

TEST_F(LostLoadTest, CountsAcceptedRunsThatExpiredOrLostPatience) {
  for (const char* run : {"expires", "loses patience", "is interrupted", "is served"}) {
    submit(0, LOW, 0);
    recording.accept(0, run, LOW);
  }
  end(10, "expires", EndReason::expired);
  end(11, "loses patience", EndReason::cancelled);
  end(12, "is interrupted", EndReason::interrupted);
  recording.dispatch(13, "is served");
  recording.end(14, "is served");
  EXPECT_EQ(count(), 2);
  EXPECT_DOUBLE_EQ(share(), 0.5);
  EXPECT_EQ(count(Subject::of(WorkspaceId::at(0))), 2);
  EXPECT_EQ(count(Subject::of(WorkspaceId::at(0), LOW)), 2);
  EXPECT_EQ(count(Subject::of(GroupId::at(0), LOW)), 2);
}

TEST_F(LostLoadTest, IsToldByWorkspaceAndByWhatElseIsAskedFor) {
  submit(0, LOW, 0, 0);
  submit(0, LOW, 0, 1);
  give_up(5, LOW, 0, 1);
  EXPECT_EQ(count(Subject::of(WorkspaceId::at(0))), 0);
  EXPECT_EQ(count(Subject::of(WorkspaceId::at(1))), 1);
  EXPECT_EQ(count(Subject::of(WorkflowId::at(0))), 1);
  EXPECT_DOUBLE_EQ(share(Subject::of(WorkflowId::at(0))), 0.5);
}

TEST(LostLoadWindowTest, IsOfTheWindow) {
  RecorderConfig config;
  config.from = at_s(50);
  Recording recording{small_pipeline(), config};
  recording.recorder.submitted(at_s(0), request_at(0, LOW, 0, 0));
  recording.recorder.submitted(at_s(0), request_at(0, LOW, 0, 0));
  recording.recorder.gave_up(at_s(10), request_at(0, LOW, 0, 0));
  recording.recorder.gave_up(at_s(60), request_at(0, LOW, 0, 0));
  const ReplicationResult result = recording.recorder.finish(at_s(100));
  EXPECT_EQ(recording.value(result, Metric::lost_load_count), 1);
  EXPECT_TRUE(std::isnan(recording.value(result, Metric::lost_load_share)))
      << "nothing was submitted in the window";
}

}  // namespace
}  // namespace sluice::test

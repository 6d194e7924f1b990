#include "load/measure/target_watch.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>

#include "tests/unit/http/client/client_under_test.hpp"
#include "tests/unit/http/scripted_server.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

class TargetWatchTest : public ::testing::Test {
 protected:
  TargetWatchTest() { watch_.begin(now_); }

  std::string second(std::uint64_t answers, std::uint64_t failures) {
    now_ += 1s;
    counts_.statuses[201] += answers;
    if (answers > 0) counts_.unanswered_in_row = 0;
    counts_.unanswered_in_row += failures;
    counts_.last_failure = "refused";
    return watch_.next(now_, counts_);
  }

  SteadyTime now_ = SteadyTime(1000s);
  TargetWatch watch_;
  LoadCounts counts_;
};

TEST_F(TargetWatchTest, TenSecondsWithoutAnAnswerAreTooLong) {
  EXPECT_EQ(second(5, 0), "");
  for (int i = 0; i < 9; ++i) EXPECT_EQ(second(0, 5), "") << i;
  EXPECT_EQ(second(0, 5), "no answer for 10s: the target refuses connections");
}

TEST_F(TargetWatchTest, AnyAnswerIsASignOfLife) {
  for (int i = 0; i < 9; ++i) EXPECT_EQ(second(0, 5), "") << i;
  EXPECT_EQ(second(1, 5), "");
  for (int i = 0; i < 9; ++i) EXPECT_EQ(second(0, 5), "") << i;
}

TEST_F(TargetWatchTest, WhereNothingIsAskedNothingIsMissing) {
  for (int i = 0; i < 30; ++i) EXPECT_EQ(second(0, 0), "") << i;
}

TEST(LastQuestion, IsAnsweredByWhateverTheTargetSays) {
  const std::string question = ClientUnderTest::get_request("/workflows");
  std::string url;
  {
    ScriptedServer server([](const ScriptedRequest&) { return answer(503); });
    url = server.url();
    EXPECT_EQ(why_no_answer(settings_for(url), question, 10s, nullptr), "");
  }
  EXPECT_EQ(why_no_answer(settings_for(url), question, 10s, nullptr), "refused");
  ScriptedServer silent([](const ScriptedRequest&) { return Steps{{1h, ""}}; });
  EXPECT_EQ(why_no_answer(settings_for(silent.url()), question, 20ms, nullptr), "timed out");
  const std::atomic<bool> stop{true};
  EXPECT_EQ(why_no_answer(settings_for(silent.url()), question, 10s, &stop), "");
}

}  // namespace
}  // namespace sluice::test

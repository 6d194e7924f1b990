// The checker itself: it must notice what a wrong pipeline would do.
#include "tests/model/invariants/invariants_observer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace sluice::invariants {
namespace {

using namespace sluice::literals;
using ::testing::HasSubstr;
using ::testing::Not;
using enum PriorityLevel;

/// One group with two workers, two workspaces, one credential of limit 1; transitions are made up
/// by hand.
struct InvariantsObserverTest : ::testing::Test {
  InvariantsObserverTest() {
    config.groups.resize(1);
    config.groups[0].workers.count = 2;
    config.workspaces = {{"a", {0}}, {"b", {0}}};
    config.credentials.resize(1);
    config.workflows.resize(1);
    checker.emplace(config);
    checker->workers_changed(at(0), {0}, {.idle = 2});
  }

  static Time at(int second) { return Time::zero() + second * 1_s; }

  sluice::Run make(std::uint32_t slot, PriorityLevel level, bool needs_credential = false,
                   std::uint32_t workspace = 0) {
    sluice::Run run;
    run.slot = {slot};
    run.id = slot;
    run.group = {0};
    run.request.workspace = {workspace};
    run.request.workflow = {0};
    run.request.level = run.queue_level = level;
    run.request.need_count = needs_credential;
    if (needs_credential) run.request.needs[0] = {0};
    run.held[0] = {0};
    run.service = 1_s;
    return run;
  }

  PipelineConfig config;
  std::optional<InvariantsObserver> checker;
};

TEST_F(InvariantsObserverTest, IsContentWithAProperLife) {
  const sluice::Run run = make(0, LOW);
  checker->accepted(at(1), run);
  checker->dispatched(at(1), run);
  checker->ended(at(2), run, Outcome::succeeded, EndReason::completed);
  EXPECT_EQ(checker->violations(), "");
}

TEST_F(InvariantsObserverTest, NoticesALowerLevelBeforeAHigherOne) {
  const sluice::Run low = make(0, LOW), high = make(1, HIGH);
  checker->accepted(at(1), low);
  checker->accepted(at(1), high);
  checker->dispatched(at(1), low);
  EXPECT_THAT(checker->violations(), HasSubstr("t=1s run 0: got a worker before run 1"));
}

TEST_F(InvariantsObserverTest, NoticesAParkedHighRunThatCouldHaveBeenWoken) {
  const sluice::Run holder = make(0, HIGH, true), parked = make(1, HIGH, true), low = make(2, LOW);
  checker->accepted(at(1), holder);
  checker->accepted(at(1), parked);
  checker->dispatched(at(1), holder);
  checker->parked(at(1), parked, {BlockReason::credential_limit, {0}});
  checker->ended(at(2), holder, Outcome::succeeded, EndReason::completed);
  checker->accepted(at(2), low);
  checker->dispatched(at(2), low);
  EXPECT_THAT(checker->violations(), HasSubstr("run 2: got a worker before run 1"));
}

TEST_F(InvariantsObserverTest, NoticesTwoTurnsInARow) {
  const sluice::Run a1 = make(0, LOW), a2 = make(1, LOW), b = make(2, LOW, false, 1);
  for (const sluice::Run* run : {&a1, &a2, &b}) checker->accepted(at(1), *run);
  checker->dispatched(at(1), a1);
  checker->dispatched(at(1), a2);
  EXPECT_THAT(checker->violations(), HasSubstr("had two turns while workspace 1 waited"));
}

TEST_F(InvariantsObserverTest, NoticesAnIdleWorkerBesideAWaitingRun) {
  const sluice::Run forgotten = make(0, LOW), later = make(1, LOW);
  checker->accepted(at(1), forgotten);
  checker->accepted(at(2), later);
  EXPECT_THAT(checker->violations(), HasSubstr("t=1s run 0: waits beside an idle worker"));
}

/// `reserved` keeps the other worker for LOW: HIGH may not have it, so LOW must not sleep.
TEST_F(InvariantsObserverTest, NoticesAParkedRunForWhichAWorkerIsReserved) {
  config.groups[0].dispatch.kind = DispatchPolicyKind::reserved;
  config.groups[0].dispatch.reserved = {0, 0, 1};
  const sluice::Run busy = make(0, HIGH), holder = make(1, LOW, true);
  const sluice::Run high = make(2, HIGH, true), low = make(3, LOW, true);
  for (const sluice::Run* run : {&busy, &holder, &high, &low}) checker->accepted(at(1), *run);
  checker->dispatched(at(1), busy);
  checker->dispatched(at(1), holder);
  checker->parked(at(1), high, {BlockReason::credential_limit, {0}});
  checker->parked(at(1), low, {BlockReason::credential_limit, {0}});
  checker->ended(at(2), holder, Outcome::succeeded, EndReason::completed);
  checker->woken(at(2), high);
  checker->accepted(at(3), make(4, LOW));  // time passes
  EXPECT_THAT(checker->violations(), HasSubstr("t=2s run 3: waits beside an idle worker"));
  EXPECT_THAT(checker->violations(), Not(HasSubstr("run 2: waits")));
}

TEST_F(InvariantsObserverTest, NoticesACredentialAboveItsLimit) {
  const sluice::Run one = make(0, LOW, true), two = make(1, LOW, true);
  checker->accepted(at(1), one);
  checker->accepted(at(1), two);
  checker->dispatched(at(1), one);
  checker->dispatched(at(1), two);
  EXPECT_THAT(checker->violations(),
              HasSubstr("run 1: took credential 0, which was not available"));
}

TEST_F(InvariantsObserverTest, NoticesARunThatStartsWhileALoginIsGuarded) {
  const sluice::Run run = make(0, LOW, true);
  checker->accepted(at(1), run);
  checker->credential_changed(at(1), {0}, {.active = 0, .limit = 1, .login_guard = true});
  checker->dispatched(at(1), run);
  EXPECT_THAT(checker->violations(), HasSubstr("not available"));
}

TEST_F(InvariantsObserverTest, NoticesWorkersOutOfNowhere) {
  const sluice::Run one = make(0, LOW), two = make(1, LOW), three = make(2, LOW);
  for (const sluice::Run* run : {&one, &two, &three}) checker->accepted(at(1), *run);
  for (const sluice::Run* run : {&one, &two, &three}) checker->dispatched(at(1), *run);
  EXPECT_THAT(checker->violations(),
              HasSubstr("run 2: took a worker of its group when none was idle"));
}

TEST_F(InvariantsObserverTest, NoticesAnEviction) {
  const sluice::Run run = make(0, LOW);
  checker->accepted(at(1), run);
  checker->dispatched(at(1), run);
  checker->ended(Time{1'500'000'000}, run, Outcome::failed, EndReason::failure);
  EXPECT_THAT(checker->violations(), HasSubstr("ended at another time than planned"));
}

TEST_F(InvariantsObserverTest, NoticesASecondEnd) {
  const sluice::Run run = make(0, LOW);
  checker->accepted(at(1), run);
  checker->ended(at(1), run, Outcome::stopped, EndReason::interrupted);
  checker->ended(at(1), run, Outcome::stopped, EndReason::interrupted);
  EXPECT_THAT(checker->violations(), HasSubstr("ended twice"));
}

TEST_F(InvariantsObserverTest, NoticesARunThatIsParkedForNothing) {
  const sluice::Run run = make(0, LOW, true);
  checker->accepted(at(1), run);
  checker->parked(at(1), run, {BlockReason::credential_limit, {0}});
  EXPECT_THAT(checker->violations(), HasSubstr("parked although it could start"));
}

}  // namespace
}  // namespace sluice::invariants

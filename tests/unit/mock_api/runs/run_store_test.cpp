#include "mock_api/runs/run_store.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

using namespace literals;

ServedRun& add(RunStore& store, Time now) {
  return store.create(now, "session-" + std::to_string(store.next_number()));
}

void end(RunStore& store, ServedRun& run, RunStatus status = RunStatus::success) {
  run.status = status;
  store.finished(run);
}

std::vector<std::uint64_t> numbers(const std::vector<const ServedRun*>& runs) {
  std::vector<std::uint64_t> result;
  for (const ServedRun* run : runs) result.push_back(run->number);
  return result;
}

TEST(RunStore, KnowsRunsBySessionAndByNumber) {
  RunStore store(10);
  const ServedRun& run = add(store, Time::zero() + 5_s);

  EXPECT_EQ(store.find("session-0"), &run);
  EXPECT_EQ(store.numbered(0), &run);
  EXPECT_EQ(store.find("session-1"), nullptr);
  EXPECT_EQ(store.numbered(1), nullptr);
}

TEST(RunStore, CreationStampsAreWholeMicrosecondsAndNeverEqual) {
  RunStore store(10);
  const Time now = Time::zero() + 1'500_ns;

  EXPECT_EQ(add(store, now).created, Time::zero() + 1'000_ns);
  EXPECT_EQ(add(store, now).created, Time::zero() + 2'000_ns);
  EXPECT_EQ(add(store, now).created, Time::zero() + 3'000_ns);
}

TEST(RunStore, AWithdrawnRunLeavesNothing) {
  RunStore store(10);
  store.withdraw(add(store, Time::zero()));

  EXPECT_EQ(store.size(), 0u);
  EXPECT_EQ(store.find("session-0"), nullptr);
  EXPECT_EQ(add(store, Time::zero()).number, 0u);
}

TEST(RunStore, ForgetsTheRunsThatEndedFirst) {
  RunStore store(2);
  ServedRun& lasting = add(store, Time::zero());
  for (int i = 0; i < 500; ++i) end(store, add(store, Time::zero() + 1_s));

  EXPECT_EQ(store.size(), 3u);
  EXPECT_EQ(store.finished_count(), 2u);
  EXPECT_EQ(store.find("session-0"), &lasting);
  EXPECT_EQ(store.find("session-1"), nullptr);
  EXPECT_EQ(numbers(store.list({}, 100)), (std::vector<std::uint64_t>{500, 499, 0}));
}

TEST(RunStore, ForgetsRunsThatEndedLongAgo) {
  RunStore store(100, 1_h);
  add(store, Time::zero());  // is not over, so it stays
  for (int i = 1; i <= 3; ++i) {
    ServedRun& run = add(store, Time::zero());
    run.execution_end = Time::zero() + i * 10_min;
    end(store, run);
  }

  store.forget_old(Time::zero() + 70_min);
  EXPECT_EQ(store.finished_count(), 3u);
  store.forget_old(Time::zero() + 80_min);
  EXPECT_EQ(store.finished_count(), 2u);
  EXPECT_EQ(store.find("session-1"), nullptr);
  EXPECT_NE(store.find("session-2"), nullptr);
  store.forget_old(Time::zero() + 1000_h);
  EXPECT_EQ(store.size(), 1u);
  EXPECT_NE(store.find("session-0"), nullptr);
}

TEST(RunStore, ListsNewestFirstFromTheCursorOn) {
  RunStore store(10);
  for (int i = 0; i < 5; ++i) add(store, Time::zero() + Duration{i * 1'000'000});

  RunFilter filter;
  EXPECT_EQ(numbers(store.list(filter, 2)), (std::vector<std::uint64_t>{4, 3}));
  filter.before = store.numbered(3)->created;
  EXPECT_EQ(numbers(store.list(filter, 2)), (std::vector<std::uint64_t>{2, 1}));
  filter.before = store.numbered(1)->created;
  EXPECT_EQ(numbers(store.list(filter, 2)), (std::vector<std::uint64_t>{0}));
}

TEST(RunStore, FiltersByTimeWorkspaceWorkflowStatusAndCredential) {
  RunStore store(10);
  for (std::uint32_t i = 0; i < 6; ++i) {
    ServedRun& run = add(store, Time::zero() + Duration{i * 1'000'000});
    run.workspace = WorkspaceId{i % 2};
    run.family = WorkflowId{i % 3};
    run.asked = {CredentialId{i}};
  }
  RunFilter by_workspace;
  by_workspace.workspace = WorkspaceId{1};
  EXPECT_EQ(numbers(store.list(by_workspace, 9)), (std::vector<std::uint64_t>{5, 3, 1}));
  RunFilter by_workflow;
  by_workflow.families = {WorkflowId{0}, WorkflowId{1}};
  EXPECT_EQ(numbers(store.list(by_workflow, 9)), (std::vector<std::uint64_t>{4, 3, 1, 0}));
  RunFilter by_credential;
  by_credential.credentials = {CredentialId{2}};
  EXPECT_EQ(numbers(store.list(by_credential, 9)), (std::vector<std::uint64_t>{2}));
  RunFilter by_time;
  by_time.from = Time::zero() + 2_ms;
  by_time.until = Time::zero() + 3_ms;
  EXPECT_EQ(numbers(store.list(by_time, 9)), (std::vector<std::uint64_t>{3, 2}));

  ServedRun& second = *store.find("session-1");
  second.status = RunStatus::paused;
  RunFilter by_status;
  by_status.statuses = {RunStatus::paused};
  EXPECT_EQ(numbers(store.list(by_status, 9)), (std::vector<std::uint64_t>{1}));
}

TEST(RunStatus, HasTheContractsNames) {
  EXPECT_EQ(name(RunStatus::requeued), "execution.requeued");
  EXPECT_EQ(run_status_of("execution.pause"), RunStatus::paused);
  EXPECT_EQ(run_status_of("execution.stopped"), RunStatus::stopped);
  EXPECT_EQ(run_status_of("stopped"), std::nullopt);
}

}  // namespace
}  // namespace sluice

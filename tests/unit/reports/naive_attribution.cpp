#include "tests/unit/reports/naive_attribution.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace sluice::test {

namespace {

// Fractions of a ns: a multiple of every number of workers and of members of a pool that is met.
constexpr std::int64_t kFractions = 2520;

std::int64_t& at(NaiveParts& parts, WaitPart part) { return parts[static_cast<std::size_t>(part)]; }

WaitPart busy_with(PriorityLevel level) {
  return level == PriorityLevel::HIGH     ? WaitPart::workers_high
         : level == PriorityLevel::MEDIUM ? WaitPart::workers_medium
                                          : WaitPart::workers_low;
}

void share(NaiveParts& parts, WaitPart part, std::int64_t fractions, std::size_t among) {
  const std::int64_t whole = fractions;
  ASSERT_EQ(whole % static_cast<std::int64_t>(among), 0) << "kFractions lacks " << among;
  at(parts, part) += whole / static_cast<std::int64_t>(among);
}

}  // namespace

NaiveAttribution::NaiveAttribution(const PipelineConfig& config, Compare compare)
    : config_(config),
      compare_(std::move(compare)),
      groups_(config.groups.size()),
      credentials_(config.credentials.size()),
      workflow_paused_(config.workflows.size(), 0) {}

// ---- the instants

void NaiveAttribution::pass(Time now) {
  const std::int64_t fractions = (now - now_).ns * kFractions;
  now_ = now;
  if (fractions == 0) return;
  for (auto& [slot, run] : runs_) {
    if (run.state == State::queued) look_at_candidate(run, fractions);
    if (run.state == State::parked || run.state == State::holding) look_at_held(run, fractions);
    if (run.state == State::delayed) at(run.stretch, WaitPart::retry_delay) += fractions;
  }
}

void NaiveAttribution::look_at_candidate(SeenRun& run, std::int64_t fractions) {
  const SeenGroup& group = groups_[run.group.index()];
  const WorkerCounts& workers = group.workers;
  if (group.paused) {
    ++met_[workers.idle > 0 ? "paused group, idle worker" : "paused group, no idle worker"];
    at(run.stretch, WaitPart::pause) += fractions;
    return;
  }
  if (workers.idle > 0) {
    ++met_[workers.idle < workers.present() ? "idle worker beside others" : "all workers idle"];
    at(run.stretch, WaitPart::held_by_policy) += fractions;
    return;
  }
  const std::uint32_t present = workers.present();
  if (present == 0) {
    ++met_["no worker"];
    at(run.stretch, WaitPart::no_worker) += fractions;
    return;
  }
  std::uint32_t with_a_run = 0;
  for (const auto& [slot, other] : runs_) {
    if (!other.has_worker() || other.group != run.group) continue;
    ++with_a_run;
    const bool own = other.request.workspace == run.request.workspace &&
                     other.request.level == run.request.level;
    share(run.stretch, own ? WaitPart::own_workspace : busy_with(other.request.level), fractions,
          present);
  }
  for (std::uint32_t i = 0; i < workers.starting + workers.cooling; ++i)
    share(run.stretch, WaitPart::worker_start_up, fractions, present);
  EXPECT_EQ(with_a_run + workers.starting + workers.cooling, present);
  ++met_["split by what the workers do"];
}

void NaiveAttribution::look_at_held(SeenRun& run, std::int64_t fractions) {
  const bool workflow_paused = workflow_paused_[run.request.workflow.index()] != 0;
  const bool has_need = run.blocker.need != Need{};
  if (groups_[run.group.index()].paused) ++met_["held, and its group paused"];
  if (workflow_paused && has_need) ++met_["waits for a credential in a paused workflow"];
  if (workflow_paused) {
    at(run.stretch, WaitPart::pause) += fractions;
    return;
  }
  if (!has_need) {
    // A workflow that is resumed wakes all at once: nobody is parked on it any more.
    EXPECT_EQ(run.blocker.reason, BlockReason::workspace_cap);
    at(run.stretch, WaitPart::workspace_cap) += fractions;
    return;
  }
  const std::vector<CredentialId> members =
      run.blocker.need.is_pool() ? pools_.at(run.blocker.need.pool_use())
                                 : std::vector<CredentialId>{run.blocker.need.credential()};
  std::set<WaitPart> states;
  for (const CredentialId member : members) {
    const CredentialStatus& status = credentials_[member.index()];
    const WaitPart state = status.paused        ? WaitPart::pause
                           : status.login_guard ? WaitPart::login
                                                : WaitPart::credential_limit;
    share(run.stretch, state, fractions, members.size());
    states.insert(state);
  }
  if (states.size() > 1) ++met_["pool whose members differ"];
  if (members.size() > 1 && states.contains(WaitPart::pause)) ++met_["pool with a paused member"];
  if (members.size() > 1 && states.contains(WaitPart::login)) ++met_["pool with a login"];
}

NaiveParts NaiveAttribution::sum_until(Time end) {
  pass(end);
  NaiveParts sum = sum_;
  for (auto& [slot, run] : runs_) {
    end_stretch(run);
    for (std::size_t i = 0; i < kWaitParts; ++i) sum[i] += run.parts[i];
  }
  return sum;
}

// ---- stretches

/// Whole ns: each part to the nearest, a half down; what is left over then goes to the largest of
/// those that were split.
void NaiveAttribution::end_stretch(SeenRun& run) {
  std::int64_t length = 0, given = 0;
  NaiveParts rounded{};
  for (std::size_t i = 0; i < kWaitParts; ++i) {
    length += run.stretch[i];
    rounded[i] = (2 * run.stretch[i] + kFractions - 1) / (2 * kFractions);
    given += rounded[i];
  }
  ASSERT_EQ(length % kFractions, 0);
  const auto is_split = [&](std::size_t i) {
    const auto part = static_cast<WaitPart>(i);
    return run.state != State::queued || part == WaitPart::workers_high ||
           part == WaitPart::workers_medium || part == WaitPart::workers_low ||
           part == WaitPart::own_workspace || part == WaitPart::worker_start_up;
  };
  std::size_t largest = kWaitParts;
  for (std::size_t i = 0; i < kWaitParts; ++i)
    if (is_split(i) && (largest == kWaitParts || rounded[i] > rounded[largest])) largest = i;
  rounded[largest] += length / kFractions - given;
  for (std::size_t i = 0; i < kWaitParts; ++i) run.parts[i] += rounded[i];
  run.stretch = {};
}

void NaiveAttribution::enter(SeenRun& run, State state) {
  end_stretch(run);
  run.state = state;
}

/// Runs that need exactly the same wait together: what one is passed over for holds all of them.
bool NaiveAttribution::needs_the_same(const SeenRun& a, const SeenRun& b) const {
  const ResourceGroupConfig& group = config_.groups[a.group.index()];
  const DispatchPolicyKind policy = group.dispatch.kind;
  const bool capped = policy == DispatchPolicyKind::workspace_cap;
  const bool levels_apart = policy == DispatchPolicyKind::reserved ||
                            (policy == DispatchPolicyKind::ageing &&
                             group.when_credential_busy == WhenCredentialBusy::block_level);
  if (levels_apart && a.state == State::parked && a.level != b.level) return false;
  return a.state == b.state && a.group == b.group && a.request.workflow == b.request.workflow &&
         a.request.needs == b.request.needs &&
         (!capped || a.request.workspace == b.request.workspace);
}

void NaiveAttribution::holds(SeenRun& run, const Blocker& blocker) {
  run.blocker = blocker;
  for (auto& [slot, other] : runs_) {
    if (&other == &run || !needs_the_same(other, run)) continue;
    if (other.blocker.need != blocker.need) ++met_["moved with another run"];
    other.blocker = blocker;
  }
}

// ---- transitions

void NaiveAttribution::accepted(Time now, const Run& run) {
  pass(now);
  SeenRun& fresh = runs_[run.slot.value] = {};
  fresh.request = run.request;
  fresh.group = run.group;
}

void NaiveAttribution::parked(Time now, const Run& run, const Blocker& blocker) {
  pass(now);
  enter(seen(run), seen(run).state == State::holding ? State::holding : State::parked);
  seen(run).level = run.queue_level;
  holds(seen(run), blocker);
}

void NaiveAttribution::woken(Time now, const Run& run) {
  pass(now);
  enter(seen(run), State::queued);
}

void NaiveAttribution::holding(Time now, const Run& run, const Blocker& blocker) {
  pass(now);
  enter(seen(run), State::holding);
  --workers(seen(run)).idle;
  ++workers(seen(run)).holding;
  holds(seen(run), blocker);
}

void NaiveAttribution::dispatched(Time now, const Run& run) {
  pass(now);
  --(seen(run).state == State::holding ? workers(seen(run)).holding : workers(seen(run)).idle);
  ++workers(seen(run)).running;
  enter(seen(run), State::running);
  compare_(run, seen(run).parts);
}

void NaiveAttribution::requeued(Time now, const Run& run, RequeueCause, Duration) {
  pass(now);
  --(seen(run).state == State::holding ? workers(seen(run)).holding : workers(seen(run)).running);
  ++workers(seen(run)).idle;
  enter(seen(run), State::delayed);
}

void NaiveAttribution::rejoined(Time now, const Run& run) {
  pass(now);
  enter(seen(run), State::queued);
}

void NaiveAttribution::ended(Time now, const Run& run, Outcome, EndReason) {
  pass(now);
  SeenRun& gone = seen(run);
  if (gone.has_worker()) {
    --(gone.state == State::holding ? workers(gone).holding : workers(gone).running);
    ++workers(gone).idle;
  }
  enter(gone, State::running);
  compare_(run, gone.parts);
  for (std::size_t i = 0; i < kWaitParts; ++i) sum_[i] += gone.parts[i];
  runs_.erase(run.slot.value);
}

void NaiveAttribution::workers_changed(Time now, GroupId group, const WorkerCounts& counts) {
  pass(now);
  groups_[group.index()].workers = counts;
}

void NaiveAttribution::credential_changed(Time now, CredentialId credential,
                                          const CredentialStatus& status) {
  pass(now);
  credentials_[credential.index()] = status;
}

void NaiveAttribution::group_paused(Time now, GroupId group, bool paused) {
  pass(now);
  groups_[group.index()].paused = paused;
}

void NaiveAttribution::workflow_paused(Time now, WorkflowId workflow, bool paused) {
  pass(now);
  workflow_paused_[workflow.index()] = paused;
}

void NaiveAttribution::pool_defined(std::uint32_t pool_use, std::uint32_t,
                                    const CredentialId* first, std::size_t count) {
  pools_[pool_use].assign(first, first + count);
}

}  // namespace sluice::test

#include "tests/model/swarm/attribution_look.hpp"

#include <algorithm>

namespace sluice::swarm {
namespace {

/// Parts are whole nanoseconds, and busy workers share them.
constexpr Duration kRounding{1000};

bool waits(const Run& run) {
  return run.state == RunState::queued || run.state == RunState::parked ||
         run.state == RunState::delayed || run.state == RunState::holding;
}

}  // namespace

void AttributionLook::pass(Time now) {
  const Duration time = now - seen_;
  seen_ = now;
  for (Waited& run : waited_) {
    if (!run.waits) continue;
    run.all = run.all + time;
    if (run.worker_idle) run.beside_idle = run.beside_idle + time;
    if (run.group_paused) run.in_paused_group = run.in_paused_group + time;
    if (run.workflow_paused) run.in_paused_workflow = run.in_paused_workflow + time;
    if (run.credentials_paused) run.on_paused = run.on_paused + time;
  }
}

void AttributionLook::look(Time now) {
  seen_ = now;
  waited_.resize(std::max(waited_.size(), pipeline_.slot_count()));
  for (std::size_t slot = 0; slot < pipeline_.slot_count(); ++slot) {
    const Run& run = pipeline_.run(RunSlot::at(slot));
    Waited& seen = waited_[slot];
    seen.waits = waits(run);
    if (!seen.waits) continue;
    seen.worker_idle = pipeline_.workers(run.group).idle > 0;
    seen.group_paused = incidents_.group_paused(run.group);
    seen.workflow_paused = incidents_.workflow_paused(run.request.workflow);
    seen.credentials_paused = run.request.need_count > 0;
    for (std::size_t alias = 0; alias < run.request.need_count; ++alias)
      for (const CredentialId member : pools_.members(run.request.needs[alias]))
        seen.credentials_paused &= pipeline_.credential(member).paused;
  }
}

void AttributionLook::accepted(Time, const Run& run) {
  if (run.slot.index() >= waited_.size()) waited_.resize(run.slot.index() + 1);
  waited_[run.slot.index()] = {};
}

void AttributionLook::ended(Time now, const Run& run, Outcome, EndReason) {
  check(now, run);
  waited_[run.slot.index()] = {};
}

void AttributionLook::check(Time now, const Run& run) {
  const Waited& waited = waited_[run.slot.index()];
  const WaitAttribution parts = recorder_.attribution(run.slot);
  const Duration workers = parts[WaitPart::workers_high] + parts[WaitPart::workers_medium] +
                           parts[WaitPart::workers_low] + parts[WaitPart::own_workspace] +
                           parts[WaitPart::worker_start_up];
  const Duration credentials = parts[WaitPart::credential_limit] + parts[WaitPart::login];
  const auto at_most = [&](Duration part, Duration limit, const char* rule) {
    if (part > limit + kRounding)
      faults_.add(
          now, rule,
          fmt::format("run {}: {}s of at most {}s", run.id, part.seconds(), limit.seconds()));
  };
  at_most(parts.wait(), waited.all, "the parts of a wait are more than the wait");
  at_most(waited.all, parts.wait(), "the parts of a wait are less than the wait");
  at_most(workers, waited.all - waited.beside_idle, "held by busy workers beside an idle one");
  at_most(workers, waited.all - waited.in_paused_group, "held by workers in a paused group");
  at_most(credentials, waited.all - waited.in_paused_workflow,
          "held by credentials in a paused workflow");
  at_most(credentials, waited.all - waited.on_paused, "held by a limit of paused credentials");
}

}  // namespace sluice::swarm

#include "reports/metrics/hold_clocks.hpp"

#include <algorithm>

namespace sluice {

namespace {

Int128 fractions(Duration d) { return static_cast<Int128>(d.ns) << HoldReading::kFractionBits; }

std::int64_t whole_ns(Int128 fractions) {
  // Short of a half by more than the clocks' error, so that their halves go down as well.
  constexpr Int128 kBelowHalf = (Int128{1} << HoldReading::kFractionBits) * 496 / 1000;
  return static_cast<std::int64_t>((fractions + kBelowHalf) >> HoldReading::kFractionBits);
}

}  // namespace

HoldClocks::Moved HoldClocks::hold(Time now, std::uint32_t wait_class, WorkflowId workflow,
                                   HoldPoint point) {
  if (wait_class >= classes_.size()) classes_.resize(wait_class + 1);
  Class& c = classes_[wait_class];
  const Moved others{c.point, c.runs++};
  SLUICE_CHECK(others.runs == 0 || c.workflow == workflow,
               "runs that wait together are of one kind", now, kNoRun);
  if (others.runs > 0) {
    c.reading = read(now, c);
    c.pool = pool_hold(now, c);
  } else {
    c.pool = {PoolHold::kNoPool, c.pool.spell + 1};
  }
  const bool moves = others.runs == 0 || c.point != point;
  c.workflow = workflow;
  c.point = point;
  wait_on_pool(now, c, moves);
  read_sources(now, c);
  return moves ? others : Moved{};
}

void HoldClocks::wait_on_pool(Time now, Class& c, bool anew) {
  const bool on_pool = c.point.kind == HoldPoint::Kind::pool;
  c.pool_since = on_pool ? now : Time::never();
  if (!on_pool || !anew) return;
  SLUICE_CHECK(c.point.index != PoolHold::kNoPool, "a use of a pool has a number", now, kNoRun);
  if (c.pool.use != c.point.index) c.pool = {c.point.index, c.pool.spell + 1};
  ++c.pool.times;
}

PoolHold HoldClocks::pool_hold(Time now, const Class& c) {
  PoolHold hold = c.pool;
  if (c.pool_since != Time::never()) hold.lasted += now - c.pool_since;
  return hold;
}

void HoldClocks::restart(Time now) {
  for (Class& c : classes_) {
    c.pool = {c.pool.use, c.pool.spell + 1};
    if (c.pool_since != Time::never()) c.pool_since = now;
  }
}

void HoldClocks::read_sources(Time now, Class& c) {
  SLUICE_CHECK(now >= c.since, "clocks do not go back", now, kNoRun);
  c.since = now;
  if (c.point.kind == HoldPoint::Kind::credential) {
    const CredentialRecord& record = credentials_[c.point.index];
    c.pause_before = record.pause_until(now).ns;
    c.login_before = record.login_until(now).ns;
  } else if (c.point.kind == HoldPoint::Kind::pool) {
    const PoolUse& pool = pools_.pool_of(c.point.index);
    c.pause_before = pool.paused.until(now);
    c.login_before = pool.logging_in.until(now);
  }
}

HoldReading HoldClocks::read(Time now, std::uint32_t wait_class) const {
  return read(now, classes_[wait_class]);
}

HoldReading HoldClocks::read(Time now, const Class& c) const {
  HoldReading reading = c.reading;
  const Int128 lasted = fractions(now - c.since);
  if (is_paused(c.workflow)) {
    reading.pause += lasted;
    return reading;
  }
  switch (c.point.kind) {
    case HoldPoint::Kind::credential: {
      const CredentialRecord& record = credentials_[c.point.index];
      reading.pause += (record.pause_until(now).ns - c.pause_before) << HoldReading::kFractionBits;
      reading.login += (record.login_until(now).ns - c.login_before) << HoldReading::kFractionBits;
      break;
    }
    case HoldPoint::Kind::pool: {
      const PoolUse& pool = pools_.pool_of(c.point.index);
      const auto share = [members = static_cast<Int128>(pool.members.size())](Int128 member_ns) {
        return (member_ns << HoldReading::kFractionBits) / members;
      };
      reading.pause += share(pool.paused.until(now) - c.pause_before);
      reading.login += share(pool.logging_in.until(now) - c.login_before);
      break;
    }
    case HoldPoint::Kind::workflow:
      reading.pause += lasted;
      break;
    case HoldPoint::Kind::workspace_cap:
      reading.workspace_cap += lasted;
      break;
  }
  return reading;
}

void HoldClocks::advance(Time now, Class& c) {
  c.reading = read(now, c);
  read_sources(now, c);
}

void HoldClocks::workflow_paused(Time now, WorkflowId workflow, bool paused) {
  if (workflow.index() >= workflow_paused_.size()) workflow_paused_.resize(workflow.index() + 1);
  for (Class& c : classes_)
    if (c.runs > 0 && c.workflow == workflow) advance(now, c);
  workflow_paused_[workflow.index()] = paused;
}

WaitAttribution split_held_wait(Duration length, const HoldReading& from, const HoldReading& to) {
  const Int128 pause = to.pause - from.pause;
  const Int128 login = to.login - from.login;
  const Int128 cap = to.workspace_cap - from.workspace_cap;
  WaitAttribution split;
  split[WaitPart::pause] = {whole_ns(pause)};
  split[WaitPart::login] = {whole_ns(login)};
  split[WaitPart::workspace_cap] = {whole_ns(cap)};
  split[WaitPart::credential_limit] = {whole_ns(fractions(length) - pause - login - cap)};
  *std::max_element(split.parts.begin(), split.parts.end()) += length - split.wait();
  return split;
}

}  // namespace sluice

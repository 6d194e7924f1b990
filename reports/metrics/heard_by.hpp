// Which hooks a family of metrics has (hears.hpp), found out from the family itself.
#pragma once

#include <cstdint>
#include <span>

#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"
#include "reports/metrics/hears.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {
namespace hear {

template <class F>
constexpr Hears before_acceptance() {
  Hears hears = 0;
  if constexpr (requires(F & f, Time t, const RunRequest& q, Records& r) { f.submitted(t, q, r); })
    hears |= hear::submitted;
  if constexpr (requires(F & f, Time t, const RunRequest& q, const Answer& a, Records& r) {
                  f.answered(t, q, a, r);
                })
    hears |= hear::answered;
  if constexpr (requires(F & f, Time t, const RunRequest& q, Records& r) { f.gave_up(t, q, r); })
    hears |= hear::gave_up;
  if constexpr (requires(F & f, const RunRequest& q, QueueRecord& queue, Records& r) {
                  f.arrived(q, queue, r);
                })
    hears |= hear::arrived;
  if constexpr (requires(F & f, Time t, const RunRequest& q, Records& r) { f.admitted(t, q, r); })
    hears |= hear::admitted;
  return hears;
}

template <class F>
constexpr Hears waiting() {
  Hears hears = 0;
  if constexpr (requires(F & f, Time t, const Place& p, const Run& run) { f.entered(t, p, run); })
    hears |= hear::entered;
  if constexpr (requires(F & f, Time t, const Place& p) { f.passed(t, p); }) hears |= hear::passed;
  if constexpr (requires(F & f, Time t, const Place& p) { f.joined(t, p); }) hears |= hear::joined;
  if constexpr (requires(F & f, Time t, const Place& p, Leaving how) { f.left_queue(t, p, how); })
    hears |= hear::left_queue;
  if constexpr (requires(F & f, Time t, const Place& p) { f.became_candidate(t, p); })
    hears |= hear::became_candidate;
  if constexpr (requires(F & f, Time t, const Place& p, Leaving how) {
                  f.left_candidates(t, p, how);
                })
    hears |= hear::left_candidates;
  if constexpr (requires(F & f, Time t, const Place& p) { f.became_blocked(t, p); })
    hears |= hear::became_blocked;
  if constexpr (requires(F & f, Time t, const Place& p, const Run& run, const Blocker& b) {
                  f.held(t, p, run, b);
                })
    hears |= hear::held;
  if constexpr (requires(F & f, Time t, const Place& p) { f.left_blocked(t, p); })
    hears |= hear::left_blocked;
  if constexpr (requires(F & f, Time t, const Place& p) { f.holding_began(t, p); })
    hears |= hear::holding_began;
  if constexpr (requires(F & f, Time t, const Place& p, Leaving how) {
                  f.holding_ended(t, p, how);
                })
    hears |= hear::holding_ended;
  return hears;
}

template <class F>
constexpr Hears running() {
  Hears hears = 0;
  if constexpr (requires(F & f, Time t, const Place& p) { f.took_worker(t, p); })
    hears |= hear::took_worker;
  if constexpr (requires(F & f, Time t, const Place& p) { f.gave_back_worker(t, p); })
    hears |= hear::gave_back_worker;
  if constexpr (requires(F & f, Time t, const Place& p, const Run& run) {
                  f.dispatched(t, p, run);
                })
    hears |= hear::dispatched;
  if constexpr (requires(F & f, Time t, const Place& p) { f.wait_recorded(t, p); })
    hears |= hear::wait_recorded;
  if constexpr (requires(F & f, Time t, const Place& p) { f.wait_forgotten(t, p); })
    hears |= hear::wait_forgotten;
  if constexpr (requires(F & f, Time t, const Place& p) { f.wait_abandoned(t, p); })
    hears |= hear::wait_abandoned;
  if constexpr (requires(F & f, Time t, const Place& p, const Run& run) {
                  f.attempt_lost(t, p, run);
                })
    hears |= hear::attempt_lost;
  if constexpr (requires(F & f, Time t, const Place& p, const Run& run, RequeueCause c) {
                  f.requeued(t, p, run, c);
                })
    hears |= hear::requeued;
  if constexpr (requires(F & f, Time t, const Place& p, const Run& run, Outcome o) {
                  f.finished(t, p, run, o);
                })
    hears |= hear::finished;
  if constexpr (requires(F & f, Time t, const Place& p, const Run& run, Outcome o, EndReason e) {
                  f.ended(t, p, run, o, e);
                })
    hears |= hear::ended;
  return hears;
}

template <class F>
constexpr Hears resources() {
  Hears hears = 0;
  if constexpr (requires(F & f, Time t, GroupRecord & g, const WorkerCounts& c) {
                  f.workers_changed(t, g, c);
                })
    hears |= hear::workers_changed;
  if constexpr (requires(F & f, Time t, CredentialId c, const CredentialStatus& s, Records& r) {
                  f.credential_changed(t, c, s, r);
                })
    hears |= hear::credential_changed;
  if constexpr (requires(F & f, Time t, CredentialId c, Records & r) {
                  f.login_ended(t, c, true, r);
                })
    hears |= hear::login_ended;
  if constexpr (requires(F & f, Time t, GroupRecord & g) { f.group_paused(t, g, true); })
    hears |= hear::group_paused;
  if constexpr (requires(F & f, Time t, WorkflowId w) { f.workflow_paused(t, w, true); })
    hears |= hear::workflow_paused;
  if constexpr (requires(F & f, std::span<const CredentialId> m, Records & r) {
                  f.pool_defined(1U, 1U, m, r);
                })
    hears |= hear::pool_defined;
  if constexpr (requires(F & f, Time t, Duration d, Records & r) { f.webhook(t, 1U, true, d, r); })
    hears |= hear::webhook;
  if constexpr (requires(F & f, Time t, Duration d, GroupRecord & g) { f.instant_over(t, d, g); })
    hears |= hear::instant_over;
  if constexpr (requires(F & f, Time t, Records & r) { f.window_began(t, r); })
    hears |= hear::window_began;
  if constexpr (requires(F & f, Time t, Records & r) {
                  f.due(r);
                  f.reached(t, r);
                })
    hears |= hear::due;
  return hears;
}

}  // namespace hear

template <class F>
constexpr Hears heard_by() {
  return hear::before_acceptance<F>() | hear::waiting<F>() | hear::running<F>() |
         hear::resources<F>();
}

}  // namespace sluice

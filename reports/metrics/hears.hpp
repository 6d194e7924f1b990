// What a family of metrics may listen to: one bit for each hook that it can have. A family names in
// kHears those that it has, and RecorderOf compares: a hook that is misspelt, or takes something
// else than is given, would never be called. Not compared: what a family only does where it can,
// the hints (expected, waking, ending, about_to_record), how a wait was spent (of, cut_off),
// bump_deferred, and the sums and figures (add, write, complete). A family that says metrics needs
// a `write` that fits, and one that reads the clocks of the workers says so (kNeedsWorkerClocks).
//
// `p` is the Place of a run (run_records.hpp): its record and those of its queue, level and group.
// Hooks take it as `const auto&`, for the records are made of what the families keep in them.
// Called in the order of the recorder's list of families, after what is kept in common has changed.
#pragma once

#include <cstdint>

namespace sluice {

using Hears = std::uint64_t;
namespace hear {
// -- before acceptance
inline constexpr Hears submitted = 1ULL << 0;  ///< (now, request, records)
inline constexpr Hears answered = 1ULL << 1;   ///< (now, request, answer, records)
inline constexpr Hears gave_up = 1ULL << 2;    ///< (now, request, records)
inline constexpr Hears arrived = 1ULL << 3;  ///< (request, queue, records): first attempt, answered
inline constexpr Hears admitted = 1ULL << 4;  ///< (now, request, records): not of arrived runs
// -- waiting
inline constexpr Hears entered = 1ULL << 5;     ///< (now, p, run): the pipeline has it
inline constexpr Hears passed = 1ULL << 6;      ///< (now, p): dispatched without having waited
inline constexpr Hears joined = 1ULL << 7;      ///< (now, p): its queue, at the tail
inline constexpr Hears left_queue = 1ULL << 8;  ///< (now, p, leaving)
inline constexpr Hears became_candidate = 1ULL << 9;  ///< (now, p)
inline constexpr Hears left_candidates = 1ULL << 10;  ///< (now, p, leaving)
inline constexpr Hears became_blocked = 1ULL << 11;   ///< (now, p)
inline constexpr Hears held = 1ULL << 12;             ///< (now, p, run, blocker): by what
inline constexpr Hears left_blocked = 1ULL << 13;     ///< (now, p)
inline constexpr Hears holding_began = 1ULL << 14;    ///< (now, p): waits inside a worker
inline constexpr Hears holding_ended = 1ULL << 15;    ///< (now, p, leaving)
// -- running
inline constexpr Hears took_worker = 1ULL << 16;       ///< (now, p)
inline constexpr Hears gave_back_worker = 1ULL << 17;  ///< (now, p)
inline constexpr Hears dispatched = 1ULL << 18;        ///< (now, p, run)
inline constexpr Hears wait_recorded = 1ULL << 19;     ///< (now, p): of a run of the window
inline constexpr Hears wait_forgotten = 1ULL << 20;    ///< (now, p): it waits again
inline constexpr Hears wait_abandoned = 1ULL << 21;    ///< (now, p): ended without a dispatch
inline constexpr Hears attempt_lost = 1ULL << 22;      ///< (now, p, run): running, to be requeued
inline constexpr Hears requeued = 1ULL << 23;          ///< (now, p, run, cause)
inline constexpr Hears finished = 1ULL << 24;          ///< (now, p, run, outcome): it was running
inline constexpr Hears ended = 1ULL << 25;             ///< (now, p, run, outcome, reason)
// -- resources
inline constexpr Hears workers_changed = 1ULL << 26;     ///< (now, group, counts)
inline constexpr Hears credential_changed = 1ULL << 27;  ///< (now, credential, status, records)
inline constexpr Hears login_ended = 1ULL << 28;         ///< (now, credential, succeeded, records)
inline constexpr Hears group_paused = 1ULL << 29;        ///< (now, group, paused)
inline constexpr Hears workflow_paused = 1ULL << 30;     ///< (now, workflow, paused)
inline constexpr Hears pool_defined = 1ULL << 31;        ///< (pool_use, pool, members, records)
inline constexpr Hears webhook = 1ULL << 32;  ///< (now, attempts, delivered, latency, records)
// -- time
inline constexpr Hears instant_over = 1ULL << 33;  ///< (now, lasted, group)
inline constexpr Hears window_began = 1ULL << 34;  ///< (now, records)
inline constexpr Hears due = 1ULL << 35;  ///< due(records), and reached(now, records) at that time
}  // namespace hear

/// How a run leaves a state of waiting.
enum class Leaving : bool { otherwise, by_dispatch };

}  // namespace sluice

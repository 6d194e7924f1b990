// Contracts that are checked in release builds too.
//
// Three strengths: SLUICE_REQUIRE, what a caller of a public function owes; SLUICE_CHECK, what must
// hold where state changes; SLUICE_DEBUG_CHECK, as SLUICE_CHECK where even a comparison is too
// dear: off with NDEBUG. Each is one predicted branch; what the message says is computed only when
// it fails. A failure is a mistake in this program, never in its input: it writes one line with
// what failed, when, on which run and under which seed, and aborts.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace sluice {

/// For messages about no run in particular.
inline constexpr std::uint64_t kNoRun = ~std::uint64_t{0};

/// While it lives, failures on this thread name this seed and replication. Nests.
class ScopedCheckSeed {
 public:
  ScopedCheckSeed(std::uint64_t seed, std::uint32_t replication);
  ~ScopedCheckSeed();
  ScopedCheckSeed(const ScopedCheckSeed&) = delete;
  ScopedCheckSeed& operator=(const ScopedCheckSeed&) = delete;

 private:
  const ScopedCheckSeed* outer_;
  std::uint64_t seed_;
  std::uint32_t replication_;
  friend struct CheckSeedText;
};

/// `place`: "file:line". They write to standard error and abort.
[[noreturn]] void require_failed(const char* place, const char* condition, const char* why);
[[noreturn]] void check_failed(const char* place, const char* condition, const char* why, Time now,
                               std::uint64_t run_id);

}  // namespace sluice

#define SLUICE_CHECK_TEXT_(x) #x
#define SLUICE_CHECK_LINE_(x) SLUICE_CHECK_TEXT_(x)
#define SLUICE_CHECK_PLACE_ __FILE__ ":" SLUICE_CHECK_LINE_(__LINE__)

/// At the beginning of a public function: what its caller must keep to.
#define SLUICE_REQUIRE(condition, why)               \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::sluice::require_failed(SLUICE_CHECK_PLACE_, #condition, why))

/// Where state changes: what must hold at `now`, of the run with this id (kNoRun: of none).
#define SLUICE_CHECK(condition, why, now, run_id)    \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::sluice::check_failed(SLUICE_CHECK_PLACE_, #condition, why, now, run_id))

#ifdef NDEBUG
#define SLUICE_DEBUG_CHECK(condition, why, now, run_id) static_cast<void>(0)
#else
#define SLUICE_DEBUG_CHECK(condition, why, now, run_id) SLUICE_CHECK(condition, why, now, run_id)
#endif

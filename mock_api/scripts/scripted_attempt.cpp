#include "mock_api/scripts/scripted_attempt.hpp"

#include <algorithm>

namespace sluice {
namespace {

/// `count` of `steps` of a time, without overflow.
Duration part_of(Duration whole, std::uint32_t count, std::uint32_t steps) {
  return Duration{whole.ns / steps * count + whole.ns % steps * count / steps};
}

AttemptPlan ends_with(Duration length, Outcome outcome, EndReason reason) {
  AttemptPlan plan;
  plan.length = length;
  plan.outcome = outcome;
  plan.reason = reason;
  plan.failure_kind = UINT8_MAX;  // none of the workflow's
  return plan;
}

/// `work`: all of it; `done`: the part that is over.
AttemptPlan ending(const RunScript& script, Duration work, Duration done, std::uint32_t steps) {
  const auto left = [done](Duration whole) { return std::max(Duration{}, whole - done); };
  switch (script.outcome) {
    case RunScript::Outcome::success:
      break;
    case RunScript::Outcome::fail: {
      const std::uint32_t step = scripted_step(script.step, steps);
      return ends_with(left(script.takes ? work : part_of(work, step, steps)), Outcome::failed,
                       EndReason::failure);
    }
    case RunScript::Outcome::timeout:
      return ends_with(left(work), Outcome::failed, EndReason::timeout);
    case RunScript::Outcome::login_fails:
      return ends_with({}, Outcome::failed, EndReason::login_failed);
  }
  return ends_with(left(work), Outcome::succeeded, EndReason::completed);
}

}  // namespace

AttemptPlan scripted_attempt(const RunScript& script, std::uint32_t retries, Duration drawn,
                             std::uint32_t steps) {
  const Duration work = script.takes.value_or(drawn);
  if (is_scripted_retry(script, retries)) {
    const std::uint32_t step = scripted_step(script.step, steps);
    return ends_with(script.takes ? work : part_of(work, step, steps), Outcome::failed,
                     EndReason::failure);
  }
  if (!script.asks) return ending(script, work, {}, steps);
  AttemptPlan plan = ends_with(
      part_of(work, scripted_step(script.asks->step, steps), steps) + *script.asks->timeout,
      Outcome::failed, EndReason::interaction_timeout);
  plan.interaction = *script.asks->timeout;
  return plan;
}

AttemptPlan scripted_rest(const RunScript& script, Duration before, std::uint32_t steps) {
  const std::uint32_t asked = scripted_step(script.asks->step, steps);
  const Duration work = script.takes.value_or(
      Duration{before.ns / asked * steps + before.ns % asked * steps / asked});
  return ending(script, work, before, steps);
}

}  // namespace sluice

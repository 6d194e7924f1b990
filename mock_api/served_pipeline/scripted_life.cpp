// The part of a run's life that its script decides.
#include "mock_api/runs/run_errors.hpp"
#include "mock_api/scripts/scripted_attempt.hpp"
#include "mock_api/served_pipeline/run_life.hpp"

namespace sluice {

const RunScript& RunLife::script_of(const Run& run) const {
  return slot_of(run).run->script->script;
}

AttemptPlan RunLife::plan(const Run& run, const AttemptPlan& drawn) const {
  return scripted_attempt(script_of(run), run.retries, drawn.length - drawn.interaction,
                          all_steps_of(run));
}

AttemptPlan RunLife::plan_after_answer(const Run& run) const {
  const Time begin = stretch_begin(run, *slot_of(run).run);
  return scripted_rest(script_of(run), run.interaction_begins() - begin, all_steps_of(run));
}

bool RunLife::logs_in(const Run& run) const {
  const RunScript& script = script_of(run);
  return script.outcome != RunScript::Outcome::login_fails ||
         is_scripted_retry(script, run.retries);
}

bool RunLife::retries(const Run& run) const {
  return is_scripted_retry(script_of(run), run.retries);
}

void RunLife::resume(Time now, const Run& run) {
  Slot& slot = slot_of(run);
  slot.steps_before = slot.steps_begun =
      scripted_step(script_of(run).asks->step, all_steps_of(run));
  slot.resumed = now;
  begin_work(now, run);
}

}  // namespace sluice

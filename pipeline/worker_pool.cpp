#include "pipeline/worker_pool.hpp"

#include <algorithm>
#include <cmath>

#include "base/check.hpp"

namespace sluice {
namespace {

std::uint64_t group_key(std::uint64_t seed, GroupId group) {
  return stream_key(stream_key(seed, "group"), std::uint64_t{group.value});
}

}  // namespace

WorkerPool::WorkerPool(const WorkerPoolConfig& config, GroupId group, std::uint64_t seed,
                       EventQueue& events, std::uint32_t first_event_kind)
    : config_(config),
      group_(group),
      events_(events),
      first_event_kind_(first_event_kind),
      planned_(config.count),
      wanted_(config.count),
      lost_count_(!config.autoscaling),
      cooling_count_(!config.autoscaling),
      start_up_(stream_key(group_key(seed, group), "start_up")),
      cool_down_(stream_key(group_key(seed, group), "cool_down")),
      failures_(stream_key(group_key(seed, group), "failures")) {
  counts_.idle = config.count;
}

void WorkerPool::schedule(Time at, WorkerEvent kind, std::uint32_t token) {
  events_.schedule(at, EventClass::timer,
                   {first_event_kind_ + static_cast<std::uint32_t>(kind), group_.value, token});
}

void WorkerPool::begin(Time now) {
  SLUICE_CHECK(next_step_ == 0 && next_token_ == 0, "a pool begins once", now, kNoRun);
  period_start_ = now;
  if (config_.autoscaling)
    schedule(now + config_.autoscaling->every, WorkerEvent::autoscale);
  else if (!config_.schedule.empty())
    schedule(config_.schedule.front().at, WorkerEvent::capacity_step);
  plan_failure(now);
}

bool WorkerPool::give_back(Time now, bool was_holding) {
  SLUICE_CHECK((was_holding ? counts_.holding : counts_.running) > 0,
               "only a worker with a run is given back", now, kNoRun);
  --(was_holding ? counts_.holding : counts_.running);
  if (counted() >= wanted_) {  // one too many even without this one
    plan_failure(now);
    return false;
  }
  if (config_.cool_down.always_zero()) {
    ++counts_.idle;
    return true;
  }
  ++counts_.cooling;
  cooling_.push_back(++next_token_);
  schedule(now + config_.cool_down.duration(cool_down_), WorkerEvent::cooled, next_token_);
  return false;
}

bool WorkerPool::started(std::uint32_t token) {
  const auto place = std::find(starting_.begin(), starting_.end(), token);
  if (place == starting_.end()) return false;
  SLUICE_REQUIRE(counts_.starting == starting_.size(), "who starts is listed");
  starting_.erase(place);
  --counts_.starting;
  ++counts_.idle;
  return true;
}

bool WorkerPool::cooled(Time now, std::uint32_t token) {
  const auto place = std::find(cooling_.begin(), cooling_.end(), token);
  if (place == cooling_.end()) return false;
  SLUICE_CHECK(counts_.cooling == cooling_.size(), "who cools down is listed", now, kNoRun);
  cooling_.erase(place);
  --counts_.cooling;
  if (counted() < wanted_)
    ++counts_.idle;
  else  // it was made up for
    plan_failure(now);
  return true;
}

// ---- how many there ought to be

void WorkerPool::set_target(Time now, std::uint32_t count, CauseId by) {
  std::erase_if(overrides_, [by](const Override& o) { return o.by == by; });
  overrides_.push_back({by, count});
  follow(now);
}

void WorkerPool::end_set_target(Time now, CauseId by) {
  const bool counted_most = !overrides_.empty() && overrides_.back().by == by;
  std::erase_if(overrides_, [by](const Override& o) { return o.by == by; });
  if (counted_most) follow(now);
}

void WorkerPool::follow(Time now) {
  wanted_ = overrides_.empty() ? planned_ + kept_ : overrides_.back().count;
  cooling_count_ = !makes_up();
  while (may_add()) add_starting(now);
  leave(now);
  check(now);
}

void WorkerPool::check(Time now) const {
  SLUICE_CHECK(counts_.starting == starting_.size() && counts_.cooling == cooling_.size() &&
                   counts_.down == lost_.size(),
               "who starts, cools down or is lost is listed", now, kNoRun);
}

void WorkerPool::leave(Time now) {
  check(now);
  while (counted() > wanted_ && lost_count_ && counts_.down > 0) {
    --counts_.down;
    lost_.pop_back();
  }
  while (counted() > wanted_ && counts_.idle > 0) --counts_.idle;
  while (counted() > wanted_ && counts_.starting > 0) {
    --counts_.starting;
    starting_.pop_back();
  }
  while (counted() > wanted_ && counts_.cooling > 0) {
    --counts_.cooling;
    cooling_.pop_back();
  }
  plan_failure(now);
}

void WorkerPool::add_starting(Time now) {
  if (config_.start_up.always_zero()) {
    ++counts_.idle;
    return;
  }
  SLUICE_CHECK(counts_.starting == starting_.size(), "who starts is listed", now, kNoRun);
  ++counts_.starting;
  starting_.push_back(++next_token_);
  schedule(now + config_.start_up.duration(start_up_), WorkerEvent::started, next_token_);
}

void WorkerPool::capacity_step(Time now) {
  const std::size_t step = next_step_;
  SLUICE_CHECK(step < config_.schedule.size(), "the schedule has the step", now, kNoRun);
  if (++next_step_ == config_.schedule.size() && config_.schedule_period.ns > 0) {
    next_step_ = 0;
    period_start_ = period_start_ + config_.schedule_period;
  }
  if (next_step_ < config_.schedule.size())
    schedule(period_start_ + (config_.schedule[next_step_].at - Time::zero()),
             WorkerEvent::capacity_step);
  planned_ = config_.schedule[step].count;
  if (overrides_.empty()) follow(now);
}

void WorkerPool::autoscale(Time now, std::uint32_t eligible_waiting, std::uint32_t kept) {
  SLUICE_CHECK(config_.autoscaling.has_value(), "there is an autoscaler", now, kNoRun);
  const AutoscalingConfig& rule = *config_.autoscaling;
  const double wished =
      counts_.running + counts_.holding + std::ceil(eligible_waiting / rule.target_backlog);
  const auto count = static_cast<std::uint32_t>(std::clamp<double>(wished, rule.min, rule.max));
  if (count <= planned_) up_since_ = Time::never();
  if (count >= planned_) down_since_ = Time::never();
  if (count > planned_ && up_since_ == Time::never()) up_since_ = now;
  if (count < planned_ && down_since_ == Time::never()) down_since_ = now;
  const bool up = count > planned_ && now >= up_since_ + rule.scale_up_delay;
  const bool down = count < planned_ && now >= down_since_ + rule.scale_down_delay;
  if (up || down) {
    up_since_ = down_since_ = Time::never();
    planned_ = count;
  }
  kept_ = kept;
  if (overrides_.empty()) follow(now);
  schedule(now + rule.every, WorkerEvent::autoscale);
}

// ---- losses

WorkerPool::Loss WorkerPool::lose_one(Time now, LostTo to) {
  if (counts_.present() == 0) return {};
  check(now);
  auto drawn = static_cast<std::uint32_t>(failures_.below(counts_.present()));
  const auto among = [&drawn](std::uint32_t count) {
    if (drawn < count) return true;
    drawn -= count;
    return false;
  };
  if (among(counts_.idle)) {
    --counts_.idle;
  } else if (among(counts_.starting)) {
    starting_.erase(starting_.begin() + drawn);
    --counts_.starting;
  } else if (among(counts_.cooling)) {
    cooling_.erase(cooling_.begin() + drawn);
    --counts_.cooling;
  } else {
    return {true, drawn};
  }
  now_lost(now, to);
  return {true, std::nullopt};
}

void WorkerPool::lost_with_run(Time now, bool was_holding, LostTo to) {
  SLUICE_CHECK((was_holding ? counts_.holding : counts_.running) > 0,
               "only a worker with a run is lost with it", now, kNoRun);
  --(was_holding ? counts_.holding : counts_.running);
  now_lost(now, to);
}

void WorkerPool::now_lost(Time now, LostTo to) {
  ++counts_.down;
  lost_.push_back(to);
  leave(now);
}

void WorkerPool::restore(Time now, std::uint32_t count, CauseId by) {
  bring_back(now, count, {by});
}

bool WorkerPool::repaired(Time now, std::uint32_t token) {
  return bring_back(now, 1, {CauseId::none(), token}) > 0;
}

std::uint32_t WorkerPool::bring_back(Time now, std::uint32_t count, LostTo to) {
  std::uint32_t back = 0;
  std::erase_if(lost_, [&](const LostTo& lost) {
    if (back == count || lost != to) return false;
    ++back;
    return true;
  });
  for (std::uint32_t i = 0; i < back; ++i) {
    --counts_.down;
    if (may_add()) ++counts_.idle;
  }
  plan_failure(now);
  check(now);
  return back;
}

void WorkerPool::restart_free(Time now) {
  check(now);
  const std::uint32_t serving = counts_.idle + counts_.starting, cooling = counts_.cooling;
  counts_.idle = counts_.starting = counts_.cooling = 0;
  starting_.clear();
  cooling_.clear();
  for (std::uint32_t i = 0; i < serving; ++i) add_starting(now);
  for (std::uint32_t i = 0; i < cooling && counted() < wanted_; ++i) add_starting(now);
  plan_failure(now);
}

void WorkerPool::restarted_with_run(Time now, bool was_holding) {
  SLUICE_CHECK((was_holding ? counts_.holding : counts_.running) > 0,
               "only a worker with a run restarts with it", now, kNoRun);
  --(was_holding ? counts_.holding : counts_.running);
  if (counted() < wanted_)
    add_starting(now);
  else
    plan_failure(now);
}

/// Exponential lifetimes have no memory: whenever the number of workers changes, the next failure
/// is drawn anew.
void WorkerPool::plan_failure(Time now) {
  if (!config_.failures || counts_.present() == failure_rate_of_) return;
  failure_rate_of_ = counts_.present();
  ++failure_token_;
  if (failure_rate_of_ == 0) return;
  SLUICE_CHECK(config_.failures->mtbf.ns > 0, "workers last for some time", now, kNoRun);
  const double mean = config_.failures->mtbf.seconds() / failure_rate_of_;
  schedule(now + Duration::from_seconds(failures_.exponential() * mean), WorkerEvent::failed,
           failure_token_);
}

std::optional<LostTo> WorkerPool::failure_due(Time now, std::uint32_t token) {
  if (token != failure_token_) return std::nullopt;
  SLUICE_CHECK(config_.failures.has_value(), "only who may fail fails", now, kNoRun);
  failure_rate_of_ = UINT32_MAX;  // whatever happens now, the next one is drawn
  const LostTo repair{CauseId::none(), ++next_repair_};
  schedule(now + config_.failures->repair.duration(failures_), WorkerEvent::repaired,
           repair.repair);
  return repair;
}

}  // namespace sluice

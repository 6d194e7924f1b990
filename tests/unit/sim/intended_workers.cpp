#include "tests/unit/sim/intended_workers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <variant>

namespace sluice::test {

namespace {

std::uint32_t busy_workers(const WorkerCounts& counts) { return counts.running + counts.holding; }

std::uint32_t serving(const WorkerCounts& counts) {
  return counts.idle + counts.starting + busy_workers(counts);
}

std::uint32_t less(std::uint32_t a, std::uint32_t b) { return a > b ? a - b : 0; }

std::string counts_text(const WorkerCounts& c) {
  return fmt::format("idle {} running {} holding {} starting {} cooling {} lost {}", c.idle,
                     c.running, c.holding, c.starting, c.cooling, c.down);
}

}  // namespace

IntendedWorkers::IntendedWorkers(const Scenario& scenario)
    : scenario_(scenario), planned_(scenario.pipeline.groups[0].workers.count) {}

// ---- what is wanted

std::optional<std::size_t> IntendedWorkers::number_set(Time now) const {
  std::optional<std::size_t> latest;
  for (std::size_t i = 0; i < scenario_.incidents.size(); ++i) {
    const Incident& incident = scenario_.incidents[i];
    if (!std::holds_alternative<SetWorkers>(incident.change)) continue;
    const bool holds =
        incident.at <= now && (!incident.length || now < incident.at + *incident.length);
    if (holds && (!latest || incident.at > scenario_.incidents[*latest].at)) latest = i;
  }
  return latest;
}

std::uint32_t IntendedWorkers::scheduled(Time now) const {
  std::uint32_t count = pool().count;
  for (std::int64_t round = 0; !pool().schedule.empty(); ++round) {
    for (const CapacityStep& step : pool().schedule) {
      if (step.at + Duration{pool().schedule_period.ns * round} > now) return count;
      count = step.count;
    }
    if (pool().schedule_period == Duration::zero()) break;
  }
  return count;
}

IntendedWorkers::Hands IntendedWorkers::hands(Time now) const {
  if (!pool().autoscaling) return Hands::plan;
  return number_set(now) ? Hands::set_on_autoscaler : Hands::autoscaler;
}

std::uint32_t IntendedWorkers::wanted(Time now) const {
  if (const auto set = number_set(now))
    return std::get<SetWorkers>(scenario_.incidents[*set].change).count;
  return pool().autoscaling ? planned_ + kept_ : scheduled(now);
}

std::uint32_t IntendedWorkers::counted(Time now, const WorkerCounts& counts) const {
  switch (hands(now)) {
    case Hands::plan:
      return counts.present() + counts.down;
    case Hands::autoscaler:
      return serving(counts);
    case Hands::set_on_autoscaler:
      break;
  }
  return counts.present();
}

// ---- what happened

void IntendedWorkers::incident(Time now, std::size_t which, bool begins, const WorkerCounts& before,
                               const WorkerCounts& after) {
  now_ = now;
  const auto& change = scenario_.incidents[which].change;
  if (const auto* lose = std::get_if<LoseWorkers>(&change)) {
    if (begins) {
      const std::uint32_t count = std::min(lose->count, before.present());
      lost_.insert(lost_.end(), count, {which, {}});
      gone(count, before, after);
    } else {
      came_back(static_cast<std::uint32_t>(
                    std::erase_if(lost_, [&](const Lost& lost) { return lost.incident == which; })),
                before, after);
    }
  } else if (std::holds_alternative<SetWorkers>(change)) {
    const bool counts = !begins ? number_set(now - Duration{1}) == which : number_set(now) == which;
    counts ? adjusted(before, after) : unchanged(before, after);
  } else if (std::holds_alternative<RestartWorkers>(change) && begins) {
    restarted(before, after);
  } else {
    unchanged(before, after);
  }
  at_all_times(after);
}

void IntendedWorkers::own_event(Time now, const std::array<std::uint32_t, kLevels>& waiting,
                                const std::array<std::uint32_t, kLevels>& busy,
                                const WorkerCounts& before, const WorkerCounts& after) {
  now_ = now;
  const bool is_look = pool().autoscaling && now > Time::zero() &&
                       (now - Time::zero()).ns % pool().autoscaling->every.ns == 0;
  const auto repair = std::find_if(lost_.begin(), lost_.end(), [&](const Lost& lost) {
    return !lost.incident && lost.back == now;
  });
  if (is_look) {
    look(now, waiting, busy, before);
    hands(now) == Hands::autoscaler ? adjusted(before, after) : unchanged(before, after);
  } else if (hands(now) == Hands::plan && wanted(now) != wanted(now - Duration{1})) {
    adjusted(before, after);
  } else if (repair != lost_.end()) {
    lost_.erase(repair);
    came_back(1, before, after);
  } else if (after.down > before.down) {
    lost_.push_back({std::nullopt, now + Duration::from_seconds(pool().failures->repair.mean())});
    gone(1, before, after);
  } else {
    one_worker_changed(before, after);
  }
  at_all_times(after);
}

void IntendedWorkers::nobody_comes_or_goes(Time now, const WorkerCounts& before,
                                           const WorkerCounts& after) {
  now_ = now;
  expect(before.present() == after.present() && serving(before) == serving(after),
         "workers come or go although nothing happened to them", before, after);
  at_all_times(after);
}

// ---- what follows from it

/// Running + ⌈waiting / target_backlog⌉ within min and max, once it has differed for the delay.
void IntendedWorkers::look(Time now, const std::array<std::uint32_t, kLevels>& waiting,
                           const std::array<std::uint32_t, kLevels>& busy,
                           const WorkerCounts& before) {
  const AutoscalingConfig& rule = *pool().autoscaling;
  double candidates = 0;
  for (const std::uint32_t level : waiting) candidates += level;
  const double wish = busy_workers(before) + std::ceil(candidates / rule.target_backlog);
  const auto count =
      static_cast<std::uint32_t>(std::max<double>(rule.min, std::min<double>(rule.max, wish)));
  const auto lasts = [&](bool differs, std::optional<Time>& since, Duration delay) {
    since = differs ? std::optional(since.value_or(now)) : std::nullopt;
    return differs && now - *since >= delay;
  };
  const bool up = lasts(count > planned_, wants_more_since_, rule.scale_up_delay);
  const bool down = lasts(count < planned_, wants_fewer_since_, rule.scale_down_delay);
  if (up || down) {
    planned_ = count;
    wants_more_since_ = wants_fewer_since_ = std::nullopt;
  }
  // How many could idle without one who waits being let to a worker.
  const DispatchConfig& dispatch = scenario_.pipeline.groups[0].dispatch;
  kept_ = candidates > 0 && dispatch.kind == DispatchPolicyKind::reserved ? before.idle : 0;
  for (std::size_t level = 0; level < kLevels; ++level) {
    if (waiting[level] == 0) continue;
    std::uint32_t others_lack = 0;
    for (std::size_t other = 0; other < kLevels; ++other)
      if (other != level) others_lack += less(dispatch.reserved[other], busy[other]);
    kept_ = busy[level] < dispatch.reserved[level] ? 0 : std::min(kept_, others_lack);
  }
}

void IntendedWorkers::lost_leave(std::uint32_t present) {
  if (hands(now_) != Hands::plan) return;
  const std::size_t room = less(wanted(now_), present);
  if (lost_.size() > room)
    lost_.erase(lost_.begin() + static_cast<std::ptrdiff_t>(room), lost_.end());
}

/// Another number is wanted, or the autoscaler looked: it is met, as far as runs and `max` let it.
void IntendedWorkers::adjusted(const WorkerCounts& before, const WorkerCounts& after) {
  lost_leave(before.present());
  const std::uint32_t had = counted(now_, before) - (hands(now_) == Hands::plan ? before.down : 0);
  const std::uint32_t lost =
      hands(now_) == Hands::plan ? static_cast<std::uint32_t>(lost_.size()) : 0;
  const std::uint32_t want = less(wanted(now_), lost);
  std::uint32_t missing = less(want, had);
  if (hands(now_) == Hands::autoscaler)
    missing = std::min(missing, less(pool().autoscaling->max, before.present()));
  const std::uint32_t expected = had > want ? std::max(want, busy_workers(before)) : had + missing;
  const std::uint32_t has = counted(now_, after) - (hands(now_) == Hands::plan ? after.down : 0);
  expect(has == expected, "the number wanted is not met", before, after);
  if (missing > 0)
    expect((pool().start_up.always_zero() ? after.idle - before.idle
                                          : after.starting - before.starting) == missing,
           "new workers do not start up", before, after);
}

void IntendedWorkers::gone(std::uint32_t count, const WorkerCounts& before,
                           const WorkerCounts& after) {
  lost_leave(before.present() - count);
  expect(after.present() == before.present() - count, "not as many are lost as ought to be", before,
         after);
  expect(after.starting <= before.starting && after.idle <= before.idle,
         "a lost worker is made up for at once", before, after);
}

/// Idle at once, if they are wanted.
void IntendedWorkers::came_back(std::uint32_t count, const WorkerCounts& before,
                                const WorkerCounts& after) {
  if (hands(now_) != Hands::plan) {
    count = std::min(count, less(wanted(now_), counted(now_, before)));
    if (hands(now_) == Hands::autoscaler)
      count = std::min(count, less(pool().autoscaling->max, before.present()));
  }
  WorkerCounts expected = before;
  expected.idle += count;
  expect(after.idle == expected.idle && after.present() == expected.present(),
         "not those come back that ought to", before, after);
}

/// All start up, but for those that are too many.
void IntendedWorkers::restarted(const WorkerCounts& before, const WorkerCounts& after) {
  const std::uint32_t lost = hands(now_) == Hands::plan ? before.down : 0;
  const std::uint32_t expected = std::min(before.present() + lost, wanted(now_)) - lost;
  expect(after.present() == expected, "not all restart", before, after);
  expect((pool().start_up.always_zero() ? after.idle : after.starting) == expected,
         "a deploy leaves a worker as it was", before, after);
}

void IntendedWorkers::unchanged(const WorkerCounts& before, const WorkerCounts& after) {
  expect(after.present() == before.present() && after.starting == before.starting,
         "workers come or go although nothing happened to them", before, after);
}

/// A worker came up, cooled down, or was given back; or nothing happened.
void IntendedWorkers::one_worker_changed(const WorkerCounts& before, const WorkerCounts& after) {
  const bool given_back = busy_workers(after) < busy_workers(before);
  const bool cooled = !given_back && after.cooling < before.cooling;
  bool stays = true;
  if (given_back) stays = counted(now_, before) <= wanted(now_);
  if (cooled && hands(now_) == Hands::autoscaler) stays = serving(before) < wanted(now_);
  expect(after.present() + (stays ? 0 : 1) == before.present(),
         stays ? "a worker leaves that is wanted" : "a worker stays that is too many", before,
         after);
  if (given_back && stays)
    expect((pool().cool_down.always_zero() ? after.idle - before.idle
                                           : after.cooling - before.cooling) == 1,
           "a worker does not cool down", before, after);
}

void IntendedWorkers::at_all_times(const WorkerCounts& after) {
  expect(after.down == lost_.size(), "others are lost than ought to be", after, after);
  const std::uint32_t most = std::max(wanted(now_), busy_workers(after));
  expect(counted(now_, after) <= most, "a worker that has no run and is too many stays", after,
         after);
  if (hands(now_) == Hands::plan)
    expect(counted(now_, after) == most, "somebody is missing", after, after);
}

void IntendedWorkers::expect(bool holds, const char* what, const WorkerCounts& before,
                             const WorkerCounts& after) {
  if (holds || violations_.size() > 2000) return;
  violations_ += fmt::format("t={}s: {} (wanted {}; {} -> {})\n", now_.seconds(), what,
                             wanted(now_), counts_text(before), counts_text(after));
}

}  // namespace sluice::test

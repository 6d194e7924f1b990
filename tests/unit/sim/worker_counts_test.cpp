// Random incidents, overlapping, on pools of all kinds: as many workers as there ought to be, after
// every single event.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/event_kinds.hpp"
#include "sim/incidents.hpp"
#include "tests/unit/base/effort.hpp"
#include "tests/unit/sim/intended_workers.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test::worker_counts {
namespace {

using namespace literals;

constexpr std::int64_t kSeconds = 600;

/// What the test meets on its way, so that nothing is left out by chance.
struct Met {
  int lost = 0, back = 0, left_while_lost = 0, made_up = 0, set_on_autoscaler = 0, kept = 0,
      over_target = 0, at_max = 0, starting_lost = 0;
};

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : stream_(seed) {}
  std::uint32_t number(std::uint32_t from, std::uint32_t to) {
    return from + static_cast<std::uint32_t>(stream_.below(to - from + 1));
  }
  bool maybe(int percent) { return stream_.chance(percent / 100.0); }
  /// A whole second of the time that is played.
  Time second() { return Time::zero() + number(0, kSeconds - 1) * 1_s; }

 private:
  Stream stream_;
};

void draw_pool(Draw& draw, WorkerPoolConfig& pool) {
  pool.count = draw.number(0, 6);
  if (draw.maybe(50)) pool.start_up = Distribution::constant(7.3);
  if (draw.maybe(40)) pool.cool_down = Distribution::constant(draw.maybe(50) ? 3.7 : 61.7);
  if (draw.maybe(35))
    pool.failures = WorkerFailureConfig{draw.number(60, 600) * 1_s, Distribution::constant(33.1)};
  switch (draw.number(0, 4)) {
    case 0:
      break;
    case 1:
      pool.schedule = {{Time::zero() + draw.number(0, 100) * 1_s, draw.number(0, 8)},
                       {Time::zero() + draw.number(101, 200) * 1_s, draw.number(0, 8)},
                       {Time::zero() + draw.number(201, 400) * 1_s, draw.number(1, 8)}};
      if (draw.maybe(50)) pool.schedule_period = 401_s;
      break;
    default:
      pool.autoscaling = AutoscalingConfig{draw.number(0, 2),
                                           draw.number(2, 9),
                                           static_cast<double>(draw.number(1, 3)),
                                           draw.number(5, 40) * 1_s,
                                           draw.number(0, 60) * 1_s,
                                           draw.number(0, 120) * 1_s};
  }
}

/// Each begins and ends at an instant of its own.
void draw_incidents(Draw& draw, std::vector<Incident>& incidents) {
  for (std::uint32_t i = draw.number(1, 12); i > 0; --i) {
    Incident incident;
    incident.at = draw.second() + Duration{i * 10'000'000 + 1};
    if (draw.maybe(85)) incident.length = draw.number(1, 200) * 1_s + Duration{i * 100'000};
    const GroupId main{0};
    switch (draw.number(0, 6)) {
      case 0:
      case 1:
      case 2:
        incident.change = LoseWorkers{main, draw.number(1, 5)};
        break;
      case 3:
      case 4:
        incident.change = SetWorkers{main, draw.number(0, 9)};
        break;
      case 5:
        incident.change = RestartWorkers{main};
        break;
      default:
        incident.change = PauseGroup{main};
    }
    incidents.push_back(incident);
  }
  std::ranges::sort(incidents, {}, &Incident::at);
}

Scenario draw_scenario(Draw& draw) {
  Scenario scenario = small_scenario(1, Distribution::constant(1), kSeconds * 1_s);
  ResourceGroupConfig& group = scenario.pipeline.groups[0];
  draw_pool(draw, group.workers);
  if (draw.maybe(40)) {
    group.dispatch.kind = DispatchPolicyKind::reserved;
    for (auto& reserved : group.dispatch.reserved) reserved = draw.number(0, 2);
  }
  if (draw.maybe(30)) {
    group.when_credential_busy = WhenCredentialBusy::hold_worker;
    scenario.pipeline.workflows[0].aliases = {"USER"};
    CredentialConfig credential;
    credential.allow_multiple_sessions = true;
    credential.max_concurrency = draw.number(1, 4);
    scenario.pipeline.credentials.push_back(credential);
  }
  draw_incidents(draw, scenario.incidents);
  return scenario;
}

/// Candidates and runs with a worker, by level.
class Levels : public PipelineObserver {
 public:
  std::array<std::uint32_t, kLevels> waiting{}, busy{};

  void accepted(Time, const Run& run) override { becomes(run, Where::waits); }
  void woken(Time, const Run& run) override { becomes(run, Where::waits); }
  void rejoined(Time, const Run& run) override { becomes(run, Where::waits); }
  void parked(Time, const Run& run, const Blocker&) override {
    if (run.state != RunState::holding) becomes(run, Where::elsewhere);
  }
  void holding(Time, const Run& run, const Blocker&) override { becomes(run, Where::busy); }
  void dispatched(Time, const Run& run) override { becomes(run, Where::busy); }
  void requeued(Time, const Run& run, RequeueCause, Duration) override {
    becomes(run, Where::elsewhere);
  }
  void ended(Time, const Run& run, Outcome, EndReason) override { becomes(run, Where::elsewhere); }

 private:
  enum class Where : std::uint8_t { elsewhere, waits, busy };

  void becomes(const Run& run, Where where) {
    Where& was = where_[run.id];
    const std::size_t level = index(run.level());
    if (was == Where::waits) --waiting[level];
    if (was == Where::busy) --busy[level];
    was = where;
    if (was == Where::waits) ++waiting[level];
    if (was == Where::busy) ++busy[level];
  }

  std::map<std::uint64_t, Where> where_;
};

class Play {
 public:
  Play(const Scenario& scenario, Draw& draw, std::uint64_t seed, Met& met)
      : scenario_(scenario),
        pipeline_(scenario.pipeline, seed, events_, levels_),
        incidents_(scenario, pipeline_, events_),
        intended_(scenario),
        met_(met) {
    incidents_.start(Time::zero() + scenario.duration);
    for (std::uint32_t runs = draw.number(20, 150); runs > 0; --runs)
      requests_.push_back(draw_request(draw, requests_.size()));
    for (std::uint32_t i = 0; i < requests_.size(); ++i)
      events_.schedule(requests_[i].submitted, EventClass::arrival, {kArrival, i, 0});
  }

  const std::string& violations() {
    while (!events_.empty() && events_.next_time() <= Time::zero() + scenario_.duration) {
      const Time now = events_.next_time();
      while (!events_.empty() && events_.next_time() == now) one(now, events_.pop());
      const WorkerCounts before = workers();
      pipeline_.dispatch(now);
      intended_.nobody_comes_or_goes(now, before, workers());
    }
    return intended_.violations();
  }

 private:
  RunRequest draw_request(Draw& draw, std::uint64_t index) const {
    RunRequest request;
    request.workspace = {0};
    request.workflow = {0};
    request.level = kAllLevels[draw.number(0, 2)];
    request.index = index;
    request.draw_key = stream_key(11, index);
    request.need_count = static_cast<std::uint8_t>(scenario_.pipeline.credentials.size());
    if (request.need_count > 0) request.needs[0] = Pipeline::credential_need({0});
    request.service_time = draw.number(1, 60) * 1_s + Duration{draw.number(1, 1'000'000) * 900LL};
    request.submitted = draw.second() + Duration{500'000'003 + draw.number(0, 999) * 11LL};
    return request;
  }

  void one(Time now, const ScheduledEvent& scheduled) {
    const WorkerCounts before = workers();
    const auto waiting = levels_.waiting, busy = levels_.busy;
    const Event& event = scheduled.event;
    if (event.kind < kPipelineEventKinds) {
      pipeline_.handle(now, scheduled);
      intended_.own_event(now, waiting, busy, before, workers());
    } else if (event.kind == kArrival) {
      pipeline_.submit(now, requests_[event.subject]);
      intended_.nobody_comes_or_goes(now, before, workers());
    } else {
      incidents_.handle(now, event);
      intended_.incident(now, event.subject, event.kind == kIncidentStart, before, workers());
    }
    note(now, event, before, workers());
  }

  void note(Time now, const Event& event, const WorkerCounts& before, const WorkerCounts& after) {
    const auto& pool = scenario_.pipeline.groups[0].workers;
    const auto grew = [](std::uint32_t from, std::uint32_t to) { return to > from ? 1 : 0; };
    met_.lost += grew(before.down, after.down);
    met_.back += after.down < before.down && after.idle > before.idle;
    met_.left_while_lost += after.down < before.down && after.idle <= before.idle;
    met_.starting_lost += after.down > before.down && after.starting < before.starting;
    const bool look = pool.autoscaling && event.kind < kPipelineEventKinds &&
                      (now - Time::zero()).ns % pool.autoscaling->every.ns == 0;
    met_.made_up += look && before.down + before.cooling > 0 && after.present() > before.present();
    met_.kept += look && before.idle > 0 && after.present() > before.present();
    met_.at_max += pool.autoscaling && after.present() == pool.autoscaling->max;
    met_.over_target += pool.autoscaling && after.present() > pool.autoscaling->max;
    met_.set_on_autoscaler +=
        pool.autoscaling && event.kind == kIncidentEnd && after.starting > before.starting;
  }

  WorkerCounts workers() const { return pipeline_.workers({0}); }

  const Scenario& scenario_;
  EventQueue events_;
  Levels levels_;
  Pipeline pipeline_;
  Incidents incidents_;
  IntendedWorkers intended_;
  Met& met_;
  std::vector<RunRequest> requests_;
};

std::string described(const Incident& incident) {
  const char* kinds[] = {"lose", "restart", "set"};
  const std::size_t kind = incident.change.index();
  std::uint32_t count = 0;
  if (const auto* lose = std::get_if<LoseWorkers>(&incident.change)) count = lose->count;
  if (const auto* set = std::get_if<SetWorkers>(&incident.change)) count = set->count;
  return fmt::format("  {}s for {}s: {} {}\n", incident.at.seconds(),
                     incident.length ? incident.length->seconds() : -1,
                     kind < std::size(kinds) ? kinds[kind] : "pause", count);
}

std::string described(const Scenario& scenario) {
  const WorkerPoolConfig& pool = scenario.pipeline.groups[0].workers;
  const auto& reserved = scenario.pipeline.groups[0].dispatch.reserved;
  std::string text =
      fmt::format("  count {} start_up {}s cool_down {}s mtbf {}s reserved {}/{},{},{}", pool.count,
                  pool.start_up.mean(), pool.cool_down.mean(),
                  pool.failures ? pool.failures->mtbf.seconds() : 0,
                  scenario.pipeline.groups[0].dispatch.kind == DispatchPolicyKind::reserved,
                  reserved[0], reserved[1], reserved[2]);
  for (const CapacityStep& step : pool.schedule)
    text += fmt::format(" ({}s: {})", step.at.seconds(), step.count);
  if (pool.autoscaling)
    text += fmt::format(" autoscaling {} to {} every {}s", pool.autoscaling->min,
                        pool.autoscaling->max, pool.autoscaling->every.seconds());
  text += "\n";
  for (const Incident& incident : scenario.incidents) text += described(incident);
  return text;
}

TEST(WorkerCounts, AreTheIntendedOnesAfterEveryEvent) {
  Met met;
  for (std::uint64_t seed = 1; seed <= cases(4000u); ++seed) {
    Draw draw(stream_key(seed, "worker counts"));
    const Scenario scenario = draw_scenario(draw);
    ASSERT_EQ(Play(scenario, draw, seed, met).violations(), "") << "seed " << seed << "\n"
                                                                << described(scenario);
  }
  for (const int often :
       {met.lost, met.back, met.left_while_lost, met.made_up, met.set_on_autoscaler, met.kept,
        met.over_target, met.at_max, met.starting_lost})
    EXPECT_GT(often, cases(50));
}

}  // namespace
}  // namespace sluice::test::worker_counts

#include "tests/model/swarm/play.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "pipeline/event_queue.hpp"
#include "pipeline/observer_list.hpp"
#include "pipeline/pipeline.hpp"
#include "reports/make_recorder.hpp"
#include "sim/event_kinds.hpp"
#include "sim/incidents.hpp"
#include "sim/scenario_report.hpp"
#include "sim/simulation.hpp"
#include "sim/submitters/pipeline_target.hpp"
#include "sim/submitters/submitter.hpp"
#include "tests/model/invariants/invariants_observer.hpp"
#include "tests/model/reference/log_lines.hpp"
#include "tests/model/reference/real_pipeline.hpp"
#include "tests/model/swarm/attribution_look.hpp"
#include "tests/model/swarm/incidents_now.hpp"
#include "tests/model/swarm/plain_watch.hpp"
#include "tests/model/swarm/pools_seen.hpp"
#include "tests/model/swarm/waiting_look.hpp"
#include "tests/model/swarm/workers_look.hpp"

namespace sluice::swarm {
namespace {

/// More instants than any scenario of the swarm has: time does not go on.
constexpr int kMostInstants = 2'000'000;

/// Writes down what is submitted, for the reference.
class Submissions final : public PipelineObserver {
 public:
  explicit Submissions(const PoolsSeen& pools) : pools_(pools) {}
  std::vector<reference::Step> steps;

  void answered(Time now, const RunRequest& request, const Answer&) override {
    reference::Step step;
    step.at = now;
    step.request = request;
    for (std::size_t alias = 0; alias < request.need_count; ++alias) {
      const Need need = request.needs[alias];
      step.needs.push_back({pools_.members(need), need.is_pool()});
    }
    steps.push_back(std::move(step));
  }

 private:
  const PoolsSeen& pools_;
};

class Play {
 public:
  Play(const Scenario& scenario, Faults& faults)
      : scenario_(scenario),
        faults_(faults),
        end_(Time::zero() + scenario.duration),
        seed_(replication_seed(scenario.seed, 0)),
        incidents_now_(scenario),
        log_observer_(reference::log_transitions(log_)),
        invariants_(scenario.pipeline),
        recorder_(make_recorder(recorder_config(scenario, Time::zero()), scenario.pipeline)),
        plain_(scenario, faults),
        submissions_(pools_),
        pipeline_(scenario.pipeline, seed_, events_, listeners()),
        waiting_(scenario, pipeline_, pools_, incidents_now_, faults),
        workers_(scenario, pipeline_, incidents_now_, faults),
        attribution_(pipeline_, *recorder_, pools_, incidents_now_, faults),
        target_(pipeline_),
        submitters_(scenario, {seed_, seed_}, target_, events_),
        incidents_(scenario, pipeline_, events_),
        first_workers_(scenario.pipeline.groups.size()) {
    for (std::uint32_t g = 0; g < first_workers_.size(); ++g)
      first_workers_[g] = reference::workers_text({g}, pipeline_.workers({g}));
    last_workers_ = first_workers_;
    all_.add(waiting_);
    all_.add(attribution_);
    all_.add(submitters_);
  }

  Played run() {
    incidents_.start(end_);
    submitters_.start(end_);
    int instants = 0;
    while (!events_.empty() && events_.next_time() <= end_) {
      if (++instants > kMostInstants) {
        faults_.add(now_, "time does not go on", "clock");
        break;
      }
      instant(events_.next_time());
      if (faults_.kind() == "time went back") break;  // nothing else means anything then
    }
    finish();
    return {std::move(log_), script(), plain_.submitted_in_all(), std::move(first_workers_)};
  }

 private:
  /// The pipeline tells of its workers while it is made, so it is told whom to tell before.
  ObserverList& listeners() {
    for (PipelineObserver* observer : std::initializer_list<PipelineObserver*>{
             &pools_, &plain_, log_observer_.get(), &invariants_, recorder_.get(), &submissions_})
      all_.add(*observer);
    return all_;
  }

  void instant(Time now) {
    plain_.at(now);
    if (now < now_) return;
    now_ = now;
    attribution_.pass(now);
    do {
      handle(now, events_.pop());
      if (events_.empty() || events_.next_time() > now) pipeline_.dispatch(now);
    } while (!events_.empty() && events_.next_time() == now);
    waiting_.look(now);
    workers_.look(now);
    attribution_.look(now);
    for (std::uint32_t g = 0; g < last_workers_.size(); ++g) {
      const std::string text = reference::workers_text({g}, pipeline_.workers({g}));
      if (text != last_workers_[g]) log_.push_back(reference::at(now, text));
      last_workers_[g] = text;
    }
  }

  void handle(Time now, const ScheduledEvent& scheduled) {
    const std::uint32_t kind = scheduled.event.kind;
    if (kind < kPipelineEventKinds) return pipeline_.handle(now, scheduled);
    if (kind <= kClientReady) return submitters_.handle(now, scheduled.event);
    const std::size_t incident = scheduled.event.subject;
    const bool begins = kind == kIncidentStart;
    workers_.before_incident(incident);
    begins ? incidents_now_.begin(incident) : incidents_now_.end(incident);
    incidents_.handle(now, scheduled.event);
    workers_.after_incident(now, incident, begins);
  }

  void finish() {
    std::uint64_t submitting = 0;
    for (std::size_t slot = 0; slot < pipeline_.slot_count(); ++slot)
      submitting += pipeline_.run(RunSlot::at(slot)).state == RunState::submitting ? 1 : 0;
    plain_.finish(submitting);
    invariants_.finish(pipeline_);
    const std::string violations = invariants_.violations();
    if (!violations.empty())
      faults_.add("invariant: " + violations.substr(violations.rfind(": ") + 2), violations);
  }

  reference::Script script() {
    reference::Script script;
    script.config = scenario_.pipeline;
    script.seed = seed_;
    script.horizon = end_;
    script.steps = steps_of_incidents(scenario_);
    for (reference::Step& step : submissions_.steps) script.steps.push_back(std::move(step));
    return script;
  }

  const Scenario& scenario_;
  Faults& faults_;
  Time end_, now_;
  std::uint64_t seed_;
  IncidentsNow incidents_now_;
  reference::Log log_;
  std::unique_ptr<PipelineObserver> log_observer_;
  invariants::InvariantsObserver invariants_;
  std::unique_ptr<Recorder> recorder_;
  PlainWatch plain_;
  PoolsSeen pools_;
  Submissions submissions_;
  EventQueue events_;
  ObserverList all_;
  Pipeline pipeline_;
  WaitingLook waiting_;
  WorkersLook workers_;
  AttributionLook attribution_;
  PipelineTarget target_;
  Submitters submitters_;
  Incidents incidents_;
  std::vector<std::string> first_workers_, last_workers_;
};

/// The reference's log without what only a script has, and without the workers that are there at
/// the beginning: it tells of them at its first instant.
reference::Log comparable(const reference::Log& log, const std::vector<std::string>& at_first) {
  reference::Log lines;
  std::vector<bool> told(at_first.size(), false);
  for (const std::string& line : log) {
    const std::string text = line.substr(line.find(' ') + 1);
    bool left_out = text.starts_with("--");
    for (std::size_t g = 0; g < at_first.size(); ++g) {
      const std::string of_group = at_first[g].substr(0, at_first[g].find(" idle"));
      if (told[g] || !text.starts_with(of_group + " ")) continue;
      told[g] = true;
      left_out = text == at_first[g];
    }
    if (!left_out) lines.push_back(line);
  }
  return lines;
}

}  // namespace

Played play(const Scenario& scenario, Faults& faults) { return Play(scenario, faults).run(); }

bool reference_covers(const Scenario& scenario) {
  const auto& credentials = scenario.pipeline.credentials;
  return std::none_of(credentials.begin(), credentials.end(), [](const CredentialConfig& c) {
    return c.mean_time_between_outages.has_value();
  });
}

void compare_with_reference(const Played& played, Faults& faults) {
  const reference::Log expected =
      comparable(reference::play_reference(played.script), played.first_workers);
  const std::string difference = reference::first_difference(expected, played.log);
  if (!difference.empty()) faults.add("is not what the reference does", difference);
}

}  // namespace sluice::swarm

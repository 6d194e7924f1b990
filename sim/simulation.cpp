#include "sim/simulation.hpp"

#include "base/random/random.hpp"
#include "sim/event_kinds.hpp"

namespace sluice {

namespace {

constexpr std::uint32_t kInstantsPerLook = 1 << 13;

}  // namespace

Simulation::Simulation(const Scenario& scenario, std::uint64_t seed, PipelineObserver& observer)
    : Simulation(scenario, SimulationSeeds{seed, seed}, observer) {}

Simulation::Simulation(const Scenario& scenario, const SimulationSeeds& seeds,
                       PipelineObserver& observer)
    : end_(Time::zero() + scenario.duration),
      with_submitters_{&observer},
      pipeline_(scenario.pipeline, seeds.pipeline, events_,
                Submitters::any_closed_loop(scenario) ? with_submitters_ : observer),
      target_(pipeline_),
      submitters_(scenario, seeds, target_, events_),
      incidents_(scenario, pipeline_, events_) {
  events_.name_kinds(event_name);
  with_submitters_.add(submitters_);
}

Time Simulation::run(const SimulationControl& control) {
  incidents_.start(end_);
  submitters_.start(end_);
  Time next = events_.next_time();
  for (std::uint32_t instants = 0; next <= end_;) {
    const Time now = next;
    do {
      handle(now, events_.pop());
      next = events_.next_time();
    } while (next == now);
    pipeline_.dispatch(now);
    next = events_.next_time();
    if (++instants % kInstantsPerLook == 0 && stopped(now, control)) return now;
  }
  stopped(end_, control);
  return end_;
}

void Simulation::handle(Time now, const ScheduledEvent& scheduled) {
  const std::uint32_t kind = scheduled.event.kind;
  if (kind < kPipelineEventKinds) return pipeline_.handle(now, scheduled);
  if (kind <= kClientReady) return submitters_.handle(now, scheduled.event);
  incidents_.handle(now, scheduled.event);
}

bool Simulation::stopped(Time now, const SimulationControl& control) const {
  if (control.progress != nullptr) {
    control.progress->simulated_ns.store(now.ns, std::memory_order_relaxed);
    control.progress->runs.store(submitters_.submitted_count(), std::memory_order_relaxed);
  }
  return control.stop != nullptr && control.stop->load(std::memory_order_relaxed);
}

std::uint64_t replication_seed(std::uint64_t seed, std::uint32_t number) {
  return stream_key(seed, std::uint64_t{number});
}

}  // namespace sluice

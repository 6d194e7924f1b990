// Drives a pipeline by hand, with nothing but the installed package: one worker, three runs that
// arrive while it is busy, and the order in which they are dispatched. First by the pipeline's own
// rule, then by a policy of this program.
#include <cstdio>
#include <memory>
#include <utility>

#include "pipeline/pipeline.hpp"
#include "pipeline/policies/level_rings.hpp"

namespace {

using namespace sluice;

/// What if the lowest level came first? Workspaces take turns, as LevelRingsPolicy does it.
class LowestFirst final : public LevelRingsPolicy {
 public:
  using LevelRingsPolicy::LevelRingsPolicy;

  RunSlot choose(Time /*now*/, const WorkersInUse& /*workers*/) override {
    for (std::size_t k = allowed_levels(); k-- > 0;)
      if (!level_empty(k)) return first_of(k);
    return RunSlot::none();
  }
};

class Printer : public PipelineObserver {
 public:
  void dispatched(Time now, const Run& run) override {
    const std::string_view level = name(run.level());
    std::printf("%3.0f s  %.*s\n", now.seconds(), static_cast<int>(level.size()), level.data());
  }
};

void print_dispatches(const DispatchConfig& dispatch) {
  PipelineConfig config;
  config.groups.push_back({.name = "main", .dispatch = dispatch});
  config.workspaces.push_back({"acme", GroupId::at(0)});
  config.workflows.push_back({.name = "claims"});

  EventQueue events;
  Printer printer;
  Pipeline pipeline(config, 42, events, printer);

  const auto submit = [&](PriorityLevel level) {
    RunRequest request;
    request.workspace = WorkspaceId::at(0);
    request.workflow = WorkflowId::at(0);
    request.level = level;
    request.service_time = Duration::from_seconds(60);
    pipeline.submit(Time::zero(), request);
  };
  submit(PriorityLevel::LOW);
  pipeline.dispatch(Time::zero());
  for (PriorityLevel level : {PriorityLevel::LOW, PriorityLevel::MEDIUM, PriorityLevel::HIGH})
    submit(level);

  while (!events.empty()) {
    const ScheduledEvent event = events.pop();
    pipeline.handle(event.time, event);
    if (events.empty() || events.next_time() != event.time) pipeline.dispatch(event.time);
  }
}

}  // namespace

int main() {
  std::puts("strict_priority");
  print_dispatches({});

  std::puts("lowest first");
  DispatchConfig own;
  own.make = [](WorkspaceQueues queues) {
    return std::make_unique<LowestFirst>(std::move(queues));
  };
  print_dispatches(own);
}

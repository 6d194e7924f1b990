// Drives a pipeline by hand, with nothing but the installed package: one worker, three runs that
// arrive while it is busy, and the order in which they are dispatched.
#include <cstdio>

#include "pipeline/pipeline.hpp"

namespace {

class Printer : public sluice::PipelineObserver {
 public:
  void dispatched(sluice::Time now, const sluice::Run& run) override {
    const std::string_view level = name(run.level());
    std::printf("%3.0f s  %.*s\n", now.seconds(), static_cast<int>(level.size()), level.data());
  }
};

}  // namespace

int main() {
  using namespace sluice;
  PipelineConfig config;
  config.groups.push_back({.name = "main"});
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

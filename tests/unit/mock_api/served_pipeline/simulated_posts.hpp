// What the submitters of a simulation sent, to be sent again to a served pipeline.
#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "base/text/json.hpp"
#include "pipeline/observer.hpp"
#include "reports/runs/run_listener.hpp"
#include "scenarios/scenario.hpp"

namespace sluice::test {

/// Every dispatch in order: "3600000000000 nightly#42 attempt 1 by 3,7".
class Dispatches : public RunListener {
 public:
  void dispatched(Time now, const Run& run) override {
    std::string line = fmt::format("{} {}#{} attempt {} by", now.ns, run.request.submitter.value,
                                   run.request.index, run.attempt);
    for (std::size_t i = 0; i < run.request.need_count; ++i)
      line += fmt::format(" {}", run.held[i].value);
    lines.push_back(std::move(line));
  }
  std::vector<std::string> lines;
};

/// What submitters sent, as POST /run sends it.
class Submissions final : public Dispatches {
 public:
  struct Post {
    Time at;
    WorkspaceId workspace;
    std::string body;
    std::string run;  // X-Sluice-Run
    Answer::Status status{};
  };

  explicit Submissions(const Scenario& scenario) : scenario_(scenario) {}

  void pool_defined(std::uint32_t pool_use, std::uint32_t, const CredentialId* first,
                    std::size_t count) override {
    pools_[pool_use] = {first, first + count};
  }
  void answered(Time now, const RunRequest& request, const Answer& answer) override {
    const std::string& submitter = scenario_.submitters[request.submitter.index()].name;
    posts.push_back({now, request.workspace, body_of(request),
                     fmt::format("{}/{}", submitter, request.index), answer.status});
  }
  std::vector<Post> posts;

 private:
  const std::string& credential(CredentialId id) const {
    return scenario_.pipeline.credentials[id.index()].name;
  }

  std::string body_of(const RunRequest& request) const {
    const WorkflowConfig& workflow = scenario_.pipeline.workflows[request.workflow.index()];
    Json inputs = Json::object();
    for (std::size_t i = 0; i < request.need_count; ++i) {
      Json& value = inputs[workflow.aliases[i]];
      if (!request.needs[i].is_pool()) {
        value = credential(request.needs[i].credential());
        continue;
      }
      for (const CredentialId member : pools_.at(request.needs[i].pool_use()))
        value.push_back(credential(member));
    }
    Json body{{"workflow_id", workflow.name},
              {"run_input_variables", inputs},
              {"priority_level", name(request.level)},
              {"debug", request.options.debug},
              {"capture_console_logs", request.options.capture_console},
              {"force_refresh", request.options.force_refresh}};
    if (request.options.dry_run) body["dry_run"] = {{"enabled", true}};
    return dump(body);
  }

  const Scenario& scenario_;
  std::map<std::uint32_t, std::vector<CredentialId>> pools_;
};

struct Simulated {
  std::string report;
  std::vector<std::string> dispatches;
  std::vector<Submissions::Post> posts;
};

/// The scenario of the library, for `duration` and without a warm-up; `incidents`: instead of its
/// own, if not empty.
Scenario library_scenario(const std::string& name, const std::string& duration,
                          const std::string& incidents = {});

/// One replication.
Simulated simulate_posts(const Scenario& scenario);

/// What POST /run answers then.
unsigned status_of(Answer::Status status);

}  // namespace sluice::test

// The served pipeline against the simulated one: the same submissions at the same instants, sent as
// POST /run with a held clock, give the same dispatches and the same report, to the byte.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "experiments/replications.hpp"
#include "mock_api/api.hpp"
#include "pipeline/observer.hpp"
#include "reports/json/json.hpp"
#include "reports/runs/run_listener.hpp"
#include "scenarios/loader/loader.hpp"
#include "tests/unit/mock_api/api_world.hpp"

namespace sluice::test {
namespace {

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

Scenario load(const std::string& name, const std::string& duration, const std::string& incidents) {
  LoaderOptions options;
  options.sets = {
      {"duration", duration}, {"replications", "1"}, {"warm_up", "0s"}, {"serve.people", "true"}};
  if (!incidents.empty()) options.sets.emplace_back("incidents", incidents);
  LoadedScenario loaded =
      load_scenario(fmt::format("{}/scenarios/{}.yaml", SLUICE_SOURCE_DIR, name), options);
  EXPECT_TRUE(loaded.scenario) << (loaded.errors.empty() ? "" : loaded.errors.front().message);
  return *loaded.scenario;
}

struct Simulated {
  std::string report;
  std::vector<std::string> dispatches;
  std::vector<Submissions::Post> posts;
};

Simulated simulate(const Scenario& scenario) {
  Simulated result;
  /// The experiment owns its listeners: this one hands over what it heard.
  struct Heard final : RunListener {
    Heard(Simulated& to, const Scenario& scenario) : into(to), submissions(scenario) {}
    ~Heard() override {
      into.dispatches = std::move(submissions.lines);
      into.posts = std::move(submissions.posts);
    }
    void pool_defined(std::uint32_t use, std::uint32_t pool, const CredentialId* first,
                      std::size_t count) override {
      submissions.pool_defined(use, pool, first, count);
    }
    void answered(Time now, const RunRequest& request, const Answer& answer) override {
      submissions.answered(now, request, answer);
    }
    void dispatched(Time now, const Run& run) override { submissions.dispatched(now, run); }
    Simulated& into;
    Submissions submissions;
  };
  ExperimentOptions options;
  options.threads = 1;
  options.listeners = [&](std::uint32_t, const Recorder&) {
    Listeners listeners;
    listeners.push_back(std::make_unique<Heard>(result, scenario));
    return listeners;
  };
  result.report = render_json(run_experiment(scenario, options), {false});
  return result;
}

unsigned status_of(Answer::Status status) {
  return status == Answer::Status::accepted       ? 201u
         : status == Answer::Status::rate_limited ? 429u
                                                  : 500u;
}

struct Case {
  const char* scenario;
  const char* duration;
  const char* incidents = "";  // instead of its own
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.scenario; }

class ServedEqualsSimulated : public ::testing::TestWithParam<Case> {};

TEST_P(ServedEqualsSimulated, ToTheByte) {
  const Scenario scenario = load(GetParam().scenario, GetParam().duration, GetParam().incidents);
  const Simulated simulated = simulate(scenario);
  ASSERT_GT(simulated.posts.size(), 100u);

  KeptWebhooks webhooks;
  Dispatches served;
  ApiOptions options;
  options.engine = Engine::virtual_time;
  options.listener = &served;
  Api api(scenario, options, webhooks);
  std::size_t other_answers = 0;
  for (const Submissions::Post& post : simulated.posts) {
    const std::string key = "sk_" + scenario.pipeline.workspaces[post.workspace.index()].name;
    const HttpRequest request{
        "POST", "/run", post.body, "", {{"cc-key", key}, {"X-Sluice-Run", post.run}}};
    const HttpReply reply = api.handle(post.at, request);
    if (reply.status == status_of(post.status)) continue;
    if (++other_answers < 3) ADD_FAILURE() << post.run << " " << reply.status << " " << reply.body;
  }
  const Time end = Time::zero() + scenario.duration;
  api.advance(end);

  EXPECT_EQ(other_answers, 0u);
  ASSERT_EQ(served.lines.size(), simulated.dispatches.size());
  for (std::size_t i = 0; i < served.lines.size(); ++i)
    ASSERT_EQ(served.lines[i], simulated.dispatches[i]) << "dispatch " << i;
  const std::string report = render_json(api.report(end), {false});
  EXPECT_TRUE(report == simulated.report) << "the reports differ";
}

INSTANTIATE_TEST_SUITE_P(
    ShippedScenarios, ServedEqualsSimulated,
    ::testing::Values(Case{"high_starves_low", "2h"}, Case{"credential_bottleneck", "3h"},
                      Case{"pool_rotation", "3h"}, Case{"pool_member_down", "5h"},
                      Case{"login_failure_siblings", "4h"}, Case{"rate_limited_burst", "1h"},
                      Case{"retry_storm", "3h"}, Case{"worker_outage", "4h"},
                      Case{"closed_loop", "3h"}, Case{"options_cost", "3h"},
                      Case{"trace_replay", "3h30m"}, Case{"deploy_restart", "4h"},
                      Case{"head_of_line", "2h"}),
    [](const auto& info) { return std::string(info.param.scenario); });

INSTANTIATE_TEST_SUITE_P(
    FactorsOnArrivals, ServedEqualsSimulated,
    ::testing::Values(Case{"trace_replay", "3h30m", "[{at: 10m, for: 1h, arrival_rate: 2.5}]"},
                      Case{"high_starves_low", "2h", "[{at: 10m, for: 1h, arrival_rate: 1.5}]"}),
    [](const auto& info) { return std::string(info.param.scenario); });

}  // namespace
}  // namespace sluice::test

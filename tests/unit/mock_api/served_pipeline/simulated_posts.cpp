#include "tests/unit/mock_api/served_pipeline/simulated_posts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "base/text/json.hpp"
#include "experiments/replications.hpp"
#include "reports/json/json.hpp"
#include "scenarios/loader/loader.hpp"

namespace sluice::test {

Scenario library_scenario(const std::string& name, const std::string& duration,
                          const std::string& incidents) {
  LoaderOptions options;
  options.sets = {
      {"duration", duration}, {"replications", "1"}, {"warm_up", "0s"}, {"serve.people", "true"}};
  if (!incidents.empty()) options.sets.emplace_back("incidents", incidents);
  LoadedScenario loaded =
      load_scenario(fmt::format("{}/scenarios/{}.yaml", SLUICE_SOURCE_DIR, name), options);
  EXPECT_TRUE(loaded.scenario) << (loaded.errors.empty() ? "" : loaded.errors.front().message);
  return *loaded.scenario;
}

Simulated simulate_posts(const Scenario& scenario) {
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

}  // namespace sluice::test

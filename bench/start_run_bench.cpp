// The cost of one POST /run, from its bytes to its reply, socket apart: a body of 400 bytes,
// validated, enqueued and answered, with what the pipeline does with the run.
#include <benchmark/benchmark.h>

#include <string>

#include "mock_api/api.hpp"

namespace sluice {
namespace {

class NoWebhooks final : public WebhookTransport {
 public:
  void post(WebhookPost) override {}
};

/// Fifty workers, runs of a second; no rate limits.
Scenario scenario() {
  Scenario scenario;
  scenario.name = "bench";
  scenario.duration = Duration::from_seconds(1e6);
  ResourceGroupConfig group;
  group.name = "main";
  group.workers.count = 50;
  scenario.pipeline.groups.push_back(group);
  scenario.pipeline.workspaces = {{"acme", GroupId{0}}};
  CredentialConfig credential;
  credential.name = "portal-1";
  credential.domain = "https://portal.example.com";
  credential.allow_multiple_sessions = true;
  scenario.pipeline.credentials.push_back(credential);
  credential.name = "portal-2";
  scenario.pipeline.credentials.push_back(credential);
  WorkflowConfig workflow;
  workflow.name = "claims";
  workflow.time = Distribution::exponential(1);
  workflow.steps = 12;
  workflow.aliases = {"USER"};
  scenario.pipeline.workflows.push_back(workflow);
  scenario.pipeline.api.rate_limits = {{Duration{1'000'000'000}, 4'000'000'000}};
  scenario.serve.workflows.resize(1);
  scenario.serve.workflows[0].domains["USER"] = credential.domain;
  scenario.serve.workflows[0].input_schema =
      R"({"type":"object","properties":{"claim":{"type":"string","pattern":"^[0-9]{10}$"},)"
      R"("amount":{"type":"number"},"note":{"type":"string"}},"required":["claim"]})";
  return scenario;
}

std::string body(const std::string& user) {
  return R"({"workflow_id":"claims","run_input_variables":{"USER":)" + user +
         R"(,"claim":"1234567890","amount":129.5,"note":"Please file the claim for the visit of )"
         R"(2026-01-03 with both of the attached invoices; the second one replaces the first."},)"
         R"("priority_level":"HIGH","dry_run":null,"webhook":null,"additional_context":)"
         R"({"reference":"6f1c2a34","department":"accounts"},"debug":false})";
}

void start_run(benchmark::State& state, const std::string& user) {
  NoWebhooks webhooks;
  Api api(scenario(), {}, webhooks);
  const std::string text = body(user);
  Time now = Time::zero();
  for (auto _ : state) {
    now = now + Duration{25'000'000};  // 40 runs/s for 50 workers
    api.advance(now);
    HttpRequest request{"POST", "/run", text, "192.0.2.1", {}};
    request.headers = {{"Host", "127.0.0.1:8080"},
                       {"Content-Type", "application/json"},
                       {"cc-key", "sk_acme"},
                       {"User-Agent", "bench"}};
    const HttpReply reply = api.handle(now, request);
    if (reply.status != 201) state.SkipWithError(reply.body.c_str());
  }
  state.counters["body_bytes"] = static_cast<double>(text.size());
}

void StartRunOneCredential(benchmark::State& state) { start_run(state, R"("portal-1")"); }
void StartRunPool(benchmark::State& state) { start_run(state, R"(["portal-1","portal-2"])"); }
BENCHMARK(StartRunOneCredential);
BENCHMARK(StartRunPool);

}  // namespace
}  // namespace sluice

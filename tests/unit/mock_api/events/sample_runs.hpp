// Runs, names, sinks and transports for the tests of events, webhooks and artifacts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/epoch.hpp"
#include "mock_api/runs/run_names.hpp"
#include "mock_api/runs/served_run.hpp"
#include "mock_api/service.hpp"

namespace sluice {

/// Simulated time zero is 2024-08-18T17:34:23Z, the instant of the contract's samples.
inline constexpr Epoch kSampleEpoch{1'724'002'463'000'000'000};

constexpr Time at(Duration since_start) { return Time::zero() + since_start; }

/// Workflow "w-1" with three steps between START and END.
class SampleNames : public RunNames {
 public:
  static constexpr std::uint32_t kSteps = 3;

  std::string workflow_id(const ServedRun&) const override { return "w-1"; }
  NodeName node(const ServedRun&, std::uint32_t step) const override {
    if (step >= kSteps) return {"node-end", "End", "END", {}};
    return {"node-" + std::to_string(step), "Step " + std::to_string(step + 1), "CLICK", {}};
  }
  std::optional<std::uint32_t> step_of(const ServedRun& run, std::string_view id) const override {
    for (std::uint32_t step = 0; step <= kSteps; ++step)
      if (node(run, step).id == id) return step;
    return std::nullopt;
  }
  std::uint32_t asking_step(const ServedRun&) const override { return kSteps - 1; }
  bool dry_run_asks(const ServedRun&) const override { return true; }
  std::span<const StepDownload> downloads(const ServedRun&) const override { return {}; }
  std::string output(const ServedRun& run) const override {
    return run.status == RunStatus::success ? R"({"claim": "ok"})" : "null";
  }
  std::string vault_entries(const ServedRun&) const override { return "null"; }
  InteractionWords interaction(const ServedRun&) const override { return words; }

  InteractionWords words{"Code?", R"({"type":"object"})", {"code"}, false};
};

/// Run `number` of workspace 0, with session id "s-<number>".
inline ServedRun sample_run(std::uint64_t number, std::string client_id = {}) {
  ServedRun run;
  run.number = number;
  run.session_id = "s-" + std::to_string(number);
  run.workspace = WorkspaceId::at(0);
  run.workflow = WorkflowId::at(0);
  run.client_id = std::move(client_id);
  run.input_variables = R"({"a": 1.0, "USER": "u-1"})";
  return run;
}

/// Remembers what it was told.
class SampleSink : public EventSink {
 public:
  void write(std::string_view frame, std::uint64_t run) override {
    frames.push_back({std::string(frame), run});
  }
  void end() override { ended = true; }

  /// Frames that speak of a run.
  std::vector<std::string> events() const {
    std::vector<std::string> texts;
    for (const UnsentFrame& each : frames)
      if (each.run != kNoRun) texts.push_back(each.frame);
    return texts;
  }
  std::size_t pings() const { return frames.size() - events().size(); }

  std::vector<UnsentFrame> frames;
  bool ended = false;
};

/// Remembers the posts, which the test answers.
class SampleTransport : public WebhookTransport {
 public:
  void post(WebhookPost post) override { posts.push_back(std::move(post)); }

  std::vector<WebhookPost> posts;
};

}  // namespace sluice

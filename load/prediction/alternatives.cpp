#include "load/prediction/alternatives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "base/text/units.hpp"

namespace sluice {
namespace {

constexpr std::array kWhenBusy{std::pair(WhenCredentialBusy::skip, "skip"),
                               std::pair(WhenCredentialBusy::block_workspace, "block_workspace"),
                               std::pair(WhenCredentialBusy::block_level, "block_level"),
                               std::pair(WhenCredentialBusy::hold_worker, "hold_worker")};

bool any_needs(const Scenario& scenario) {
  return std::any_of(scenario.pipeline.workflows.begin(), scenario.pipeline.workflows.end(),
                     [](const WorkflowConfig& workflow) { return !workflow.aliases.empty(); });
}

/// Most workers that a group is planned to have.
std::uint32_t workers_of(const WorkerPoolConfig& pool) {
  std::uint32_t most = pool.count;
  for (const CapacityStep& step : pool.schedule) most = std::max(most, step.count);
  if (pool.autoscaling) most = std::max(most, pool.autoscaling->max);
  return most;
}

std::uint32_t sixth_of_workers(const ResourceGroupConfig& group) {
  return (workers_of(group.workers) + 5) / 6;
}

class Alternatives {
 public:
  explicit Alternatives(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<Alternative> take() { return std::move(all_); }

  void add_when_busy() {
    if (!any_needs(scenario_)) return;
    for (const auto& [when, word] : kWhenBusy)
      add(fmt::format("when_credential_busy: {}", word),
          [when = when](std::size_t, ResourceGroupConfig& group) {
            return std::exchange(group.when_credential_busy, when) != when;
          });
  }

  void add_policies() {
    using Kind = DispatchPolicyKind;
    add_policy(Kind::strict_priority, "");
    add_policy(Kind::fair_first, "");
    add_policy(Kind::fifo, "");
    add_policy(Kind::fair_share, "",
               [](std::size_t, ResourceGroupConfig& g) { g.dispatch.share_weights.clear(); });
    const Duration after = longest_threshold();
    add_policy(Kind::ageing, format_exact(after),
               [after](std::size_t, ResourceGroupConfig& g) { g.dispatch.promote_after = after; });
    add_policy(Kind::weighted, "", [](std::size_t, ResourceGroupConfig& g) {
      g.dispatch.weights = {4, 2, 1};
    });
    const std::uint32_t kept = sixth_of_workers(scenario_.pipeline.groups.front());
    add_policy(Kind::reserved, fmt::format("{{MEDIUM: {0}, LOW: {0}}}", kept),
               [](std::size_t, ResourceGroupConfig& group) {
                 const std::uint32_t sixth = sixth_of_workers(group);
                 group.dispatch.reserved = {0, sixth, sixth};
               });
    add_policy(Kind::workspace_cap, fmt::to_string(twice_fair_share(0)),
               [this](std::size_t number, ResourceGroupConfig& group) {
                 group.dispatch.cap = twice_fair_share(number);
               });
    add_policy(Kind::share_limit, fmt::format("{}%", twice_fair_percent(0)),
               [this](std::size_t number, ResourceGroupConfig& group) {
                 group.dispatch.share_millionths = twice_fair_percent(number) * 10'000;
               });
  }

 private:
  /// Makes the change to a group; false: it is as it was.
  using Change = std::function<bool(std::size_t number, ResourceGroupConfig&)>;
  using Set = std::function<void(std::size_t number, ResourceGroupConfig&)>;

  void add(std::string words, const Change& change) {
    Alternative alternative{std::move(words), scenario_};
    bool any = false;
    auto& groups = alternative.scenario.pipeline.groups;
    for (std::size_t i = 0; i < groups.size(); ++i) any |= change(i, groups[i]);
    if (any) all_.push_back(std::move(alternative));
  }

  /// `parameters`: as scenarios write them; "": none.
  void add_policy(DispatchPolicyKind kind, const std::string& parameters, const Set& set = {}) {
    const std::string words = parameters.empty()
                                  ? std::string(name(kind))
                                  : fmt::format("{{{}: {}}}", name(kind), parameters);
    add("dispatch: " + words, [&](std::size_t number, ResourceGroupConfig& group) {
      if (group.dispatch.kind == kind) return false;
      group.dispatch.kind = kind;
      if (set) set(number, group);
      return true;
    });
  }

  Duration longest_threshold() const {
    const Duration longest = *std::max_element(scenario_.starvation_threshold.begin(),
                                               scenario_.starvation_threshold.end());
    return longest.ns > 0 ? longest : Duration{300'000'000'000};
  }

  std::uint32_t sharing(std::size_t group) const {
    const auto& all = scenario_.pipeline.workspaces;
    const auto those = std::count_if(all.begin(), all.end(),
                                     [group](const auto& w) { return w.group.index() == group; });
    return std::max(1u, static_cast<std::uint32_t>(those));
  }
  std::uint32_t twice_fair_share(std::size_t group) const {
    const std::uint32_t twice = 2 * workers_of(scenario_.pipeline.groups[group].workers);
    return std::max(1u, twice / sharing(group));
  }
  /// At most half of the workers.
  std::uint32_t twice_fair_percent(std::size_t group) const {
    return std::max(1u, std::min(50u, 200u / sharing(group)));
  }

  const Scenario& scenario_;
  std::vector<Alternative> all_;
};

}  // namespace

std::vector<Alternative> alternatives(const Scenario& scenario) {
  Alternatives all(scenario);
  all.add_when_busy();
  all.add_policies();
  return all.take();
}

}  // namespace sluice

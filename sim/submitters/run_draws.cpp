#include "sim/submitters/run_draws.hpp"

#include <span>

namespace sluice {
namespace {

WeightedChoice choice_of(std::span<const double> weights) {
  return weights.empty() ? WeightedChoice() : WeightedChoice::weighted(weights);
}

template <class T>
WeightedChoice choice_of(const Mix<T>& mix) {
  std::vector<double> weights;
  for (const auto& [weight, thing] : mix) weights.push_back(weight);
  return choice_of(std::span<const double>(weights));
}

bool any(const OptionMix& options) {
  return options.debug > 0 || options.capture_console > 0 || options.force_refresh > 0 ||
         options.dry_run > 0;
}

}  // namespace

RunDraws::RunDraws(const SubmitterConfig& config, std::uint64_t submitter_key)
    : config_(&config),
      run_keys_(stream_key(submitter_key, "run")),
      workflow_(choice_of(config.workflows)),
      level_(choice_of(config.priority)),
      several_workspaces_(config.workspaces.size() > 1),
      several_uses_(config.workflows.size() > 1),
      any_options_(any(config.options)) {
  if (!config.workspace_weights.empty()) {
    workspace_ = WeightedChoice::weighted(config.workspace_weights);
  } else if (!config.workspaces.empty()) {
    workspace_ = WeightedChoice::uniform(config.workspaces.size());
  }
  for (const auto& [weight, level] : config.priority) levels_.push_back(level);
  if (levels_.empty()) levels_.push_back(PriorityLevel::LOW);
}

RunOptions RunDraws::options(std::uint64_t run_key) const {
  const auto asks = [&](std::uint64_t place, double share) {
    return static_cast<double>(bits(run_key, kOptions + place) >> 11) * 0x1.0p-53 < share;
  };
  const OptionMix& shares = config_->options;
  return {asks(0, shares.debug), asks(1, shares.capture_console), asks(2, shares.force_refresh),
          asks(3, shares.dry_run)};
}

}  // namespace sluice

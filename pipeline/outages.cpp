#include "pipeline/outages.hpp"

#include "base/check.hpp"

namespace sluice {

Outages::Outages(const PipelineConfig& config, std::uint64_t seed)
    : config_(config), key_(stream_key(seed, "outage")) {
  config_grew();
}

void Outages::config_grew() {
  SLUICE_REQUIRE(config_.credentials.size() >= states_.size(), "credentials are only appended");
  for (std::size_t i = states_.size(); i < config_.credentials.size(); ++i)
    states_.push_back({Stream(stream_key(key_, std::uint64_t{i}))});
}

std::optional<Outages::Change> Outages::next(Time now, CredentialId credential) {
  SLUICE_REQUIRE(credential.index() < states_.size(), "there is such a credential");
  const CredentialConfig& c = config_.credentials[credential.index()];
  State& state = states_[credential.index()];
  const std::size_t step = state.step++;
  const bool begins = step % 2 == 0;
  if (step / 2 < c.outages.size()) {
    const OutageConfig& outage = c.outages[step / 2];
    return Change{begins ? outage.at : outage.at + outage.length, begins};
  }
  if (!c.mean_time_between_outages) return std::nullopt;
  const Duration after = begins ? Duration::from_seconds(state.stream.exponential() *
                                                         c.mean_time_between_outages->seconds())
                                : c.outage_length.duration(state.stream);
  return Change{now + after, begins};
}

}  // namespace sluice

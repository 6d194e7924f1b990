#include "reports/figures/wait_part.hpp"

namespace sluice {

std::string_view name(WaitPart part) {
  constexpr std::array<std::string_view, kWaitParts> names{"workers_high",
                                                           "workers_medium",
                                                           "workers_low",
                                                           "own_workspace",
                                                           "worker_start_up",
                                                           "no_worker",
                                                           "held_by_policy",
                                                           "credential_limit",
                                                           "login",
                                                           "pause",
                                                           "workspace_cap",
                                                           "retry_delay",
                                                           "api"};
  return names[static_cast<std::size_t>(part)];
}

Duration WaitAttribution::wait() const {
  Duration sum;
  for (std::size_t i = 0; i < kWaitParts; ++i)
    if (static_cast<WaitPart>(i) != WaitPart::api) sum += parts[i];
  return sum;
}

}  // namespace sluice

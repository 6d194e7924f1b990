#include "reports/summary/waited_for.hpp"

#include <vector>

#include "reports/summary/phrases.hpp"

namespace sluice {
namespace {

/// The pool or credential that runs waited for longest; empty: not known.
Subject longest_waited_for(const Report& report) {
  const std::vector<PoolId> pools = worst_pools(report);
  const std::vector<CredentialId> credentials = worst_credentials(report);
  const auto held = [&](Metric metric, const Subject& subject) {
    return value_or_zero(report.figures.find(metric, subject));
  };
  const Subject pool = pools.empty() ? Subject() : Subject::of(pools.front());
  const Subject credential = credentials.empty() ? Subject() : Subject::of(credentials.front());
  const double of_pool = pools.empty() ? 0 : held(Metric::pool_held_time, pool);
  const double of_credential =
      credentials.empty() ? 0 : held(Metric::credential_held_time, credential);
  if (of_pool > 0 && of_pool >= of_credential) return pool;
  return of_credential > 0 ? credential : Subject();
}

WaitedFor of(const Report& report, const std::string& what) {
  const Subject whose = longest_waited_for(report);
  std::string name;
  if (whose.pool.valid()) name = report.names.pools.at(whose.pool.index()).name;
  if (whose.credential.valid()) name = report.names.credentials.at(whose.credential.index());
  return {name.empty() ? what : what + " of " + short_name(name), whose};
}

}  // namespace

std::optional<WaitedFor> waited_for(const Report& report, const LevelRow& row) {
  constexpr double kMost = 0.5;
  const std::vector<PartShare> shares = wait_shares(report, row);
  if (shares.empty() || shares.front().share < kMost) return std::nullopt;
  const WaitPart part = shares.front().part;
  switch (part) {
    case WaitPart::credential_limit:
      return of(report, "sessions");
    case WaitPart::login:
      return WaitedFor{of(report, "a login").text, {}};
    case WaitPart::workspace_cap:
      return WaitedFor{"the cap of their workspace", {}};
    case WaitPart::pause:
      return WaitedFor{phrase(part, row.level) + " to go on", {}};
    case WaitPart::retry_delay:
      return WaitedFor{phrase(part, row.level), {}};
    default:
      return std::nullopt;
  }
}

}  // namespace sluice

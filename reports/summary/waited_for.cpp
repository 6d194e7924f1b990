#include "reports/summary/waited_for.hpp"

#include <vector>

#include "reports/summary/phrases.hpp"

namespace sluice {
namespace {

/// The pool or credential that runs waited for longest; empty: not known.
std::string longest_waited_for(const Report& report) {
  const std::vector<PoolId> pools = worst_pools(report);
  const std::vector<CredentialId> credentials = worst_credentials(report);
  const double of_pool =
      pools.empty()
          ? 0
          : value_or_zero(report.figures.find(Metric::pool_held_time, Subject::of(pools.front())));
  const double of_credential =
      credentials.empty() ? 0
                          : value_or_zero(report.figures.find(Metric::credential_held_time,
                                                              Subject::of(credentials.front())));
  if (of_pool > 0 && of_pool >= of_credential)
    return short_name(report.names.pools.at(pools.front().index()).name);
  if (of_credential > 0)
    return short_name(report.names.credentials.at(credentials.front().index()));
  return {};
}

std::string of(const Report& report, const std::string& what) {
  const std::string whose = longest_waited_for(report);
  return whose.empty() ? what : what + " of " + whose;
}

}  // namespace

std::optional<std::string> waited_for(const Report& report, const LevelRow& row) {
  constexpr double kMost = 0.5;
  const std::vector<PartShare> shares = wait_shares(report, row);
  if (shares.empty() || shares.front().share < kMost) return std::nullopt;
  switch (shares.front().part) {
    case WaitPart::credential_limit:
      return of(report, "sessions");
    case WaitPart::login:
      return of(report, "a login");
    case WaitPart::workspace_cap:
      return "the cap of their workspace";
    case WaitPart::pause:
    case WaitPart::retry_delay:
      return phrase(shares.front().part, row.level) +
             (shares.front().part == WaitPart::retry_delay ? "" : " to go on");
    default:
      return std::nullopt;
  }
}

}  // namespace sluice

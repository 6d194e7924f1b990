// `incidents`: timed changes of workers, credentials, workflows, arrivals or the API.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/names.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct IncidentText {
  enum class Kind : std::uint8_t {
    none,  ///< it could not be read, which was reported
    lose_workers,
    restart_workers,
    set_workers,
    pause_credential,
    pause_workflow,
    pause_group,
    arrival_rate,
    failure_rate,
    login_failure_rate,
    api_latency,
    api_error_rate,
    workflow_duration,
    credential_limit,
    credential_expiry
  };
  Mark mark;
  std::string name;
  Time at;
  std::optional<Duration> length;
  Kind kind = Kind::none;
  std::vector<Name>
      names;  ///< of the group, credentials, workflows or submitters; empty: the only one, or all
  std::uint32_t count = 0;
  double value = 1;  ///< factor or rate
  CredentialOverride limits;
};

Type<IncidentText> incident_type();

/// The incidents without a mistake, ascending in time. Warns of those that change nothing. `so_far`
/// has its pipeline and its submitters.
std::vector<Incident> build_incidents(const std::vector<IncidentText>& texts, DeclaredNames& names,
                                      const Scenario& so_far, Problems& problems);

}  // namespace sluice

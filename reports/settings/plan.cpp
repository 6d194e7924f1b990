#include "reports/settings/plan.hpp"

namespace sluice {

std::string_view name(PlanStatus status) {
  switch (status) {
    case PlanStatus::found:
      return "found";
    case PlanStatus::infeasible:
      return "infeasible";
    case PlanStatus::undecided:
      break;
  }
  return "undecided";
}

std::string_view name(SettingStanding standing) {
  switch (standing) {
    case SettingStanding::passed:
      return "passed";
    case SettingStanding::confirmed:
      return "confirmed";
    case SettingStanding::rejected:
      return "rejected";
    case SettingStanding::presumed:
      return "presumed";
    case SettingStanding::undecided:
      return "undecided";
    case SettingStanding::untested:
      break;
  }
  return "untested";
}

}  // namespace sluice

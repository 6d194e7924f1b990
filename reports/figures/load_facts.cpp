#include "reports/figures/load_facts.hpp"

namespace sluice {

std::string_view name(LoadFacts::Validity validity) {
  switch (validity) {
    case LoadFacts::Validity::valid:
      return "valid";
    case LoadFacts::Validity::late:
      return "late";
    case LoadFacts::Validity::saturated:
      return "saturated";
    case LoadFacts::Validity::clock_jumped:
      return "clock_jumped";
    case LoadFacts::Validity::unseen:
      return "unseen";
  }
  return "";
}

}  // namespace sluice

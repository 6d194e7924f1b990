#include "reports/figures/trace_import.hpp"

namespace sluice {

std::string_view name(LeftOut reason) {
  switch (reason) {
    case LeftOut::filtered:
      return "filtered";
    case LeftOut::unreadable:
      return "unreadable";
    case LeftOut::no_time:
      return "no_time";
    case LeftOut::unknown_level:
      return "unknown_level";
    case LeftOut::duplicate_id:
      return "duplicate_id";
    case LeftOut::no_duration:
      return "no_duration";
    case LeftOut::before_from:
      return "before_from";
    case LeftOut::after_to:
      return "after_to";
    case LeftOut::beyond_most:
      return "beyond_most";
    case LeftOut::before_start:
      return "before_start";
    case LeftOut::after_end:
      return "after_end";
  }
  return "";
}

}  // namespace sluice

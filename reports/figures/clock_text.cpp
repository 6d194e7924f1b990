#include "reports/figures/clock_text.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "base/text/units.hpp"
#include "reports/report.hpp"

namespace sluice {

std::string clock_text(const ReportHeader&, Time t) {
  constexpr std::int64_t kMinute = 60'000'000'000;
  const std::int64_t minutes = t.ns / kMinute;
  if (minutes < 24 * 60) return format_duration(t.seconds());
  return fmt::format("{}d{:02}h{:02}m", minutes / 1440, minutes / 60 % 24, minutes % 60);
}

}  // namespace sluice

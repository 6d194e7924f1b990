#include "reports/summary/too_long_text.hpp"

#include <fmt/format.h>

#include <utility>

#include "reports/figures/figure_text.hpp"

namespace sluice {

std::string too_long_text(const Report& report) {
  std::string text;
  bool waited = false;
  for (const auto& [metric, what] : {std::pair(Metric::timed_out_count, "timed out"),
                                     std::pair(Metric::expired_count, "expired"),
                                     std::pair(Metric::cancelled_count, "cancelled")}) {
    const Figure* figure = report.figures.find(metric);
    if (figure == nullptr || figure->value == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : " · ", compact_count(figure->value), what);
    waited = waited || metric != Metric::timed_out_count;
  }
  if (waited) text += "; expired and cancelled ones count as still waiting above";
  return text;
}

}  // namespace sluice

#include "reports/summary/window_breaks.hpp"

#include <fmt/format.h>

#include "reports/figures/clock_text.hpp"
#include "reports/figures/figure_text.hpp"

namespace sluice {

const WindowBreaks* breaks_of(const Report& report, const Expectation& expectation) {
  for (const WindowFigure& window : report.windows) {
    if (window.metric != expectation.metric || window.subject != expectation.subject ||
        window.over != expectation.over)
      continue;
    for (const WindowBreaks& breaks : window.breaks)
      if (breaks.comparison == expectation.comparison && breaks.limit == expectation.limit)
        return &breaks;
  }
  return nullptr;
}

std::string breaks_text(const Report& report, const Expectation& expectation) {
  const WindowBreaks* breaks = breaks_of(report, expectation);
  if (breaks == nullptr || !breaks->first) return {};
  const std::string first = clock_text(report.header, *breaks->first);
  const std::string share =
      rough_share(static_cast<double>(breaks->broken) / static_cast<double>(breaks->windows));
  if (report.header.replications == 1)
    return fmt::format(
        "first broken at {}, {} of the windows ({})", first, share,
        breaks->times == 1 ? std::string("once") : fmt::format("{} times", breaks->times));
  const std::string mean = clock_text(report.header, Time::from_seconds(breaks->first_mean_s));
  return fmt::format("broken in {} of {} replications, first at {}{}, {} of the windows",
                     breaks->replications, report.header.replications, first,
                     mean == first ? "" : fmt::format(" (on average at {})", mean), share);
}

}  // namespace sluice

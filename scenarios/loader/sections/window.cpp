#include "scenarios/loader/sections/window.hpp"

#include <algorithm>

#include "scenarios/loader/keys/clock_types.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"

namespace sluice {

namespace {

const Table<WindowText>& window_table() {
  using W = WindowText;
  static const Table<W> table{
      "a window",
      "A part of the scenario's time: figures are of it alone, and what comes long before it is "
      "not simulated.",
      {key("from", time_type(), &W::from, "where it begins").or_default("0s"),
       key("until", time_type(), &W::until, "where it ends; not given: with the scenario"),
       key("lead_in", duration_type(), &W::lead_in,
           "so long before it runs begin to arrive, into an empty pipeline")
           .or_default("7d")}};
  return table;
}

}  // namespace

Type<WindowText> window_type() {
  return named<WindowText>("window", with_mark(object(window_table)));
}

void set_window(const WindowText& window, Scenario& scenario, Problems& problems) {
  if (window.unread.any() || scenario.duration.ns <= 0) return;  // reported already
  const Time end = Time::zero() + scenario.duration;
  const Time until = window.until.value_or(end);
  if (until > end) {
    problems.error(window.mark, "the window ends after the scenario");
    return;
  }
  Time from = window.from;
  if (from > Time::zero() && !scenario.warm_up.automatic)
    from = std::max(from, Time::zero() + scenario.warm_up.length);
  if (until <= from) {
    problems.error(window.mark, "the window ends before it begins, or with its warm-up");
    return;
  }
  scenario.has_window = true;
  scenario.duration = until - Time::zero();
  scenario.arrivals_from = std::max(Time::zero(), window.from - window.lead_in);
  if (from > Time::zero()) scenario.warm_up = {false, from - Time::zero()};
}

}  // namespace sluice

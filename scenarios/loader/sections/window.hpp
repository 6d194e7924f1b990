// `window`: a part of a scenario's time, looked at alone.
#pragma once

#include <optional>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct WindowText {
  Mark mark;
  Unread unread;
  Time from;
  std::optional<Time> until;  ///< none: the scenario's end
  Duration lead_in{};
};

Type<WindowText> window_type();

/// The scenario ends with the window, its warm-up lasts to the window's beginning, and nobody
/// submits sooner than `lead_in` before. Time 0, and so all dates, growth and incidents, stay where
/// they are. Reports what is wrong with it.
void set_window(const WindowText& window, Scenario& scenario, Problems& problems);

}  // namespace sluice

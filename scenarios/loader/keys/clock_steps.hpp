// Steps by the clocks: what holds from which time of day on, alike on all days or by day of the
// week.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/calendar/calendar.hpp"
#include "base/time.hpp"
#include "scenarios/loader/keys/clock_types.hpp"
#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

inline constexpr Duration kDay{kNsPerDay};
inline constexpr Duration kWeek{7 * kNsPerDay};

/// That times of day ascend from 00:00 on. `map` holds them as its keys.
template <class V>
bool check_day(Reader& reader, const TreeNode& map, const Entries<Time, V>& steps) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Mark& mark = map.entries[i].key.mark;
    if (i == 0 && steps[i].first != Time::zero())
      return reader.error(mark, "the first time must be 0h: what is it before?");
    if (i > 0 && steps[i].first <= steps[i - 1].first)
      return reader.error(mark, "the times must ascend");
  }
  return true;
}

/// `{0h: 5/min, 09:00: 25/min}`.
template <class V>
Type<Entries<Time, V>> day_steps_type(const std::string& what, Type<V> value) {
  Type<Entries<Time, V>> type = entries<Time, V>(what, time_of_day_type(), std::move(value));
  type.read = [read = type.read](Reader& reader, TreeNode& node, Entries<Time, V>& steps) {
    return read(reader, node, steps) && check_day(reader, node, steps);
  };
  return type;
}

/// `{mon-fri: {0h: 5/min, 09:00: 25/min}, sat-sun: 2/min}`: steps of a week, from Monday 00:00 on.
/// Each day is named once.
template <class V>
Type<Entries<Time, V>> week_steps_type(const std::string& what, Type<V> value) {
  using Steps = Entries<Time, V>;
  auto all_day = converted<V, Steps>(value, [](V v) {
    return Steps{{Time::zero(), std::move(v)}};
  });
  Type<Steps> day = by_shape<Steps>(
      what + ": one for the whole day, or times of day",
      {std::move(all_day), std::nullopt, day_steps_type<V>(what, std::move(value))});
  auto days = entries<Weekdays, Steps>("days, and " + what, day_range_type(), std::move(day));
  auto read = [read = std::move(days.read)](Reader& reader, TreeNode& node, Steps& steps) {
    Entries<Weekdays, Steps> given;
    if (!read(reader, node, given)) return false;
    std::array<const Steps*, 7> by_day{};
    for (std::size_t i = 0; i < given.size(); ++i)
      for (std::size_t day = 0; day < by_day.size(); ++day) {
        if ((given[i].first >> day & 1) == 0) continue;
        if (by_day[day] != nullptr)
          return reader.error(node.entries[i].key.mark, "one of these days is named above already");
        by_day[day] = &given[i].second;
      }
    for (std::size_t day = 0; day < by_day.size(); ++day) {
      if (by_day[day] == nullptr)
        return reader.error(node.mark, "what is it on the other days? Each day must be named once");
      for (const auto& [at, v] : *by_day[day])
        steps.emplace_back(at + kDay * static_cast<std::int64_t>(day), v);
    }
    return true;
  };
  return {std::move(read), std::move(days.schema)};
}

/// Steps of a day or a week laid out from time 0 until `until` by the clocks of `calendar`. The
/// first one is at time 0.
template <class V>
Entries<Time, V> laid_out(const Entries<Time, V>& steps, Duration period, const Calendar& calendar,
                          Time until) {
  Entries<Time, V> result;
  std::int64_t day = calendar.local_day(Time::zero());
  for (bool over = false; !over; ++day) {
    const Duration of_week =
        period == kWeek ? kDay * static_cast<std::int64_t>(calendar.weekday(day)) : Duration{};
    for (const auto& [at, v] : steps) {
      const Duration of_day = at - Time::zero() - of_week;
      if (of_day < Duration::zero() || of_day >= kDay) continue;
      const Time time = calendar.time_of(day, of_day);
      if (time > until) over = true;
      if (over) break;
      if (time <= Time::zero())
        result.assign(1, {Time::zero(), v});
      else if (!result.empty() && result.back().first == time)
        result.back().second = v;
      else
        result.emplace_back(time, v);
    }
  }
  return result;
}

}  // namespace sluice

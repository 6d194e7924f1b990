// What random scenarios are drawn with: a stream, and whether a feature is on in this scenario.
#pragma once

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "base/random/random.hpp"
#include "tests/model/swarm/scenario_draw.hpp"

namespace sluice::swarm {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : stream_(stream_key(seed, "swarm")) {
    constexpr double kDensities[] = {0.15, 0.4, 0.7};
    density_ = kDensities[stream_.below(3)];
    seconds_only_ = stream_.chance(0.6);
    // What seldom comes together by chance, and matters together.
    if (maybe(50)) return;
    for (const char* feature :
         among<std::array<const char*, 3>>({{"policies", "credentials", "levels"},
                                            {"policies", "autoscaling", "levels"},
                                            {"autoscaling", "incidents", "incidents of workers"},
                                            {"schedule", "incidents", "incidents of workers"},
                                            {"pools", "incidents", "pauses"},
                                            {"until", "incidents", "factors"}})) {
      asked_.insert(feature);
      on_.insert(feature);
    }
  }

  /// Whether this scenario has the feature: the same answer whenever it is asked.
  bool has(const std::string& feature) {
    if (asked_.insert(feature).second && stream_.chance(density_)) on_.insert(feature);
    return on_.count(feature) > 0;
  }
  /// Of a feature that is on: here, too?
  bool has_here(const std::string& feature) { return has(feature) && maybe(60); }

  bool maybe(int percent) { return stream_.chance(percent / 100.0); }
  int number(int from, int to) {
    return from + static_cast<int>(stream_.below(static_cast<std::uint64_t>(to - from + 1)));
  }
  template <class T>
  T among(std::initializer_list<T> all) {
    return *(all.begin() + number(0, static_cast<int>(all.size()) - 1));
  }
  /// A time in whole seconds, in some scenarios with milliseconds. Whole ones make ties.
  std::string time(int from, int to) {
    const int seconds = number(from, to);
    if (seconds_only_ || seconds == to) return fmt::format("{}s", seconds);
    return fmt::format("{}ms", seconds * 1000 + number(0, 999));
  }
  std::string percent(int from, int to) { return fmt::format("{}%", number(from, to)); }
  /// A distribution of times.
  Tree times(int from, int to) {
    switch (number(0, 4)) {
      case 0:
        return Tree{
            {"uniform", {{"min", fmt::format("{}s", from)}, {"max", fmt::format("{}s", to)}}}};
      case 1:
        return Tree{{"exponential", fmt::format("{}s", std::max(1, (from + to) / 2))}};
      case 2:
        return Tree{{"empirical", {{"values", Tree::array({time(from, to), time(from, to)})}}}};
      default:
        return time(from, to);
    }
  }
  /// One whose values are at most `to` seconds.
  Tree bounded_times(int from, int to) {
    if (maybe(70)) return time(from, to);
    return Tree{{"uniform", {{"min", fmt::format("{}s", from)}, {"max", fmt::format("{}s", to)}}}};
  }

 private:
  Stream stream_;
  double density_ = 0.5;
  bool seconds_only_ = true;
  std::set<std::string> asked_, on_;
};

}  // namespace sluice::swarm

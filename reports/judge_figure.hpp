// One sentence held against one set of figures: those of a report, or those of one of its
// replications. What follows for the verdict is in judge.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "reports/expectations/expectation.hpp"
#include "reports/figures/figure.hpp"
#include "reports/recorder.hpp"

namespace sluice {

struct Report;

/// What a sentence is held against; refers to what it was made of.
struct Measurements {
  const FigureTable& figures;
  const std::vector<WindowFigure>& windows;
  Time from;
  Time until;
  std::uint32_t replications = 1;
  bool from_outside = false;  ///< of a load: what a client cannot see is missing
};
Measurements measurements(const Report& report);
Measurements measurements(const ReplicationResult& result);

/// passed, failed or inconclusive, and of the last why.
struct Judgement {
  Status status = Status::inconclusive;
  std::string why;
};

/// The figure that a sentence is about; zero where nothing happened and that says so. None: nothing
/// was measured. O(log n), over windows O(windows).
std::optional<Figure> figure_for(const Expectation& e, const Measurements& measured);
/// Why there is nothing to hold against the limit.
std::string nothing_measured(const Expectation& e, const Measurements& measured);

/// Whether the sentence holds at one end and not at the other.
bool open_between(const Expectation& e, const Interval& between);
/// Of a figure that was measured; with an interval if it has one.
Judgement judge_figure(const Expectation& e, const Figure& figure);
/// Of one replication by itself, whatever share of them is asked for.
Judgement judge_replication(const Expectation& e, const ReplicationResult& result);

}  // namespace sluice

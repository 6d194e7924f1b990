// Loads for the tests of predictions, and what would be measured of them: by the simulator, seen
// from outside.
#pragma once

#include <cstdint>

#include "reports/report.hpp"
#include "scenarios/scenario.hpp"

namespace sluice::test {

/// Three levels, five workspaces, six workers, busier than they can serve for a third of the time,
/// and a credential that half of MEDIUM needs: each rule of dispatch leaves its own traces. About
/// 700 runs.
Scenario office(std::uint64_t seed = 1);

/// One workspace whose runs take ten times as long as those of four others, at one level, all with
/// more than six workers can do: turns give it most of the workers, shares of worker time do not.
Scenario long_and_short_runs(std::uint64_t seed = 1);

/// What a live target that follows `scenario` shows. Each `draw` is another one: the same
/// submissions, other service times, failures and logins.
Report measured(const Scenario& scenario, std::uint64_t draw);

}  // namespace sluice::test

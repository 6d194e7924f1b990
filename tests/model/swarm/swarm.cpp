#include "tests/model/swarm/swarm.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <ostream>

#include "tests/model/swarm/check.hpp"
#include "tests/model/swarm/scenario_draw.hpp"
#include "tests/model/swarm/shrink.hpp"

namespace sluice::swarm {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Shrinks it, leaves it in a folder of its own, and tells of it.
std::string look_into(std::uint64_t seed, const DrawnScenario& scenario, const Verdict& found,
                      const std::string& folder) {
  const std::string place = fmt::format("{}/seed-{}", folder, seed);
  std::filesystem::create_directories(place);
  const auto still_fails = [&](const Tree& tree) {
    return check_apart({tree, scenario.rows}, place).kind == found.kind;
  };
  const DrawnScenario small{shrink(scenario.tree, still_fails), scenario.rows};
  const Verdict verdict = check_apart(small, place);
  return fmt::format("seed {}: {}\n{}\n# {}/scenario.yaml\n{}\n", seed, found.kind, verdict.text,
                     place, yaml_text(small.tree));
}

}  // namespace

SwarmResult run_swarm(const SwarmOptions& options, std::ostream& progress) {
  SwarmResult result;
  const Clock::time_point start = Clock::now();
  std::filesystem::create_directories(options.folder);
  std::uint64_t seed = options.first_seed;
  for (; result.scenarios < options.seeds && seconds_since(start) < options.seconds; ++seed) {
    const DrawnScenario scenario = draw_scenario(seed);
    const Verdict verdict = check_apart(scenario, options.folder);
    ++result.scenarios;
    result.refused += verdict.outcome == Verdict::Outcome::refused ? 1 : 0;
    result.compared += verdict.compared ? 1 : 0;
    if (verdict.outcome != Verdict::Outcome::faulty) continue;
    ++result.faulty;
    result.kinds[verdict.kind].push_back(seed);
    if (result.kinds[verdict.kind].size() > 1) continue;
    const std::string told = look_into(seed, scenario, verdict, options.folder);
    progress << told << std::flush;
    result.report += told;
    if (!options.go_on) break;
  }
  result.next_seed = options.first_seed + result.scenarios;
  return result;
}

}  // namespace sluice::swarm

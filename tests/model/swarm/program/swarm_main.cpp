// sluice_swarm: random scenarios for as long as one likes.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string_view>

#include "tests/model/swarm/check.hpp"
#include "tests/model/swarm/swarm.hpp"

namespace {

constexpr std::string_view kUsage =
    "sluice_swarm [--seconds N] [--seed N] [--scenarios N] [--folder DIR] [--stop] [--print]\n"
    "  Checks random scenarios from the seed on. Faulty ones are shrunk and left in DIR/seed-N.\n"
    "  --stop ends at the first fault, --print only prints the scenario of the seed.\n"
    "sluice_swarm --check FILE...\n"
    "  Checks these scenario files instead.\n";

int print(std::uint64_t seed) {
  const sluice::swarm::DrawnScenario scenario = sluice::swarm::draw_scenario(seed);
  std::cout << sluice::swarm::yaml_text(scenario.tree);
  if (!scenario.rows.empty())
    std::cout << "# " << sluice::swarm::kRowsFile << ":\n" << scenario.rows;
  return 0;
}

int check(int count, char** files) {
  int faulty = 0;
  for (int i = 0; i < count; ++i) {
    const sluice::swarm::Verdict verdict = sluice::swarm::check_file_apart(files[i]);
    const bool good = verdict.outcome == sluice::swarm::Verdict::Outcome::good;
    const bool bad = verdict.outcome == sluice::swarm::Verdict::Outcome::faulty;
    fmt::print("{}: {}\n{}", files[i],
               good  ? "good"
               : bad ? verdict.kind
                     : "refused",
               verdict.text);
    faulty += bad ? 1 : 0;
  }
  return faulty == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  sluice::swarm::SwarmOptions options;
  options.seconds = 60;
  options.go_on = true;
  options.folder = (std::filesystem::temp_directory_path() / "sluice_swarm").string();
  bool only_print = false;
  for (int i = 1; i < count; ++i) {
    const std::string_view option = arguments[i];
    const char* value = i + 1 < count ? arguments[i + 1] : nullptr;
    if (option == "--check") return check(count - i - 1, arguments + i + 1);
    if (option == "--stop") {
      options.go_on = false;
    } else if (option == "--print") {
      only_print = true;
    } else if (value != nullptr && option == "--seconds") {
      options.seconds = std::atof(arguments[++i]);
    } else if (value != nullptr && option == "--seed") {
      options.first_seed = std::strtoull(arguments[++i], nullptr, 10);
    } else if (value != nullptr && option == "--scenarios") {
      options.seeds = std::strtoull(arguments[++i], nullptr, 10);
      options.seconds = 1e9;
    } else if (value != nullptr && option == "--folder") {
      options.folder = arguments[++i];
    } else {
      std::cerr << kUsage;
      return 2;
    }
  }
  if (only_print) return print(options.first_seed);
  const sluice::swarm::SwarmResult result = run_swarm(options, std::cout);
  fmt::print(
      "{} scenarios, seeds {} to {}: {} compared with the reference, {} refused, {} faulty\n",
      result.scenarios, options.first_seed, result.next_seed - 1, result.compared, result.refused,
      result.faulty);
  for (const auto& [kind, seeds] : result.kinds) {
    fmt::print("{:6} {}: seeds", seeds.size(), kind);
    for (std::size_t i = 0; i < std::min<std::size_t>(seeds.size(), 10); ++i)
      fmt::print(" {}", seeds[i]);
    fmt::print("{}\n", seeds.size() > 10 ? " ..." : "");
  }
  return result.faulty == 0 ? 0 : 1;
}

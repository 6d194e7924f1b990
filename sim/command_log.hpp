// A log of commands, and what it is as incidents of a scenario: what was done by hand while a
// pipeline was served can be simulated again.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "pipeline/command.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// What was commanded, and when it took effect.
struct LoggedCommand {
  Time at;
  Command command;
  bool operator==(const LoggedCommand&) const = default;
};

/// A log as incidents, and what has no such form.
struct ReplayableLog {
  std::vector<Incident> incidents;  ///< ascending in `at`, those that last have no length
  std::vector<LoggedCommand> left_out;
};

/// What begins and what ends it become one incident: a pause and its resume, a loss and so many of
/// its workers as were restored (those lost first come back first), a number of workers or a factor
/// and what came in its place. Left out: what took no time, an end without a beginning, and what is
/// about things that `scenario` does not have. `log`: ascending in time. O(commands x those
/// that last at a time).
///
/// Simulated, the incidents do what the commands did, with three exceptions. An incident comes
/// before all submissions of its instant. And where lost workers have left for good, others than
/// those that were lost first may be restored. And where workers fail by chance, a restore of parts
/// of several losses is several incidents, each of which draws the next failure anew.
ReplayableLog incidents_of(std::span<const LoggedCommand> log, const PipelineConfig& scenario);

/// The key `incidents:` of a scenario with these as YAML, what is left out as comments. `scenario`
/// is what was served, `now` the same with what was added meanwhile: it has all names.
std::string incidents_yaml(std::span<const LoggedCommand> log, const PipelineConfig& scenario,
                           const PipelineConfig& now);

}  // namespace sluice

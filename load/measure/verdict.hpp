// From what a load counted and measured to what its report says of it: whether it was the load that
// was asked for, and with which exit code it ends if not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/failure.hpp"
#include "load/follow/observed_runs.hpp"
#include "load/measure/load_measures.hpp"
#include "reports/figures/load_facts.hpp"
#include "scenarios/load_config.hpp"

namespace sluice {

/// How a load ended, apart from what its report says.
enum class LoadEnd : std::uint8_t { whole, stopped, aborted, target_lost };

struct MeasuredLoad {
  LoadCounts counts;
  ObservedCounts runs;
  std::vector<UnseenRuns> unseen;
  const LoadTimes* times = nullptr;  ///< of the whole load
  std::string target;
  double time_scale = 1;
  LoadConfig::Follow follow = LoadConfig::Follow::events;
  std::string ended_early;  ///< "": it was not
  std::string target_lost;  ///< how it is that nobody answers any more; "": somebody does
  std::string clock_jump;   ///< a sentence; "": it did not
  std::vector<std::string> notes;
  std::uint64_t connections_opened = 0, connections_most = 0;
  std::uint64_t bad_signatures = 0;
  double sending_seconds = 0;  ///< wall time
  double cpu_seconds = 0;
  bool dry_run = false;
  bool cut_short = false;  ///< whoever drives it would not wait for what was under way
};

/// The verdict on the generator included.
LoadFacts load_facts(const MeasuredLoad& measured, const LoadConfig& config);

/// With which a load ends whatever its report says: a generator that was late, for one, is
/// invalid_run. None: its expectations decide.
std::optional<ExitCode> exit_code_of(LoadEnd end, LoadFacts::Validity validity);

}  // namespace sluice

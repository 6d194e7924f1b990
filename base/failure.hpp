// What ends a command, and is not a mistake in this program: what was given cannot be used, or
// somebody else does not do his part. Thrown where it is found; only the command line catches it.
#pragma once

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace sluice {

/// Of the process, the same for every subcommand.
enum class ExitCode : int {
  ok = 0,
  internal_error = 1,
  bad_input = 2,  ///< bad usage or scenario
  expectation_failed = 3,
  regression = 4,    ///< against a baseline
  inconclusive = 5,  ///< no samples, too wide an interval, or one replication only; of a shard: the
                     ///< others have to do their part first
  invalid_run = 6,   ///< generator saturated or late, clock jumped
  target_unreachable = 7,
  output_failed = 8,
};

/// Where several exit codes apply, as to many files, the first of these counts.
inline constexpr std::array kExitCodeOrder{
    ExitCode::internal_error,     ExitCode::bad_input,    ExitCode::output_failed,
    ExitCode::target_unreachable, ExitCode::invalid_run,  ExitCode::regression,
    ExitCode::expectation_failed, ExitCode::inconclusive, ExitCode::ok};
inline ExitCode first_that_counts(ExitCode a, ExitCode b) {
  return *std::ranges::find_if(kExitCodeOrder,
                               [&](ExitCode code) { return code == a || code == b; });
}

/// The text is for whoever gave the command: what, where, and what to do about it; one line, and
/// never a secret.
class UserError : public std::runtime_error {
 public:
  UserError(ExitCode code, const std::string& text) : std::runtime_error(text), code_(code) {}

  /// With which the process is to end.
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

/// Bad usage: options, files or variables that cannot be used as they are.
inline UserError bad_input(const std::string& text) { return {ExitCode::bad_input, text}; }

}  // namespace sluice

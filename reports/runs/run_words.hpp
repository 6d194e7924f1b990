// The words for what happens to runs, the same in the run log and in a run's story.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"

namespace sluice {

std::string_view name(Outcome outcome);       ///< "succeeded"
std::string_view name(EndReason reason);      ///< "login_failed"
std::string_view name(RequeueCause cause);    ///< "retriable_failure"
std::string_view name(BlockReason reason);    ///< "credential_limit"
std::string_view describe(EndReason reason);  ///< "its login failed"

/// "01:02:03.500", with days "2d 01:02:03": a simulated time for people, to the millisecond.
std::string clock_text(Time time);

}  // namespace sluice

// Reasons in LoadFacts::failures that are not of answers, but of runs whose life was not seen.
#pragma once

#include <string_view>

namespace sluice {

/// Runs that started, it is not known when; and of the others those that are lost, or ended, it is
/// not known when (UnseenRuns::starts, ends).
inline constexpr std::string_view kNoStartEvent = "no start event";
inline constexpr std::string_view kNoEndEvent = "no end event";

}  // namespace sluice

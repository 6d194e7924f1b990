// How many cases a test is worth: under a sanitizer, where each takes ten times as long, a tenth of
// them shows the faults of memory and threads that are looked for there.
#pragma once

#include <algorithm>

namespace sluice::test {

#ifdef SLUICE_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// Of cases, or of what comes of them.
template <class Number>
constexpr Number cases(Number all) {
  return kSanitized ? std::max<Number>(1, all / 10) : all;
}

}  // namespace sluice::test

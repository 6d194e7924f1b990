// Numbered pieces of work on several threads.
#pragma once

#include <cstdint>
#include <functional>

namespace sluice {

/// Calls `work` once for each number below `count`, in order of their beginning, from `threads`
/// threads (0: one per core) of which the caller's is one. Returns when all are over. The first
/// exception ends it: numbers not begun are left out, and it is rethrown.
void in_parallel(std::uint32_t count, unsigned threads,
                 const std::function<void(std::uint32_t)>& work);

}  // namespace sluice

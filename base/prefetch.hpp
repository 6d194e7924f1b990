// Loading memory into the cache before it is needed.
#pragma once

namespace sluice {

/// Begins to load the cache line at `address`, which may be any.
inline void fetch_ahead(const void* address) {
  __builtin_prefetch(address);
  // g++ 12 takes a function that does nothing but prefetch for one without effect, and drops calls.
  asm volatile("");
}

}  // namespace sluice

// Tables of which any part may be touched next.
//
// With pages of 4 KiB a table of some megabytes has more pages than the processor keeps addresses
// of, and nearly every access to it looks one up. Large tables therefore ask for pages of 2 MiB,
// which the kernel gives where it can (madvise(2), MADV_HUGEPAGE).
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <vector>

namespace sluice {

/// Allocates what is smaller than half a large page as usual, more in whole large pages.
template <class T>
struct LargePageAllocator {
  using value_type = T;

  LargePageAllocator() = default;
  template <class U>
  LargePageAllocator(const LargePageAllocator<U>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kPage / 2) return static_cast<T*>(::operator new(bytes, kSmall));
    const std::size_t whole = (bytes + kPage - 1) / kPage * kPage;
    void* const memory = ::operator new (whole, std::align_val_t{kPage});
    ::madvise(memory, whole, MADV_HUGEPAGE);  // advice: what becomes of it changes no result
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    const bool small = count * sizeof(T) < kPage / 2;
    ::operator delete (memory, small ? kSmall : std::align_val_t{kPage});
  }
  bool operator==(const LargePageAllocator&) const { return true; }

 private:
  static constexpr std::size_t kPage = std::size_t{2} << 20;
  static constexpr std::align_val_t kSmall{std::max(alignof(T), alignof(std::max_align_t))};
};

/// A vector like any other, 1 MiB or more of it rounded up to 2 MiB.
template <class T>
using LargeTable = std::vector<T, LargePageAllocator<T>>;

}  // namespace sluice

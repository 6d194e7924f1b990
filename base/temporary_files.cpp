#include "base/temporary_files.hpp"

#include <unistd.h>

#include <array>
#include <utility>

#include "base/check.hpp"

namespace sluice {
namespace {

// A handler can reach nothing but what is static. More than so many at once there are not.
std::array<std::atomic<const char*>, 32> temporaries{};
static_assert(std::atomic<const char*>::is_always_lock_free);

std::atomic<const char*>* remember(const char* name) {
  for (std::atomic<const char*>& place : temporaries) {
    const char* none = nullptr;
    if (place.compare_exchange_strong(none, name)) return &place;
  }
  return nullptr;
}

}  // namespace

TemporaryName::~TemporaryName() {
  if (is_held()) ::unlink(name_.c_str());
  forget();
}

void TemporaryName::hold(std::string name) {
  SLUICE_REQUIRE(!is_held(), "a name is held at a time");
  name_ = std::move(name);
  known_ = remember(name_.c_str());
}

void TemporaryName::forget() {
  if (known_ != nullptr) *std::exchange(known_, nullptr) = nullptr;
  name_.clear();
}

void remove_temporary_files() {
  for (const std::atomic<const char*>& name : temporaries)
    if (const char* const file = name.load()) ::unlink(file);
}

}  // namespace sluice

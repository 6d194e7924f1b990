#include "base/check.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace sluice {
namespace {

thread_local const ScopedCheckSeed* innermost = nullptr;

[[noreturn]] void say_and_abort(std::string_view what) {
  std::fwrite(what.data(), 1, what.size(), stderr);
  std::fflush(stderr);
  std::abort();
}

}  // namespace

ScopedCheckSeed::ScopedCheckSeed(std::uint64_t seed, std::uint32_t replication)
    : outer_(innermost), seed_(seed), replication_(replication) {
  innermost = this;
}

ScopedCheckSeed::~ScopedCheckSeed() { innermost = outer_; }

struct CheckSeedText {
  static std::string text() {
    if (innermost == nullptr) return "";
    return fmt::format(", seed {}, replication {}", innermost->seed_, innermost->replication_);
  }
};

void require_failed(const char* place, const char* condition, const char* why) {
  say_and_abort(fmt::format("sluice: internal error at {}: a caller must keep to this: {} ({}){}\n",
                            place, why, condition, CheckSeedText::text()));
}

void check_failed(const char* place, const char* condition, const char* why, Time now,
                  std::uint64_t run_id) {
  const std::string run = run_id == kNoRun ? std::string() : fmt::format(", run {}", run_id);
  say_and_abort(fmt::format(
      "sluice: internal error at {}: {} ({}), simulated time {}.{:09} s{}{}\n", place, why,
      condition, now.ns / 1'000'000'000, now.ns % 1'000'000'000, run, CheckSeedText::text()));
}

}  // namespace sluice

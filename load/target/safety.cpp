#include "load/target/safety.hpp"

#include <fmt/format.h>

#include "base/failure.hpp"

namespace sluice {
namespace {

constexpr double kCeilingElsewhere = 16;

void require_confirmation(const Target& target, const std::string& host) {
  if (host.empty())
    throw bad_input(
        fmt::format("{} is not this machine: give --confirm-target {} if the load "
                    "is meant for it",
                    target.url(), target.host));
  if (host != target.host)
    throw bad_input(
        fmt::format("--confirm-target {} is not the target's host {}", host, target.host));
}

}  // namespace

SafetyLimits safety_limits(const Target& target, const SafetyWishes& wishes) {
  if (target.is_loopback()) return {wishes.dry_run, wishes.max_per_s.value_or(0)};
  require_confirmation(target, wishes.confirmed_host);
  return {wishes.dry_run || !wishes.no_dry_run, wishes.max_per_s.value_or(kCeilingElsewhere)};
}

}  // namespace sluice

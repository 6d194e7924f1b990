#include "pipeline/admission.hpp"

#include <algorithm>
#include "base/check.hpp"

namespace sluice {

Admission::Admission(const ApiConfig& config, std::size_t workspaces)
    : windows_(config.rate_limits), logs_(workspaces) {
  SLUICE_REQUIRE(windows_.size() <= kMaxRateWindows, "there are few windows");
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    if (windows_[i].length > windows_[longest_].length) longest_ = i;
    smallest_max_ = std::min<std::uint64_t>(smallest_max_, windows_[i].max);
  }
}

std::optional<Admission::Refusal> Admission::admit(Time now, WorkspaceId workspace) {
  if (windows_.empty()) return std::nullopt;
  SLUICE_REQUIRE(workspace.index() < logs_.size(), "there is such a workspace");
  Log& log = logs_[workspace.index()];
  // Where even the longest window, not brought up to date, has room for the strictest limit, all
  // have.
  if (log.head - log.tail[longest_] >= smallest_max_)
    if (auto refusal = check_windows(log, now)) return refusal;
  push(log, now);
  return std::nullopt;
}

/// Requests in a window, brought up to date.
std::uint64_t Admission::counted(Log& log, std::size_t window, Time now) const {
  std::uint64_t& tail = log.tail[window];
  // What left the longest window left this one, and may be overwritten.
  tail = std::max(tail, log.tail[longest_]);
  while (tail < log.head && log.at(tail) + windows_[window].length <= now) ++tail;
  return log.head - tail;
}

std::optional<RateRoom> Admission::room(Time now, WorkspaceId workspace) {
  Log& log = logs_[workspace.index()];
  std::optional<RateRoom> least;
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    const std::uint64_t count = counted(log, i, now);
    const std::uint32_t max = windows_[i].max;
    RateRoom room{static_cast<std::uint8_t>(i), max};
    room.remaining = max - static_cast<std::uint32_t>(std::min<std::uint64_t>(count, max));
    if (count > 0) room.more_in = log.at(log.tail[i]) + windows_[i].length - now;
    if (!least || room.remaining < least->remaining ||
        (room.remaining == least->remaining && room.more_in > least->more_in))
      least = room;
  }
  return least;
}

std::optional<Admission::Refusal> Admission::check_windows(Log& log, Time now) const {
  std::optional<Refusal> refusal;
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    const auto [length, max] = windows_[i];
    if (counted(log, i, now) < max) continue;
    const Duration wait = max == 0 ? length : log.at(log.head - max) + length - now;
    if (!refusal || wait > refusal->wait) refusal = {static_cast<std::uint8_t>(i), wait};
  }
  return refusal;
}

void Admission::push(Log& log, Time now) const {
  SLUICE_CHECK(log.head == 0 || log.times.empty() || log.at(log.head - 1) <= now,
               "requests are counted in the order of time", now, kNoRun);
  std::uint64_t& kept_from = log.tail[longest_];
  const Duration longest = windows_[longest_].length;
  if (log.head - kept_from == log.times.size())
    while (kept_from < log.head && log.at(kept_from) + longest <= now) ++kept_from;
  if (log.head - kept_from == log.times.size()) {
    std::vector<Time> larger(std::max<std::size_t>(8, log.times.size() * 2));
    for (std::uint64_t i = kept_from; i < log.head; ++i)
      larger[i & (larger.size() - 1)] = log.at(i);
    log.times.swap(larger);
  }
  log.times[log.head & (log.times.size() - 1)] = now;
  ++log.head;
}

}  // namespace sluice

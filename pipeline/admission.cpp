#include "pipeline/admission.hpp"

#include <algorithm>
#include <cassert>

namespace sluice {

Admission::Admission(const ApiConfig& config, std::size_t workspaces)
    : windows_(config.rate_limits), logs_(workspaces) {
  assert(windows_.size() <= kMaxRateWindows);
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    if (windows_[i].length > windows_[longest_].length) longest_ = i;
    smallest_max_ = std::min<std::uint64_t>(smallest_max_, windows_[i].max);
  }
}

std::optional<Admission::Refusal> Admission::admit(Time now, WorkspaceId workspace) {
  if (windows_.empty()) return std::nullopt;
  Log& log = logs_[workspace.index()];
  // Where even the longest window, not brought up to date, has room for the strictest limit, all
  // have.
  if (log.head - log.tail[longest_] >= smallest_max_)
    if (auto refusal = check_windows(log, now)) return refusal;
  push(log, now);
  return std::nullopt;
}

std::optional<Admission::Refusal> Admission::check_windows(Log& log, Time now) const {
  std::optional<Refusal> refusal;
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    const auto [length, max] = windows_[i];
    std::uint64_t& tail = log.tail[i];
    tail = std::max(
        tail,
        log.tail[longest_]);  // what left the longest window left this one, and may be overwritten
    while (tail < log.head && log.at(tail) + length <= now) ++tail;
    if (log.head - tail < max) continue;
    const Duration wait = max == 0 ? length : log.at(log.head - max) + length - now;
    if (!refusal || wait > refusal->wait) refusal = {static_cast<std::uint8_t>(i), wait};
  }
  return refusal;
}

void Admission::push(Log& log, Time now) const {
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

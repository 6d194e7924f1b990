#include "reports/metrics/starvation.hpp"

namespace sluice {

EpisodeTotals& EpisodeTotals::operator+=(const EpisodeTotals& other) {
  count += other.count;
  total += other.total;
  longest = std::max(longest, other.longest);
  backlogged += other.backlogged;
  return *this;
}

EpisodeTotals Episodes::until(Time now, Duration threshold) const {
  EpisodeTotals totals = totals_;
  if (!open()) return totals;
  totals.add(now - since_, threshold);
  totals.backlogged.ns += now.ns;
  return totals;
}

void Episodes::restart(Time now) {
  totals_ = {};
  if (open()) begin(now);
}

DispatchLog::DispatchLog(std::size_t queues) : queues_(queues) {}

void DispatchLog::count(std::size_t level, std::uint32_t queue) {
  if (counts_[level].empty()) counts_[level].resize(queues_);
  ++counts_[level][queue];
}

void DispatchLog::fold(std::size_t level) {
  Open& open = open_[level];
  for (std::uint64_t i = open.from; i < tail_; ++i) count(level, at(i));
  open.starved = true;
}

void DispatchLog::trim() {
  std::uint64_t oldest = tail_;
  for (const Open& open : open_)
    if (open.open && !open.starved) oldest = std::min(oldest, open.from);
  head_ = oldest;
}

void DispatchLog::grow() {
  std::vector<std::uint32_t> bigger(ring_.size() * 2);
  for (std::uint64_t i = head_; i < tail_; ++i) bigger[i & (bigger.size() - 1)] = at(i);
  ring_.swap(bigger);
}

void DispatchLog::end(std::size_t level, Time now, Duration threshold) {
  Open& open = open_[level];
  if (!open.starved && now - open.since >= threshold) fold(level);
  open.open = false;
  --open_levels_;
  if (head_ != tail_) trim();
}

void DispatchLog::dispatched(Time now, std::uint32_t queue, std::size_t level,
                             const std::array<Duration, kLevels>& threshold) {
  if (open_levels_ == 0) return;
  bool log = false;
  for (std::size_t k = 0; k < kLevels; ++k) {
    Open& open = open_[k];
    if (!open.open || k == level) continue;
    if (!open.starved && now - open.since >= threshold[k]) {
      fold(k);
      trim();
    }
    if (open.starved)
      count(k, queue);
    else
      log = true;
  }
  if (!log) return;
  if (tail_ - head_ == ring_.size()) grow();
  at(tail_++) = queue;
}

DispatchLog::Counts DispatchLog::counts(std::size_t level, Time now, Duration threshold) const {
  Counts counts = counts_[level];
  const Open& open = open_[level];
  if (!open.open || open.starved || now - open.since < threshold) return counts;
  counts.resize(queues_);
  for (std::uint64_t i = open.from; i < tail_; ++i) ++counts[at(i)];
  return counts;
}

void DispatchLog::restart(Time now) {
  for (Counts& counts : counts_) counts.clear();
  head_ = tail_;
  for (Open& open : open_)
    if (open.open) open = {now, tail_, true, false};
}

}  // namespace sluice

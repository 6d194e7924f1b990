#include "reports/metrics/fair_shares.hpp"

#include <algorithm>
#include <limits>

namespace sluice {

double water_level(std::vector<double> demands, double capacity) {
  auto wanting = demands.size();
  while (wanting > 0) {
    const double level = capacity / static_cast<double>(wanting);
    std::size_t left = 0;
    for (std::size_t i = 0; i < wanting; ++i) {
      if (demands[i] <= level)
        capacity -= demands[i];
      else
        demands[left++] = demands[i];
    }
    if (left == wanting) return level;
    wanting = left;
  }
  return std::numeric_limits<double>::infinity();
}

double FairShares::jain(const std::vector<double>& x) {
  double sum = 0;
  double squares = 0;
  for (const double v : x) {
    sum += v;
    squares += v * v;
  }
  // Nobody received anything: all alike.
  return squares > 0 ? sum * sum / (static_cast<double>(x.size()) * squares) : 1;
}

std::uint64_t FairTable::received_in_window(std::size_t workspace, Time now) const {
  const FairMember& m = members[workspace];
  return m.received + m.busy * static_cast<std::uint64_t>(now.ns) -
         received_before_window[workspace];
}

void FairTable::restart(Time now) {
  std::fill(results.begin(), results.end(), FairResult{});
  std::fill(received_before_window.begin(), received_before_window.end(), 0);
  for (std::size_t w = 0; w < members.size(); ++w)
    received_before_window[w] = received_in_window(w, now);
}

void FairShares::start(Time now) {
  since_ = now;
  ++window_;
  unmet_ = candidates_ > 0;
}

void FairShares::open(FairMember& m, WorkspaceId id) {
  const auto from = static_cast<std::uint64_t>(since_.ns);
  m.received_before = m.received + m.busy * from;
  m.unmet_before = m.unmet + m.candidates * from;
  m.dispatches = 0;
  m.window = window_;
  if (m.listed) return;
  m.listed = true;
  listed_.push_back(id);
}

void FairShares::judge(FairResult& result, double demand, double received, double level,
                       Duration length) const {
  const double entitled = std::min(demand, level);
  result.received_ns += received;
  result.entitled_ns += entitled;
  result.backlogged_ns += static_cast<double>(length.ns);
  result.below = received < factor_ * entitled ? result.below + length : Duration{};
  result.longest_below = std::max(result.longest_below, result.below);
}

void FairShares::end_window(Time now, double capacity_ns, FairTable& table) {
  if (!unmet_) return start(now);
  const auto until = static_cast<std::uint64_t>(now.ns);
  demands_.clear();
  std::vector<double> wanted;
  std::size_t kept = 0;
  constexpr std::size_t kAhead = 8;
  for (std::size_t i = 0; i < listed_.size(); ++i) {
    if (i + kAhead < listed_.size()) table.prefetch(listed_[i + kAhead]);
    const WorkspaceId id = listed_[i];
    FairMember& m = table.members[id.index()];
    if (m.window != window_) open(m, id);
    const auto received = static_cast<double>(m.received + m.busy * until - m.received_before);
    const auto unmet = static_cast<double>(m.unmet + m.candidates * until - m.unmet_before);
    demands_.push_back({id, received, unmet});
    wanted.push_back(received + unmet);
    m.listed = m.busy + m.candidates > 0;
    if (m.listed) listed_[kept++] = id;
  }
  listed_.resize(kept);
  const double level = water_level(wanted, capacity_ns);
  for (const Demand& d : demands_) {
    FairResult& result = table.results[d.id.index()];
    if (d.unmet > 0) {
      result.dispatched += table.members[d.id.index()].dispatches;
      judge(result, d.received + d.unmet, d.received, level, now - since_);
    } else {
      result.below = {};
    }
  }
  start(now);
}

}  // namespace sluice

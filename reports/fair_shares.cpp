#include "reports/fair_shares.hpp"

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

void FairShares::judge(FairMember& m, double demand, double received, double level,
                       Duration length) const {
  const double entitled = std::min(demand, level);
  m.received_ns += received;
  m.entitled_ns += entitled;
  m.backlogged_ns += static_cast<double>(length.ns);
  m.dispatched += m.dispatches;
  m.below = received < factor_ * entitled ? m.below + length : Duration{};
  m.longest_below = std::max(m.longest_below, m.below);
}

void FairShares::end_window(Time now, double capacity_ns, Members& members) {
  if (!unmet_) return start(now);
  const auto until = static_cast<std::uint64_t>(now.ns);
  demands_.clear();
  std::vector<double> wanted;
  std::size_t kept = 0;
  for (const WorkspaceId id : listed_) {
    FairMember& m = members[id.index()];
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
    FairMember& m = members[d.id.index()];
    if (d.unmet > 0)
      judge(m, d.received + d.unmet, d.received, level, now - since_);
    else
      m.below = {};
  }
  start(now);
}

}  // namespace sluice

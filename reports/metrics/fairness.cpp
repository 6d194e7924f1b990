#include "reports/metrics/fairness.hpp"

#include <algorithm>
#include <limits>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

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
  SLUICE_REQUIRE(m.listed || m.busy + m.candidates == 0, "who has runs is listed");
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
  SLUICE_CHECK(now >= since_, "a window ends after it began", now, kNoRun);
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
      result.capacity_ns += capacity_ns;
      judge(result, d.received + d.unmet, d.received, level, now - since_);
    } else {
      result.below = {};
    }
  }
  start(now);
}

// ---- the family

Fairness::Fairness(Records& records, const PipelineConfig&) {
  const auto& thresholds = records.config.starvation_threshold;
  threshold_ = *std::min_element(thresholds.begin(), thresholds.end());
  window_ = {std::max<std::int64_t>(1'000'000, threshold_.ns / 5)};
  records.fair = FairTable(records.workspace_groups.size());
  for (GroupRecord& group : records.groups)
    group.fairness.shares = FairShares(records.config.fair_share_factor, threshold_);
}

void Fairness::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (GroupRecord& group : records.groups) {
    group.fairness.shares.start(now);
    group.fairness.present_at_window = 0;
  }
  records.fair.restart(now);
  due_ = now + window_;
}

void Fairness::reached(Time now, Records& records) {
  SLUICE_CHECK(now == due_, "when it is due", now, kNoRun);
  for (GroupRecord& group : records.groups) {
    const Int128 present = group.clocks.present_integral().until(now);
    const auto capacity_ns = static_cast<double>(present - group.fairness.present_at_window);
    group.fairness.present_at_window = present;
    group.fairness.shares.end_window(now, capacity_ns, records.fair);
  }
  due_ = now + window_;
}

void Fairness::write(FigureSink& sink, const AtEnd& at) const {
  ShareStarved all;
  for (std::size_t g = 0; g < at.records.groups.size(); ++g) {
    const ShareStarved group = write_group(sink, at, g);
    write_starved(sink, Subject::of(GroupId::at(g)), group);
    all.workspaces += group.workspaces;
    all.longest = std::max(all.longest, group.longest);
    all.dispatched += group.dispatched;
  }
  write_starved(sink, Subject::all(), all);
}

/// Jain's indexes of one group: its workspaces share its workers and nobody else's.
Fairness::ShareStarved Fairness::write_group(FigureSink& sink, const AtEnd& at,
                                             std::size_t g) const {
  const Records& records = at.records;
  ShareStarved group;
  for (const LevelRecord& level : records.groups[g].levels) group.dispatched += level.dispatched;
  std::vector<double> x, dispatches;
  for (std::size_t w = 0; w < records.fair.results.size(); ++w) {
    const FairResult& m = records.fair.results[w];
    if (records.workspace_groups[w].index() != g || !(m.backlogged_ns > 0)) continue;
    if (m.entitled_ns > 0) {
      x.push_back(m.received_ns / m.entitled_ns);
      dispatches.push_back(m.dispatched / m.backlogged_ns);
    }
    const auto windows =
        static_cast<std::uint64_t>(m.backlogged_ns / static_cast<double>(window_.ns) + 0.5);
    const ShareStarved own{m.longest_below > threshold_, m.longest_below, windows};
    write_starved(sink, Subject::of(WorkspaceId::at(w)), own);
    if (m.capacity_ns > 0) {
      const Subject subject = Subject::of(WorkspaceId::at(w));
      sink.put(Metric::fairness_received, subject, m.received_ns / m.capacity_ns, windows);
      sink.put(Metric::fairness_entitled, subject, m.entitled_ns / m.capacity_ns, windows);
    }
    group.workspaces += own.workspaces;
    group.longest = std::max(group.longest, own.longest);
  }
  if (x.empty()) return group;
  sink.put_group(Metric::fairness_jain, g, FairShares::jain(x), x.size());
  sink.put_group(Metric::fairness_jain_dispatches, g, FairShares::jain(dispatches), x.size());
  return group;
}

void Fairness::write_starved(FigureSink& sink, const Subject& subject,
                             const ShareStarved& starved) {
  const auto samples = starved.dispatched;  // nobody with unmet demand is a result too
  sink.put(Metric::fairness_share_starved, subject, static_cast<double>(starved.workspaces),
           samples);
  sink.put(Metric::fairness_share_starved_longest, subject, starved.longest.seconds(), samples);
}

}  // namespace sluice

// Share starvation and fairness between the workspaces of one group (S7, S8).
//
// Time is cut into windows of a fifth of the shortest θ. In each window a workspace has *received*
// worker time and may have *unmet demand* (∫ candidates dt > 0). Its entitlement is its max-min
// fair share of the workers present, its demand being what it received plus what its candidates
// could have used, one worker each (water filling; Bertsekas and Gallager, Data Networks, 2nd
// ed., 6.5.2). A workspace is below its share in a window if it has unmet demand and received less
// than φ × its entitlement; it is share-starved if that lasts for longer than θ. Jain's index is
// (Σx)² / (n Σx²) over the n workspaces with unmet demand in some window, x = received ÷
// entitlement over those windows (and, for dispatches, x = dispatches in those windows ÷ their
// length).
//
// Cost: O(1) per transition; per window O(workspaces with runs), nothing while nobody has unmet
// demand. The window that is under way at the end does not count.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "base/large_table.hpp"
#include "base/prefetch.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;

/// One workspace: what is touched with every run. One cache line.
struct alignas(64) FairMember {
  std::uint64_t received = 0;  ///< ∫ busy dt modulo 2^64, less busy × now: see CountIntegral
  std::uint64_t unmet = 0;     ///< ∫ candidates dt, likewise
  std::uint64_t received_before = 0;  ///< of the windows before this one
  std::uint64_t unmet_before = 0;
  std::uint32_t busy = 0;
  std::uint32_t candidates = 0;
  std::uint32_t window = UINT32_MAX;  ///< in which it was last touched
  std::uint32_t dispatches = 0;       ///< in that window
  bool listed = false;
};

/// One workspace over its windows with unmet demand.
struct FairResult {
  double received_ns = 0;
  double entitled_ns = 0;
  double capacity_ns = 0;  ///< worker time of its group in them
  double backlogged_ns = 0;
  double dispatched = 0;
  Duration below{};  ///< how long it has been below its share up to now
  Duration longest_below{};
};

/// One table for all groups; both by workspace.
struct FairTable {
  explicit FairTable(std::size_t workspaces = 0)
      : members(workspaces), results(workspaces), received_before_window(workspaces) {}
  /// Worker time in ns of one workspace since restart().
  std::uint64_t received_in_window(std::size_t workspace, Time now) const;
  void restart(Time now);
  /// Begins to load what every transition of a run of the workspace touches.
  void prefetch(WorkspaceId id) const { fetch_ahead(&members[id.index()]); }

  LargeTable<FairMember> members;
  std::vector<FairResult> results;
  std::vector<std::uint64_t> received_before_window;
};

class FairShares {
 public:
  FairShares() = default;
  FairShares(double factor, Duration threshold) : factor_(factor), threshold_(threshold) {}

  void add_candidate(Time now, FairTable& table, WorkspaceId id) {
    FairMember& m = touch(table, id);
    ++m.candidates;
    m.unmet -= static_cast<std::uint64_t>(now.ns);
    ++candidates_;
    unmet_ = true;
  }
  void remove_candidate(Time now, FairTable& table, WorkspaceId id) {
    FairMember& m = touch(table, id);
    SLUICE_CHECK(m.candidates > 0, "only a candidate stops being one", now, kNoRun);
    --m.candidates;
    m.unmet += static_cast<std::uint64_t>(now.ns);
    --candidates_;
  }
  void take_worker(Time now, FairTable& table, WorkspaceId id) {
    FairMember& m = touch(table, id);
    ++m.busy;
    ++m.dispatches;
    m.received -= static_cast<std::uint64_t>(now.ns);
  }
  void give_back(Time now, FairTable& table, WorkspaceId id) {
    FairMember& m = touch(table, id);
    --m.busy;
    m.received += static_cast<std::uint64_t>(now.ns);
  }

  /// A window begins (also the first): the one before is forgotten.
  void start(Time now);
  /// The window that began last ends, `capacity_ns` of worker time was there, and the next begins.
  void end_window(Time now, double capacity_ns, FairTable& table);

  static double jain(const std::vector<double>& x);

 private:
  FairMember& touch(FairTable& table, WorkspaceId id) {
    FairMember& m = table.members[id.index()];
    if (m.window != window_) [[unlikely]]
      open(m, id);
    return m;
  }
  void open(FairMember& m, WorkspaceId id);
  void judge(FairResult& result, double demand, double received, double level,
             Duration length) const;

  struct Demand {
    WorkspaceId id;
    double received;
    double unmet;
  };

  double factor_ = 0.5;
  Duration threshold_{};
  Time since_{};
  std::uint32_t window_ = 0;
  std::uint32_t candidates_ = 0;
  bool unmet_ = false;               ///< somebody was a candidate in this window
  std::vector<WorkspaceId> listed_;  ///< with runs now or in this window
  std::vector<Demand> demands_;      ///< scratch
};

/// The water level: the share that those get who want more, such that all shares add up to the
/// capacity (or everybody gets all he wants: infinity). O(n) per pass, few passes.
double water_level(std::vector<double> demands, double capacity);

class Fairness {
 public:
  struct GroupPart {
    FairShares shares;
    Int128 present_at_window = 0;  ///< present integral when the fairness window began
  };
  static constexpr std::array kSays{
      MetricRange{Metric::fairness_share_starved, Metric::fairness_entitled}};
  static constexpr bool kNeedsWorkerClocks = true;
  static constexpr Hears kHears = hear::became_candidate | hear::left_candidates |
                                  hear::took_worker | hear::gave_back_worker | hear::window_began |
                                  hear::due;

  Fairness(Records& records, const PipelineConfig& pipeline);

  /// Begin to load what every transition of a run of the workspace touches.
  static void expected(const auto& request, const auto& records) {
    records.fair.prefetch(request.workspace);
  }
  static void waking(const auto& run, const auto& records) {
    records.fair.prefetch(run.request.workspace);
  }
  static void ending(const auto& run, const auto& records) {
    records.fair.prefetch(run.request.workspace);
  }

  void became_candidate(Time now, const auto& p) {
    p.group.fairness.shares.add_candidate(now, p.records.fair, p.run.workspace());
  }
  void left_candidates(Time now, const auto& p, Leaving) {
    p.group.fairness.shares.remove_candidate(now, p.records.fair, p.run.workspace());
  }
  void took_worker(Time now, const auto& p) {
    p.group.fairness.shares.take_worker(now, p.records.fair, p.run.workspace());
  }
  void gave_back_worker(Time now, const auto& p) {
    p.group.fairness.shares.give_back(now, p.records.fair, p.run.workspace());
  }
  void window_began(Time now, Records& records);
  Time due(const Records&) const { return due_; }
  /// A fairness window ends.
  void reached(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at) const;

 private:
  /// S7, of one workspace or more.
  struct ShareStarved {
    std::uint64_t workspaces = 0;
    Duration longest{};
    std::uint64_t dispatched = 0;  ///< of one workspace: fairness windows
  };
  ShareStarved write_group(FigureSink& sink, const AtEnd& at, std::size_t group) const;
  static void write_starved(FigureSink& sink, const Subject& subject, const ShareStarved& starved);

  Duration threshold_{};  ///< the shortest θ
  Duration window_{};
  Time due_ = Time::never();
};

}  // namespace sluice

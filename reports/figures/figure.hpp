// Figures: what a report says, each under (metric, subject). The one store that expectations,
// comparisons between replications, and renderers read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/ids.hpp"
#include "reports/figures/metric.hpp"

namespace sluice {

using PoolId = Id<struct PoolTag>;  ///< pool of credentials, in order of first use

/// What a figure is about: the conjunction of the labels that are set; none set: everything.
/// A workspace implies its group, which is then left out. Total order: by labels, unset last.
struct Subject {
  GroupId group;
  std::optional<PriorityLevel> level;
  WorkspaceId workspace;
  WorkflowId workflow;
  CredentialId credential;
  PoolId pool;
  SubmitterId submitter;

  auto operator<=>(const Subject&) const = default;

  static Subject all() { return {}; }
  static Subject of(GroupId g) { return with(&Subject::group, g); }
  static Subject of(WorkspaceId w) { return with(&Subject::workspace, w); }
  static Subject of(WorkflowId w) { return with(&Subject::workflow, w); }
  static Subject of(CredentialId c) { return with(&Subject::credential, c); }
  static Subject of(PoolId p) { return with(&Subject::pool, p); }
  static Subject of(SubmitterId s) { return with(&Subject::submitter, s); }
  static Subject of(PriorityLevel l) { return with(&Subject::level, std::optional(l)); }
  static Subject of(GroupId g, PriorityLevel l) { return of(g).at(l); }
  static Subject of(WorkspaceId w, PriorityLevel l) { return of(w).at(l); }
  Subject at(PriorityLevel l) const {
    Subject s = *this;
    s.level = l;
    return s;
  }
  /// The labels that are set, as Label bits.
  Labels labels() const;

 private:
  template <class T>
  static Subject with(T Subject::*member, T value) {
    Subject s;
    s.*member = value;
    return s;
  }
};

struct Interval {
  double low = 0;
  double high = 0;
  auto operator<=>(const Interval&) const = default;
};

/// One figure. In the unit of its metric: seconds, a share 0…1, events per minute, a count, a
/// ratio.
struct Figure {
  double value = 0;
  std::uint64_t samples =
      0;  ///< observations behind it (runs, episodes, dispatches); over replications: their sum
  std::uint64_t censored = 0;  ///< of these, still waiting at the end of the window
  bool lower_bound = false;    ///< the true value is at least this; shown as `≥`
  bool upper_bound = false;    ///< … at most this; shown as `≤`. Never both
  /// Of a lower bound: what the true value cannot exceed, if that is known. Over replications: the
  /// upper end of its interval.
  std::optional<double> at_most;
  std::optional<Interval> interval;  ///< at the report's confidence; over replications
  /// Over replications that differ: the lowest and the highest of them.
  std::optional<Interval> range;
  /// Of a quantile that a histogram gave: the exact one lies in here. None: it is exact. Over
  /// replications: the means of both ends.
  std::optional<Interval> within;
  std::uint32_t replications =
      1;  ///< replications that had this figure; fewer than the report's: shown
  bool operator==(const Figure&) const = default;
};

/// Of a figure that may be missing.
inline double value_or_zero(const Figure* figure) { return figure == nullptr ? 0 : figure->value; }

struct FigureKey {
  Metric metric{};
  Subject subject;
  auto operator<=>(const FigureKey&) const = default;
};

struct FigureEntry {
  FigureKey key;
  Figure figure;
};

/// Sorted by (metric, subject). Built once: add everything, then seal(). Lookup O(log n).
class FigureTable {
 public:
  void add(Metric metric, const Subject& subject, const Figure& figure);
  /// Sorts. Of figures with the same key the one that was added first stays.
  void seal();

  /// Null: there is no such figure (nothing to measure, e.g. no run at that level). REQUIRES
  /// sealed.
  const Figure* find(Metric metric, const Subject& subject = {}) const;
  /// All subjects of one metric, in order of subject. REQUIRES sealed.
  std::span<const FigureEntry> all(Metric metric) const;
  std::span<const FigureEntry> entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }

 private:
  std::vector<FigureEntry> entries_;
};

}  // namespace sluice

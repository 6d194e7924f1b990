// Waits of one set of runs: recorded at dispatch, with those that never ended at the end of the
// window (S1, S2).
//
// Censored quantiles: all n observations are ordered, a censored one at its lower bound; x is the
// one at rank ⌈pn⌉. The true quantile is at least x, and exactly x if and only if at least ⌈pn⌉
// *recorded* values are at most x: whatever the censored ones turn out to be, they cannot lift it
// then. Otherwise it is marked as a lower bound.
//
// A quantile from a histogram says between which two values the exact one lies (Figure::within),
// but where the values of its bucket were kept.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "reports/figures/figure.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/instruments/kept_values.hpp"
#include "reports/instruments/log_histogram.hpp"

namespace sluice {

/// What is kept per set of runs while recording. 320 bytes and the histogram's blocks.
struct WaitRecord {
  Int128 total = 0;         ///< ns, of recorded waits
  std::uint64_t count = 0;  ///< recorded
  Duration longest{};  ///< of recorded waits; never shrinks, as a requeued run's wait only grows
  std::uint64_t within_slo = 0;
  std::uint64_t over_threshold = 0;
  LogHistogram histogram;
  /// Values beside the histogram, only when exact quantiles are asked for.
  std::unique_ptr<KeptValues> kept;

  void add(CounterPool& pool, Duration wait, Duration slo, Duration threshold) {
    histogram.add(pool, wait);
    add_but_bucket(wait, slo, threshold);
  }
  /// Takes a recorded wait out again: its run was requeued and waits again.
  void remove(CounterPool& pool, Duration wait, Duration slo, Duration threshold) {
    histogram.remove(pool, wait);
    remove_but_bucket(wait, slo, threshold);
  }
  /// The same without the histogram, which the caller sees to later.
  void add_but_bucket(Duration wait, Duration slo, Duration threshold) {
    if (kept) [[unlikely]]
      kept->add(wait);
    total += wait.ns;
    ++count;
    if (wait > longest) longest = wait;
    within_slo += wait <= slo;
    over_threshold += wait > threshold;
  }
  void remove_but_bucket(Duration wait, Duration slo, Duration threshold) {
    if (kept) [[unlikely]]
      kept->remove(wait);
    total -= wait.ns;
    --count;
    within_slo -= wait <= slo;
    over_threshold -= wait > threshold;
  }
  void restart(CounterPool& pool);
  void keep_exact() { kept = std::make_unique<KeptValues>(); }
  /// Keeps the values of one bucket as well, from `room`. REQUIRES that none was added yet.
  void keep_bucket(KeptRoom& room, std::size_t bucket);
};

/// Whether a mean over `all` waits is but a lower bound: 1 % or more are censored. (One run that
/// waits when the window ends is the rule, not a reason to doubt a mean over thousands.)
constexpr bool censoring_matters(std::uint64_t censored, std::uint64_t all) {
  return censored > 0 && censored * 100 >= all;
}

/// Everything that is to be said about the waits of a set of runs at one moment, censored ones
/// included. 50 KiB: to be reused.
class WaitSummary {
 public:
  explicit WaitSummary(bool exact = false);
  void clear();
  /// From now on the values of this bucket are told apart, until clear(). REQUIRES that nothing was
  /// added yet, and that all records to be added keep them.
  void refine(std::size_t bucket);
  void add(const CounterPool& pool, const WaitRecord& record);
  /// Recorded waits of zero.
  void add_zeros(std::uint64_t count);
  /// A run whose wait is longer than `at_least`.
  void add_censored(Duration at_least, Duration slo, Duration threshold);
  /// Runs that left the queue without having been dispatched, each with what it had waited.
  void add_abandoned(const CounterPool& pool, const WaitRecord& record);

  std::uint64_t count() const { return recorded_ + censored_; }
  std::uint64_t censored() const { return censored_; }
  /// REQUIRES count() > 0, 0 < p <= 1.
  Figure quantile(double p) const { return quantiles({&p, 1})[0]; }
  /// Of ascending shares, in one pass. The value counts censored waits as they stand; the upper
  /// bound counts them as endless.
  std::vector<Figure> quantiles(std::span<const double> shares) const;
  /// Of mean() and over_threshold(): a lower bound if censoring_matters().
  Figure mean() const;
  Figure longest() const;
  /// Share of runs with wait <= target. Those still waiting past the target are misses; those still
  /// waiting within it are undecided and left out (`samples` says how many remain, perhaps none).
  Figure slo_attainment() const;
  Figure over_threshold() const;
  Figure figure(double value, bool lower_bound) const;

 private:
  struct Cell {
    std::uint64_t recorded = 0;
    std::uint64_t censored = 0;
  };
  using Cells = std::map<std::int64_t, Cell>;  ///< by ns

  /// What is known of the values of a cell: between which two they lie, and one for all of them.
  struct Spot {
    Duration low;
    Duration value;
    Duration high;
    bool exact() const { return low == high; }
  };
  static Spot spot_of_bucket(std::size_t bucket);
  template <class Visit>
  void for_each_cell(Visit visit) const;
  Cell& cell(std::size_t bucket);
  void add_kept(const WaitRecord& record, std::uint64_t Cell::*number);
  Figure figure_at(const Spot& spot, Duration most) const;
  static void set_upper_bound(Figure& figure, const Spot& spot, Duration most);

  bool exact_;
  std::vector<Cell> cells_;               ///< by bucket of LogHistogram
  std::uint64_t octaves_ = 0;             ///< bit set: some bucket of the octave is not empty
  std::map<std::size_t, Cells> refined_;  ///< by bucket: what it holds, told apart
  bool refined_completely_ = true;
  Cells exact_cells_;
  Cell zeros_;
  Int128 total_ = 0;
  std::uint64_t recorded_ = 0;
  std::uint64_t censored_ = 0;
  std::uint64_t within_slo_ = 0;
  std::uint64_t undecided_ = 0;  ///< censored within the target
  std::uint64_t over_threshold_ = 0;
  std::uint64_t within_threshold_ = 0;  ///< censored, not yet over it
  Duration longest_recorded_{};
  Duration longest_censored_{};
};

}  // namespace sluice

// Turns the recorder's tables into the figures of one replication. Private to the recorder; changes
// nothing in it.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "reports/metrics/recorder_impl.hpp"

namespace sluice {

class FigureWriter {
 public:
  FigureWriter(const Recorder::Impl& recorder, Time end);
  ReplicationResult write();

 private:
  using Impl = Recorder::Impl;

  /// A run that still waits at the end.
  struct Waiting {
    std::uint32_t queue = 0;
    Duration wait{};
    WaitAttribution parts;
    std::uint32_t slot = 0;
  };
  /// What is open at the end, per queue.
  struct OpenTime {
    double candidate_ns = 0;
    double blocked_ns = 0;
  };
  /// Sums over a set of queues.
  struct Totals {
    explicit Totals(bool exact) : waits(exact) {}
    Flow<std::uint64_t> flow;
    TooLong too_long;
    std::array<double, kWaitParts> parts{};
    OpenTime time;
    EpisodeTotals episodes;
    SubmittingRuns submitting;
    std::uint64_t runs = 0;  ///< of which there is anything to say
    WaitSummary waits;
    void clear();
  };
  /// How a figure of (group, level) becomes one of the group, the level, or everything.
  enum class Over { sum, most, least, mean, alone };

  void collect_open();
  void collect_open_work(const RunRecord& run, std::uint32_t slot);
  /// The exact values near a limit, for the quantiles of this kind and subject.
  void refine(WaitSummary& summary, Metric kind, const Subject& subject) const;
  void add_queue(Totals& totals, std::size_t queue) const;

  void write_queues();
  template <class IsUsed, class Write>
  void write_levels_of_groups(IsUsed is_used, Write write, std::vector<Totals>& levels);
  /// Of one workspace, or a level of it.
  void write_waiting(const Subject& subject, const Totals& totals);
  void write_waits(const Subject& subject, const Totals& totals, bool all_parts);
  /// From batch means, for a level; none: too few waits. Replaced where there are several
  /// replications.
  std::optional<Interval> mean_wait_interval(const Subject& subject, const Figure& mean) const;
  void write_parts(const Subject& subject, const std::array<double, kWaitParts>& parts,
                   const WaitSummary& waits, bool all_parts);
  /// Mean time before acceptance: runs that are still being submitted count with what they have
  /// had.
  void write_api_wait(const Subject& subject, const Totals& totals, bool all_parts);
  void write_submitting(const Subject& subject, const SubmittingRuns& runs, std::uint64_t samples);
  void write_flow(const Subject& subject, const Totals& totals);
  void write_time(const Subject& subject, const OpenTime& time, std::uint64_t samples);
  void write_episodes(const Subject& subject, const EpisodeTotals& totals, std::uint64_t samples);
  void write_slices();

  void collect_passed_over();
  bool level_is_used(std::size_t group, std::size_t level);
  void write_levels();
  void write_level_waiting(std::size_t group, std::size_t level);
  void write_level_order(std::size_t group, std::size_t level);
  void write_slowdowns();
  void write_slowdown(const Subject& subject, WaitSummary& summary);
  void write_workers();
  void write_drain();
  /// S7, of one workspace or more.
  struct ShareStarved {
    std::uint64_t workspaces = 0;
    Duration longest{};
    std::uint64_t dispatched = 0;  ///< of one workspace: fairness windows
  };
  void write_fairness();
  ShareStarved write_group_fairness(std::size_t group);
  void write_share_starved(const Subject& subject, const ShareStarved& starved);
  void write_stability();
  ServiceRecord services(std::size_t group, std::size_t level) const;
  /// Work of runs: of those that ended, or with what the others have had so far as well.
  enum class Work { ended, all };
  ServiceRecord work(std::size_t group, std::size_t level, std::size_t workflow, Work of) const;
  ServiceRecord work(std::size_t group, std::size_t level, Work of) const;
  double mean_service_s(std::size_t group, std::size_t level, double cooling_s, Work of) const;
  struct MeanService {
    double seconds = 0;        ///< 0: unknown
    bool lower_bound = false;  ///< runs that have not ended make it longer
  };
  MeanService mean_service(std::size_t group, std::size_t level, double cooling_s) const;
  void write_group_stability(std::size_t group);
  void write_credentials();
  void write_credential(std::size_t credential, std::uint64_t through_pools);
  void write_pools();
  /// What took a credential, or members of a pool.
  struct Usage {
    double in_use_s = 0;
    double dispatched = 0;
    double open_in_use_s = 0;  ///< of it by runs that still hold it
    double open = 0;           ///< of the dispatches, those of such runs

    Usage& operator+=(const Usage& o);
    bool lower_bound() const;
  };
  Usage usage(std::size_t credential) const;
  void write_resource(const Subject& subject, double arrivals, const Usage& usage, double servers,
                      std::uint64_t samples);
  void write_api();

  void collect_meanwhile();
  void collect_time_lines();

  // -- emitting
  void put(Metric metric, const Subject& subject, double value, std::uint64_t samples);
  void put(Metric metric, const Subject& subject, const Figure& figure);
  /// For (group, level), and combined over groups and levels at the end (put_combined).
  void put_level(Metric metric, std::size_t group, std::size_t level, double value,
                 std::uint64_t samples, Over over, bool lower_bound = false);
  void put_level(Metric metric, std::size_t group, std::size_t level, const Figure& figure,
                 Over over);
  /// sum ÷ weight; combined as the sum of sums ÷ the sum of weights.
  void put_level_mean(Metric metric, std::size_t group, std::size_t level, double sum,
                      double weight, std::uint64_t samples, bool lower_bound = false);
  /// The subjects that a level of a group is part of, from narrow to wide.
  std::vector<Subject> wider_than(std::size_t group, std::size_t level) const;
  void put_combined();
  void put_share(Metric metric, const Subject& subject, std::uint64_t part, std::uint64_t whole);

  struct Cell {
    Metric metric;
    std::size_t group;
    std::size_t level;
    Figure figure;
    Over over;
    double weight = 1;  ///< of Over::mean
  };
  static void combine(Cell& into, const Cell& cell);

  const Impl& r_;
  Time end_;
  double length_s_;
  bool one_group_;
  std::vector<Waiting> waiting_;             ///< by queue
  std::vector<std::uint32_t> waiting_from_;  ///< by queue: first in waiting_
  std::vector<OpenTime> open_;               ///< by queue
  std::vector<ServiceRecord> open_work_;     ///< of runs that have not ended; as services, by group
  std::vector<Usage> open_usage_;            ///< by credential; its `open_` figures only
  std::vector<Cell> cells_;
  std::vector<double> level_mean_wait_s_;  ///< by group × levels + level; for L = λW
  ReplicationResult result_;
};

}  // namespace sluice

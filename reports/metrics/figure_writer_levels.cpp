// Levels and groups: starvation, order, workers, draining, fairness.
#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/metrics/figure_writer.hpp"

namespace sluice {

void FigureWriter::collect_passed_over() {
  for (const GroupRecord& group : r_.groups_) {
    const PassedOverTotals totals = group.passed_over.until(group.candidates());
    result_.inversions.push_back({totals.dispatches, totals.pairs});
    for (std::size_t i = 0; i < kLevels; ++i)
      for (std::size_t j = 0; j < kLevels; ++j)
        result_.reached.waited_while_dispatched[j][i] += totals.dispatches[i][j];
  }
}

/// Something of this level waited, ran, came or was dispatched in the window.
bool FigureWriter::level_is_used(std::size_t g, std::size_t k) {
  const GroupRecord& group = r_.groups_[g];
  const LevelRecord& level = group.levels[k];
  return level.dispatched + services(g, k).accepted > 0 || level.candidates.until(end_) > 0 ||
         level.blocked.until(end_) > 0 || group.clocks.busy_integral(k).until(end_) > 0 ||
         level.candidates.count() + level.blocked.count() > 0;
}

void FigureWriter::write_levels() {
  collect_passed_over();
  for (std::size_t g = 0; g < r_.groups_.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k) {
      if (!level_is_used(g, k)) continue;
      write_level_waiting(g, k);
      write_level_order(g, k);
    }
}

void FigureWriter::write_level_waiting(std::size_t g, std::size_t k) {
  const LevelRecord& level = r_.groups_[g].levels[k];
  const Duration threshold = r_.config_.starvation_threshold[k];
  const std::uint64_t n = level.dispatched + level.candidates.count();
  const EpisodeTotals episodes = level.episodes.until(end_, threshold);
  put_level(Metric::starvation_count, g, k, static_cast<double>(episodes.count), n, Over::sum);
  put_level(Metric::starvation_total, g, k, episodes.total.seconds(), n, Over::sum);
  const bool open_longest =
      level.episodes.open() && end_ - level.episodes.since() == episodes.longest;
  put_level(Metric::starvation_longest, g, k, episodes.longest.seconds(), n, Over::most,
            open_longest && episodes.longest.ns > 0);
  put_level(Metric::starvation_index, g, k, episodes.index(), n, Over::most);

  std::uint64_t affected = level.affected_runs;
  std::vector<std::uint32_t> queues;
  const bool starving = level.episodes.open() && end_ - level.episodes.since() >= threshold;
  const Time last_starved = starving ? end_ : level.last_starved;
  for (const RunRecord& run : r_.runs_) {
    if (run.phase != Phase::candidate || run.group != g || run.level() != k) continue;
    if (run.affected || last_starved <= run.since) continue;
    ++affected;
    if (!r_.queues_[run.queue].affected) queues.push_back(run.queue);
  }
  std::sort(queues.begin(), queues.end());
  const auto more = std::unique(queues.begin(), queues.end()) - queues.begin();
  put_level(Metric::starvation_runs, g, k, static_cast<double>(affected), n, Over::sum);
  put_level(Metric::starvation_workspaces, g, k,
            static_cast<double>(level.affected_workspaces) + static_cast<double>(more), n,
            Over::sum);
  if (level.gaps > 0) {
    const auto gaps = static_cast<double>(level.gaps);
    const double mean = level.gap_sum_s / gaps;
    const double variance = std::max(0.0, level.gap_squares_s2 / gaps - mean * mean);
    put_level(Metric::starvation_gap_mean, g, k, mean, level.gaps, Over::alone);
    put_level(Metric::starvation_gap_sd, g, k, std::sqrt(variance), level.gaps, Over::alone);
  }

  const QueueAgeTotals age = level.age.until(end_, threshold);
  put_level(Metric::queue_age_max, g, k, age.longest.seconds(), n, Over::most);
  put_level(Metric::queue_age_over_threshold, g, k, age.over_threshold.seconds(), n, Over::most);
  if (length_s_ > 0) {
    const double area_s2 = static_cast<double>(age.twice_area) * 0.5e-18;
    put_level(Metric::queue_age_mean, g, k, area_s2 / length_s_, n, Over::alone);
  }
  put_level(Metric::queue_length_max, g, k, level.most_candidates, n, Over::alone);
  put_level(Metric::blocked_max, g, k, level.most_blocked, n, Over::alone);
  put_level(Metric::backlog_end, g, k, level.candidates.count() + level.blocked.count(), n,
            Over::sum);
}

void FigureWriter::write_level_order(std::size_t g, std::size_t k) {
  const GroupRecord& group = r_.groups_[g];
  const LevelRecord& level = group.levels[k];
  const std::uint64_t n = level.dispatched;
  const PassedOverTotals passed = group.passed_over.until(group.candidates());
  std::uint64_t pairs = 0;
  for (std::size_t higher = 0; higher < k; ++higher) pairs += passed.pairs[k][higher];
  put_level(Metric::inversions_pairs, g, k, static_cast<double>(pairs), n, Over::sum);
  put_level(Metric::inversions_dispatches, g, k, static_cast<double>(passed.inversions[k]), n,
            Over::sum);
  if (n > 0) {
    put_level_mean(Metric::bypass_mean, g, k, static_cast<double>(level.bypass_total),
                   static_cast<double>(n), n);
    put_level(Metric::bypass_max, g, k, level.bypass_most, n, Over::most);
  }
  // Of runs that were dispatched before the window, too.
  const double busy_s = seconds(group.clocks.busy_integral(k).until(end_));
  if (n > 0 || busy_s > 0) put_level(Metric::running_mean, g, k, busy_s / length_s_, n, Over::sum);
  if (k + 1 < kLevels) {
    const Int128 beside = level.waiting_beside_lower.until(end_);
    const Int128 waiting = level.candidates.until(end_) + level.blocked.until(end_);
    put_level(Metric::occupancy_block_total, g, k, seconds(beside), n, Over::sum);
    put_level_mean(Metric::occupancy_block_share, g, k, static_cast<double>(beside),
                   static_cast<double>(waiting), n);
  }
  Int128 spent = level.candidate_ns;
  for (const RunRecord& run : r_.runs_)
    if (run.phase == Phase::candidate && run.group == g && run.level() == k)
      spent += (end_ - std::max(run.since, r_.from_)).ns;
  put_level(Metric::little_queue_time, g, k, seconds(spent), n, Over::sum);
  put_level(Metric::little_queue_integral, g, k, seconds(level.candidates.until(end_)), n,
            Over::sum);
  const std::uint64_t accepted = services(g, k).accepted;
  if (length_s_ > 0)
    put_level(Metric::little_lambda_w, g, k,
              static_cast<double>(accepted) / length_s_ * level_mean_wait_s_[g * kLevels + k], n,
              Over::sum);
}

void FigureWriter::write_slowdowns() {
  WaitSummary summary;
  write_slowdown(Subject::all(), summary);
  for (const PriorityLevel level : kAllLevels) write_slowdown(Subject::of(level), summary);
  for (std::size_t g = 0; g < r_.groups_.size(); ++g) {
    write_slowdown(Subject::of(GroupId::at(g)), summary);
    for (const PriorityLevel level : kAllLevels)
      write_slowdown(Subject::of(GroupId::at(g), level), summary);
  }
}

void FigureWriter::write_slowdown(const Subject& subject, WaitSummary& summary) {
  summary.clear();
  refine(summary, Metric::slowdown_p99, subject);
  double sum = 0;
  for (std::size_t g = 0; g < r_.groups_.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k) {
      if (!covers(subject, GroupId::at(g), k)) continue;
      const LevelRecord& level = r_.groups_[g].levels[k];
      summary.add(r_.pool_, level.slowdown);
      summary.add_zeros(level.slowdown_ones);  // below all others: they only have to be counted
      sum += level.slowdown_sum + static_cast<double>(level.slowdown_ones);
    }
  const std::uint64_t n = summary.count();
  if (n == 0) return;
  put(Metric::slowdown_mean, subject, sum / static_cast<double>(n), n);
  const auto slowdown = [](double as_kept_s) {
    return std::max(1.0, std::round(as_kept_s * 1e9) / kSlowdownScale);
  };
  Figure p99 = summary.quantile(0.99);
  p99.value = slowdown(p99.value);
  if (p99.within) p99.within = Interval{slowdown(p99.within->low), slowdown(p99.within->high)};
  put(Metric::slowdown_p99, subject, p99);
}

void FigureWriter::write_workers() {
  const auto write = [this](const Subject& subject, const std::array<double, 6>& ns,
                            double present_ns, std::uint64_t samples) {
    if (!(present_ns > 0)) return;
    constexpr std::array metrics{Metric::utilisation,      Metric::workers_holding,
                                 Metric::workers_starting, Metric::idle_backlogged,
                                 Metric::idle_blocked,     Metric::idle_empty};
    for (std::size_t i = 0; i < ns.size(); ++i)
      put(metrics[i], subject, ns[i] / present_ns, samples);
    put(Metric::workers_mean, subject, present_ns * 1e-9 / length_s_, samples);
  };
  std::array<double, 6> all{};
  double all_present = 0;
  std::uint64_t all_samples = 0;
  Duration loss;
  for (std::size_t g = 0; g < r_.groups_.size(); ++g) {
    const GroupRecord& group = r_.groups_[g];
    Int128 busy = 0;
    std::uint64_t dispatched = 0;
    for (std::size_t k = 0; k < kLevels; ++k) {
      busy += group.clocks.busy_integral(k).until(end_);
      dispatched += group.levels[k].dispatched;
    }
    const Int128 holding = group.holding.until(end_);
    const Int128 starting =
        group.clocks.starting_integral().until(end_) + group.clocks.cooling_integral().until(end_);
    const std::array<double, 6> ns{static_cast<double>(busy - holding),
                                   static_cast<double>(holding),
                                   static_cast<double>(starting),
                                   static_cast<double>(group.idle_beside[GroupRecord::kCandidates]),
                                   static_cast<double>(group.idle_beside[GroupRecord::kBlocked]),
                                   static_cast<double>(group.idle_beside[GroupRecord::kNobody])};
    const auto present = static_cast<double>(group.clocks.present_integral().until(end_));
    write(Subject::of(GroupId::at(g)), ns, present, dispatched);
    put(Metric::work_conservation_loss, Subject::of(GroupId::at(g)), group.loss.seconds(),
        dispatched);
    for (std::size_t i = 0; i < ns.size(); ++i) all[i] += ns[i];
    all_present += present;
    all_samples += dispatched;
    loss += group.loss;
  }
  write(Subject::all(), all, all_present, all_samples);
  put(Metric::work_conservation_loss, Subject::all(), loss.seconds(), all_samples);

  std::uint64_t in_system = 0;
  for (const RunRecord& run : r_.runs_) in_system += run.phase != Phase::none;
  const auto balance = static_cast<double>(r_.all_runs_) - static_cast<double>(r_.all_ended_) -
                       static_cast<double>(in_system);
  put(Metric::flow_imbalance, Subject::all(), std::abs(balance), r_.all_runs_);
}

/// Only where arrivals have stopped: the system became empty after the last one and stayed so.
void FigureWriter::write_drain() {
  for (std::size_t g = 0; g < r_.groups_.size(); ++g) {
    const GroupRecord& group = r_.groups_[g];
    if (group.last_accepted < r_.from_ || group.in_system > 0 ||
        group.emptied < group.last_accepted)
      continue;
    put(Metric::drain_time, Subject::of(GroupId::at(g)),
        (group.emptied - group.last_accepted).seconds(), group.waiting_at_last);
    if (one_group_)
      put(Metric::drain_time, Subject::all(), (group.emptied - group.last_accepted).seconds(),
          group.waiting_at_last);
  }
}

void FigureWriter::write_fairness() {
  ShareStarved all;
  for (std::size_t g = 0; g < r_.groups_.size(); ++g) {
    const ShareStarved group = write_group_fairness(g);
    write_share_starved(Subject::of(GroupId::at(g)), group);
    all.workspaces += group.workspaces;
    all.longest = std::max(all.longest, group.longest);
    all.dispatched += group.dispatched;
  }
  write_share_starved(Subject::all(), all);
}

/// Jain's indexes of one group: its workspaces share its workers and nobody else's.
FigureWriter::ShareStarved FigureWriter::write_group_fairness(std::size_t g) {
  const Duration threshold = *std::min_element(r_.config_.starvation_threshold.begin(),
                                               r_.config_.starvation_threshold.end());
  ShareStarved group;
  for (const LevelRecord& level : r_.groups_[g].levels) group.dispatched += level.dispatched;
  std::vector<double> x, dispatches;
  for (std::size_t w = 0; w < r_.fair_.results.size(); ++w) {
    const FairResult& m = r_.fair_.results[w];
    if (r_.workspace_groups_[w].index() != g || !(m.backlogged_ns > 0)) continue;
    if (m.entitled_ns > 0) {
      x.push_back(m.received_ns / m.entitled_ns);
      dispatches.push_back(m.dispatched / m.backlogged_ns);
    }
    const auto windows =
        static_cast<std::uint64_t>(m.backlogged_ns / static_cast<double>(r_.fair_window_.ns) + 0.5);
    const ShareStarved own{m.longest_below > threshold, m.longest_below, windows};
    write_share_starved(Subject::of(WorkspaceId::at(w)), own);
    group.workspaces += own.workspaces;
    group.longest = std::max(group.longest, own.longest);
  }
  for (const Subject& subject : {Subject::of(GroupId::at(g)), Subject::all()}) {
    if (x.empty() || (subject == Subject::all() && !one_group_)) continue;
    put(Metric::fairness_jain, subject, FairShares::jain(x), x.size());
    put(Metric::fairness_jain_dispatches, subject, FairShares::jain(dispatches), x.size());
  }
  return group;
}

void FigureWriter::write_share_starved(const Subject& subject, const ShareStarved& starved) {
  const auto samples = starved.dispatched;  // nobody with unmet demand is a result too
  put(Metric::fairness_share_starved, subject, static_cast<double>(starved.workspaces), samples);
  put(Metric::fairness_share_starved_longest, subject, starved.longest.seconds(), samples);
}

void FigureWriter::collect_meanwhile() {
  for (std::size_t g = 0; g < r_.groups_.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k) {
      const DispatchLog::Counts counts =
          r_.groups_[g].log.counts(k, end_, r_.config_.starvation_threshold[k]);
      DispatchedMeanwhile meanwhile;
      meanwhile.group = GroupId::at(g);
      meanwhile.starved = kAllLevels[k];
      for (std::size_t q = 0; q < counts.size(); ++q) {
        if (counts[q] == 0) continue;
        meanwhile.dispatches += counts[q];
        meanwhile.shares.push_back(
            {kAllLevels[q % kLevels], WorkspaceId::at(q / kLevels), counts[q], 0});
      }
      if (meanwhile.dispatches == 0) continue;
      for (auto& share : meanwhile.shares)
        share.share =
            static_cast<double>(share.dispatches) / static_cast<double>(meanwhile.dispatches);
      std::stable_sort(meanwhile.shares.begin(), meanwhile.shares.end(),
                       [](const auto& a, const auto& b) { return a.dispatches > b.dispatches; });
      result_.dispatched_meanwhile.push_back(std::move(meanwhile));
    }
}

void FigureWriter::collect_time_lines() {
  const TimeLineRecorder& recorded = r_.time_lines_;
  if (recorded.due() == Time::never()) return;
  result_.time_lines.from = recorded.from();
  result_.time_lines.bucket = recorded.bucket();
  const auto rows = recorded.rows(end_, r_.totals(end_));
  const std::size_t buckets = rows.empty() ? 0 : rows[0].size();
  std::size_t row = 0;
  const auto take = [&](Line line, const Subject& subject) {
    TimeLine result{line, subject, rows[row++]};
    for (std::size_t i = 0; i < buckets; ++i) {
      const Time from = recorded.from() + recorded.bucket() * static_cast<std::int64_t>(i);
      const auto ns = static_cast<double>((std::min(from + recorded.bucket(), end_) - from).ns);
      result.values[i] *= line == Line::dispatched ? 60e9 / ns : 1 / ns;
    }
    result_.time_lines.lines.push_back(std::move(result));
  };
  const auto by_level = [&](Line line) {
    for (std::size_t g = 0; g < r_.groups_.size(); ++g)
      for (const PriorityLevel level : kAllLevels) take(line, Subject::of(GroupId::at(g), level));
  };
  const auto by_group = [&](Line line) {
    for (std::size_t g = 0; g < r_.groups_.size(); ++g) take(line, Subject::of(GroupId::at(g)));
  };
  by_level(Line::eligible);
  by_level(Line::blocked);
  by_group(Line::running);
  by_group(Line::present);
  by_level(Line::dispatched);
}

}  // namespace sluice

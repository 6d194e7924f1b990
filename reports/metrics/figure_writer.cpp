// Waits, counts and time, by queue and everything that queues add up to.
#include "reports/metrics/figure_writer.hpp"

#include <algorithm>

namespace sluice {

FigureWriter::FigureWriter(const Recorder::Impl& recorder, Time end)
    : r_(recorder), end_(end), one_group_(recorder.groups_.size() == 1) {
  result_.from = r_.started_ ? r_.from_ : end;
  result_.until = end;
  result_.runs = r_.all_runs_;
  result_.reached = r_.reached_;
  length_s_ = (end - result_.from).seconds();
}

ReplicationResult FigureWriter::write() {
  if (!r_.started_) {
    result_.figures.seal();
    return std::move(result_);
  }
  collect_open();
  write_slices();
  write_queues();
  write_levels();
  write_slowdowns();
  write_workers();
  write_drain();
  write_fairness();
  write_stability();
  write_credentials();
  write_pools();
  write_api();
  put_combined();
  collect_meanwhile();
  collect_time_lines();
  for (const SlidingWindow& window : r_.windows_)
    if (auto figure = window.result()) result_.windows.push_back(*figure);
  for (const PoolUse& pool : r_.pools_.pools()) result_.pools.push_back(pool.members);
  result_.figures.seal();
  return std::move(result_);
}

// ---- what is open at the end

void FigureWriter::collect_open() {
  open_.resize(r_.queues_.size());
  open_work_.resize(r_.groups_.size() * kLevels * r_.workflows_);
  open_usage_.resize(r_.credentials_.size());
  for (std::uint32_t slot = 0; slot < r_.runs_.size(); ++slot) {
    const RunRecord& run = r_.runs_[slot];
    if (run.phase == Phase::none) continue;
    collect_open_work(run, slot);
    const auto since_ns = static_cast<double>((end_ - std::max(run.since, r_.from_)).ns);
    if (run.phase == Phase::candidate) open_[run.queue].candidate_ns += since_ns;
    if (run.blocked()) open_[run.queue].blocked_ns += since_ns;
    if (!run.waiting()) continue;
    waiting_.push_back({run.queue, run.wait + (end_ - run.since),
                        r_.attribution_until(RunSlot{slot}, end_), slot});
  }
  std::stable_sort(waiting_.begin(), waiting_.end(),
                   [](const Waiting& a, const Waiting& b) { return a.queue < b.queue; });
  waiting_from_.assign(r_.queues_.size() + 1, 0);
  for (const Waiting& w : waiting_) ++waiting_from_[w.queue + 1];
  for (std::size_t i = 1; i < waiting_from_.size(); ++i) waiting_from_[i] += waiting_from_[i - 1];
}

/// What a run has had of workers and credentials that has not ended.
void FigureWriter::collect_open_work(const RunRecord& run, std::uint32_t slot) {
  Duration had;
  if (run.extension != 0) {
    const RunExtension& extension = r_.extensions_[run.extension];
    had = (run.requeued ? extension.served : Duration{}) + extension.holding;
  }
  const bool has_worker = run.phase == Phase::running || run.phase == Phase::holding;
  if (has_worker) had += end_ - run.since;
  if (had.ns > 0 && run.workflow < r_.workflows_) {
    ServiceRecord& work =
        open_work_[(run.group * kLevels + run.level()) * r_.workflows_ + run.workflow];
    ++work.ended;
    work.service_ns += static_cast<double>(had.ns);
  }
  if (run.phase != Phase::running || slot >= r_.held_.size()) return;
  std::array<CredentialId, kMaxNeeds> held = r_.held_[slot];
  std::sort(held.begin(), held.end());
  const auto last = std::unique(held.begin(), held.end());
  for (auto credential = held.begin(); credential != last; ++credential) {
    if (!credential->valid()) continue;
    Usage& usage = open_usage_[credential->index()];
    usage.open_in_use_s += (end_ - std::max(run.since, r_.from_)).seconds();
    usage.open += run.since >= r_.from_;
  }
}

void FigureWriter::refine(WaitSummary& summary, Metric kind, const Subject& subject) const {
  for (const Recorder::Impl::Refined& refined : r_.refined_)
    if (refined.kind == kind && refined.subject == subject) summary.refine(refined.bucket);
}

void FigureWriter::Totals::clear() {
  flow = {};
  too_long = {};
  parts = {};
  time = {};
  episodes = {};
  submitting = {};
  runs = 0;
  waits.clear();
}

void FigureWriter::add_queue(Totals& totals, std::size_t number) const {
  const QueueRecord& queue = r_.queues_[number];
  const std::size_t k = number % kLevels;
  const Duration threshold = r_.config_.starvation_threshold[k];
  totals.flow += queue.flow;
  if (!r_.too_long_.empty()) totals.too_long += r_.too_long_[number];
  if (!r_.submitting_.empty()) totals.submitting += r_.submitting_[number];
  totals.time.candidate_ns += queue.candidate_ns + open_[number].candidate_ns;
  totals.time.blocked_ns += queue.blocked_ns + open_[number].blocked_ns;
  totals.episodes += queue.episodes.until(end_, threshold);
  totals.runs +=
      std::max({queue.flow.accepted + queue.candidates, queue.flow.dispatched, queue.flow.ended()});
  totals.waits.add(r_.pool_, queue.waits);
  totals.waits.add_zeros(queue.zero_waits);
  if (queue.abandoned) totals.waits.add_abandoned(r_.pool_, *queue.abandoned);
  for (std::size_t i = 0; i < kWaitParts; ++i) totals.parts[i] += queue.parts[i];
  for (std::uint32_t i = waiting_from_[number]; i < waiting_from_[number + 1]; ++i) {
    totals.waits.add_censored(waiting_[i].wait, r_.slo_[k], threshold);
    for (std::size_t p = 0; p + 1 < kWaitParts; ++p)
      totals.parts[p] += static_cast<double>(waiting_[i].parts.parts[p].ns);
  }
}

// ---- sets of queues

void FigureWriter::write_queues() {
  const bool exact = r_.config_.exact_quantiles;
  const auto is_used = [this](std::size_t q) {
    const QueueRecord& queue = r_.queues_[q];
    const Flow<std::uint32_t>& flow = queue.flow;
    return flow.submitted + flow.accepted + flow.answered + flow.dispatched + flow.ended() > 0 ||
           queue.candidates + queue.running > 0 ||
           open_[q].candidate_ns + open_[q].blocked_ns > 0 ||
           (!r_.submitting_.empty() && r_.submitting_[q].count() > 0);
  };
  const auto write_small = [this](const Subject& subject, const Totals& totals) {
    write_waiting(subject, totals);
    put(Metric::accepted_count, subject, static_cast<double>(totals.flow.accepted), totals.runs);
    put(Metric::dispatched_count, subject, static_cast<double>(totals.flow.dispatched),
        totals.runs);
    put(Metric::throughput_rate, subject, static_cast<double>(totals.flow.ended()) * 60 / length_s_,
        totals.runs);
    if (totals.flow.answered > 0)
      put_share(Metric::rejected_rate, subject, totals.flow.rejected, totals.flow.answered);
    if (totals.submitting.count() > 0) write_submitting(subject, totals.submitting, totals.runs);
  };
  const auto write_full = [this](const Subject& subject, const Totals& totals) {
    write_waits(subject, totals, true);
    write_flow(subject, totals);
    write_time(subject, totals.time, totals.runs);
  };

  Totals queue(exact), workspace(exact), everything(exact);
  std::vector<Totals> groups(r_.groups_.size(), Totals(exact));
  std::vector<Totals> levels(kLevels, Totals(exact));
  refine(everything.waits, Metric::wait_p50, Subject::all());
  for (std::size_t g = 0; g < groups.size(); ++g)
    refine(groups[g].waits, Metric::wait_p50, Subject::of(GroupId::at(g)));
  for (std::size_t k = 0; k < kLevels; ++k)
    refine(levels[k].waits, Metric::wait_p50, Subject::of(kAllLevels[k]));
  for (std::size_t w = 0; w < r_.workspace_groups_.size(); ++w) {
    workspace.clear();
    bool used = false;
    for (std::size_t k = 0; k < kLevels; ++k) {
      const std::size_t q = w * kLevels + k;
      if (!is_used(q)) continue;
      used = true;
      queue.clear();
      add_queue(queue, q);
      write_small(Subject::of(WorkspaceId::at(w), kAllLevels[k]), queue);
      add_queue(workspace, q);
      add_queue(groups[r_.workspace_groups_[w].index()], q);
      add_queue(levels[k], q);
      add_queue(everything, q);
    }
    if (!used) continue;
    const Subject subject = Subject::of(WorkspaceId::at(w));
    write_waiting(subject, workspace);
    write_flow(subject, workspace);
    const double busy_ns = static_cast<double>(r_.fair_.received_in_window(w, end_));
    put(Metric::running_mean, subject, busy_ns * 1e-9 / length_s_, workspace.runs);
  }
  for (std::size_t g = 0; g < groups.size(); ++g)
    write_full(Subject::of(GroupId::at(g)), groups[g]);
  for (std::size_t k = 0; k < kLevels; ++k) write_full(Subject::of(kAllLevels[k]), levels[k]);
  write_full(Subject::all(), everything);

  write_levels_of_groups(is_used, write_full, levels);
}

template <class IsUsed, class Write>
void FigureWriter::write_levels_of_groups(IsUsed is_used, Write write,
                                          std::vector<Totals>& levels) {
  level_mean_wait_s_.assign(r_.groups_.size() * kLevels, 0);
  for (std::size_t g = 0; g < r_.groups_.size(); ++g) {
    for (std::size_t k = 0; k < kLevels; ++k) {
      levels[k].clear();
      refine(levels[k].waits, Metric::wait_p50, Subject::of(GroupId::at(g), kAllLevels[k]));
    }
    for (std::size_t q = 0; q < r_.queues_.size(); ++q)
      if (r_.workspace_groups_[q / kLevels].index() == g && is_used(q))
        add_queue(levels[q % kLevels], q);
    for (std::size_t k = 0; k < kLevels; ++k) {
      write(Subject::of(GroupId::at(g), kAllLevels[k]), levels[k]);
      if (levels[k].waits.count() > 0)
        level_mean_wait_s_[g * kLevels + k] = levels[k].waits.mean().value;
    }
  }
}

void FigureWriter::write_waiting(const Subject& subject, const Totals& totals) {
  write_waits(subject, totals, false);
  put(Metric::queue_length_mean, subject, totals.time.candidate_ns * 1e-9 / length_s_, totals.runs);
  write_episodes(subject, totals.episodes, totals.runs);
}

void FigureWriter::write_waits(const Subject& subject, const Totals& totals, bool all_parts) {
  const WaitSummary& waits = totals.waits;
  write_api_wait(subject, totals, all_parts);
  if (waits.count() == 0) return;
  Figure mean = waits.mean();
  mean.interval = mean_wait_interval(subject, mean);
  put(Metric::wait_mean, subject, mean);
  constexpr std::array shares{0.5, 0.9, 0.95, 0.99, 0.999};
  const auto quantiles = waits.quantiles(shares);
  for (std::size_t i = 0; i < shares.size(); ++i)
    put(static_cast<Metric>(static_cast<std::size_t>(Metric::wait_p50) + i), subject, quantiles[i]);
  put(Metric::wait_max, subject, waits.longest());
  put(Metric::wait_count, subject, waits.figure(static_cast<double>(waits.count()), false));
  put(Metric::wait_censored, subject, waits.figure(static_cast<double>(waits.censored()), false));
  put(Metric::wait_over_threshold, subject, waits.over_threshold());
  const bool has_target = std::any_of(r_.config_.slo.begin(), r_.config_.slo.end(),
                                      [](const auto& slo) { return slo.has_value(); });
  const bool level_has_target = !subject.level || r_.config_.slo[index(*subject.level)].has_value();
  const Figure slo = waits.slo_attainment();
  if (has_target && level_has_target && slo.samples > 0) put(Metric::slo_attainment, subject, slo);
  write_parts(subject, totals.parts, waits, all_parts);
}

std::optional<Interval> FigureWriter::mean_wait_interval(const Subject& subject,
                                                         const Figure& mean) const {
  const bool is_level = subject.labels() == (label::group | label::level) ||
                        (one_group_ && subject.labels() == label::level);
  if (!is_level || mean.lower_bound) return std::nullopt;
  const std::size_t group = subject.group.valid() ? subject.group.index() : 0;
  const BatchMeans& batches = r_.groups_[group].levels[index(*subject.level)].wait_batches;
  const auto interval = batches.interval(r_.config_.confidence);
  if (!interval) return std::nullopt;
  // About the figure itself, which also knows the runs that still wait.
  const double half = (interval->high - interval->low) / 2;
  return Interval{std::max(0.0, mean.value - half), mean.value + half};
}

void FigureWriter::write_parts(const Subject& subject, const std::array<double, kWaitParts>& parts,
                               const WaitSummary& waits, bool all_parts) {
  const auto n = static_cast<double>(waits.count());
  double sum = 0;
  for (const double part : parts) sum += part;
  for (std::size_t i = 0; i < static_cast<std::size_t>(WaitPart::api); ++i) {
    // Sums of differences of clocks, and waits taken out again, leave a remainder of rounding.
    constexpr double kRounding = 1e-9;
    const double part = parts[i] > kRounding * sum ? parts[i] : 0;
    if (!all_parts && part == 0) continue;
    const auto metric =
        static_cast<Metric>(static_cast<std::size_t>(Metric::attribution_workers_high) + i);
    put(metric, subject, waits.figure(part * 1e-9 / n, false));
  }
}

void FigureWriter::write_api_wait(const Subject& subject, const Totals& totals, bool all_parts) {
  const std::uint64_t open = totals.submitting.count();
  const std::uint64_t n = totals.waits.count() + open;
  const double ns = totals.parts[static_cast<std::size_t>(WaitPart::api)] +
                    static_cast<double>(totals.submitting.until(end_));
  if (n == 0 || (!all_parts && ns == 0)) return;
  Figure figure;
  figure.value = ns * 1e-9 / static_cast<double>(n);
  figure.samples = n;
  figure.censored = totals.waits.censored() + open;
  figure.lower_bound = censoring_matters(open, n);
  put(Metric::attribution_api, subject, figure);
}

void FigureWriter::write_submitting(const Subject& subject, const SubmittingRuns& runs,
                                    std::uint64_t samples) {
  const std::uint64_t n = std::max(samples, runs.count());
  put(Metric::submitting_count, subject, static_cast<double>(runs.count()), n);
  put(Metric::submitting_refused_count, subject, static_cast<double>(runs.refused()), n);
}

void FigureWriter::write_flow(const Subject& s, const Totals& totals) {
  const Flow<std::uint64_t>& flow = totals.flow;
  const std::uint64_t activity =
      flow.submitted + flow.answered + flow.accepted + flow.dispatched + flow.ended();
  if (activity + totals.submitting.count() > 0) write_submitting(s, totals.submitting, activity);
  SliceReading reading;
  reading.flow = flow;
  constexpr std::array metrics{
      Metric::submitted_count,   Metric::submitted_rate,     Metric::accepted_count,
      Metric::accepted_rate,     Metric::rejected_count,     Metric::rejected_rate,
      Metric::dispatched_count,  Metric::dispatched_rate,    Metric::throughput_rate,
      Metric::succeeded_count,   Metric::succeeded_rate,     Metric::failed_count,
      Metric::failed_rate,       Metric::stopped_count,      Metric::stopped_rate,
      Metric::requeued_count,    Metric::requeued_rate,      Metric::rejected_per_minute,
      Metric::failed_per_minute, Metric::stopped_per_minute, Metric::requeued_per_minute,
      Metric::goodput_rate,      Metric::goodput_share};
  if (activity == 0) return;
  const auto put_if = [&](bool may_be, Metric metric, std::uint64_t count) {
    if (may_be) put(metric, s, static_cast<double>(count), activity);
  };
  put_if(r_.may_time_out_, Metric::timed_out_count, totals.too_long.timed_out);
  put_if(r_.may_expire_, Metric::expired_count, totals.too_long.expired);
  put_if(r_.config_.patience, Metric::cancelled_count, totals.too_long.cancelled);
  for (const Metric metric : metrics)
    if (const auto figure = figure_over(metric, reading, end_ - result_.from))
      put(metric, s, *figure);
}

void FigureWriter::write_time(const Subject& subject, const OpenTime& time, std::uint64_t samples) {
  put(Metric::queue_length_mean, subject, time.candidate_ns * 1e-9 / length_s_, samples);
  put(Metric::blocked_mean, subject, time.blocked_ns * 1e-9 / length_s_, samples);
}

void FigureWriter::write_episodes(const Subject& subject, const EpisodeTotals& totals,
                                  std::uint64_t samples) {
  if (samples == 0) return;
  put(Metric::starvation_count, subject, static_cast<double>(totals.count), samples);
  put(Metric::starvation_total, subject, totals.total.seconds(), samples);
  put(Metric::starvation_longest, subject, totals.longest.seconds(), samples);
  put(Metric::starvation_index, subject, totals.index(), samples);
}

void FigureWriter::write_slices() {
  for (std::size_t i = 0; i < r_.slices_.size(); ++i) {
    const Slice& slice = r_.slices_[i];
    Totals totals(r_.config_.exact_quantiles);
    totals.flow = slice.flow;
    totals.parts = slice.parts;
    totals.submitting = slice.submitting;
    refine(totals.waits, Metric::wait_p50, slice.subject);
    totals.waits.add(r_.pool_, slice.waits);
    totals.waits.add_abandoned(r_.pool_, slice.abandoned);
    for (const Waiting& w : waiting_) {
      if ((r_.slice_masks_[w.slot * r_.mask_words_ + i / 64] >> (i % 64) & 1) == 0) continue;
      const std::size_t k = w.queue % kLevels;
      totals.waits.add_censored(w.wait, r_.slo_[k], r_.config_.starvation_threshold[k]);
      for (std::size_t p = 0; p + 1 < kWaitParts; ++p)
        totals.parts[p] += static_cast<double>(w.parts.parts[p].ns);
    }
    totals.time = {static_cast<double>(slice.candidates.until(end_)),
                   static_cast<double>(slice.blocked.until(end_))};
    const double running_ns = static_cast<double>(slice.running.until(end_));
    const std::uint64_t runs = slice.flow.submitted + slice.flow.accepted + totals.waits.count() +
                               slice.submitting.count();
    if (runs == 0 && totals.time.blocked_ns + totals.time.candidate_ns + running_ns == 0) continue;
    totals.too_long = slice.too_long;
    write_waits(slice.subject, totals, true);
    write_flow(slice.subject, totals);
    write_time(slice.subject, totals.time, slice.flow.accepted);
    put(Metric::running_mean, slice.subject, running_ns * 1e-9 / length_s_, slice.flow.accepted);
  }
}

// ---- emitting

void FigureWriter::put(Metric metric, const Subject& subject, const Figure& figure) {
  if (figure.value == figure.value) result_.figures.add(metric, subject, figure);
}

void FigureWriter::put(Metric metric, const Subject& subject, double value, std::uint64_t samples) {
  Figure figure;
  figure.value = value;
  figure.samples = samples;
  put(metric, subject, figure);
}

void FigureWriter::put_share(Metric metric, const Subject& subject, std::uint64_t part,
                             std::uint64_t whole) {
  if (whole > 0)
    put(metric, subject, static_cast<double>(part) / static_cast<double>(whole), whole);
}

void FigureWriter::put_level(Metric metric, std::size_t group, std::size_t level, double value,
                             std::uint64_t samples, Over over, bool lower_bound) {
  Figure figure;
  figure.value = value;
  figure.samples = samples;
  figure.lower_bound = lower_bound;
  put_level(metric, group, level, figure, over);
}

void FigureWriter::put_level(Metric metric, std::size_t group, std::size_t level,
                             const Figure& figure, Over over) {
  cells_.push_back({metric, group, level, figure, over});
}

void FigureWriter::put_level_mean(Metric metric, std::size_t group, std::size_t level, double sum,
                                  double weight, std::uint64_t samples, bool lower_bound) {
  if (!(weight > 0)) return;
  Figure figure;
  figure.value = sum / weight;
  figure.samples = samples;
  figure.lower_bound = lower_bound;
  cells_.push_back({metric, group, level, figure, Over::mean, weight});
}

void FigureWriter::combine(Cell& into, const Cell& cell) {
  double& value = into.figure.value;
  const double other = cell.figure.value;
  switch (cell.over) {
    case Over::sum:
      value += other;
      break;
    case Over::most:
      value = std::max(value, other);
      break;
    case Over::least:
      value = std::min(value, other);
      break;
    case Over::mean:
      value = (value * into.weight + other * cell.weight) / (into.weight + cell.weight);
      into.weight += cell.weight;
      break;
    case Over::alone:
      break;
  }
  into.figure.samples += cell.figure.samples;
  into.figure.lower_bound |= cell.figure.lower_bound;
  into.figure.upper_bound |= cell.figure.upper_bound;
}

std::vector<Subject> FigureWriter::wider_than(std::size_t group, std::size_t level) const {
  return {Subject::of(kAllLevels[level]), Subject::of(GroupId::at(group)), Subject::all()};
}

void FigureWriter::put_combined() {
  std::map<FigureKey, Cell> combined;
  for (const Cell& c : cells_) {
    put(c.metric, Subject::of(GroupId::at(c.group), kAllLevels[c.level]), c.figure);
    if (one_group_) put(c.metric, Subject::of(kAllLevels[c.level]), c.figure);
    if (c.over == Over::alone) continue;
    for (const Subject& wider : wider_than(c.group, c.level)) {
      // How many workspaces two levels have together is not known, but no two groups share any.
      if (c.metric == Metric::starvation_workspaces && !wider.level) continue;
      const auto [place, is_first] = combined.try_emplace({c.metric, wider}, c);
      if (!is_first) combine(place->second, c);
    }
  }
  for (const auto& [key, cell] : combined) put(key.metric, key.subject, cell.figure);
}

ReplicationResult Recorder::Impl::finish(Time end) {
  at(end);
  bump_deferred();
  for (GroupRecord& group : groups_) group.advance(end);
  return FigureWriter(*this, end).write();
}

}  // namespace sluice

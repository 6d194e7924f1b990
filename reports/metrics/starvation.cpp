#include "reports/metrics/starvation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

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
  if (open_counts_[level].empty()) open_counts_[level].resize(queues_);
  if (open_counts_[level][queue]++ == 0) touched_[level].push_back(queue);
}

void DispatchLog::fold(std::size_t level) {
  Open& open = open_[level];
  for (std::uint64_t i = open.from; i < tail_; ++i) count(level, at(i));
  open.starved = true;
}

/// What the open episode has, which is over.
void DispatchLog::close(std::size_t level) {
  SLUICE_REQUIRE(open_[level].starved, "only what starved is counted");
  ended_.clear();
  if (touched_[level].empty()) return;
  if (counts_[level].empty()) counts_[level].resize(queues_);
  for (const std::uint32_t queue : touched_[level]) {
    const std::uint64_t dispatches = std::exchange(open_counts_[level][queue], 0);
    counts_[level][queue] += dispatches;
    ended_.push_back({queue, dispatches});
  }
  touched_[level].clear();
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
  SLUICE_CHECK(open.open, "only an open episode ends", now, kNoRun);
  if (!open.starved && now - open.since >= threshold) fold(level);
  if (open.starved) close(level);
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
  SLUICE_CHECK(tail_ - head_ <= ring_.size(), "the log has room", now, kNoRun);
  if (tail_ - head_ == ring_.size()) grow();
  at(tail_++) = queue;
  // With it its own level's episode begins: it is not in it.
  open_[level].from = tail_;
}

DispatchLog::Counts DispatchLog::counts(std::size_t level, Time now, Duration threshold) const {
  Counts counts = counts_[level];
  for (const auto& [queue, dispatches] : under_way(level, now, threshold)) {
    counts.resize(queues_);
    counts[queue] += dispatches;
  }
  return counts;
}

std::vector<DispatchLog::QueueCount> DispatchLog::under_way(std::size_t level, Time now,
                                                            Duration threshold) const {
  const Open& open = open_[level];
  std::vector<QueueCount> counts;
  if (!open.open) return counts;
  if (open.starved) {
    for (const std::uint32_t queue : touched_[level])
      counts.push_back({queue, open_counts_[level][queue]});
    return counts;
  }
  if (now - open.since < threshold) return counts;
  std::map<std::uint32_t, std::uint64_t> logged;
  for (std::uint64_t i = open.from; i < tail_; ++i) ++logged[at(i)];
  for (const auto& [queue, dispatches] : logged) counts.push_back({queue, dispatches});
  return counts;
}

void DispatchLog::restart(Time now) {
  SLUICE_REQUIRE(now.ns >= 0, "the window begins when the clock runs");
  for (Counts& counts : counts_) counts.clear();
  for (Counts& counts : open_counts_) counts.clear();
  for (std::vector<std::uint32_t>& touched : touched_) touched.clear();
  head_ = tail_;
  for (Open& open : open_)
    if (open.open) open = {now, tail_, true, false};
}

// ---- the family

Starvation::Starvation(Records& records, const PipelineConfig&) {
  for (GroupRecord& group : records.groups)
    group.starvation.log = DispatchLog(records.queues.size());
}

void Starvation::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (QueueRecord& queue : records.queues) {
    queue.starvation_line.affected = false;
    queue.starvation.episodes.restart(now);
  }
  for (GroupRecord& group : records.groups) {
    group.starvation.log.restart(now);
    for (LevelRecord& level : group.levels) {
      const Episodes episodes = level.starvation.episodes;
      const std::uint32_t backlogged = level.starvation.backlogged;
      level.starvation = {};
      level.starvation.episodes = episodes;
      level.starvation.episodes.restart(now);
      level.starvation.backlogged = backlogged;
      level.starvation.runs.begin(level.candidates.count());
      level.starvation.workspaces.begin(backlogged);
    }
  }
}

void Starvation::add(QueueSums& sums, std::size_t queue, const AtEnd& at) const {
  const Duration threshold = at.records.config.starvation_threshold[queue % kLevels];
  sums.episodes += at.records.queues[queue].starvation.episodes.until(at.end, threshold);
}

/// Of one workspace or a level of it: what several queues have adds up for no wider set.
void Starvation::write(FigureSink& sink, const AtEnd&, const Subject& subject,
                       const QueueSums& sums) const {
  const bool is_narrow = sums.of == QueueSums::Of::queue || sums.of == QueueSums::Of::workspace;
  if (!is_narrow || sums.runs == 0) return;
  const EpisodeTotals& episodes = sums.episodes;
  sink.put(Metric::starvation_count, subject, static_cast<double>(episodes.count), sums.runs);
  sink.put(Metric::starvation_total, subject, episodes.total.seconds(), sums.runs);
  sink.put(Metric::starvation_longest, subject, episodes.longest.seconds(), sums.runs);
  sink.put(Metric::starvation_index, subject, episodes.index(), sums.runs);
}

namespace {

struct Affected {
  std::uint64_t runs = 0;
  std::uint64_t workspaces = 0;
};

/// By group and level, as if all candidates left now. O(queues + waiting runs).
std::vector<std::array<Affected, kLevels>> affected_until_now(const AtEnd& at) {
  const Records& records = at.records;
  std::vector<std::array<Affected, kLevels>> affected(records.groups.size());
  for (std::size_t g = 0; g < affected.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k) {
      const Starvation::LevelPart& level = records.groups[g].levels[k].starvation;
      affected[g][k] = {level.affected_runs, level.affected_workspaces};
    }
  for (std::size_t q = 0; q < records.queues.size(); ++q) {
    const std::size_t g = records.workspace_groups[q / kLevels].index();
    const std::size_t k = q % kLevels;
    const Starvation::LevelPart& level = records.groups[g].levels[k].starvation;
    const bool starving = level.episodes.open() &&
                          at.end - level.episodes.since() >= records.config.starvation_threshold[k];
    const Time last_starved = starving ? at.end : level.last_starved;
    std::uint64_t runs = 0;
    for (const WaitingRun& waiting : at.waiting_in(q)) {
      const RunRecord& run = records.runs[waiting.slot];
      runs += run.phase == Phase::candidate && !run.starvation.affected && last_starved > run.since;
    }
    affected[g][k].runs += runs;
    affected[g][k].workspaces += runs > 0 && !records.queues[q].starvation_line.affected;
  }
  return affected;
}

void write_level_episodes(FigureSink& sink, const AtEnd& at, std::size_t g, std::size_t k,
                          const Affected& affected) {
  using enum FigureSink::Over;
  const LevelRecord& record = at.records.groups[g].levels[k];
  const Starvation::LevelPart& level = record.starvation;
  const std::uint64_t n = record.dispatched + record.candidates.count();
  const EpisodeTotals episodes =
      level.episodes.until(at.end, at.records.config.starvation_threshold[k]);
  sink.put_level(Metric::starvation_count, g, k, static_cast<double>(episodes.count), n, sum);
  sink.put_level(Metric::starvation_total, g, k, episodes.total.seconds(), n, sum);
  const bool open_longest =
      level.episodes.open() && at.end - level.episodes.since() == episodes.longest;
  sink.put_level(Metric::starvation_longest, g, k, episodes.longest.seconds(), n, most,
                 open_longest && episodes.longest.ns > 0);
  sink.put_level(Metric::starvation_index, g, k, episodes.index(), n, most);
  sink.put_level(Metric::starvation_runs, g, k, static_cast<double>(affected.runs), n, sum);
  // How many workspaces two levels have together is not known, but no two groups share any.
  sink.put_level(Metric::starvation_workspaces, g, k, static_cast<double>(affected.workspaces), n,
                 sum_over_groups);
  if (level.gaps == 0) return;
  const auto gaps = static_cast<double>(level.gaps);
  const double gap_mean = level.gap_sum_s / gaps;
  const double variance = std::max(0.0, level.gap_squares_s2 / gaps - gap_mean * gap_mean);
  sink.put_level(Metric::starvation_gap_mean, g, k, gap_mean, level.gaps, alone);
  sink.put_level(Metric::starvation_gap_sd, g, k, std::sqrt(variance), level.gaps, alone);
}

}  // namespace

void Starvation::write(FigureSink& sink, const AtEnd& at) const {
  const auto affected = affected_until_now(at);
  for (std::size_t g = 0; g < at.records.groups.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k)
      if (at.is_used(g, k)) write_level_episodes(sink, at, g, k, affected[g][k]);
}

// ---- one by one

std::vector<Episode::Dispatched> Starvation::as_dispatched(
    std::vector<DispatchLog::QueueCount> counts) {
  constexpr std::size_t kMostTold = 8;
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return std::pair(b.dispatches, a.queue) < std::pair(a.dispatches, b.queue);
  });
  std::vector<Episode::Dispatched> parts;
  std::array<std::uint64_t, kLevels> rest{};
  for (const auto& [queue, dispatches] : counts)
    if (parts.size() < kMostTold)
      parts.push_back({kAllLevels[queue % kLevels], WorkspaceId::at(queue / kLevels), dispatches});
    else
      rest[queue % kLevels] += dispatches;
  for (const PriorityLevel level : kAllLevels)
    if (rest[index(level)] > 0) parts.push_back({level, {}, rest[index(level)]});
  return parts;
}

namespace {

/// Group and level are told by whoever asks for it.
Episode episode_of(const Starvation::LevelPart& level, Time since, Time now,
                   const std::vector<DispatchLog::QueueCount>& dispatched) {
  Episode episode;
  episode.from = since;
  episode.until = now;
  episode.runs = level.runs.until(now);
  episode.workspaces = level.workspaces.until(now);
  episode.dispatched = Starvation::as_dispatched(dispatched);
  return episode;
}

}  // namespace

void Starvation::keep(LevelPart& level, const DispatchLog& log, Time since, Time now) {
  SLUICE_CHECK(level.workspaces.until(now) <= level.runs.until(now),
               "of each workspace that is affected, a run is", now, kNoRun);
  if (now > since && level.kept.has_room_for(now - since))
    level.kept.add(episode_of(level, since, now, log.ended()));
}

namespace {

/// With the one that is not over at the end.
void add_level_episodes(const AtEnd& at, std::size_t g, std::size_t k, EpisodeList& list) {
  const GroupRecord& group = at.records.groups[g];
  const Starvation::LevelPart& level = group.levels[k].starvation;
  const Duration threshold = at.records.config.starvation_threshold[k];
  LongestEpisodes kept = level.kept;
  const Time since = level.episodes.since();
  const bool is_open = level.episodes.open() && at.end > since && at.end - since >= threshold;
  if (is_open && kept.has_room_for(at.end - since)) {
    const auto dispatched = group.starvation.log.under_way(k, at.end, threshold);
    Episode open = episode_of(level, since, at.end, dispatched);
    open.censored = true;
    kept.add(std::move(open));
  }
  list.left_out += kept.left_out();
  for (Episode episode : kept.episodes()) {
    episode.group = GroupId::at(g);
    episode.level = kAllLevels[k];
    list.episodes.push_back(std::move(episode));
  }
}

}  // namespace

void Starvation::complete(ReplicationResult& result, const AtEnd& at) const {
  for (std::size_t g = 0; g < at.records.groups.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k) add_level_episodes(at, g, k, result.starved.levels);
  sort_episodes(result.starved.levels.episodes);
  for (std::size_t g = 0; g < at.records.groups.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k) {
      const DispatchLog::Counts counts = at.records.groups[g].starvation.log.counts(
          k, at.end, at.records.config.starvation_threshold[k]);
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
      result.dispatched_meanwhile.push_back(std::move(meanwhile));
    }
}

}  // namespace sluice

#include "reports/metrics/detail/workspace_episodes.hpp"

#include <utility>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

WorkspaceEpisodes::WorkspaceEpisodes(Records& records, const PipelineConfig&)
    : open_(records.queues.size()), kept_(records.groups.size()) {}

void WorkspaceEpisodes::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  kept_.assign(kept_.size(), {});
  for (std::size_t q = 0; q < open_.size(); ++q) {
    if (!open_[q].open()) continue;
    open_[q].since = now;
    open_[q].runs.begin(records.queues[q].candidates);
    open_[q].before = {};  // as the counts of the levels are
  }
}

Episode WorkspaceEpisodes::episode_of(std::size_t queue, Time now,
                                      const ByLevel& dispatched) const {
  const Open& open = open_[queue];
  Episode episode;
  episode.level = kAllLevels[queue % kLevels];
  episode.workspace = WorkspaceId::at(queue / kLevels);
  episode.from = open.since;
  episode.until = now;
  episode.runs = open.runs.until(now);
  episode.workspaces = 1;
  for (std::size_t k = 0; k < kLevels; ++k)
    if (const std::uint64_t meanwhile = dispatched[k] - open.before[k]; meanwhile > 0)
      episode.dispatched.push_back({kAllLevels[k], {}, meanwhile});
  return episode;
}

void WorkspaceEpisodes::keep(std::size_t queue, std::size_t group, Time now,
                             const ByLevel& dispatched) {
  const Duration length = now - open_[queue].since;
  SLUICE_CHECK(length.ns >= 0, "it ends after it began", now, kNoRun);
  LongestEpisodes& kept = kept_[group][queue % kLevels];
  if (length.ns > 0 && kept.has_room_for(length)) kept.add(episode_of(queue, now, dispatched));
}

void WorkspaceEpisodes::complete(ReplicationResult& result, const AtEnd& at) const {
  const Records& records = at.records;
  auto all = kept_;
  for (std::size_t q = 0; q < open_.size(); ++q) {
    const Open& open = open_[q];
    const std::size_t k = q % kLevels;
    if (!open.open() || at.end <= open.since ||
        at.end - open.since < records.config.starvation_threshold[k])
      continue;
    const std::size_t g = records.workspace_groups[q / kLevels].index();
    if (!all[g][k].has_room_for(at.end - open.since)) continue;
    ByLevel dispatched;
    for (std::size_t i = 0; i < kLevels; ++i)
      dispatched[i] = records.groups[g].levels[i].dispatched;
    Episode episode = episode_of(q, at.end, dispatched);
    episode.censored = true;
    all[g][k].add(std::move(episode));
  }
  EpisodeList& list = result.starved.workspaces;
  for (std::size_t g = 0; g < all.size(); ++g)
    for (const LongestEpisodes& kept : all[g]) {
      list.left_out += kept.left_out();
      for (Episode episode : kept.episodes()) {
        episode.group = GroupId::at(g);
        list.episodes.push_back(std::move(episode));
      }
    }
  sort_episodes(list.episodes);
  result.starved.workspaces_recorded = true;
}

}  // namespace sluice

#include "reports/metrics/lost_load.hpp"

#include <algorithm>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

void LostLoad::lose(Time now, const RunRequest& request, Records& records) {
  const std::uint32_t queue = queue_index(request.workspace, request.level);
  SLUICE_CHECK(queue < records.queues.size(), "a queue", now, kNoRun);
  by_queue_.resize(records.queues.size());
  ++by_queue_[queue];
  std::vector<Slice>& slices = records.slices.slices;
  by_slice_.resize(slices.size());
  records.slices.of_request(records.group_of(request), request,
                            [&](Slice& slice) { ++by_slice_[&slice - slices.data()]; });
  if (!request.submitter.valid()) return;
  if (request.submitter.index() >= by_submitter_.size())
    by_submitter_.resize(request.submitter.index() + 1);
  ++by_submitter_[request.submitter.index()];
}

void LostLoad::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  by_queue_.clear();
  by_slice_.clear();
  by_submitter_.clear();
}

std::uint64_t LostLoad::lost(const Records& records, const Subject& subject, bool is_slice) const {
  std::uint64_t sum = 0;
  if (is_slice) {
    for (std::size_t i = 0; i < by_slice_.size(); ++i)
      if (records.slices.slices[i].subject == subject) sum += by_slice_[i];
    return sum;
  }
  const std::size_t first = subject.workspace.valid() ? subject.workspace.index() * kLevels : 0;
  const std::size_t last = subject.workspace.valid() ? first + kLevels : by_queue_.size();
  for (std::size_t q = first; q < std::min(last, by_queue_.size()); ++q)
    if (covers(subject, records.workspace_groups[q / kLevels], q % kLevels)) sum += by_queue_[q];
  return sum;
}

namespace {

/// A run that was submitted before the window may be lost in it: the share is at most 1.
void write_lost(FigureSink& sink, const Subject& subject, std::uint64_t lost,
                std::uint64_t submitted) {
  sink.put(Metric::lost_load_count, subject, static_cast<double>(lost), std::max(lost, submitted));
  sink.put_share(Metric::lost_load_share, subject, std::min(lost, submitted), submitted);
}

}  // namespace

void LostLoad::write(FigureSink& sink, const AtEnd& at, const Subject& subject,
                     const QueueSums& sums) const {
  const std::uint64_t count = lost(at.records, subject, sums.of == QueueSums::Of::slice);
  // Of levels of workspaces, of which there are many, only where there is something to say.
  const bool is_said =
      sums.of == QueueSums::Of::queue ? count > 0 : sums.flow.submitted + count > 0;
  if (is_said) write_lost(sink, subject, count, sums.flow.submitted);
}

void LostLoad::write(FigureSink& sink, const AtEnd& at) const {
  for (std::size_t s = 0; s < at.records.submitters.size(); ++s) {
    const std::uint64_t submitted = at.records.submitters[s].counts.submitted;
    const std::uint64_t count = s < by_submitter_.size() ? by_submitter_[s] : 0;
    if (submitted + count > 0) write_lost(sink, Subject::of(SubmitterId::at(s)), count, submitted);
  }
}

}  // namespace sluice

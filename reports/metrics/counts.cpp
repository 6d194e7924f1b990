#include "reports/metrics/counts.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/config.hpp"
#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

Counts::Counts(Records&, const PipelineConfig& pipeline) {
  for (const WorkflowConfig& workflow : pipeline.workflows) {
    may_time_out_ |= workflow.timeout.has_value();
    may_expire_ |= workflow.expiry.has_value();
  }
}

// ---- before acceptance

namespace {

/// Calls action(SubmittingRuns&) for all that count the request.
template <class Do>
void for_submitting(const RunRequest& request, Records& records, Do action) {
  if (records.submitting.empty()) records.submitting.resize(records.queues.size());
  action(records.submitting[queue_index(request.workspace, request.level)]);
  if (request.submitter.valid()) action(records.submitter(request.submitter).counts.submitting);
  records.slices.of_request(records.group_of(request), request,
                            [&](Slice& slice) { action(slice.submitting); });
}

}  // namespace

void Counts::submitted(Time now, const RunRequest& request, Records& records) {
  SLUICE_CHECK(request.workspace.index() < records.workspace_groups.size(),
               "a workspace of the pipeline", now, kNoRun);
  ++records.queue_of(request).flow.submitted;
  if (request.submitter.valid()) ++records.submitter(request.submitter).counts.submitted;
  for_submitting(request, records, [&](SubmittingRuns& runs) { runs.begin(request.submitted); });
}

void Counts::answered(Time now, const RunRequest& request, const Answer& answer, Records& records) {
  SLUICE_CHECK(request.attempt > 0, "attempts count from one", now, kNoRun);
  Flow<std::uint32_t>& flow = records.queue_of(request).flow;
  const bool refused = answer.status != Answer::Status::accepted;
  ++flow.answered;
  if (request.submitter.valid()) {
    SubmitterPart& from = records.submitter(request.submitter).counts;
    ++from.answers;
    from.rejected += refused;
  }
  if (!refused) return;
  ++flow.rejected;
  if (request.attempt <= 1)
    for_submitting(request, records, [](SubmittingRuns& runs) { runs.refuse(); });
}

void Counts::gave_up(Time now, const RunRequest& request, Records& records) {
  SLUICE_CHECK(request.attempt > 0, "attempts count from one", now, kNoRun);
  if (!records.submitting.empty()) end_submitting(request, true, records);
}

void Counts::end_submitting(const RunRequest& request, bool refused, Records& records) {
  SLUICE_CHECK(!records.submitting.empty(), "somebody submits", request.submitted, kNoRun);
  for_submitting(request, records,
                 [&](SubmittingRuns& runs) { runs.end(request.submitted, refused); });
}

// ---- ends

std::uint64_t TooLong::*Counts::too_long(EndReason reason) {
  switch (reason) {
    case EndReason::timeout:
      return &TooLong::timed_out;
    case EndReason::expired:
      return &TooLong::expired;
    case EndReason::cancelled:
      return &TooLong::cancelled;
    default:
      return nullptr;
  }
}

void Counts::ended_for(EndReason reason, std::uint32_t queue, Records& records) {
  SLUICE_CHECK(queue < records.queues.size(), "a queue", records.from, kNoRun);
  if (reason == EndReason::sibling_login_failed) ++records.reached_of(ReachKind::sibling_stopped);
  if (reason == EndReason::timeout) ++records.reached_of(ReachKind::timed_out);
  if (reason == EndReason::expired) ++records.reached_of(ReachKind::expired);
  if (reason == EndReason::cancelled) ++records.reached_of(ReachKind::cancelled);
  const auto which = too_long(reason);
  if (which == nullptr) return;
  records.too_long.resize(records.queues.size());
  ++(records.too_long[queue].*which);
}

void Counts::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  records.too_long.clear();
  for (SubmitterRecord& from : records.submitters) {
    // What is open goes on.
    const SubmittingRuns open = from.counts.submitting;
    from.counts = {};
    from.counts.submitting = open;
  }
}

// ---- figures

void Counts::add(QueueSums& sums, std::size_t number, const AtEnd& at) const {
  const Records& records = at.records;
  const QueueRecord& queue = records.queues[number];
  sums.flow += queue.flow;
  if (!records.too_long.empty()) sums.too_long += records.too_long[number];
  if (!records.submitting.empty()) sums.submitting += records.submitting[number];
  sums.runs +=
      std::max({queue.flow.accepted + queue.candidates, queue.flow.dispatched, queue.flow.ended()});
}

std::optional<Figure> ratio(double numerator, double denominator, double samples) {
  if (!(denominator > 0)) return std::nullopt;
  Figure f;
  f.value = numerator / denominator;
  f.samples = static_cast<std::uint64_t>(std::max(0.0, samples));
  return f;
}

namespace {

std::optional<Figure> share(std::uint64_t part, std::uint64_t whole) {
  const auto n = static_cast<double>(whole);
  return ratio(static_cast<double>(part), n, n);
}

}  // namespace

std::optional<Figure> count_over(Metric metric, const Flow<std::uint64_t>& flow, Duration length) {
  const double minutes = length.seconds() / 60;
  // Nothing of one kind is a sample too, as long as anything happened at all.
  const auto activity = static_cast<double>(flow.submitted + flow.answered + flow.accepted +
                                            flow.dispatched + flow.ended());
  const auto count = [&](std::uint64_t n) { return ratio(static_cast<double>(n), 1, activity); };
  const auto rate = [&](std::uint64_t n) {
    return ratio(static_cast<double>(n), minutes, activity);
  };
  switch (metric) {
    case Metric::submitted_count:
      return count(flow.submitted);
    case Metric::submitted_rate:
      return rate(flow.submitted);
    case Metric::accepted_count:
      return count(flow.accepted);
    case Metric::accepted_rate:
      return rate(flow.accepted);
    case Metric::rejected_count:
      return count(flow.rejected);
    case Metric::rejected_per_minute:
      return rate(flow.rejected);
    case Metric::rejected_rate:
      return share(flow.rejected, flow.answered);
    case Metric::dispatched_count:
      return count(flow.dispatched);
    case Metric::dispatched_rate:
      return rate(flow.dispatched);
    case Metric::throughput_rate:
      return rate(flow.ended());
    case Metric::succeeded_count:
      return count(flow.succeeded);
    case Metric::succeeded_rate:
      return rate(flow.succeeded);
    case Metric::failed_count:
      return count(flow.failed);
    case Metric::failed_per_minute:
      return rate(flow.failed);
    case Metric::failed_rate:
      return share(flow.failed, flow.ended());
    case Metric::stopped_count:
      return count(flow.stopped);
    case Metric::stopped_per_minute:
      return rate(flow.stopped);
    case Metric::stopped_rate:
      return share(flow.stopped, flow.ended());
    case Metric::requeued_count:
      return count(flow.requeued);
    case Metric::requeued_per_minute:
      return rate(flow.requeued);
    case Metric::requeued_rate:
      return share(flow.requeued, flow.dispatched);
    case Metric::goodput_rate:
      return rate(flow.good);
    case Metric::goodput_share:
      return share(flow.good, flow.ended());
    default:
      return std::nullopt;
  }
}

namespace {

void write_submitting(FigureSink& sink, const Subject& subject, const SubmittingRuns& runs,
                      std::uint64_t samples) {
  const std::uint64_t n = std::max(samples, runs.count());
  sink.put(Metric::submitting_count, subject, static_cast<double>(runs.count()), n);
  sink.put(Metric::submitting_refused_count, subject, static_cast<double>(runs.refused()), n);
}

/// Of one level of a workspace, of which there are many.
void write_queue_counts(FigureSink& sink, const AtEnd& at, const Subject& subject,
                        const QueueSums& sums) {
  const Flow<std::uint64_t>& flow = sums.flow;
  const auto put = [&](Metric metric, double value) {
    sink.put(metric, subject, value, sums.runs);
  };
  put(Metric::accepted_count, static_cast<double>(flow.accepted));
  put(Metric::dispatched_count, static_cast<double>(flow.dispatched));
  put(Metric::throughput_rate, static_cast<double>(flow.ended()) * 60 / at.length_s);
  sink.put_share(Metric::rejected_rate, subject, flow.rejected, flow.answered);
  if (sums.submitting.count() > 0) write_submitting(sink, subject, sums.submitting, sums.runs);
}

void write_submitters(FigureSink& sink, const Records& records) {
  for (std::size_t s = 0; s < records.submitters.size(); ++s) {
    const Counts::SubmitterPart& from = records.submitters[s].counts;
    if (!from.is_used()) continue;
    const Subject subject = Subject::of(SubmitterId::at(s));
    sink.put(Metric::submitted_count, subject, static_cast<double>(from.submitted), from.submitted);
    sink.put(Metric::rejected_count, subject, static_cast<double>(from.rejected), from.answers);
    sink.put_share(Metric::rejected_rate, subject, from.rejected, from.answers);
    write_submitting(sink, subject, from.submitting, from.submitted + from.answers);
  }
}

}  // namespace

void Counts::write_by_reason(FigureSink& sink, const AtEnd& at, const Subject& subject,
                             const TooLong& too_long, std::uint64_t activity) const {
  const auto put_if = [&](bool may_be, Metric metric, std::uint64_t count) {
    if (may_be) sink.put(metric, subject, static_cast<double>(count), activity);
  };
  put_if(may_time_out_, Metric::timed_out_count, too_long.timed_out);
  put_if(may_expire_, Metric::expired_count, too_long.expired);
  put_if(at.records.config.patience, Metric::cancelled_count, too_long.cancelled);
}

void Counts::write(FigureSink& sink, const AtEnd& at, const Subject& subject,
                   const QueueSums& sums) const {
  if (sums.of == QueueSums::Of::queue) return write_queue_counts(sink, at, subject, sums);
  constexpr std::array metrics{
      Metric::submitted_count,   Metric::submitted_rate,     Metric::accepted_count,
      Metric::accepted_rate,     Metric::rejected_count,     Metric::rejected_rate,
      Metric::dispatched_count,  Metric::dispatched_rate,    Metric::throughput_rate,
      Metric::succeeded_count,   Metric::succeeded_rate,     Metric::failed_count,
      Metric::failed_rate,       Metric::stopped_count,      Metric::stopped_rate,
      Metric::requeued_count,    Metric::requeued_rate,      Metric::rejected_per_minute,
      Metric::failed_per_minute, Metric::stopped_per_minute, Metric::requeued_per_minute,
      Metric::goodput_rate,      Metric::goodput_share};
  const Flow<std::uint64_t>& flow = sums.flow;
  const std::uint64_t activity =
      flow.submitted + flow.answered + flow.accepted + flow.dispatched + flow.ended();
  if (activity + sums.submitting.count() > 0)
    write_submitting(sink, subject, sums.submitting, activity);
  if (activity == 0) return;
  write_by_reason(sink, at, subject, sums.too_long, activity);
  for (const Metric metric : metrics)
    if (const auto figure = count_over(metric, flow, at.end - at.records.from))
      sink.put(metric, subject, *figure);
}

void Counts::write(FigureSink& sink, const AtEnd& at) const {
  const Records& records = at.records;
  write_submitters(sink, records);
  std::uint64_t in_system = 0;
  for (const RunRecord& run : records.runs) in_system += run.phase != Phase::none;
  const auto balance = static_cast<double>(records.all_runs) -
                       static_cast<double>(records.all_ended) - static_cast<double>(in_system);
  sink.put(Metric::flow_imbalance, Subject::all(), std::abs(balance), records.all_runs);
}

}  // namespace sluice

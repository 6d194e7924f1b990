#include "reports/metrics/api.hpp"

#include <algorithm>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

ApiAnswers::ApiAnswers(Records& records, const PipelineConfig&) {
  for (const QuantileWatch& watch : records.config.quantiles) {
    const auto watched = watched_bucket(watch);
    if (!watched) continue;
    if (watched->kind == Metric::api_latency_p99)
      latency_.keep_bucket(records.kept_room, watched->bucket);
    if (watched->kind == Metric::webhooks_latency_p99)
      webhooks_.latency.keep_bucket(records.kept_room, watched->bucket);
  }
}

void ApiAnswers::answered(Time now, const RunRequest& request, const Answer& answer,
                          Records& records) {
  SLUICE_CHECK(request.attempt > 0, "attempts count from one", now, kNoRun);
  ++answers_;
  latency_.add(records.pool, answer.answered_at - now, Duration::max(), Duration::max());
  const bool is_retry = request.attempt > 1;
  retries_ += is_retry;
  if (request.submitter.valid()) records.submitter(request.submitter).api.retries += is_retry;
  if (answer.status == Answer::Status::accepted) return;
  records.any_refused = true;
  if (answer.status == Answer::Status::server_error) {
    ++errors_;
    return;
  }
  ++limited_;
  ++limited_by_window_[std::min<std::size_t>(answer.window, limited_by_window_.size() - 1)];
  ++records.reached_of(ReachKind::rate_limited);
}

void ApiAnswers::gave_up(Time now, const RunRequest& request, Records& records) {
  SLUICE_CHECK(request.attempt > 0, "attempts count from one", now, kNoRun);
  ++gave_up_;
  attempts_given_up_ += request.attempt;
  if (!request.submitter.valid()) return;
  SubmitterPart& part = records.submitter(request.submitter).api;
  ++part.gave_up;
  part.attempts_given_up += request.attempt;
}

void ApiAnswers::webhook(Time now, std::uint32_t attempts, bool delivered, Duration latency,
                         Records& records) {
  SLUICE_CHECK(attempts > 0 || !delivered, "what was delivered was tried", now, kNoRun);
  ++webhooks_.deliveries;
  webhooks_.attempts += attempts;
  webhooks_.failed += !delivered;
  if (delivered) webhooks_.latency.add(records.pool, latency, Duration::max(), Duration::max());
}

void ApiAnswers::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  answers_ = errors_ = limited_ = retries_ = gave_up_ = attempts_given_up_ = 0;
  limited_by_window_ = {};
  latency_.restart(records.pool);
  webhooks_.deliveries = webhooks_.attempts = webhooks_.failed = 0;
  webhooks_.latency.restart(records.pool);
  for (SubmitterRecord& from : records.submitters) from.api = {};
}

namespace {

void write_attempts(FigureSink& sink, const Subject& subject, std::uint64_t attempts,
                    std::uint64_t runs) {
  if (runs == 0) return;
  sink.put(Metric::gave_up_attempts, subject,
           static_cast<double>(attempts) / static_cast<double>(runs), runs);
}

}  // namespace

void ApiAnswers::write_submitters(FigureSink& sink, const AtEnd& at) const {
  for (std::size_t s = 0; s < at.records.submitters.size(); ++s) {
    const SubmitterRecord& from = at.records.submitters[s];
    if (!from.counts.is_used()) continue;
    const std::uint64_t answers = from.counts.answers;
    const auto put = [&, subject = Subject::of(SubmitterId::at(s))](Metric metric,
                                                                    std::uint64_t count) {
      sink.put(metric, subject, static_cast<double>(count), answers);
    };
    put(Metric::api_answers, answers);
    put(Metric::api_retries, from.api.retries);
    put(Metric::gave_up_count, from.api.gave_up);
    write_attempts(sink, Subject::of(SubmitterId::at(s)), from.api.attempts_given_up,
                   from.api.gave_up);
  }
}

void ApiAnswers::write(FigureSink& sink, const AtEnd& at) const {
  const auto put = [&](Metric metric, std::uint64_t count, std::uint64_t samples) {
    sink.put(metric, Subject::all(), static_cast<double>(count), samples);
  };
  put(Metric::api_answers, answers_, answers_);
  put(Metric::api_error_count, errors_, answers_);
  put(Metric::api_rate_limited_count, limited_, answers_);
  constexpr std::array windows{Metric::api_rate_limited_window_1, Metric::api_rate_limited_window_2,
                               Metric::api_rate_limited_window_3};
  for (std::size_t i = 0; i < windows.size(); ++i) put(windows[i], limited_by_window_[i], answers_);
  put(Metric::api_retries, retries_, answers_);
  put(Metric::gave_up_count, gave_up_, answers_);
  write_attempts(sink, Subject::all(), attempts_given_up_, gave_up_);
  const auto latency = [&](const WaitRecord& record, Metric mean, Metric p99) {
    if (record.count == 0) return;
    WaitSummary summary;
    at.records.refine(summary, p99, Subject::all());
    summary.add(at.records.pool, record);
    sink.put(mean, Subject::all(), summary.mean());
    sink.put(p99, Subject::all(), summary.quantile(0.99));
  };
  latency(latency_, Metric::api_latency_mean, Metric::api_latency_p99);
  write_submitters(sink, at);
  if (webhooks_.deliveries == 0) return;
  put(Metric::webhooks_deliveries, webhooks_.deliveries, webhooks_.deliveries);
  put(Metric::webhooks_attempts, webhooks_.attempts, webhooks_.deliveries);
  put(Metric::webhooks_failed, webhooks_.failed, webhooks_.deliveries);
  latency(webhooks_.latency, Metric::webhooks_latency_mean, Metric::webhooks_latency_p99);
}

}  // namespace sluice

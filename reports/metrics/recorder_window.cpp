// Set-up, and what happens at given times: the window begins, buckets and windows end.
#include <algorithm>

#include "reports/metrics/recorder_impl.hpp"

namespace sluice {

namespace {

Duration fairness_window(const RecorderConfig& config) {
  const auto& thresholds = config.starvation_threshold;
  const Duration shortest = *std::min_element(thresholds.begin(), thresholds.end());
  return {std::max<std::int64_t>(1'000'000, shortest.ns / 5)};
}

}  // namespace

Recorder::Impl::Impl(const RecorderConfig& config, const PipelineConfig& pipeline)
    : config_(config),
      workflows_(pipeline.workflows.size()),
      queues_(pipeline.workspaces.size() * kLevels),
      groups_(pipeline.groups.size()),
      fair_(pipeline.workspaces.size()),
      credentials_(pipeline.credentials.size()),
      credential_records_(pipeline.credentials.size()),
      fair_window_(fairness_window(config)) {
  for (std::size_t k = 0; k < kLevels; ++k) slo_[k] = config.slo[k].value_or(Duration::max());
  for (const WorkflowConfig& workflow : pipeline.workflows) {
    may_time_out_ |= workflow.timeout.has_value();
    may_expire_ |= workflow.expiry.has_value();
  }
  for (const WorkspaceConfig& workspace : pipeline.workspaces)
    workspace_groups_.push_back(workspace.group);
  const Duration threshold =
      *std::min_element(config.starvation_threshold.begin(), config.starvation_threshold.end());
  for (GroupRecord& group : groups_) {
    group.log = DispatchLog(queues_.size());
    group.fairness = FairShares(config.fair_share_factor, threshold);
    group.services.resize(kLevels * workflows_);
  }
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    credentials_[i].set_limit({}, pipeline.credentials[i].limit());
    credential_records_[i].set_limit({}, pipeline.credentials[i].limit());
  }
  for (const Subject& subject : config.slices) slice_of(subject);
  for (const WindowWatch& watch : config.windows)
    windows_.emplace_back(watch, slice_of(watch.subject));
  for (const QuantileWatch& watch : config.quantiles)
    if (is_slice(watch.subject)) slice_of(watch.subject);
  mask_words_ = (slices_.size() + 63) / 64;
  kept_room_.left = config.most_kept_values;
  if (config.exact_quantiles) keep_all_values();
  for (const QuantileWatch& watch : config.quantiles) keep_near(watch);
}

std::size_t Recorder::Impl::slice_of(const Subject& subject) {
  for (std::size_t i = 0; i < slices_.size(); ++i)
    if (slices_[i].subject == subject) return i;
  slices_.emplace_back();
  slices_.back().subject = subject;
  return slices_.size() - 1;
}

namespace {

// ∫ in use of a credential is kept modulo 2^64 run × ns: safe for 65 536 runs at once.
constexpr Duration kFoldEvery{std::int64_t{1} << 48};

}  // namespace

void Recorder::Impl::fold_credentials(Time now) {
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    credential_records_[i].in_use += credentials_[i].in_use_until(now);
    credentials_[i].fold(now);
  }
  fold_due_ = now + kFoldEvery;
}

void Recorder::Impl::find_due() {
  due_ = started_ ? std::min(fair_due_, time_lines_.due()) : config_.from;
  if (started_)
    for (const SlidingWindow& window : windows_) due_ = std::min(due_, window.due());
  due_ = std::min(due_, fold_due_);
  for (const GroupRecord& group : groups_) due_ = std::min(due_, group.clocks.rebase_due());
}

void Recorder::Impl::catch_up(Time now) {
  for (find_due(); due_ <= now; find_due()) {
    const Time t = due_;
    for (GroupRecord& group : groups_)
      if (t == group.clocks.rebase_due()) {
        group.clocks.advance(t, group.candidate_count > 0);
        group.clocks.rebase(t);
      }
    if (t == fold_due_) fold_credentials(t);
    if (!started_ && t >= config_.from) {
      start_window(t);
      continue;
    }
    if (t == time_lines_.due()) time_lines_.end_bucket(totals(t));
    if (t == fair_due_) end_fair_window(t);
    for (SlidingWindow& window : windows_) {
      if (t != window.due()) continue;
      const Slice& slice = slices_[window.slice()];
      window.step(read(slice, t, present_ns(slice.subject, t)));
    }
  }
}

void Recorder::Impl::end_fair_window(Time now) {
  for (GroupRecord& group : groups_) {
    const Int128 present = group.clocks.present_integral().until(now);
    const auto capacity_ns = static_cast<double>(present - group.present_at_window);
    group.present_at_window = present;
    group.fairness.end_window(now, capacity_ns, fair_);
  }
  fair_due_ = now + fair_window_;
}

namespace {

void restart_queue(QueueRecord& queue, Time now, CounterPool& pool) {
  queue.episodes.restart(now);
  queue.flow = {};
  queue.affected = false;
  queue.zero_waits = 0;
  queue.candidate_ns = queue.blocked_ns = 0;
  queue.waits.restart(pool);
  queue.parts = {};
  if (queue.abandoned) queue.abandoned->restart(pool);
}

void restart_api(ApiRecord& api, CounterPool& pool) {
  api.answers = api.errors = api.limited = api.retries = api.gave_up = 0;
  api.limited_by_window = {};
  api.latency.restart(pool);
}

void restart_webhooks(WebhookRecord& webhooks, CounterPool& pool) {
  webhooks.deliveries = webhooks.attempts = webhooks.failed = 0;
  webhooks.latency.restart(pool);
}

}  // namespace

void Recorder::Impl::start_window(Time now) {
  started_ = true;
  from_ = now;
  bump_deferred();
  kept_room_.lacked = false;
  for (QueueRecord& queue : queues_) restart_queue(queue, now, pool_);
  too_long_.clear();
  for (GroupRecord& group : groups_) group.restart(now, pool_);
  fair_.restart(now);
  for (CredentialUse& credential : credentials_) credential.restart(now);
  for (CredentialRecord& record : credential_records_) record.restart(now);
  fold_due_ = now + kFoldEvery;
  pools_.restart(now);
  holds_.restart(now);
  for (RunExtension& held : extensions_) {
    held.pool_holds = 0;
    held.pool_held = {};
  }
  restart_api(api_, pool_);
  restart_webhooks(webhooks_, pool_);
  for (SubmitterRecord& from : submitters_) from.restart();
  reached_ = {};
  for (Slice& slice : slices_) slice.restart(now, pool_);
  fair_due_ = now + fair_window_;
  const Duration length = config_.until == Time::never() ? Duration{} : config_.until - now;
  time_lines_.start(now, length, config_.time_line_buckets, totals(now));
  for (SlidingWindow& window : windows_) {
    const Slice& slice = slices_[window.slice()];
    window.start(now, read(slice, now, present_ns(slice.subject, now)));
  }
}

double Recorder::Impl::present_ns(const Subject& subject, Time now) const {
  if (subject.group.valid())
    return static_cast<double>(groups_[subject.group.index()].clocks.present_integral().until(now));
  double sum = 0;
  for (const GroupRecord& group : groups_)
    sum += static_cast<double>(group.clocks.present_integral().until(now));
  return sum;
}

/// Running totals of all time lines, in the order of Line, then group, then level.
std::vector<double> Recorder::Impl::totals(Time now) const {
  std::vector<double> totals;
  for (const GroupRecord& g : groups_)
    for (const LevelRecord& level : g.levels)
      totals.push_back(static_cast<double>(level.candidates.until(now)));
  for (const GroupRecord& g : groups_)
    for (const LevelRecord& level : g.levels)
      totals.push_back(static_cast<double>(level.blocked.until(now)));
  for (const GroupRecord& g : groups_) {
    double busy = 0;
    for (std::size_t k = 0; k < kLevels; ++k)
      busy += static_cast<double>(g.clocks.busy_integral(k).until(now));
    totals.push_back(busy);
  }
  for (const GroupRecord& g : groups_)
    totals.push_back(static_cast<double>(g.clocks.present_integral().until(now)));
  for (const GroupRecord& g : groups_)
    for (const LevelRecord& level : g.levels)
      totals.push_back(static_cast<double>(level.dispatched));
  return totals;
}

}  // namespace sluice

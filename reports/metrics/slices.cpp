#include "reports/metrics/slices.hpp"

#include <algorithm>
#include <cmath>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

bool Slice::matches(GroupId group, const RunRequest& request) const {
  return (!subject.group.valid() || subject.group == group) &&
         (!subject.level || *subject.level == request.level) &&
         (!subject.workspace.valid() || subject.workspace == request.workspace) &&
         (!subject.workflow.valid() || subject.workflow == request.workflow) &&
         (!subject.submitter.valid() || subject.submitter == request.submitter);
}

void Slice::restart(Time now, CounterPool& pool) {
  flow = {};
  too_long = {};
  waits.restart(pool);
  abandoned.restart(pool);
  parts = {};
  candidates.restart(now);
  blocked.restart(now);
  running.restart(now);
}

SliceReading read(const Slice& slice, Time now, double present_ns) {
  return {slice.flow,
          static_cast<double>(slice.waits.total),
          static_cast<double>(slice.waits.count),
          static_cast<double>(slice.waits.within_slo),
          static_cast<double>(slice.candidates.until(now)),
          static_cast<double>(slice.blocked.until(now)),
          static_cast<double>(slice.running.until(now)),
          present_ns};
}

SliceReading operator-(const SliceReading& a, const SliceReading& b) {
  return {a.flow - b.flow,
          a.wait_ns - b.wait_ns,
          a.waits - b.waits,
          a.within_slo - b.within_slo,
          a.candidates_ns - b.candidates_ns,
          a.blocked_ns - b.blocked_ns,
          a.running_ns - b.running_ns,
          a.present_ns - b.present_ns};
}

namespace {

/// Figures of waiting and of resources.
std::optional<Figure> state_over(Metric metric, const SliceReading& r, Duration length) {
  const auto ns = static_cast<double>(length.ns);
  switch (metric) {
    case Metric::wait_mean:
      return ratio(r.wait_ns * 1e-9, r.waits, r.waits);
    case Metric::slo_attainment:
      return ratio(r.within_slo, r.waits, r.waits);
    case Metric::queue_length_mean:
      return ratio(r.candidates_ns, ns, 1);
    case Metric::blocked_mean:
      return ratio(r.blocked_ns, ns, 1);
    case Metric::running_mean:
      return ratio(r.running_ns, ns, 1);
    case Metric::utilisation:
      return ratio(r.running_ns, r.present_ns, 1);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Figure> figure_over(Metric metric, const SliceReading& r, Duration length) {
  const auto count = count_over(metric, r.flow, length);
  return count ? count : state_over(metric, r, length);
}

namespace {

/// Of a quantile of waits.
std::optional<double> share_of(Metric metric) {
  switch (metric) {
    case Metric::wait_p50:
      return 0.5;
    case Metric::wait_p90:
      return 0.9;
    case Metric::wait_p95:
      return 0.95;
    case Metric::wait_p99:
      return 0.99;
    case Metric::wait_p999:
      return 0.999;
    default:
      return std::nullopt;
  }
}

}  // namespace

SlidingWindow::SlidingWindow(const WindowWatch& watch, std::size_t slice)
    : watch_(watch),
      slice_(slice),
      step_{std::max<std::int64_t>(1, watch.over.ns / kSteps)},
      readings_(kSteps + 1) {
  if (share_of(watch.metric)) quantile_.emplace(kSteps);
}

void SlidingWindow::start(Time now, const SliceReading& reading, const Records& records) {
  if (quantile_) quantile_->start(records.pool, records.slices.slices[slice_].waits.histogram);
  breaks_.clear();
  for (const WindowLimit& limit : watch_.limits) {
    breaks_.emplace_back();
    breaks_.back().comparison = limit.comparison;
    breaks_.back().limit = limit.limit;
  }
  breaking_.assign(breaks_.size(), false);
  readings_[0] = reading;
  taken_ = 1;
  due_ = now + step_;
  highest_.reset();
  lowest_.reset();
  samples_ = 0;
}

std::vector<Duration> SlidingWindow::waiting(const Records& records) const {
  std::vector<Duration> waits;
  std::size_t looked_at = 0;
  for (const GroupRecord& group : records.groups)
    for (const LevelRecord& level : group.levels)
      for (RunSlot slot = level.age.oldest; slot.valid() && looked_at < kMostWaiting;
           slot = records.runs[slot.index()].age.newer) {
        ++looked_at;
        const RunRecord& run = records.runs[slot.index()];
        if (records.slices.has(slice_, slot)) waits.push_back(run.wait + (due_ - run.since));
      }
  return waits;
}

std::optional<Figure> SlidingWindow::figure(const SliceReading& reading,
                                            const Records& records) const {
  if (const auto share = share_of(watch_.metric); share && quantile_)
    return quantile_->figure(*share, waiting(records));
  const SliceReading& oldest = readings_[taken_ % readings_.size()];
  return figure_over(watch_.metric, reading - oldest, step_ * kSteps);
}

void SlidingWindow::hold_against_limits(double value) {
  SLUICE_REQUIRE(breaks_.size() == breaking_.size(), "each limit is followed");
  for (std::size_t i = 0; i < breaks_.size(); ++i) {
    WindowBreaks& breaks = breaks_[i];
    ++breaks.windows;
    const bool is_broken = !holds(breaks.comparison, value, breaks.limit);
    breaks.broken += is_broken;
    breaks.times += is_broken && !breaking_[i];
    if (is_broken && !breaks.first) {
      breaks.first = due_;
      breaks.first_mean_s = due_.seconds();
      breaks.replications = 1;
    }
    breaking_[i] = is_broken;
  }
}

void SlidingWindow::step(const SliceReading& reading, const Records& records) {
  SLUICE_REQUIRE(taken_ > 0, "a window has begun that goes on");
  readings_[taken_++ % readings_.size()] = reading;
  if (quantile_) quantile_->step(records.pool, records.slices.slices[slice_].waits.histogram);
  const auto figure = taken_ < readings_.size() ? std::nullopt : this->figure(reading, records);
  if (figure) hold_against_limits(figure->value);
  due_ = due_ + step_;
  if (!figure) return;
  samples_ = std::max(samples_, figure->samples);
  if (!highest_ || figure->value > highest_->value) highest_ = figure;
  if (!lowest_ || figure->value < lowest_->value) lowest_ = figure;
}

std::optional<WindowFigure> SlidingWindow::result() const {
  if (!highest_) return std::nullopt;
  WindowFigure result{watch_.metric, watch_.subject, watch_.over, *highest_, *lowest_, breaks_};
  // An idle window has no samples of its own, and yet may be the worst.
  result.highest.samples = result.lowest.samples = samples_;
  return result;
}

// ---- the family

namespace {

std::size_t slice_of(SliceTable& table, const Subject& subject) {
  for (std::size_t i = 0; i < table.slices.size(); ++i)
    if (table.slices[i].subject == subject) return i;
  table.slices.emplace_back();
  table.slices.back().subject = subject;
  return table.slices.size() - 1;
}

SliceReading reading_of(const Records& records, std::size_t number, Time now) {
  const Slice& slice = records.slices.slices[number];
  return read(slice, now, records.present_ns(slice.subject, now));
}

}  // namespace

Slices::Slices(Records& records, const PipelineConfig&) {
  SliceTable& table = records.slices;
  const RecorderConfig& config = records.config;
  for (const Subject& subject : config.slices) slice_of(table, subject);
  for (const WindowWatch& watch : config.windows)
    windows_.emplace_back(watch, slice_of(table, watch.subject));
  for (const QuantileWatch& watch : config.quantiles)
    if (is_slice(watch.subject)) slice_of(table, watch.subject);
  table.mask_words = (table.slices.size() + 63) / 64;
  if (config.exact_quantiles)
    for (Slice& slice : table.slices) {
      slice.waits.keep_exact();
      slice.abandoned.keep_exact();
    }
  for (const QuantileWatch& watch : config.quantiles) {
    const auto watched = watched_bucket(watch);
    if (!watched || watched->kind != Metric::wait_p50) continue;
    for (Slice& slice : table.slices) {
      if (slice.subject != watch.subject) continue;
      slice.waits.keep_bucket(records.kept_room, watched->bucket);
      slice.abandoned.keep_bucket(records.kept_room, watched->bucket);
    }
  }
}

void Slices::submitted(Time now, const RunRequest& request, Records& records) {
  SLUICE_CHECK(request.workspace.valid(), "of a workspace", now, kNoRun);
  records.slices.of_request(records.group_of(request), request,
                            [](Slice& slice) { ++slice.flow.submitted; });
}

void Slices::answered(Time now, const RunRequest& request, const Answer& answer, Records& records) {
  SLUICE_CHECK(request.workspace.valid(), "of a workspace", now, kNoRun);
  const bool refused = answer.status != Answer::Status::accepted;
  records.slices.of_request(records.group_of(request), request, [refused](Slice& slice) {
    ++slice.flow.answered;
    slice.flow.rejected += refused;
  });
}

void Slices::arrived_in(const RunRequest& request, Records& records) {
  SLUICE_CHECK(request.workspace.valid(), "of a workspace", request.submitted, kNoRun);
  records.slices.of_request(records.group_of(request), request, [](Slice& slice) {
    ++slice.flow.submitted;
    ++slice.flow.answered;
  });
}

void Slices::match(RunSlot slot, const Run& run, Records& records) {
  SliceTable& table = records.slices;
  SLUICE_CHECK((slot.index() + 1) * table.mask_words <= table.masks.size(), "a mask for each run",
               run.accepted, run.id);
  const GroupId group = records.group_of(run.request);
  std::uint64_t* mask = &table.masks[slot.index() * table.mask_words];
  std::fill_n(mask, table.mask_words, 0);
  for (std::size_t i = 0; i < table.slices.size(); ++i) {
    if (!table.slices[i].matches(group, run.request)) continue;
    mask[i / 64] |= std::uint64_t{1} << (i % 64);
    ++table.slices[i].flow.accepted;
    table.slices[i].parts[static_cast<std::size_t>(WaitPart::api)] +=
        static_cast<double>(records.runs[slot.index()].api.ns);
  }
}

void Slices::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (Slice& slice : records.slices.slices) slice.restart(now, records.pool);
  for (SlidingWindow& window : windows_)
    window.start(now, reading_of(records, window.slice(), now), records);
}

Time Slices::due(const Records&) const {
  Time due = Time::never();
  for (const SlidingWindow& window : windows_) due = std::min(due, window.due());
  return due;
}

void Slices::reached(Time now, Records& records) {
  SLUICE_CHECK(now == due(records), "when it is due", now, kNoRun);
  for (SlidingWindow& window : windows_)
    if (window.due() == now) window.step(reading_of(records, window.slice(), now), records);
}

void Slices::read(QueueSums& sums, std::size_t number, const AtEnd& at) {
  const Records& records = at.records;
  const Slice& slice = records.slices.slices[number];
  sums.of = QueueSums::Of::slice;
  sums.flow = slice.flow;
  sums.too_long = slice.too_long;
  sums.parts = slice.parts;
  sums.submitting = slice.submitting;
  records.refine(sums.waits, Metric::wait_p50, slice.subject);
  sums.waits.add(records.pool, slice.waits);
  sums.waits.add_abandoned(records.pool, slice.abandoned);
  for (const WaitingRun& w : at.waiting) {
    if (!records.slices.has(number, RunSlot{w.slot})) continue;
    const std::size_t k = w.queue % kLevels;
    sums.waits.add_censored(w.wait, records.slo[k], records.config.starvation_threshold[k]);
    for (std::size_t p = 0; p + 1 < kWaitParts; ++p)
      sums.parts[p] += static_cast<double>(w.parts.parts[p].ns);
  }
  sums.time = {static_cast<double>(slice.candidates.until(at.end)),
               static_cast<double>(slice.blocked.until(at.end))};
  sums.running_ns = static_cast<double>(slice.running.until(at.end));
  sums.runs =
      slice.flow.submitted + slice.flow.accepted + sums.waits.count() + slice.submitting.count();
}

void Slices::complete(ReplicationResult& result, const AtEnd&) const {
  for (const SlidingWindow& window : windows_)
    if (auto figure = window.result()) result.windows.push_back(*figure);
}

}  // namespace sluice

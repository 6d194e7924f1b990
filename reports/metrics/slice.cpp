#include "reports/metrics/slice.hpp"

#include <algorithm>
#include <cmath>

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

std::optional<Figure> ratio(double numerator, double denominator, double samples) {
  if (!(denominator > 0)) return std::nullopt;
  Figure f;
  f.value = numerator / denominator;
  f.samples = static_cast<std::uint64_t>(std::max(0.0, samples));
  return f;
}

std::optional<Figure> share(std::uint64_t part, std::uint64_t whole) {
  const auto n = static_cast<double>(whole);
  return ratio(static_cast<double>(part), n, n);
}

/// Figures of waiting and of resources; those of what happened are figure_over's own.
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
  const double minutes = length.seconds() / 60;
  // Nothing of one kind is a sample too, as long as anything happened at all.
  const auto activity = static_cast<double>(r.flow.submitted + r.flow.answered + r.flow.accepted +
                                            r.flow.dispatched + r.flow.ended());
  const auto count = [&](std::uint64_t n) { return ratio(static_cast<double>(n), 1, activity); };
  const auto rate = [&](std::uint64_t n) {
    return ratio(static_cast<double>(n), minutes, activity);
  };
  switch (metric) {
    case Metric::submitted_count:
      return count(r.flow.submitted);
    case Metric::submitted_rate:
      return rate(r.flow.submitted);
    case Metric::accepted_count:
      return count(r.flow.accepted);
    case Metric::accepted_rate:
      return rate(r.flow.accepted);
    case Metric::rejected_count:
      return count(r.flow.rejected);
    case Metric::rejected_per_minute:
      return rate(r.flow.rejected);
    case Metric::rejected_rate:
      return share(r.flow.rejected, r.flow.answered);
    case Metric::dispatched_count:
      return count(r.flow.dispatched);
    case Metric::dispatched_rate:
      return rate(r.flow.dispatched);
    case Metric::throughput_rate:
      return rate(r.flow.ended());
    case Metric::succeeded_count:
      return count(r.flow.succeeded);
    case Metric::succeeded_rate:
      return rate(r.flow.succeeded);
    case Metric::failed_count:
      return count(r.flow.failed);
    case Metric::failed_per_minute:
      return rate(r.flow.failed);
    case Metric::failed_rate:
      return share(r.flow.failed, r.flow.ended());
    case Metric::stopped_count:
      return count(r.flow.stopped);
    case Metric::stopped_per_minute:
      return rate(r.flow.stopped);
    case Metric::stopped_rate:
      return share(r.flow.stopped, r.flow.ended());
    case Metric::requeued_count:
      return count(r.flow.requeued);
    case Metric::requeued_per_minute:
      return rate(r.flow.requeued);
    case Metric::requeued_rate:
      return share(r.flow.requeued, r.flow.dispatched);
    case Metric::goodput_rate:
      return rate(r.flow.good);
    case Metric::goodput_share:
      return share(r.flow.good, r.flow.ended());
    default:
      return state_over(metric, r, length);
  }
}

SlidingWindow::SlidingWindow(const WindowWatch& watch, std::size_t slice)
    : watch_(watch),
      slice_(slice),
      step_{std::max<std::int64_t>(1, watch.over.ns / kSteps)},
      readings_(kSteps + 1) {}

void SlidingWindow::start(Time now, const SliceReading& reading) {
  readings_[0] = reading;
  taken_ = 1;
  due_ = now + step_;
  highest_.reset();
  lowest_.reset();
  samples_ = 0;
}

void SlidingWindow::step(const SliceReading& reading) {
  due_ = due_ + step_;
  readings_[taken_++ % readings_.size()] = reading;
  if (taken_ < readings_.size()) return;
  const SliceReading& oldest = readings_[taken_ % readings_.size()];
  const auto figure = figure_over(watch_.metric, reading - oldest, step_ * kSteps);
  if (!figure) return;
  samples_ = std::max(samples_, figure->samples);
  if (!highest_ || figure->value > highest_->value) highest_ = figure;
  if (!lowest_ || figure->value < lowest_->value) lowest_ = figure;
}

std::optional<WindowFigure> SlidingWindow::result() const {
  if (!highest_) return std::nullopt;
  WindowFigure result{watch_.metric, watch_.subject, watch_.over, *highest_, *lowest_};
  // An idle window has no samples of its own, and yet may be the worst.
  result.highest.samples = result.lowest.samples = samples_;
  return result;
}

}  // namespace sluice

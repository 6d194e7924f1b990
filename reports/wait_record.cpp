#include "reports/wait_record.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

void WaitRecord::restart(CounterPool& pool) {
  histogram.clear(pool);
  if (exact) exact->clear();
  total = 0;
  count = within_slo = over_threshold = 0;
  longest = {};
}

WaitSummary::WaitSummary(bool exact) : exact_(exact) {
  if (!exact_) cells_.resize(LogHistogram::kBuckets);
}

void WaitSummary::clear() {
  for (std::size_t octave = 0; octave < LogHistogram::kOctaves; ++octave)
    if (octaves_ >> octave & 1)
      std::fill_n(cells_.begin() + static_cast<std::ptrdiff_t>(octave * CounterPool::kBlock),
                  CounterPool::kBlock, Cell{});
  octaves_ = 0;
  exact_cells_.clear();
  zeros_ = {};
  total_ = 0;
  recorded_ = censored_ = within_slo_ = undecided_ = over_threshold_ = within_threshold_ = 0;
  longest_recorded_ = longest_censored_ = {};
}

WaitSummary::Cell& WaitSummary::cell(std::size_t bucket) {
  octaves_ |= std::uint64_t{1} << (bucket / CounterPool::kBlock);
  return cells_[bucket];
}

void WaitSummary::add(const CounterPool& pool, const WaitRecord& record) {
  if (record.count == 0) return;
  if (exact_ && record.exact) {
    for (const auto& [ns, count] : *record.exact) exact_cells_[ns].recorded += count;
  } else {
    zeros_.recorded += record.histogram.zeros();
    record.histogram.for_each(
        pool, [&](std::size_t bucket, std::uint32_t count) { cell(bucket).recorded += count; });
  }
  total_ += record.total;
  recorded_ += record.count;
  within_slo_ += record.within_slo;
  over_threshold_ += record.over_threshold;
  longest_recorded_ = std::max(longest_recorded_, record.longest);
}

void WaitSummary::add_censored(Duration at_least, Duration slo, Duration threshold) {
  if (exact_)
    ++exact_cells_[at_least.ns].censored;
  else if (at_least.ns == 0)
    ++zeros_.censored;
  else
    ++cell(LogHistogram::bucket_of(at_least)).censored;
  total_ += at_least.ns;
  ++censored_;
  undecided_ += at_least <= slo;
  over_threshold_ += at_least > threshold;
  within_threshold_ += at_least <= threshold;
  longest_censored_ = std::max(longest_censored_, at_least);
}

void WaitSummary::add_abandoned(const CounterPool& pool, const WaitRecord& record) {
  if (exact_ && record.exact) {
    for (const auto& [ns, count] : *record.exact) exact_cells_[ns].censored += count;
  } else {
    zeros_.censored += record.histogram.zeros();
    record.histogram.for_each(
        pool, [&](std::size_t bucket, std::uint32_t count) { cell(bucket).censored += count; });
  }
  total_ += record.total;
  censored_ += record.count;
  undecided_ += record.within_slo;
  over_threshold_ += record.over_threshold;
  within_threshold_ += record.count - record.over_threshold;
  longest_censored_ = std::max(longest_censored_, record.longest);
}

/// Visits cells that are not empty, in ascending order, until visit(value, cell) returns true;
/// value() costs only who asks.
template <class Visit>
void WaitSummary::for_each_cell(Visit visit) const {
  if (exact_) {
    for (const auto& [ns, cell] : exact_cells_)
      if (visit([ns = ns] { return Duration{ns}; }, cell)) return;
    return;
  }
  if (visit([] { return Duration{}; }, zeros_)) return;
  for (std::size_t octave = 0; octave < LogHistogram::kOctaves; ++octave) {
    if ((octaves_ >> octave & 1) == 0) continue;
    for (std::size_t i = octave * CounterPool::kBlock; i < (octave + 1) * CounterPool::kBlock; ++i)
      if (visit([i] { return LogHistogram::value_of(i); }, cells_[i])) return;
  }
}

void WaitSummary::add_zeros(std::uint64_t count) {
  if (count == 0) return;
  (exact_ ? exact_cells_[0] : zeros_).recorded += count;
  recorded_ += count;
  within_slo_ += count;
}

Figure WaitSummary::figure(double value, bool lower_bound) const {
  Figure f;
  f.value = value;
  f.samples = count();
  f.censored = censored_;
  f.lower_bound = lower_bound;
  return f;
}

std::vector<Figure> WaitSummary::quantiles(std::span<const double> shares) const {
  // p·n is computed in floating point: 0.95 × 20 must be rank 19, not 20.
  const auto rank = [this](double p) {
    return std::max(1.0, std::ceil(p * static_cast<double>(count()) - 1e-9));
  };
  // A bucket's mid-point may lie above the longest wait of all.
  const Duration most = std::max(longest_recorded_, longest_censored_);
  std::vector<Figure> result;
  std::size_t bounded = 0;  // results whose upper bound is known
  std::uint64_t seen = 0;
  std::uint64_t recorded = 0;
  for_each_cell([&](auto value, const Cell& cell) {
    seen += cell.recorded + cell.censored;
    recorded += cell.recorded;
    while (result.size() < shares.size() &&
           static_cast<double>(seen) >= rank(shares[result.size()]))
      result.push_back(figure(std::min(value(), most).seconds(), true));
    // Were those still waiting to wait for ever, only recorded waits would come before this one.
    while (bounded < result.size() && static_cast<double>(recorded) >= rank(shares[bounded]))
      set_upper_bound(result[bounded++], std::min(value(), most).seconds());
    return bounded == shares.size();
  });
  return result;
}

/// Two bounds that the histogram cannot tell apart are one value.
void WaitSummary::set_upper_bound(Figure& figure, double most) const {
  const double error = exact_ ? 0 : LogHistogram::kRelativeError;
  figure.lower_bound = most * (1 - error) > figure.value * (1 + error);
  if (figure.lower_bound) figure.at_most = most;
}

Figure WaitSummary::mean() const {
  return figure(seconds(total_) / static_cast<double>(count()),
                censoring_matters(censored_, count()));
}

Figure WaitSummary::longest() const {
  const bool lower_bound = censored_ > 0 && longest_censored_ >= longest_recorded_;
  return figure(std::max(longest_recorded_, longest_censored_).seconds(), lower_bound);
}

Figure WaitSummary::slo_attainment() const {
  Figure f = figure(0, false);
  f.samples = count() - undecided_;
  if (f.samples > 0) f.value = static_cast<double>(within_slo_) / static_cast<double>(f.samples);
  return f;
}

Figure WaitSummary::over_threshold() const {
  Figure f = figure(static_cast<double>(over_threshold_), censoring_matters(censored_, count()));
  if (f.lower_bound) f.at_most = static_cast<double>(over_threshold_ + within_threshold_);
  return f;
}

}  // namespace sluice

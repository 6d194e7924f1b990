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
  recorded_ = censored_ = within_slo_ = undecided_ = over_threshold_ = 0;
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
  longest_censored_ = std::max(longest_censored_, record.longest);
}

template <class Visit>
void WaitSummary::for_each_cell(Visit visit) const {
  if (exact_) {
    for (const auto& [ns, cell] : exact_cells_)
      if (visit(Duration{ns}, cell)) return;
    return;
  }
  if (visit(Duration{}, zeros_)) return;
  for (std::size_t octave = 0; octave < LogHistogram::kOctaves; ++octave) {
    if ((octaves_ >> octave & 1) == 0) continue;
    for (std::size_t i = octave * CounterPool::kBlock; i < (octave + 1) * CounterPool::kBlock; ++i)
      if (visit(LogHistogram::value_of(i), cells_[i])) return;
  }
}

Figure WaitSummary::figure(double value, bool lower_bound) const {
  Figure f;
  f.value = value;
  f.samples = count();
  f.censored = censored_;
  f.lower_bound = lower_bound;
  return f;
}

Figure WaitSummary::quantile(double p) const {
  // p·n is computed in floating point: 0.95 × 20 must be rank 19, not 20.
  const double exact_rank = p * static_cast<double>(count());
  const auto rank =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(exact_rank - 1e-9)));
  std::uint64_t seen = 0;
  std::uint64_t recorded = 0;
  Figure result;
  for_each_cell([&](Duration value, const Cell& cell) {
    seen += cell.recorded + cell.censored;
    recorded += cell.recorded;
    if (seen < rank) return false;
    // A bucket's mid-point may lie above the longest wait of all.
    const Duration most = std::max(longest_recorded_, longest_censored_);
    result = figure(std::min(value, most).seconds(), recorded < rank);
    return true;
  });
  return result;
}

bool WaitSummary::censoring_matters() const {
  constexpr double kNegligible = 0.01;
  return static_cast<double>(censored_) >= kNegligible * static_cast<double>(count());
}

Figure WaitSummary::mean() const {
  return figure(seconds(total_) / static_cast<double>(count()),
                censored_ > 0 && censoring_matters());
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
  return figure(static_cast<double>(over_threshold_), censored_ > 0 && censoring_matters());
}

}  // namespace sluice

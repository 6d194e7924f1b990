#include "reports/instruments/wait_record.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

void WaitRecord::restart(CounterPool& pool) {
  histogram.clear(pool);
  if (kept) kept->clear();
  total = 0;
  count = within_slo = over_threshold = 0;
  longest = {};
}

void WaitRecord::keep_bucket(KeptRoom& room, std::size_t bucket) {
  if (!kept) kept = std::make_unique<KeptValues>(room);
  if (!kept->all()) kept->want(bucket);
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
  refined_.clear();
  refined_completely_ = true;
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

void WaitSummary::refine(std::size_t bucket) {
  if (!exact_) refined_.try_emplace(bucket);
}

void WaitSummary::add_kept(const WaitRecord& record, std::uint64_t Cell::*number) {
  refined_completely_ &= record.kept && record.kept->complete();
  if (!refined_completely_) return;
  const KeptValues::Counts& counts = record.kept->counts();
  for (auto& [bucket, cells] : refined_) {
    const Spot spot = spot_of_bucket(bucket);
    const auto end = counts.upper_bound(spot.high.ns);
    for (auto i = counts.lower_bound(spot.low.ns); i != end; ++i)
      cells[i->first].*number += i->second;
  }
}

void WaitSummary::add(const CounterPool& pool, const WaitRecord& record) {
  if (record.count == 0) return;
  if (exact_ && record.kept) {
    for (const auto& [ns, count] : record.kept->counts()) exact_cells_[ns].recorded += count;
  } else {
    zeros_.recorded += record.histogram.zeros();
    record.histogram.for_each(
        pool, [&](std::size_t bucket, std::uint32_t count) { cell(bucket).recorded += count; });
    if (!refined_.empty()) add_kept(record, &Cell::recorded);
  }
  total_ += record.total;
  recorded_ += record.count;
  within_slo_ += record.within_slo;
  over_threshold_ += record.over_threshold;
  longest_recorded_ = std::max(longest_recorded_, record.longest);
}

void WaitSummary::add_censored(Duration at_least, Duration slo, Duration threshold) {
  if (exact_) {
    ++exact_cells_[at_least.ns].censored;
  } else if (at_least.ns == 0) {
    ++zeros_.censored;
  } else {
    const std::size_t bucket = LogHistogram::bucket_of(at_least);
    ++cell(bucket).censored;
    if (const auto found = refined_.find(bucket); found != refined_.end())
      ++found->second[at_least.ns].censored;
  }
  total_ += at_least.ns;
  ++censored_;
  undecided_ += at_least <= slo;
  over_threshold_ += at_least > threshold;
  within_threshold_ += at_least <= threshold;
  longest_censored_ = std::max(longest_censored_, at_least);
}

void WaitSummary::add_abandoned(const CounterPool& pool, const WaitRecord& record) {
  if (exact_ && record.kept) {
    for (const auto& [ns, count] : record.kept->counts()) exact_cells_[ns].censored += count;
  } else {
    zeros_.censored += record.histogram.zeros();
    record.histogram.for_each(
        pool, [&](std::size_t bucket, std::uint32_t count) { cell(bucket).censored += count; });
    if (!refined_.empty() && record.count > 0) add_kept(record, &Cell::censored);
  }
  total_ += record.total;
  censored_ += record.count;
  undecided_ += record.within_slo;
  over_threshold_ += record.over_threshold;
  within_threshold_ += record.count - record.over_threshold;
  longest_censored_ = std::max(longest_censored_, record.longest);
}

WaitSummary::Spot WaitSummary::spot_of_bucket(std::size_t bucket) {
  const auto [low, high] = LogHistogram::range_of(bucket);
  return {low, LogHistogram::value_of(bucket), high};
}

/// Visits cells that are not empty, in ascending order, until visit(spot, cell) returns true;
/// spot() costs only who asks.
template <class Visit>
void WaitSummary::for_each_cell(Visit visit) const {
  const auto at_ns = [](std::int64_t ns) {
    return [ns] { return Spot{Duration{ns}, Duration{ns}, Duration{ns}}; };
  };
  const auto over = [&](const Cells& cells) {
    return std::any_of(cells.begin(), cells.end(),
                       [&](const auto& c) { return visit(at_ns(c.first), c.second); });
  };
  if (exact_) {
    over(exact_cells_);
    return;
  }
  if (visit(at_ns(0), zeros_)) return;
  for (std::size_t octave = 0; octave < LogHistogram::kOctaves; ++octave) {
    if ((octaves_ >> octave & 1) == 0) continue;
    for (std::size_t i = octave * CounterPool::kBlock; i < (octave + 1) * CounterPool::kBlock;
         ++i) {
      const auto refined = refined_completely_ ? refined_.find(i) : refined_.end();
      if (refined != refined_.end() ? over(refined->second)
                                    : visit([i] { return spot_of_bucket(i); }, cells_[i]))
        return;
    }
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
  for_each_cell([&](auto spot, const Cell& cell) {
    seen += cell.recorded + cell.censored;
    recorded += cell.recorded;
    while (result.size() < shares.size() &&
           static_cast<double>(seen) >= rank(shares[result.size()]))
      result.push_back(figure_at(spot(), most));
    // Were those still waiting to wait for ever, only recorded waits would come before this one.
    while (bounded < result.size() && static_cast<double>(recorded) >= rank(shares[bounded]))
      set_upper_bound(result[bounded++], spot(), most);
    return bounded == shares.size();
  });
  return result;
}

Figure WaitSummary::figure_at(const Spot& spot, Duration most) const {
  Figure f = figure(std::min(spot.value, most).seconds(), true);
  if (!spot.exact()) f.within = Interval{spot.low.seconds(), std::min(spot.high, most).seconds()};
  return f;
}

/// Two bounds that the histogram cannot tell apart are one value.
void WaitSummary::set_upper_bound(Figure& figure, const Spot& spot, Duration most) {
  const double bound = std::min(spot.value, most).seconds();
  const double error = figure.within ? LogHistogram::kRelativeError : 0;
  const double bound_error = spot.exact() ? 0 : LogHistogram::kRelativeError;
  figure.lower_bound = bound * (1 - bound_error) > figure.value * (1 + error);
  if (figure.lower_bound)
    figure.at_most = bound;
  else if (figure.within)
    figure.within->high = std::max(figure.within->high, std::min(spot.high, most).seconds());
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

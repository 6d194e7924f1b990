#include "sim/arrivals/trace_process.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "sim/arrivals/added_runs.hpp"

namespace sluice {
namespace {

constexpr double kMostOfARow = 1e9;

}  // namespace

FactoredTrace::FactoredTrace(const std::vector<TraceRow>& rows, std::uint64_t key,
                             const FactorCurve& factors, Time from, Time horizon)
    : rows_(rows),
      factors_(factors),
      keys_(stream_key(key, "copies")),
      horizon_(horizon),
      row_(first_trace_row(rows, from)) {}

Arrival FactoredTrace::next() {
  while (next_ == arrivals_.size()) {
    if (row_ == rows_.size() || rows_[row_].at >= horizon_) return {};
    open(row_++);
  }
  return arrivals_[next_++];
}

void FactoredTrace::open(std::size_t row) {
  arrivals_.clear();
  next_ = 0;
  const Time at = rows_[row].at;
  const FactorPiece& piece = factors_.at(at);
  const double whole = std::floor(std::min(piece.factor, kMostOfARow));
  // Each row draws the same whatever the factor: a larger one adds to the copies of a smaller one.
  Stream draws(keys_[row]);
  const bool once_more = draws.uniform() < piece.factor - whole;
  const std::uint64_t count = static_cast<std::uint64_t>(whole) + (once_more ? 1 : 0);
  if (count == 0) return;

  Time end = std::min(piece.end, horizon_);
  if (row + 1 < rows_.size()) end = std::min(end, rows_[row + 1].at);
  const auto room = static_cast<std::uint64_t>(std::max<std::int64_t>(1, (end - at).ns));
  arrivals_.push_back({at, row});
  for (std::uint64_t copy = 0; copy + 1 < count; ++copy)
    arrivals_.push_back({at + Duration{static_cast<std::int64_t>(draws.below(room))},
                         kFirstAddedRun + copy * rows_.size() + row});
  std::sort(arrivals_.begin(), arrivals_.end(), [](const Arrival& a, const Arrival& b) {
    return std::tie(a.at, a.index) < std::tie(b.at, b.index);
  });
}

std::size_t first_trace_row(const std::vector<TraceRow>& rows, Time from) {
  const auto before = [](const TraceRow& row, Time time) { return row.at < time; };
  return static_cast<std::size_t>(std::lower_bound(rows.begin(), rows.end(), from, before) -
                                  rows.begin());
}

}  // namespace sluice

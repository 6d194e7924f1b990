#include "reports/metrics/time_lines.hpp"

#include <algorithm>

namespace sluice {

void TimeLineRecorder::start(Time from, Duration length, std::uint32_t buckets,
                             std::span<const double> totals) {
  if (buckets == 0) return;
  from_ = from;
  wanted_ = buckets;
  // Rounded up: the last bucket ends with the window or a little later, never a nanosecond before.
  const std::int64_t even = (length.ns + buckets - 1) / buckets;
  bucket_ = {length.ns > 0 ? std::max<std::int64_t>(1, even) : 1'000'000'000};
  due_ = from + bucket_;
  previous_.assign(totals.begin(), totals.end());
  rows_.assign(totals.size(), {});
}

void TimeLineRecorder::end_bucket(std::span<const double> totals) {
  for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i].push_back(totals[i] - previous_[i]);
  previous_.assign(totals.begin(), totals.end());
  if (!rows_.empty() && rows_[0].size() >= 2 * std::size_t{wanted_}) merge_neighbours();
  due_ = due_ + bucket_;
}

void TimeLineRecorder::merge_neighbours() {
  for (std::vector<double>& row : rows_) {
    for (std::size_t i = 0; i < row.size() / 2; ++i) row[i] = row[2 * i] + row[2 * i + 1];
    row.resize(row.size() / 2);
  }
  bucket_ = bucket_ * 2;
}

std::vector<std::vector<double>> TimeLineRecorder::rows(Time now,
                                                        std::span<const double> totals) const {
  std::vector<std::vector<double>> rows = rows_;
  if (rows.empty() || now <= due_ - bucket_) return rows;
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(totals[i] - previous_[i]);
  return rows;
}

}  // namespace sluice

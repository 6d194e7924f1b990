// Times of requests in a histogram with the layout of HdrHistogram, so that its plotters read them.
//
// Three significant digits: a value is told to 0.1 %. Source of the layout and of the V2 encoding:
// the format description of the HdrHistogram project ("V2 encoding", "log format 1.3").
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/figures/load_facts.hpp"

namespace sluice {

/// Values from 1 µs (smaller ones count as 1 µs) to one hour (larger ones count as that). 185 KiB
/// once full. record(): O(1), about 2 ns. Not thread-safe.
class LatencyHistogram {
 public:
  LatencyHistogram();

  void record(Duration value);
  void add(const LatencyHistogram& other);
  void clear();

  std::uint64_t count() const { return count_; }
  Duration maximum() const { return maximum_; }
  /// Nearest rank: the highest value that is equivalent to the one at rank ⌈share · count⌉; the
  /// exact maximum for 1. Zero if empty.
  Duration quantile(double share) const;
  TimeQuantiles quantiles() const;

  /// V2 encoding, compressed with zlib, in base64: one interval of a log. Values in microseconds.
  std::string encoded() const;

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  Duration total_{};
  Duration maximum_{};
};

/// Lines of an interval log: header, and one line per interval.
std::string hdr_log_header(double start_unix_seconds, const std::string& what);
/// `from` is in seconds since the log's start. Tag: "", or a name without commas.
std::string hdr_log_line(double from_s, double length_s, const LatencyHistogram& interval,
                         const std::string& tag);

}  // namespace sluice

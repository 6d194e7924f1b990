#include "load/measure/latency_histogram.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "load/measure/hdr_layout.hpp"

namespace sluice {
namespace {
// The interval log of HdrHistogram: a histogram's counts as text.
//
// An interval is two big-endian frames around the counts. Inner: cookie, length of the counts,
// offset of normalisation (0), significant digits, lowest and highest value, ratio (1.0). Outer:
// cookie, length, the inner one compressed by zlib. A count is a ZigZag LEB128 number, a run of
// zeros its negative length.

constexpr std::uint32_t kCookie = 0x1c849303 | 0x10;
constexpr std::uint32_t kCompressedCookie = 0x1c849304 | 0x10;
constexpr int kLongestNumber = 9;  ///< bytes; the last one holds eight bits

template <class T>
void put(std::string& out, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift & 0xff);
}

void put_number(std::string& out, std::int64_t number) {
  std::uint64_t left =
      static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
  for (int byte = 1; byte < kLongestNumber && left >= 0x80; ++byte, left >>= 7)
    out += static_cast<char>((left & 0x7f) | 0x80);
  out += static_cast<char>(left);
}

/// Up to the last slot that is not empty.
std::string encoded_counts(const std::vector<std::uint64_t>& counts) {
  std::string out;
  std::int64_t zeros = 0;
  for (const std::uint64_t count : counts) {
    if (count == 0) {
      ++zeros;
      continue;
    }
    if (zeros > 0) put_number(out, -std::exchange(zeros, 0));
    put_number(out, static_cast<std::int64_t>(count));
  }
  return out;
}

std::string frame(const std::string& counts) {
  std::string out;
  put(out, kCookie);
  put(out, static_cast<std::uint32_t>(counts.size()));
  put(out, std::uint32_t{0});
  put(out, static_cast<std::uint32_t>(hdr_layout::kSignificantDigits));
  put(out, hdr_layout::kLowest);
  put(out, hdr_layout::kHighest);
  put(out, std::bit_cast<std::uint64_t>(1.0));
  return out + counts;
}

std::string compressed(const std::string& text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string out(size, '\0');
  const int result =
      compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                reinterpret_cast<const Bytef*>(text.data()), static_cast<uLong>(text.size()), 6);
  if (result != Z_OK) throw std::runtime_error("zlib cannot compress a histogram");
  out.resize(size);
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = i; j < i + 3; ++j)
      group = group << 8 | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0u);
    for (std::size_t digit = 0; digit < 4; ++digit)
      out += i + digit > bytes.size() ? '=' : kDigits[group >> (18 - 6 * digit) & 63];
  }
  return out;
}

constexpr Duration kLongest{static_cast<std::int64_t>(hdr_layout::kHighest) * 1000};

std::uint64_t microseconds(Duration value) {
  return std::max(static_cast<std::uint64_t>((value.ns + 500) / 1000), hdr_layout::kLowest);
}

Duration highest_equivalent(std::size_t slot) {
  return Duration{static_cast<std::int64_t>(hdr_layout::highest_in(slot)) * 1000};
}

/// Nearest rank, at least 1. A product such as 0.07 · 100, a trace above 7, is rank 7.
std::uint64_t rank_of(double share, std::uint64_t count) {
  const double exact = std::clamp(share, 0.0, 1.0) * static_cast<double>(count);
  const auto rank = static_cast<std::uint64_t>(std::ceil(exact * (1 - 1e-14)));
  return std::clamp<std::uint64_t>(rank, 1, count);
}

}  // namespace

LatencyHistogram::LatencyHistogram() = default;

void LatencyHistogram::record(Duration value) {
  const Duration counted = std::clamp(value, Duration::zero(), kLongest);
  const std::size_t slot = hdr_layout::slot_of(microseconds(counted));
  if (slot >= counts_.size()) counts_.resize((slot / hdr_layout::kHalf + 1) * hdr_layout::kHalf);
  ++counts_[slot];
  ++count_;
  total_ += counted;
  maximum_ = std::max(maximum_, counted);
}

void LatencyHistogram::add(const LatencyHistogram& other) {
  counts_.resize(std::max(counts_.size(), other.counts_.size()));
  std::transform(other.counts_.begin(), other.counts_.end(), counts_.begin(), counts_.begin(),
                 std::plus<>());
  count_ += other.count_;
  total_ += other.total_;
  maximum_ = std::max(maximum_, other.maximum_);
}

void LatencyHistogram::clear() {
  std::fill(counts_.begin(), counts_.end(), 0);
  count_ = 0;
  total_ = maximum_ = Duration::zero();
}

Duration LatencyHistogram::quantile(double share) const {
  if (count_ == 0) return Duration::zero();
  const std::uint64_t rank = rank_of(share, count_);
  if (rank == count_) return maximum_;
  std::uint64_t seen = 0;
  std::size_t slot = 0;
  while ((seen += counts_[slot]) < rank) ++slot;
  return std::min(highest_equivalent(slot), maximum_);
}

TimeQuantiles LatencyHistogram::quantiles() const {
  TimeQuantiles all;
  all.count = count_;
  if (count_ == 0) return all;
  all.mean = Duration{total_.ns / static_cast<std::int64_t>(count_)};
  for (std::size_t i = 0; i < all.at.size(); ++i) all.at[i] = quantile(TimeQuantiles::kShares[i]);
  return all;
}

std::string LatencyHistogram::encoded() const {
  const std::string inner = compressed(frame(encoded_counts(counts_)));
  std::string outer;
  put(outer, kCompressedCookie);
  put(outer, static_cast<std::uint32_t>(inner.size()));
  return base64(outer + inner);
}

std::string hdr_log_header(double start_unix_seconds, const std::string& what) {
  std::string comment = what;
  std::replace(comment.begin(), comment.end(), '\n', ' ');
  return fmt::format(
      "#[{0}; values in microseconds, maxima in milliseconds]\n"
      "#[Histogram log format version 1.3]\n"
      "#[StartTime: {1:.3f} (seconds since epoch)]\n"
      "#[BaseTime: {1:.3f} (seconds since epoch)]\n"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
      comment, start_unix_seconds);
}

std::string hdr_log_line(double from_s, double length_s, const LatencyHistogram& interval,
                         const std::string& tag) {
  return fmt::format("{}{:.3f},{:.3f},{:.3f},{}\n", tag.empty() ? "" : "Tag=" + tag + ",", from_s,
                     length_s, interval.maximum().seconds() * 1e3, interval.encoded());
}

}  // namespace sluice

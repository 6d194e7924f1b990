// Where families of metrics put their figures: it knows which figure of a (group, level) becomes
// one of the group, of the level, or of everything, and builds the table.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/ids.hpp"
#include "reports/figures/figure.hpp"
#include "reports/figures/metric.hpp"

namespace sluice {

/// Both ends included, in the order of the registry.
struct MetricRange {
  Metric first{};
  Metric last{};
  constexpr explicit MetricRange(Metric only) : first(only), last(only) {}
  constexpr MetricRange(Metric from, Metric to) : first(from), last(to) {}
  constexpr bool contains(Metric metric) const { return first <= metric && metric <= last; }
};

/// Of two figures under one key the first that is put stays. O(1) per figure, and a sort in
/// finish().
class FigureSink {
 public:
  /// How figures of several (group, level) become one. `sum_over_groups`: of one level only, and of
  /// several levels nothing is known.
  enum class Over : std::uint8_t { sum, sum_over_groups, most, least, mean, alone };

  explicit FigureSink(std::size_t groups) : one_group_(groups == 1) {}

  /// Which metrics the family says that speaks from now on: it may put no other.
  void speaks(std::span<const MetricRange> says);

  /// A value that is no number is left out.
  void put(Metric metric, const Subject& subject, const Figure& figure);
  void put(Metric metric, const Subject& subject, double value, std::uint64_t samples);
  /// part ÷ whole; nothing if there is no whole.
  void put_share(Metric metric, const Subject& subject, std::uint64_t part, std::uint64_t whole);
  /// For (group, level), and combined over groups and levels in finish().
  void put_level(Metric metric, std::size_t group, std::size_t level, double value,
                 std::uint64_t samples, Over over, bool lower_bound = false);
  void put_level(Metric metric, std::size_t group, std::size_t level, const Figure& figure,
                 Over over);
  /// sum ÷ weight; combined as the sum of sums ÷ the sum of weights. Nothing without a weight.
  void put_level_mean(Metric metric, std::size_t group, std::size_t level, double sum,
                      double weight, std::uint64_t samples, bool lower_bound = false);
  /// For the group; where there is no other, for everything too.
  void put_group(Metric metric, std::size_t group, const Figure& figure);
  void put_group(Metric metric, std::size_t group, double value, std::uint64_t samples);

  /// All that was put and what it combines to, sealed. Once.
  FigureTable finish();

 private:
  struct Cell {
    Metric metric{};
    std::size_t group = 0;
    std::size_t level = 0;
    Figure figure;
    Over over{};
    double weight = 1;  ///< of Over::mean
  };
  void put_cell(Cell cell);
  void check_said(Metric metric) const;
  static void combine(Cell& into, const Cell& cell);

  bool one_group_;
  std::bitset<kMetrics> said_;
  std::vector<Cell> cells_;
  FigureTable figures_;
};

}  // namespace sluice

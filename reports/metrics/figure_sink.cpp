#include "reports/metrics/figure_sink.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/check.hpp"

namespace sluice {
namespace {

Figure figure_of(double value, std::uint64_t samples, bool lower_bound = false) {
  Figure figure;
  figure.value = value;
  figure.samples = samples;
  figure.lower_bound = lower_bound;
  return figure;
}

/// The subjects that a level of a group is part of, from narrow to wide.
std::array<Subject, 3> wider_than(std::size_t group, std::size_t level) {
  return {Subject::of(kAllLevels[level]), Subject::of(GroupId::at(group)), Subject::all()};
}

}  // namespace

void FigureSink::speaks(std::span<const MetricRange> says) {
  said_.reset();
  for (const MetricRange& range : says)
    for (auto m = static_cast<std::size_t>(range.first); m <= static_cast<std::size_t>(range.last);
         ++m)
      said_.set(m);
}

void FigureSink::check_said(Metric metric) const {
  SLUICE_REQUIRE(said_.test(static_cast<std::size_t>(metric)),
                 "a family says its own metrics only");
}

void FigureSink::put(Metric metric, const Subject& subject, const Figure& figure) {
  check_said(metric);
  if (figure.value == figure.value) figures_.add(metric, subject, figure);
}

void FigureSink::put(Metric metric, const Subject& subject, double value, std::uint64_t samples) {
  put(metric, subject, figure_of(value, samples));
}

void FigureSink::put_share(Metric metric, const Subject& subject, std::uint64_t part,
                           std::uint64_t whole) {
  if (whole > 0)
    put(metric, subject, static_cast<double>(part) / static_cast<double>(whole), whole);
}

void FigureSink::put_level(Metric metric, std::size_t group, std::size_t level, double value,
                           std::uint64_t samples, Over over, bool lower_bound) {
  put_level(metric, group, level, figure_of(value, samples, lower_bound), over);
}

void FigureSink::put_level(Metric metric, std::size_t group, std::size_t level,
                           const Figure& figure, Over over) {
  put_cell({metric, group, level, figure, over});
}

void FigureSink::put_level_mean(Metric metric, std::size_t group, std::size_t level, double sum,
                                double weight, std::uint64_t samples, bool lower_bound) {
  if (!(weight > 0)) return;
  put_cell(
      {metric, group, level, figure_of(sum / weight, samples, lower_bound), Over::mean, weight});
}

void FigureSink::put_group(Metric metric, std::size_t group, const Figure& figure) {
  put(metric, Subject::of(GroupId::at(group)), figure);
  if (one_group_) put(metric, Subject::all(), figure);
}

void FigureSink::put_group(Metric metric, std::size_t group, double value, std::uint64_t samples) {
  put_group(metric, group, figure_of(value, samples));
}

void FigureSink::put_cell(Cell cell) {
  check_said(cell.metric);
  cells_.push_back(std::move(cell));
}

void FigureSink::combine(Cell& into, const Cell& cell) {
  SLUICE_REQUIRE(into.over == cell.over, "figures of one metric are combined in one way");
  double& value = into.figure.value;
  const double other = cell.figure.value;
  switch (cell.over) {
    case Over::sum:
    case Over::sum_over_groups:
      value += other;
      break;
    case Over::most:
      value = std::max(value, other);
      break;
    case Over::least:
      value = std::min(value, other);
      break;
    case Over::mean:
      value = (value * into.weight + other * cell.weight) / (into.weight + cell.weight);
      into.weight += cell.weight;
      break;
    case Over::alone:
      break;
  }
  into.figure.samples += cell.figure.samples;
  into.figure.lower_bound |= cell.figure.lower_bound;
  into.figure.upper_bound |= cell.figure.upper_bound;
}

FigureTable FigureSink::finish() {
  const auto add = [this](Metric metric, const Subject& subject, const Figure& figure) {
    if (figure.value == figure.value) figures_.add(metric, subject, figure);
  };
  std::map<FigureKey, Cell> combined;
  for (const Cell& c : cells_) {
    add(c.metric, Subject::of(GroupId::at(c.group), kAllLevels[c.level]), c.figure);
    if (one_group_) add(c.metric, Subject::of(kAllLevels[c.level]), c.figure);
    if (c.over == Over::alone) continue;
    for (const Subject& wider : wider_than(c.group, c.level)) {
      if (c.over == Over::sum_over_groups && !wider.level) continue;
      const auto [place, is_first] = combined.try_emplace({c.metric, wider}, c);
      if (!is_first) combine(place->second, c);
    }
  }
  for (const auto& [key, cell] : combined) add(key.metric, key.subject, cell.figure);
  figures_.seal();
  return std::move(figures_);
}

}  // namespace sluice

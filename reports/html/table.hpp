// Tables of a page: rows that can be sorted, with headings that a screen reader finds.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/figures/figure.hpp"
#include "reports/figures/metric.hpp"

namespace sluice {

struct HtmlCell {
  std::string html;             ///< escaped
  std::optional<double> value;  ///< by which it is sorted; none: by its text
};
/// Of a figure, with its interval below it; `–` if there is none.
HtmlCell figure_cell(const Figure* figure, Metric metric);
/// The same without the interval, for a table of many rows.
HtmlCell bare_figure_cell(const Figure* figure, Metric metric);

/// A bar of a figure's value in the style of the level at this place in the order, with its
/// interval, `most` being the whole width. Only for the eye: the value stands beside it.
HtmlCell bar_cell(const Figure* figure, double most, std::size_t style);

/// The first cell of each row is its heading.
class HtmlTable {
 public:
  /// `caption` and `headings` are plain text; columns are aligned to the right but those for which
  /// `aligned` has an `l`.
  HtmlTable(std::string caption, std::vector<std::string> headings, std::string_view aligned = "l");

  void add(const std::vector<HtmlCell>& cells);
  /// A last line: so many more rows than are shown.
  void more(std::size_t all, std::size_t shown);
  bool empty() const { return rows_.empty(); }
  std::string html() const;

 private:
  bool is_left(std::size_t column) const;

  std::string caption_;
  std::vector<std::string> headings_;
  std::string aligned_;
  std::string rows_;
  std::string more_;
};

}  // namespace sluice

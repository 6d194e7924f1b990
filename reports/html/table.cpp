#include "reports/html/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/html/escape.hpp"
#include "reports/summary/columns.hpp"

namespace sluice {

HtmlCell bare_figure_cell(const Figure* figure, Metric metric) {
  if (figure == nullptr) return {"–", std::nullopt};
  return {html_text(column_text(figure, metric)), figure->value};
}

HtmlCell figure_cell(const Figure* figure, Metric metric) {
  HtmlCell cell = bare_figure_cell(figure, metric);
  const std::string interval = compact_interval(figure, column_unit(metric));
  if (!interval.empty()) cell.html += " <small>" + html_text(interval) + "</small>";
  return cell;
}

HtmlCell bar_cell(const Figure* figure, double most, std::size_t style) {
  if (figure == nullptr || !(most > 0)) return {"", std::nullopt};
  const auto percent = [&](double value) { return 100 * std::clamp(value / most, 0.0, 1.0); };
  std::string interval;
  if (figure->interval) {
    const double low = percent(figure->interval->low);
    interval = fmt::format("<u style=\"left:{:.1f}%;width:{:.1f}%\"></u>", low,
                           percent(figure->interval->high) - low);
  }
  return {fmt::format("<span class=\"bar\"><i class=\"b{}\" style=\"width:{:.1f}%\"></i>{}</span>",
                      style, percent(figure->value), interval),
          figure->value};
}

HtmlTable::HtmlTable(std::string caption, std::vector<std::string> headings,
                     std::string_view aligned)
    : caption_(std::move(caption)), headings_(std::move(headings)), aligned_(aligned) {}

bool HtmlTable::is_left(std::size_t column) const {
  return column < aligned_.size() && aligned_[column] == 'l';
}

void HtmlTable::add(const std::vector<HtmlCell>& cells) {
  rows_ += "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view tag = i == 0 ? "th scope=\"row\"" : "td";
    const bool sorted = cells[i].value && std::isfinite(*cells[i].value);
    rows_ += fmt::format("<{}{}{}>{}</{}>", tag, i > 0 && is_left(i) ? " class=\"l\"" : "",
                         sorted ? fmt::format(" data-v=\"{:.6g}\"", *cells[i].value) : "",
                         cells[i].html, tag.substr(0, 2));
  }
  rows_ += "</tr>\n";
}

void HtmlTable::more(std::size_t all, std::size_t shown) {
  if (all > shown)
    more_ = fmt::format("<p class=\"more\">… and {} more, not shown</p>\n",
                        format_count(static_cast<double>(all - shown)));
}

std::string HtmlTable::html() const {
  if (rows_.empty()) return {};
  std::string heading;
  for (std::size_t i = 0; i < headings_.size(); ++i)
    heading += fmt::format("<th scope=\"col\"{}>{}</th>", is_left(i) ? " class=\"l\"" : "",
                           html_text(headings_[i]));
  return fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table>\n"
      "<caption>{0}</caption><thead><tr>{1}</tr></thead><tbody>\n{2}</tbody></table></div>\n{3}",
      html_text(caption_), heading, rows_, more_);
}

}  // namespace sluice

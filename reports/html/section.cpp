#include "reports/html/section.hpp"

#include <fmt/format.h>

#include "reports/html/escape.hpp"

namespace sluice {

std::string section_html(const PageSection& section) {
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-heading\"{1}>\n"
      "<header><p class=\"kicker\">{2}</p><h2 id=\"{0}-heading\">{3}</h2></header>\n"
      "<div class=\"body\">\n{4}</div>\n{5}</section>\n",
      section.name, section.wide ? " class=\"wide\"" : "", section.kicker, section.heading,
      section.body,
      section.aside.empty() ? "" : fmt::format("<div class=\"aside\">\n{}</div>\n", section.aside));
}

std::string paragraph_html(std::string_view html) {
  return html.empty() ? std::string() : fmt::format("<p>{}</p>\n", html);
}

std::string subheading_html(std::string_view text) {
  return fmt::format("<h3>{}</h3>\n", html_text(text));
}

std::string chart_html(std::string_view name, std::string_view title, std::string_view caption) {
  return fmt::format(
      "<figure class=\"chart\" id=\"chart-{0}\" data-chart=\"{0}\"><h3>{1}</h3>"
      "<div class=\"plot\"></div><figcaption>{2}</figcaption></figure>\n",
      name, html_text(title), html_text(caption));
}

std::string folded_html(std::string_view heading, std::string_view body) {
  if (body.empty()) return {};
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", html_text(heading), body);
}

}  // namespace sluice

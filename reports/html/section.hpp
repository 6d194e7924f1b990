// A section of a page, and what stands in one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// `name` and `kicker` are constants; all else is HTML, escaped where it came from outside.
struct PageSection {
  std::string_view name;    ///< in the address
  std::string_view kicker;  ///< what it is about: also its name in the list of sections
  std::string heading;      ///< what it found
  std::string body;
  std::string aside;  ///< definitions and small figures in the margin; may be empty
  bool wide = false;  ///< takes the margin's room as well
};
std::string section_html(const PageSection& section);

/// A paragraph of escaped text; empty without any.
std::string paragraph_html(std::string_view html);
/// A heading of a part of a section, of plain text.
std::string subheading_html(std::string_view text);
/// Where the front end draws the chart `name`; title and caption are plain text.
std::string chart_html(std::string_view name, std::string_view title, std::string_view caption);
/// Folded away behind its heading, of plain text; empty without a body.
std::string folded_html(std::string_view heading, std::string_view body);

}  // namespace sluice

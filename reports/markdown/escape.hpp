// User text in Markdown that cannot become anything but text.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

/// Prose as it is, whatever signs it holds.
std::string markdown_text(std::string_view text);
/// A code span that holds `text` as it is, at most 200 columns of it. Fit for a cell of a table.
std::string markdown_code(std::string_view text);

}  // namespace sluice

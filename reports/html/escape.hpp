// User text in a page that cannot become anything but text.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace sluice {

/// A line as it is, fit for an element or a quoted attribute; what no screen should obey (control
/// characters, overrides of the direction, broken UTF-8) becomes U+FFFD.
std::string html_verbatim(std::string_view text);
/// The same of prose: no line breaks inside a number or before its `%`.
std::string html_text(std::string_view text);
/// A user's name: at most 32 columns, and its direction of writing is its own.
std::string html_name(std::string_view name);
/// Text of many lines for a `pre`, each as html_verbatim() has it.
std::string html_lines(std::string_view text);
/// JSON in ASCII that ends no script element and begins no comment.
std::string html_script_data(const nlohmann::ordered_json& json);

}  // namespace sluice

// The style sheet of a page: light, dark, forced colours, narrow screens and print.
#pragma once

#include <string_view>

namespace sluice {

std::string_view page_style();

}  // namespace sluice

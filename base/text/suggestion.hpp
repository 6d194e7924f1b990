// The name that somebody probably meant, for messages about files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// "; did you mean `x`?", to be appended to a message, or nothing. Long texts and long lists get
/// nothing: the cost stays small on any input. (did_you_mean of units.hpp quotes as sentences and
/// command lines do.)
std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& names);

}  // namespace sluice

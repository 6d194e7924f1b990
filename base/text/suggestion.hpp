// The name that somebody probably meant, for messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// The name in `names` with the smallest edit distance to `wrong`, if close enough to be a typo.
std::optional<std::string_view> nearest_name(std::string_view wrong,
                                             const std::vector<std::string_view>& names);
/// "; did you mean 'x'?" or nothing: to be appended to a message about a sentence or a command
/// line.
std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& names);

/// "; did you mean `x`?", to be appended to a message about a file, or nothing. Long texts and long
/// lists get nothing: the cost stays small on any input.
std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& names);

}  // namespace sluice

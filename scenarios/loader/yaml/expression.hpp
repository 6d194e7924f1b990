// Arithmetic in `${…}`: `${workers * 1.1}`, `${2 * peak}`, `${ceil(load / 4)}`.
//
// + - * / and parentheses; round, ceil, floor, min, max. Values are numbers, shares (`30%` is 0.3),
// times (`90s`) and rates (`5/min`), as params hold them. A time or a rate may be multiplied and
// divided by a number, and added to its like; rate × time is a number, and so are time ÷ time and
// rate ÷ rate. Names may hold `-`, so a minus has spaces around it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/text/units.hpp"

namespace sluice {

/// The text of a param; none after reporting that there is no such param.
using ParamText = std::function<std::optional<std::string>(const std::string& name)>;

/// What it comes to, as a scenario would say it: to twelve digits, so that 40 × 1.1 is 44. The
/// error has an offset into `text`, and no message where `param` reported something.
Parsed<std::string> evaluate(std::string_view text, const ParamText& param);

}  // namespace sluice

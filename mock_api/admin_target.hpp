// Which requests are for the admin API.
#pragma once

#include <string_view>

namespace sluice {

/// `/_sluice` and everything below it; `target` as sent.
constexpr bool is_admin_target(std::string_view target) {
  constexpr std::string_view kPrefix = "/_sluice";
  return target.starts_with(kPrefix) &&
         (target.size() == kPrefix.size() ||
          target.find_first_of("/?", kPrefix.size()) == kPrefix.size());
}

}  // namespace sluice

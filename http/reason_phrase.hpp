// The words beside a status (RFC 9110, section 15).
#pragma once

#include <string_view>

namespace sluice {

/// "Not Found" for 404; "Error" for a status without a well-known name.
std::string_view reason_phrase(unsigned status);

}  // namespace sluice

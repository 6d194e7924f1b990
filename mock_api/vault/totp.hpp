// One-time codes of an authenticator: RFC 6238 with SHA-1, six digits, steps of 30 seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

inline constexpr std::int64_t kTotpStepSeconds = 30;

/// The bytes of a base32 text (RFC 4648): any case, spaces, dashes and padding are passed over.
/// None if it is not base32 or empty.
std::optional<std::string> decode_base32(std::string_view text);

/// The code at that Unix time, `digits` long (6 to 8).
std::string totp_code(std::string_view secret, std::int64_t unix_seconds, int digits = 6);

/// How long the code at that time still holds: 1 to 30.
std::int64_t totp_seconds_left(std::int64_t unix_seconds);

}  // namespace sluice

// How a receiver of webhooks knows who sent them (contract 5.5).
#pragma once

#include <string>
#include <string_view>

namespace sluice {

inline constexpr std::string_view kSignatureHeader = "x-hmac-signature";

/// `sha256=` and the HMAC-SHA256 of `body` under `secret` in lower-case hex.
std::string webhook_signature(std::string_view secret, std::string_view body);

/// HMAC-SHA256 in lower-case hex.
std::string hmac_sha256_hex(std::string_view key, std::string_view message);

}  // namespace sluice

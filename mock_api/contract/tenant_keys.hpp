// The keys of a workspace whose owner has given it none: a load finds out what the mock takes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Of AES-256.
using EncryptionKey = std::array<std::uint8_t, 32>;

/// 32 bytes from 64 hex digits; none if it is not that.
std::optional<EncryptionKey> encryption_key_from_hex(std::string_view hex);

/// What the workspace called so sends as cc-key: `given`, or `sk_NAME` if that is empty.
std::string api_key_of(std::string_view workspace, std::string_view given);
/// What it encrypts with: `given` as 64 hex digits, or one made of its name if it is not that.
EncryptionKey encryption_key_of(std::string_view workspace, std::string_view given);

}  // namespace sluice

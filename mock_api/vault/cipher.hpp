// The vault's wire encryption (contract 4.6): AES-256-GCM, as hex of IV, ciphertext and tag.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text/json.hpp"
#include "mock_api/tenants.hpp"

namespace sluice {

using CipherIv = std::array<std::uint8_t, 12>;

/// Lower-case hex of IV, ciphertext of `plain` and tag. An IV must not be used twice with one key
/// for different texts.
std::string encrypt(const EncryptionKey& key, const CipherIv& iv, std::string_view plain);
/// The plain bytes; none if it is no such hex or was not made with this key.
std::optional<std::string> decrypt(const EncryptionKey& key, std::string_view hex);

/// The JSON value in it; none if it does not open or what is in it is no JSON.
std::optional<Json> decrypt_json(const EncryptionKey& key, std::string_view hex);
/// The JSON of `value`, with an IV made of key and text: the same each time.
std::string encrypt_json(const EncryptionKey& key, const Json& value);

}  // namespace sluice

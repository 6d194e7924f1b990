// What a client may write into a vault entry (contract 4.2), checked.
#pragma once

#include <optional>

#include "http/message.hpp"
#include "mock_api/tenants.hpp"
#include "mock_api/vault/vault.hpp"

namespace sluice {

/// Takes the fields of `body` into `entry`; those that are not given stay as they are. The reply if
/// one is wrong (`entry` is then not to be used): 400, or 401 for a ciphertext that does not open.
/// Fields that are computed, and unknown ones, are passed over.
std::optional<HttpReply> take_vault_fields(Time now, const EncryptionKey& key, const Json& body,
                                           VaultEntry& entry);

/// Why a text cannot be the domain of an entry: it must be an http(s) URL, and not of localhost.
std::optional<HttpReply> refuse_domain(std::string_view domain);

}  // namespace sluice

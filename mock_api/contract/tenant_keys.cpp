#include "mock_api/contract/tenant_keys.hpp"

#include <openssl/sha.h>

#include <algorithm>

#include "base/text/hex.hpp"

namespace sluice {
namespace {

EncryptionKey key_of_name(std::string_view name) {
  const std::string text = "sluice encryption key of " + std::string(name);
  EncryptionKey key;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data());
  return key;
}

}  // namespace

std::optional<EncryptionKey> encryption_key_from_hex(std::string_view hex) {
  const std::optional<std::string> raw = from_hex(hex);
  EncryptionKey key;
  if (!raw || raw->size() != key.size()) return std::nullopt;
  std::copy(raw->begin(), raw->end(), key.begin());
  return key;
}

std::string api_key_of(std::string_view workspace, std::string_view given) {
  return given.empty() ? "sk_" + std::string(workspace) : std::string(given);
}

EncryptionKey encryption_key_of(std::string_view workspace, std::string_view given) {
  return encryption_key_from_hex(given).value_or(key_of_name(workspace));
}

}  // namespace sluice

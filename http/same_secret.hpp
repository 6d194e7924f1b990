// Comparing what somebody showed with a secret.
#pragma once

#include <openssl/crypto.h>

#include <string_view>

namespace sluice {

/// Whether they are equal, in a time that does not depend on where they differ, so that nobody
/// learns a token or a signature byte by byte.
inline bool same_secret(std::string_view given, std::string_view expected) {
  return given.size() == expected.size() &&
         CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

}  // namespace sluice

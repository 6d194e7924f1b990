#include "mock_api/vault/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace sluice {

std::optional<std::string> decode_base32(std::string_view text) {
  std::string bytes;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == ' ' || c == '-' || c == '=') continue;
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<std::uint32_t>(c - 'a');
    else if (c >= '2' && c <= '7')
      value = static_cast<std::uint32_t>(c - '2') + 26;
    else
      return std::nullopt;
    buffer = buffer << 5 | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(buffer >> bits & 0xFF);
  }
  return bytes.empty() ? std::nullopt : std::optional(std::move(bytes));
}

std::string totp_code(std::string_view secret, std::int64_t unix_seconds, int digits) {
  auto step = static_cast<std::uint64_t>(unix_seconds / kTotpStepSeconds);
  std::array<unsigned char, 8> message;
  for (std::size_t i = message.size(); i-- > 0; step >>= 8)
    message[i] = static_cast<unsigned char>(step & 0xFF);

  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), message.data(), message.size(),
       digest.data(), &length);
  // RFC 4226, section 5.3: dynamic truncation.
  const std::size_t offset = digest[19] & 15u;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | digest[offset + i];
  value &= 0x7FFFFFFF;

  std::string code(static_cast<std::size_t>(digits), '0');
  for (std::size_t i = code.size(); i-- > 0; value /= 10)
    code[i] = static_cast<char>('0' + value % 10);
  return code;
}

std::int64_t totp_seconds_left(std::int64_t unix_seconds) {
  return kTotpStepSeconds - unix_seconds % kTotpStepSeconds;
}

}  // namespace sluice

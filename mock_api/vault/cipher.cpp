#include "mock_api/vault/cipher.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

#include "base/text/hex.hpp"

namespace sluice {
namespace {

constexpr std::size_t kTagBytes = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

void check(int result) {
  if (result != 1) throw std::runtime_error("AES-256-GCM is not available");
}

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string encrypt(const EncryptionKey& key, const CipherIv& iv, std::string_view plain) {
  const Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  std::string sealed(plain.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int length = 0;
  check(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), iv.data()));
  check(EVP_EncryptUpdate(context.get(), bytes(sealed), &length, bytes(plain),
                          static_cast<int>(plain.size())));
  check(EVP_EncryptFinal_ex(context.get(), bytes(tag), &length));
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()));
  const std::string raw = std::string(iv.begin(), iv.end()) + sealed + tag;
  return to_hex({reinterpret_cast<const unsigned char*>(raw.data()), raw.size()});
}

std::optional<std::string> decrypt(const EncryptionKey& key, std::string_view hex) {
  std::optional<std::string> raw = from_hex(hex);
  constexpr std::size_t kIvBytes = CipherIv().size();
  if (!raw || raw->size() < kIvBytes + kTagBytes) return std::nullopt;
  const std::string_view all = *raw;
  const std::string_view sealed = all.substr(kIvBytes, all.size() - kIvBytes - kTagBytes);
  std::string tag(all.substr(all.size() - kTagBytes));

  const Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  std::string plain(sealed.size() + 1, '\0');
  int length = 0;
  check(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes(all)));
  check(EVP_DecryptUpdate(context.get(), bytes(plain), &length, bytes(sealed),
                          static_cast<int>(sealed.size())));
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()));
  if (EVP_DecryptFinal_ex(context.get(), bytes(tag), &length) != 1) return std::nullopt;
  plain.resize(sealed.size());
  return plain;
}

std::optional<Json> decrypt_json(const EncryptionKey& key, std::string_view hex) {
  const std::optional<std::string> plain = decrypt(key, hex);
  return plain ? parse_json(*plain) : std::nullopt;
}

std::string encrypt_json(const EncryptionKey& key, const Json& value) {
  const std::string plain = dump(value);
  const std::string seed = std::string(key.begin(), key.end()) + plain;
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest;
  SHA256(bytes(std::string_view(seed)), seed.size(), digest.data());
  CipherIv iv;
  std::copy_n(digest.begin(), iv.size(), iv.begin());
  return encrypt(key, iv, plain);
}

}  // namespace sluice

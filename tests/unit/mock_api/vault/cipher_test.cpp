// The wire encryption against the contract's test vector, and one-time codes against the RFC's.
#include "mock_api/vault/cipher.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mock_api/vault/totp.hpp"

namespace sluice {
namespace {

const EncryptionKey kKey =
    *encryption_key_from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
const std::string kSealed =
    "a0a1a2a3a4a5a6a7a8a9aaabc46b4f4e37ae769dc33110f75d0c82aabe56a82d7d9d0a43";

TEST(Cipher, gives_the_test_vector) {
  const CipherIv iv{0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab};
  EXPECT_EQ(encrypt(kKey, iv, "\"s3cret\""), kSealed);
  EXPECT_EQ(decrypt(kKey, kSealed), "\"s3cret\"");
  EXPECT_EQ(decrypt_json(kKey, kSealed), Json("s3cret"));
}

TEST(Cipher, does_not_open_what_was_touched) {
  for (std::size_t i = 0; i < kSealed.size(); ++i) {
    std::string touched = kSealed;
    touched[i] = touched[i] == '0' ? '1' : '0';
    EXPECT_FALSE(decrypt(kKey, touched)) << i;
  }
  EXPECT_FALSE(decrypt(kKey, kSealed.substr(1)));
  EXPECT_FALSE(decrypt(kKey, kSealed + "00"));
  EXPECT_FALSE(decrypt(kKey, "s3cret"));
  EXPECT_FALSE(decrypt(kKey, ""));
  EXPECT_FALSE(decrypt(EncryptionKey{}, kSealed));
}

TEST(Cipher, refuses_what_is_no_json_inside) {
  EXPECT_FALSE(decrypt_json(kKey, encrypt(kKey, CipherIv{1}, "s3cret")));
  EXPECT_EQ(decrypt_json(kKey, encrypt(kKey, CipherIv{1}, "null")), Json(nullptr));
  EXPECT_EQ(encrypt_json(kKey, "").size(), 60u);
}

RC_GTEST_PROP(Cipher, opens_what_it_sealed, (const std::string& plain)) {
  RC_ASSERT(decrypt(kKey, encrypt(kKey, CipherIv{7}, plain)) == plain);
}

// RFC 6238, appendix B, SHA-1.
TEST(Totp, gives_the_codes_of_the_rfc) {
  const std::string secret = "12345678901234567890";
  EXPECT_EQ(totp_code(secret, 59, 8), "94287082");
  EXPECT_EQ(totp_code(secret, 1111111109, 8), "07081804");
  EXPECT_EQ(totp_code(secret, 1111111111, 8), "14050471");
  EXPECT_EQ(totp_code(secret, 1234567890, 8), "89005924");
  EXPECT_EQ(totp_code(secret, 2000000000, 8), "69279037");
  EXPECT_EQ(totp_code(secret, 20000000000, 8), "65353130");
  EXPECT_EQ(totp_code(secret, 59), "287082");
  EXPECT_EQ(totp_seconds_left(59), 1);
  EXPECT_EQ(totp_seconds_left(60), 30);
}

// RFC 4648, section 10.
TEST(Base32, gives_the_vectors_of_the_rfc) {
  EXPECT_EQ(decode_base32("MZXW6YTBOI======"), "foobar");
  EXPECT_EQ(decode_base32("mzxw 6ytb"), "fooba");
  EXPECT_EQ(decode_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "12345678901234567890");
  EXPECT_FALSE(decode_base32("MZXW6YTB01"));
  EXPECT_FALSE(decode_base32(""));
}

}  // namespace
}  // namespace sluice

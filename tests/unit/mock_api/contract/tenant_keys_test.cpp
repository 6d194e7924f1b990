#include "mock_api/contract/tenant_keys.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::test {
namespace {

TEST(TenantKeys, AreWhatWasGiven) {
  EXPECT_EQ(api_key_of("acme", "secret"), "secret");
  const std::string hex(64, 'a');
  EXPECT_EQ(encryption_key_of("acme", hex), encryption_key_from_hex(hex));
}

TEST(TenantKeys, AreMadeOfTheNameOtherwise) {
  EXPECT_EQ(api_key_of("acme", ""), "sk_acme");
  EXPECT_EQ(encryption_key_of("acme", ""), encryption_key_of("acme", "no key"));
  EXPECT_NE(encryption_key_of("acme", ""), encryption_key_of("other", ""));
}

TEST(TenantKeys, Are64HexDigits) {
  EXPECT_FALSE(encryption_key_from_hex(std::string(62, 'a')));
  EXPECT_FALSE(encryption_key_from_hex(std::string(64, 'g')));
}

}  // namespace
}  // namespace sluice::test

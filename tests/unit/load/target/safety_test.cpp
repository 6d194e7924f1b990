#include "load/target/safety.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/failure.hpp"

namespace sluice::test {
namespace {

SafetyLimits limits(const std::string& url, const SafetyWishes& wishes) {
  return safety_limits(parse_target(url).value(), wishes);
}

std::string refusal(const std::string& url, const SafetyWishes& wishes) {
  try {
    limits(url, wishes);
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "";
}

TEST(SafetyTest, ThisMachineTakesWhatIsAskedFor) {
  for (const char* url : {"http://127.0.0.1:80", "http://localhost", "unix:/tmp/x"}) {
    EXPECT_FALSE(limits(url, {}).dry_run) << url;
    EXPECT_EQ(limits(url, {}).max_per_s, 0) << url;
    EXPECT_TRUE(limits(url, {.dry_run = true}).dry_run) << url;
    EXPECT_EQ(limits(url, {.max_per_s = 5}).max_per_s, 5) << url;
  }
}

TEST(SafetyTest, AnotherMachineIsToBeConfirmedByItsHost) {
  EXPECT_EQ(refusal("http://api.test:81", {}),
            "http://api.test:81 is not this machine: give --confirm-target api.test if the load is "
            "meant for it");
  EXPECT_EQ(refusal("http://api.test", {.confirmed_host = "api.tes"}),
            "--confirm-target api.tes is not the target's host api.test");
  EXPECT_EQ(refusal("http://api.test", {.confirmed_host = "api.test"}), "");
}

TEST(SafetyTest, ElsewhereRunsAreDryAndFewUnlessMoreWasSaid) {
  const std::string url = "https://api.test";
  SafetyWishes wishes{.confirmed_host = "api.test"};
  EXPECT_TRUE(limits(url, wishes).dry_run);
  EXPECT_EQ(limits(url, wishes).max_per_s, 16);
  wishes.no_dry_run = true;
  wishes.max_per_s = 100;
  EXPECT_FALSE(limits(url, wishes).dry_run);
  EXPECT_EQ(limits(url, wishes).max_per_s, 100);
  wishes.dry_run = true;
  EXPECT_TRUE(limits(url, wishes).dry_run);
}

}  // namespace
}  // namespace sluice::test

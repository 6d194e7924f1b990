#include "load/target/api_keys.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include "base/failure.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

std::map<std::string, std::string> variables;
std::string get(const char* name) {
  const auto found = variables.find(name);
  return found == variables.end() ? "" : found->second;
}

class ApiKeysTest : public ::testing::Test {
 protected:
  ApiKeysTest() : scenario_(test::loaded(test::load(kTwo))) { variables.clear(); }
  ~ApiKeysTest() override { std::remove(file_.c_str()); }

  const std::string& file(const std::string& text) {
    file_ = ::testing::TempDir() + "api_keys_" + std::to_string(::getpid());
    std::ofstream(file_) << text;
    return file_;
  }
  std::string error(const std::string& key_file) {
    try {
      api_keys(scenario_, key_file, get, false);
    } catch (const UserError& error) {
      return error.what();
    }
    return "no error";
  }

  /// The error in a file with this text, without the file's name.
  std::string error_in(const std::string& text) {
    file(text);
    const std::string what = error(file_);
    EXPECT_TRUE(what.starts_with(file_)) << what;
    return what.substr(file_.size());
  }

  static constexpr const char* kTwo =
      "duration: 1h\n"
      "resource_groups: {main: {workers: 2}}\n"
      "workspaces: {acme: , beta-2: }\n"
      "workflows: {claims: {time: 10s}}\n"
      "submitters: {web: {workspace: [acme, beta-2], arrivals: {poisson: 5/min}}}\n";
  Scenario scenario_;
  std::string file_;
};

using Keys = std::vector<std::string>;

TEST_F(ApiKeysTest, AFileNamesWorkspacesOrMeansAll) {
  EXPECT_EQ(api_keys(scenario_, file("# ours\nacme: sk_1 # old\nbeta-2: sk_2\n"), get, false),
            (Keys{"sk_1", "sk_2"}));
  EXPECT_EQ(api_keys(scenario_, file("acme: sk_1\nsk_all\n"), get, false),
            (Keys{"sk_1", "sk_all"}));
}

TEST_F(ApiKeysTest, WhatEditorsPutIntoAFileIsNoPartOfIt) {
  EXPECT_EQ(api_keys(scenario_,
                     file("\xef\xbb\xbf"
                          "acme: sk_1\r\nbeta-2: sk_2\r\n"),
                     get, false),
            (Keys{"sk_1", "sk_2"}));
  EXPECT_EQ(api_keys(scenario_, file("\xef\xbb\xbfsk_all"), get, false),
            (Keys{"sk_all", "sk_all"}));
  EXPECT_EQ(error(file(std::string("\xff\xfe"
                                   "a\0",
                                   4))),
            "the key file " + file_ + " is UTF-16: save it as UTF-8");
}

TEST_F(ApiKeysTest, SignsThatNobodySeesAreNamed) {
  EXPECT_EQ(error_in("\xe2\x80\x8b"
                     "acme: sk_1\n"),
            ":1: no workspace is called '<U+200B>acme'; did you mean 'acme'?");
  EXPECT_EQ(error_in("beta\xc2\xa0"
                     "2: sk_1\n"),
            ":1: no workspace is called 'beta<U+00A0>2'; did you mean 'beta-2'?");
  EXPECT_EQ(error_in("\x01\xef\xbb\xbf"
                     "acm\xc3\xa9: sk_1\n")
                .substr(0, 53),
            ":1: no workspace is called '<U+0001><U+FEFF>acm\xc3\xa9'");
}

TEST_F(ApiKeysTest, VariablesNameWorkspacesOrMeanAll) {
  variables = {{"SLUICE_CC_KEY", "sk_all"}, {"SLUICE_CC_KEY_BETA_2", "sk_b"}};
  EXPECT_EQ(api_keys(scenario_, "", get, false), (Keys{"sk_all", "sk_b"}));
}

TEST_F(ApiKeysTest, AMockTakesItsOwnKeys) {
  EXPECT_EQ(api_keys(scenario_, "", get, true), (Keys{"sk_acme", "sk_beta-2"}));
}

TEST_F(ApiKeysTest, ErrorsSayWhereAndNeverTheKey) {
  EXPECT_EQ(error(""),
            "no API key for workspace acme: give --key-file, SLUICE_CC_KEY or SLUICE_CC_KEY_ACME");
  EXPECT_EQ(error("/nowhere"), "cannot read the key file /nowhere");
  EXPECT_EQ(error_in("acme: sk_1\nbeta2: sk_2\n"),
            ":2: no workspace is called 'beta2'; did you mean 'beta-2'?");
  EXPECT_EQ(error_in("acme: sk secret\n"),
            ":1: a key has one or more printable characters and no spaces");
  EXPECT_EQ(error_in("acme: sk_1\nacme: sk_2\n"), ":2: a second key for acme");
  variables = {{"SLUICE_CC_KEY", "sk\nsecret"}};
  EXPECT_EQ(error("").find("secret"), std::string::npos);
}

}  // namespace
}  // namespace sluice::test

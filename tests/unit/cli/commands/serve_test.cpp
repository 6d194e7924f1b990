// sluice serve as a process: how it starts, what it keeps to itself, how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/unit/cli/command_in_child.hpp"
#include "tests/unit/mock_api/server/raw_client.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

constexpr const char* kServed = R"(scenario: served
duration: 24h
resource_groups: {main: {workers: 2}}
workspaces: {acme: {}}
workflows: {plain: {time: 1s}, endless: {time: 10h}}
)";

class ServeTest : public test::CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    write("served.yaml", kServed);
  }

  /// Serves on a unix socket in the test's folder; it listens when this returns.
  pid_t serve(std::initializer_list<std::string> options = {},
              const std::string& scenario = "served.yaml") {
    std::vector<std::string> arguments{"serve", path(scenario), "--listen",
                                       "unix:" + path("socket")};
    arguments.insert(arguments.end(), options);
    write("stderr", "");
    const pid_t child = start(arguments);
    for (int looks = 0; looks < 3000 && read("stderr").find("listening") == std::string::npos;
         ++looks)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_THAT(read("stderr"), HasSubstr("listening on unix:"));
    return child;
  }
  test::RawClient client() { return test::RawClient("unix:" + path("socket")); }
  std::string ask(const std::string& path, const std::string& headers = "cc-key: sk_acme\r\n") {
    test::RawClient asking = client();
    asking.get(path, headers);
    return asking.response();
  }
  /// Starts a run; its session id.
  std::string start_run(const std::string& workflow) {
    test::RawClient asking = client();
    asking.post("/run", R"({"run_input_variables": {}, "workflow_id": ")" + workflow + "\"}",
                "cc-key: sk_acme\r\nContent-Type: application/json\r\n");
    const std::string answer = asking.response();
    EXPECT_EQ(test::status_of(answer), 201U) << answer;
    return nlohmann::json::parse(test::body_of(answer)).value("session_id", "");
  }
  Result end(pid_t child, int signal = SIGTERM) {
    ::kill(child, signal);
    return finish(child);
  }
};

TEST_F(ServeTest, WhoIsAskedToEndWritesTheReportAndHasSucceeded) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    const pid_t child = serve({"--json", path("report.json")});
    start_run("plain");
    const Result result = end(child, signal);
    EXPECT_EQ(result.code, 0) << signal << result.err;
    EXPECT_THAT(result.out, Not(IsEmpty())) << signal;
    EXPECT_THAT(read("report.json"), HasSubstr("\"complete\": false")) << signal;
    fs::remove(path("report.json"));
  }
}

TEST_F(ServeTest, AFailedExpectationIsThreeWhoeverEndsIt) {
  write("strict.yaml", std::string(kServed) + "expect: ['wait.count < 1']\n");
  const pid_t child = serve({"--time-scale", "1000"}, "strict.yaml");
  const std::string run = start_run("plain");
  for (int looks = 0; looks < 1000 && ask("/run/" + run).find("success") == std::string::npos;
       ++looks)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(end(child).code, 3);
}

TEST_F(ServeTest, NothingToMeasureIsNoFailureOfWhoWasAskedToEnd) {
  write("idle.yaml", std::string(kServed) + "expect: ['wait.p95 < 1h']\n");
  EXPECT_EQ(end(serve({}, "idle.yaml")).code, 0);
}

TEST_F(ServeTest, ASecondSignalEndsTheGraceWithTheReportAndAThirdEverything) {
  for (const bool third : {false, true}) {
    const pid_t child = serve({"--json", path("report.json"), "--grace", "1h"});
    // A connection that is in the middle of a request keeps the grace from being over.
    test::RawClient slow = client();
    slow.send("POST /run HTTP/1.1\r\nHost: x\r\ncc-key: sk_acme\r\nContent-Length: 9\r\n\r\n{");
    ::kill(child, SIGTERM);
    for (int looks = 0; looks < 3000 && fs::exists(path("socket")); ++looks)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (third) ::kill(child, SIGSTOP);  // so that both come before it can do anything
    ::kill(child, SIGHUP);
    if (third) ::kill(child, SIGINT);
    if (third) ::kill(child, SIGCONT);
    const Result result = finish(child);
    EXPECT_EQ(fs::exists(path("report.json")), !third);
    EXPECT_EQ(result.code, third ? result.code : 0);
    EXPECT_TRUE(!third || result.code == 128 + SIGINT || result.code == 128 + SIGHUP)
        << result.code;
    for (const auto& entry : fs::directory_iterator(folder_))
      EXPECT_THAT(entry.path().string(), Not(HasSubstr(".tmp")));
    fs::remove(path("report.json"));
  }
}

TEST_F(ServeTest, AHangUpThatWasIgnoredBeforeStillIs) {
  ::signal(SIGHUP, SIG_IGN);
  const pid_t child = serve();
  ::signal(SIGHUP, SIG_DFL);
  ::kill(child, SIGHUP);
  EXPECT_EQ(test::status_of(ask("/healthz")), 200U);
  EXPECT_EQ(end(child).code, 0);
}

TEST_F(ServeTest, AnIdFromBeforeARestartIsNobodys) {
  const pid_t first = serve();
  const std::string mine = start_run("endless");
  end(first);
  const pid_t second = serve();
  EXPECT_NE(start_run("endless"), mine);
  EXPECT_EQ(test::status_of(ask("/run/" + mine)), 404U);
  end(second);
}

TEST_F(ServeTest, SeededIdsAndThoseOfAManualClockAreTheSameAtEachStart) {
  std::vector<std::string> ids;
  for (const auto& options : {std::initializer_list<std::string>{"--ids", "seeded"},
                              {"--clock", "manual"},
                              {"--clock", "manual", "--ids", "random"}}) {
    const pid_t child = serve(options);
    ids.push_back(start_run("endless"));
    end(child);
  }
  EXPECT_EQ(ids[0], ids[1]);
  EXPECT_NE(ids[0], ids[2]);
}

TEST_F(ServeTest, OnOtherAddressesTheAdminApiNeedsATokenOrIsOff) {
  for (const char* address : {"0.0.0.0:0", "[::]:0"}) {
    const Result result =
        sluice({"serve", path("served.yaml"), "--listen", address, "--for", "1ms"});
    if (result.err.find("cannot listen") != std::string::npos) continue;  // no IPv6 here
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err, HasSubstr("--admin-token-file"));
    EXPECT_THAT(result.err, Not(HasSubstr("listening on")));
  }
  write("token", "s3cret\n");
  const std::vector<std::string> everywhere{
      "serve", path("served.yaml"), "--listen", "0.0.0.0:0", "--for", "1ms", "--quiet"};
  for (const auto& more :
       {std::vector<std::string>{"--no-admin"}, {"--admin-token-file", path("token")}}) {
    std::vector<std::string> arguments = everywhere;
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(sluice(arguments).code, 0);
  }
}

TEST_F(ServeTest, TheTokenOpensTheAdminApiAndNothingElseNeedsIt) {
  write("token", "s3cret\n");
  const pid_t child = serve({"--admin-token-file", path("token"), "--log-level", "debug"});
  for (const char* admin : {"/_sluice/config", "/_sluice/clock", "/_sluice"}) {
    EXPECT_EQ(test::status_of(ask(admin)), 401U) << admin;
    EXPECT_EQ(test::status_of(ask(admin, "Authorization: Bearer s3cre\r\n")), 401U) << admin;
    EXPECT_EQ(test::status_of(ask(admin, "X-Sluice-Admin-Token: s3crets\r\n")), 401U) << admin;
  }
  EXPECT_THAT(ask("/_sluice/config"), Not(HasSubstr("sk_acme")));
  EXPECT_EQ(test::status_of(ask("/_sluice/config", "Authorization: Bearer s3cret\r\n")), 200U);
  EXPECT_EQ(test::status_of(ask("/_sluice/clock", "X-Sluice-Admin-Token: s3cret\r\n")), 200U);
  for (const char* open : {"/healthz", "/readyz", "/metrics", "/openapi.json", "/runs"}) {
    const std::string answer = ask(open);
    EXPECT_EQ(test::status_of(answer), 200U) << open;
    EXPECT_THAT(answer, Not(HasSubstr("s3cret"))) << open;
  }
  ask("/runs", "cc-key: sk_acme\r\nX-Sluice-Admin-Token: s3cret\r\n");
  EXPECT_THAT(ask("/_sluice/requests", "X-Sluice-Admin-Token: s3cret\r\n"),
              Not(HasSubstr("s3cret")));
  EXPECT_THAT(end(child).err, Not(HasSubstr("s3cret")));
}

TEST_F(ServeTest, WhatIsNoTokenOrOriginIsTwo) {
  write("empty", "\n");
  write("two", "one two\n");
  const auto code = [&](const std::string& option, const std::string& value) {
    return sluice({"serve", path("served.yaml"), "--for", "1ms", option, value}).code;
  };
  EXPECT_EQ(code("--admin-token-file", path("empty")), 2);
  EXPECT_EQ(code("--admin-token-file", path("two")), 2);
  EXPECT_EQ(code("--admin-token-file", path("missing")), 2);
  for (const char* origin : {"localhost", "http://localhost:3000/", "http://*.example.com", ""})
    EXPECT_EQ(code("--cors-origin", origin), 2) << origin;
  EXPECT_EQ(
      sluice({"serve", path("served.yaml"), "--no-admin", "--admin-token-file", path("empty")})
          .code,
      2);
}

TEST_F(ServeTest, AScenarioWithoutSubmittersIsValidAndOnlyToBeServed) {
  const Result valid = sluice({"validate", path("served.yaml")});
  EXPECT_EQ(valid.code, 0);
  EXPECT_THAT(valid.out, HasSubstr("valid\n  no submitters: to be served"));
  for (const char* submits : {"simulate", "load"}) {
    std::vector<std::string> arguments{submits, path("served.yaml")};
    if (arguments[0] == "load") arguments.push_back("--spawn");
    const Result result = sluice(arguments);
    EXPECT_EQ(result.code, 2) << submits;
    EXPECT_THAT(result.err, HasSubstr("has no submitters")) << submits;
  }
}

}  // namespace
}  // namespace sluice

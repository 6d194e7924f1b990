// What the sender of webhooks says to a receiver, and what it takes from the answer.
#include "mock_api/server/webhook_sender.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <utility>

#include "tests/unit/mock_api/server/scripted_receiver.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Sender {
 public:
  Sender() {
    sender_.serve([this](std::uint64_t, const WebhookResult& result) { done_.set_value(result); });
  }
  WebhookResult post(const std::string& url) {
    done_ = {};
    WebhookPost post;
    post.url = url;
    post.body = "{}";
    post.timeout = Duration::from_seconds(60);
    sender_.post(std::move(post));
    std::future<WebhookResult> result = done_.get_future();
    if (result.wait_for(60s) == std::future_status::ready) return result.get();
    ADD_FAILURE() << "no result";
    return {};
  }

 private:
  std::promise<WebhookResult> done_;
  WebhookSender sender_{{}};
};

TEST(WebhookSender, UserAndPasswordOfAUrlAreBasicCredentials) {
  ScriptedReceiver receiver([] { return Reaction{}; });
  Sender sender;
  const std::string address = receiver.url().substr(7);
  EXPECT_EQ(sender.post("HTTP://user:p%40ss@" + address + "/a?b#c").status, 200u);
  EXPECT_EQ(sender.post("http://user@" + address).status, 200u);
  ASSERT_EQ(receiver.seen().size(), 2u);
  EXPECT_EQ(receiver.seen()[0].target, "/a?b");
  EXPECT_THAT(receiver.seen()[0].head, HasSubstr("\r\nAuthorization: Basic dXNlcjpwQHNz\r\n"));
  EXPECT_THAT(receiver.seen()[0].head, HasSubstr("\r\nHost: " + address + "\r\n"));
  EXPECT_EQ(receiver.seen()[1].target, "/");
  EXPECT_THAT(receiver.seen()[1].head, HasSubstr("\r\nAuthorization: Basic dXNlcjo=\r\n"));
}

TEST(WebhookSender, TellsWhenAReceiverWantsToBeAskedAgain) {
  const auto told = [](const std::string& header) {
    ScriptedReceiver receiver([&header] { return Reaction{Fate::answer, 503, header}; });
    return Sender().post(receiver.url()).retry_after;
  };
  EXPECT_EQ(told("Retry-After: 4\r\n"), Duration::from_seconds(4));
  EXPECT_EQ(told("retry-after:  0 \r\n"), Duration::zero());
  EXPECT_EQ(told("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), Duration::zero());
  EXPECT_GT(told("Retry-After: Sun, 06 Nov 2094 08:49:37 GMT\r\n"), Duration::from_seconds(1e8));
  EXPECT_EQ(told("Retry-After: later\r\n"), std::nullopt);
  EXPECT_EQ(told(""), std::nullopt);
}

TEST(WebhookSender, KeepsAConnectionAndReplacesOneThatHasEnded) {
  std::size_t asked = 0;
  ScriptedReceiver receiver(
      [&asked] { return Reaction{asked++ == 1 ? Fate::answer_and_close : Fate::answer}; });
  Sender sender;
  EXPECT_EQ(sender.post(receiver.url()).status, 200u);
  EXPECT_EQ(sender.post(receiver.url()).status, 200u);
  EXPECT_EQ(receiver.connections(), 1u);
  // The end of the connection may be seen after the next post was written: then that try failed.
  const WebhookResult third = sender.post(receiver.url());
  EXPECT_TRUE(third.status == 200 || !third.error.empty());
  EXPECT_EQ(sender.post(receiver.url()).status, 200u);
  EXPECT_EQ(receiver.seen().size(), third.status == 200 ? 4u : 3u);
  EXPECT_EQ(receiver.connections(), 2u);
}

}  // namespace
}  // namespace sluice::test

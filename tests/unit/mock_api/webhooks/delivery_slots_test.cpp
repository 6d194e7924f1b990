// Whose post goes next: bounds of URLs and hosts, and nobody is held up by a URL that is slow.
#include "mock_api/webhooks/delivery_slots.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "base/random/random.hpp"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DeliverySlotsTest : public testing::Test {
 protected:
  /// Asks for a slot; the URLs of those that have one now.
  std::vector<std::string> enter(const std::string& url, const std::string& host = "h") {
    auto delivery = std::make_shared<WebhookDelivery>();
    WebhookEndpoint receiver;
    receiver.url = url;
    receiver.host = host;
    delivery->receiver = std::make_shared<const WebhookEndpoint>(receiver);
    return begin(slots->enter(std::move(delivery)));
  }
  /// The oldest post of `url` ends.
  std::vector<std::string> leave(const std::string& url) {
    const auto posted = std::find_if(under_way.begin(), under_way.end(),
                                     [&](const auto& each) { return each->receiver->url == url; });
    const DeliverySlots::DeliveryPtr ended = *posted;
    under_way.erase(posted);
    return begin(slots->leave(*ended));
  }
  std::vector<std::string> begin(const std::vector<DeliverySlots::DeliveryPtr>& going) {
    std::vector<std::string> urls;
    for (const auto& each : going) {
      under_way.push_back(each);
      urls.push_back(each->receiver->url);
    }
    return urls;
  }
  std::size_t posts_of(const std::string& url) const {
    return static_cast<std::size_t>(
        std::count_if(under_way.begin(), under_way.end(),
                      [&](const auto& each) { return each->receiver->url == url; }));
  }
  void limit(std::uint32_t per_url, std::uint32_t per_host) {
    slots = std::make_unique<DeliverySlots>(DeliverySlots::Limits{per_url, per_host});
  }

  std::unique_ptr<DeliverySlots> slots =
      std::make_unique<DeliverySlots>(DeliverySlots::Limits{2, 64});
  std::vector<DeliverySlots::DeliveryPtr> under_way;
};

TEST_F(DeliverySlotsTest, AUrlHasSoManyAtOnceAndTheRestInOrder) {
  EXPECT_THAT(enter("a"), ElementsAre("a"));
  EXPECT_THAT(enter("a"), ElementsAre("a"));
  EXPECT_THAT(enter("a"), IsEmpty());
  EXPECT_THAT(enter("a"), IsEmpty());
  EXPECT_THAT(leave("a"), ElementsAre("a"));
  EXPECT_THAT(leave("a"), ElementsAre("a"));
  EXPECT_THAT(leave("a"), IsEmpty());
}

TEST_F(DeliverySlotsTest, AnotherUrlOfTheHostDoesNotWait) {
  for (int i = 0; i < 100; ++i) enter("slow");
  EXPECT_EQ(posts_of("slow"), 2u);
  EXPECT_THAT(enter("fast"), ElementsAre("fast"));
  EXPECT_THAT(leave("fast"), IsEmpty());
  EXPECT_THAT(enter("fast"), ElementsAre("fast"));
}

TEST_F(DeliverySlotsTest, AHostHasABoundOfWhichSomeIsLeftForNewcomers) {
  limit(8, 8);
  for (int i = 0; i < 100; ++i) enter("slow 1");
  EXPECT_EQ(posts_of("slow 1"), 4u) << "half of them, with nobody else there";
  for (int i = 0; i < 100; ++i) enter("slow 2");
  EXPECT_EQ(posts_of("slow 2"), 2u) << "half of what was left";
  EXPECT_THAT(enter("fast"), ElementsAre("fast"));
  EXPECT_THAT(enter("x", "other host"), ElementsAre("x"));
}

TEST_F(DeliverySlotsTest, WhoHasTheFewestGoesFirst) {
  limit(8, 4);
  enter("a"), enter("a");
  enter("b");
  EXPECT_THAT(enter("b"), IsEmpty());
  EXPECT_THAT(enter("c"), ElementsAre("c"));
  EXPECT_THAT(enter("d"), IsEmpty()) << "all are taken";
  EXPECT_THAT(leave("a"), ElementsAre("d")) << "it has none, b has one";
}

TEST_F(DeliverySlotsTest, TheBoundsHoldAndEverythingGoesWhateverHappens) {
  Stream random(7);
  limit(3, 7);
  std::map<std::string, int> entered, left;
  const auto url = [&] { return std::string(1, static_cast<char>('a' + random.below(12))); };
  const auto end_one = [&] {
    const std::string ended = under_way[random.below(under_way.size())]->receiver->url;
    ++left[ended];
    leave(ended);
  };
  for (int i = 0; i < 3000; ++i) {
    if (random.chance(0.55) || under_way.empty()) {
      const std::string name = url();
      ++entered[name];
      enter(name);
    } else {
      end_one();
    }
    ASSERT_LE(under_way.size(), 7u);
    for (const auto& [name, count] : entered) ASSERT_LE(posts_of(name), 3u);
  }
  while (!under_way.empty()) end_one();
  EXPECT_EQ(entered, left);
}

}  // namespace
}  // namespace sluice

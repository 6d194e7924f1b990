// Over random events, answers and time: to each receiver, the events of one session go in order,
// each until it arrived or its attempts are spent.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/random/random.hpp"
#include "base/text/json.hpp"
#include "mock_api/webhooks/webhook_outbox.hpp"
#include "tests/unit/mock_api/events/sample_runs.hpp"

namespace sluice {
namespace {

/// What a receiver saw: one line per attempt, "<run> <event number>", and whether it was taken.
struct Attempt {
  std::uint64_t run;
  int event;
  bool taken;
};

class DeliveryWorld : public WebhookTransport {
 public:
  explicit DeliveryWorld(std::uint64_t seed)
      : random_(seed), outbox_(kSampleEpoch, {}, webhooks(), *this), events_(5) {
    for (std::uint64_t number = 0; number < events_.size(); ++number)
      runs_.push_back(sample_run(number));
  }

  void post(WebhookPost post) override { posts_.push_back(std::move(post)); }

  void play(std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) step();
    while (outbox_.under_way() > 0) {
      posts_.empty() ? pass_to(outbox_.next_due()) : answer();
    }
  }

  const std::map<std::string, std::vector<Attempt>>& seen() const { return seen_; }
  int events_of(std::uint64_t run) const { return events_[run]; }
  const WebhookOutbox& outbox() const { return outbox_; }

 private:
  static std::vector<ServedWebhook> webhooks() {
    std::vector<ServedWebhook> made(2);
    made[0].url = "http://a.example/";
    made[1].url = "http://b.example/";
    return made;
  }

  void step() {
    switch (random_.below(4)) {
      case 0:
        return add();
      case 1:
        return add_batch();
      case 2:
        return pass_to(now_ + Duration{static_cast<std::int64_t>(random_.below(3'000'000'000))});
      default:
        if (!posts_.empty()) answer();
    }
  }

  void add() {
    const std::uint64_t run = random_.below(runs_.size());
    outbox_.add(now_, runs_[run], EventType::execution_step,
                "{\"" + std::to_string(run) + "\":" + std::to_string(events_[run]++) + "}");
  }

  void add_batch() {
    std::vector<const ServedRun*> some;
    std::string numbers;
    for (std::uint64_t run = 0; run < runs_.size(); ++run)
      if (random_.chance(0.4)) {
        some.push_back(&runs_[run]);
        numbers += (numbers.empty() ? "\"" : ",\"") + std::to_string(run) +
                   "\":" + std::to_string(events_[run]++);
      }
    if (some.empty()) return;
    outbox_.add(now_, some, EventType::execution_stopped,
                [&](WebhookOutbox::Runs) { return "{" + numbers + "}"; });
  }

  void answer() {
    const std::size_t which = random_.below(posts_.size());
    const WebhookPost post = posts_[which];
    posts_.erase(posts_.begin() + static_cast<std::ptrdiff_t>(which));
    const bool taken = random_.chance(0.4);
    const Json payload = Json::parse(post.body)["payload"];
    for (const auto& [run, event] : payload.items())
      seen_[post.url].push_back({std::stoull(run), event.get<int>(), taken});
    outbox_.done(now_, post.id, {taken ? 200U : 500U, "", "", Duration{1}});
  }

  void pass_to(Time until) {
    for (; outbox_.next_due() <= until; outbox_.advance(now_)) now_ = outbox_.next_due();
    now_ = std::max(now_, until);
  }

  Stream random_;
  WebhookOutbox outbox_;
  std::vector<ServedRun> runs_;
  std::vector<int> events_;  // so far, by run
  std::vector<WebhookPost> posts_;
  std::map<std::string, std::vector<Attempt>> seen_;
  Time now_ = Time::zero();
};

struct Counts {
  std::size_t given_up = 0, retried = 0, delivered = 0;
};

/// The attempts of one run at one receiver are 0 0 0 1 2 2 …: each event in turn, until it is taken
/// or was tried four times.
void expect_in_order(const std::vector<Attempt>& attempts, std::uint64_t run, int events,
                     Counts& counts) {
  int next = 0, tries = 0;
  for (const Attempt& each : attempts) {
    if (each.run != run) continue;
    ASSERT_EQ(each.event, next) << "run " << run;
    ASSERT_LE(++tries, 4);
    counts.retried += tries > 1;
    if (!each.taken && tries < 4) continue;
    ++(each.taken ? counts.delivered : counts.given_up);
    ++next;
    tries = 0;
  }
  EXPECT_EQ(next, events) << "every event of run " << run << " is over";
}

TEST(WebhookPropertyTest, EventsOfASessionArriveInOrderUnderRandomFailures) {
  Counts counts;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    DeliveryWorld world(seed);
    world.play(150);
    ASSERT_EQ(world.seen().size(), 2U);
    for (const auto& [url, attempts] : world.seen())
      for (std::uint64_t run = 0; run < 5; ++run)
        expect_in_order(attempts, run, world.events_of(run), counts);
    EXPECT_EQ(world.outbox().outstanding(), 0U);
    EXPECT_EQ(world.outbox().next_due(), Time::never());
  }
  EXPECT_GT(counts.given_up, 100U);
  EXPECT_GT(counts.retried, 100U);
  EXPECT_GT(counts.delivered, 100U);
}

}  // namespace
}  // namespace sluice

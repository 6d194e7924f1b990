// Webhooks to receivers that die in every way: what was posted is what the log says, each event
// comes at least once or is listed as failed after its tries, and in order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/random/random.hpp"
#include "base/text/json.hpp"
#include "mock_api/api.hpp"
#include "mock_api/contract/webhook_signature.hpp"
#include "mock_api/server/api_server.hpp"
#include "tests/unit/mock_api/api_world.hpp"
#include "tests/unit/mock_api/server/raw_client.hpp"
#include "tests/unit/mock_api/server/scripted_receiver.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array kTimesBetween_s{1, 2};  // before the first retry, before the second

/// The API behind a server, with webhooks to `/0` and `/1` of a receiver. Its stamps are simulated.
class WebhookWorld {
 public:
  WebhookWorld(const std::string& receiver, ServerClock clock, SteadyDuration patience,
               const std::vector<std::string>& events = {})
      : webhooks_(sender_settings(patience, clock.is_held() ? 1 : clock.scale())),
        api_(scenario(receiver, events), api_options(clock), webhooks_),
        server_(std::make_unique<ApiServer>(api_, webhooks_, server_options(clock))) {}

  std::string start(const std::string& more = "") {
    const Json reply = call("POST", "/run",
                            R"({"workflow_id":"plain","run_input_variables":{})" +
                                (more.empty() ? "" : "," + more) + "}");
    return reply["session_id"].get<std::string>();
  }
  Json call(const std::string& method, const std::string& path, const std::string& body = "") {
    RawClient client(server_->url());
    const std::string key = "cc-key: sk_acme\r\n";
    if (method == "GET") {
      client.get(path, key);
    } else {
      client.post(path, body, key);
    }
    return Json::parse(body_of(client.response(60s)));
  }
  void advance(const std::string& by) {
    call("POST", "/_sluice/clock/advance", R"({"by":")" + by + "\"}");
  }
  std::vector<Json> log(const std::string& session) {
    return call("GET", "/webhooks/" + session)["webhook_events"].get<std::vector<Json>>();
  }

 private:
  static Scenario scenario(const std::string& receiver, const std::vector<std::string>& events) {
    Scenario scenario = served_scenario(100);
    for (const char* path : {"/0", "/1"}) {
      ServedWebhook& webhook = scenario.serve.webhooks.emplace_back();
      webhook.url = receiver + path;
      webhook.secret = "whsec";
      webhook.events = events;
    }
    scenario.serve.webhook_retries.clear();
    for (const int seconds : kTimesBetween_s)
      scenario.serve.webhook_retries.push_back(Duration::from_seconds(seconds));
    return scenario;
  }
  static WebhookSenderSettings sender_settings(SteadyDuration patience, double scale) {
    WebhookSenderSettings settings;
    settings.time_scale = scale * 1e6;  // its patience is `min_timeout`
    settings.min_timeout = patience;
    return settings;
  }
  static ApiOptions api_options(const ServerClock& clock) {
    ApiOptions options;
    options.unix_ns_at_zero = 1'767'571'200'000'000'000;
    options.time_scale = clock.is_held() ? 1 : clock.scale();
    return options;
  }
  static ServerOptions server_options(const ServerClock& clock) {
    ServerOptions options;
    options.clock = clock;
    options.grace = 0s;
    options.log_level = ServerLog::Level::off;
    return options;
  }

  WebhookSender webhooks_;
  Api api_;
  std::unique_ptr<ApiServer> server_;
};

// ---- each way to die, by itself

/// What the log says of one event when its first post to each URL meets `first`.
std::vector<std::string> errors_after(Fate first, SteadyDuration patience = 20s) {
  std::size_t asked = 0;
  ScriptedReceiver receiver(
      [&asked, first] { return Reaction{asked++ < 2 ? first : Fate::answer}; });
  WebhookWorld world(receiver.url(), ServerClock::held(), patience, {"execution.queued"});
  const std::string session = world.start();
  world.advance("0s");
  std::vector<std::string> errors;
  for (const Json& row : world.log(session)) {
    EXPECT_FALSE(row["delivered"].get<bool>()) << "nothing is sent again before its time";
    for (const Json& error : row["delivery_errors"]) errors.push_back(error.get<std::string>());
  }
  const std::size_t posts = receiver.seen().size();
  EXPECT_LE(posts, 2u);
  world.advance("1s");
  for (const Json& row : world.log(session)) {
    EXPECT_TRUE(row["delivered"].get<bool>()) << row;
    EXPECT_EQ(row["retries"], 1);
  }
  EXPECT_EQ(receiver.seen().size(), posts + 2);
  return errors;
}

TEST(WebhookDeaths, AreFailedTriesThatTheLogNames) {
  const auto both_say = [](const std::string& text) {
    return ElementsAre(HasSubstr(text), HasSubstr(text));
  };
  EXPECT_THAT(errors_after(Fate::close_after_work),
              both_say("the receiver closed the connection without an answer"));
  EXPECT_THAT(errors_after(Fate::reset_after_work), both_say("without an answer"));
  EXPECT_THAT(errors_after(Fate::close_unread), both_say("without an answer"));
  // It may come while the sender still connects.
  const auto reset = AnyOf(HasSubstr("without an answer"), HasSubstr("cannot connect"));
  EXPECT_THAT(errors_after(Fate::reset_unread), ElementsAre(reset, reset));
  EXPECT_THAT(errors_after(Fate::close_half_read), both_say("without an answer"));
  EXPECT_THAT(errors_after(Fate::cut_answer),
              both_say("the receiver closed the connection in the middle of its answer"));
  EXPECT_THAT(errors_after(Fate::reset_in_answer), both_say("the connection broke"));
  EXPECT_THAT(errors_after(Fate::garbage), both_say("the answer is no HTTP response"));
  EXPECT_THAT(errors_after(Fate::silent, 1s), both_say("timed out"));
}

TEST(WebhookDeaths, OnAKeptConnectionAreNotHidden) {
  // Every second post of a connection is carried out and not answered.
  std::size_t asked = 0;
  ScriptedReceiver receiver(
      [&] { return Reaction{asked++ % 2 == 0 ? Fate::answer : Fate::close_after_work}; });
  WebhookWorld world(receiver.url(), ServerClock::held(), 20s);
  const std::string session = world.start();
  world.advance("1h");
  std::size_t posts = 0;
  for (const Json& row : world.log(session)) posts += row["retries"].get<std::size_t>() + 1;
  EXPECT_EQ(posts, receiver.seen().size());
}

TEST(WebhookDeaths, OfAnIdleConnectionCostNoTry) {
  std::size_t asked = 0;
  ScriptedReceiver receiver(
      [&asked] { return Reaction{asked++ < 2 ? Fate::answer_and_close : Fate::answer}; });
  WebhookWorld world(receiver.url(), ServerClock::held(), 20s);
  // The first events are posted at once and both connections end: long before the next ones.
  const std::string session = world.start();
  world.advance("0s");
  world.advance("1ms");
  std::this_thread::sleep_for(20ms);
  world.advance("1h");
  for (const Json& row : world.log(session)) {
    EXPECT_TRUE(row["delivered"].get<bool>()) << row;
    EXPECT_EQ(row["retries"].get<std::size_t>(), row["delivery_errors"].size());
  }
}

// ---- a receiver that is slow at one path

/// Holds the posts to `/0` until it is told to let them go.
class SlowPath {
 public:
  void hear(const SeenPost& post) {
    std::unique_lock lock(mutex_);
    if (post.target == "/0") {
      most_held_ = std::max(most_held_, ++held_);
      changed_.wait(lock, [&] { return let_go_; });
      --held_;
    } else if (Json::parse(post.body)["event"] == "execution.success") {
      ++successes_;
      changed_.notify_all();
    }
  }
  bool wait_for_successes(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 60s, [&] { return successes_ == count; });
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
  }
  std::size_t most_held() {
    const std::lock_guard lock(mutex_);
    return most_held_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool let_go_ = false;
  std::size_t held_ = 0, most_held_ = 0, successes_ = 0;
};

TEST(WebhookLanes, ASlowPathDoesNotHoldUpAnotherOneOfItsHost) {
  SlowPath slow;
  {
    ScriptedReceiver receiver([] { return Reaction{}; },
                              [&slow](const SeenPost& post) { slow.hear(post); });
    WebhookWorld world(receiver.url(), ServerClock::wall(1000), 60s);  // a run takes 10 ms
    for (int i = 0; i < 30; ++i) world.start();
    EXPECT_TRUE(slow.wait_for_successes(30));
    EXPECT_LE(slow.most_held(), 8u);
    slow.let_go();
  }
}

// ---- sequences of all ways to die

/// Draws what happens, from a seed.
class Fates {
 public:
  /// `all_read`: every post is read whole, whatever comes then.
  Fates(std::uint64_t seed, bool all_read) : random_(seed), all_read_(all_read) {}

  Reaction draw() {
    constexpr std::array kBad{
        Fate::answer_late,     Fate::close_after_work, Fate::reset_after_work, Fate::cut_answer,
        Fate::reset_in_answer, Fate::garbage,          Fate::answer_and_close, Fate::close_unread,
        Fate::reset_unread,    Fate::close_half_read};
    constexpr std::size_t kRead = 6;  // of these every post is read whole
    if (random_.chance(0.02)) return {Fate::silent_then_close};
    if (random_.chance(0.4)) return {kBad[random_.below(all_read_ ? kRead : kBad.size())]};
    if (random_.chance(0.7)) return {};
    constexpr std::array kStatuses{500U, 429U, 503U, 302U, 404U};
    Reaction refusal{Fate::answer, kStatuses[random_.below(kStatuses.size())]};
    if (random_.chance(0.5))
      refusal.headers = "Retry-After: " + std::to_string(random_.below(20)) + "\r\n";
    return refusal;
  }

 private:
  Stream random_;
  const bool all_read_;
};

bool takes(const Reaction& reaction) {
  return reaction.status == 200 &&
         (reaction.fate == Fate::answer || reaction.fate == Fate::answer_late ||
          reaction.fate == Fate::answer_and_close);
}

/// How long the next try waits at least, in seconds, if this one was the `tries`-th and failed.
std::int64_t pause_after(const Reaction& reaction, std::size_t tries) {
  std::int64_t pause = kTimesBetween_s[std::min<std::size_t>(tries, 2) - 1];
  const std::size_t asked = reaction.headers.find(": ");
  if (asked != std::string::npos && (reaction.status == 429 || reaction.status == 503))
    pause = std::max<std::int64_t>(pause, std::stoll(reaction.headers.substr(asked + 2)));
  return pause;
}

/// An event and whose it is; the same in each try.
std::string key_of(const Json& envelope) {
  return envelope["event"].get<std::string>() + envelope["payload"].dump();
}

/// The posts of one event to one URL, beside its row of the log.
void expect_told(const Json& row, const std::vector<const SeenPost*>& posts) {
  const auto tries = row["retries"].get<std::size_t>() + 1;
  const bool delivered = row["delivered"].get<bool>();
  const auto errors = row["delivery_errors"].get<std::vector<std::string>>();
  EXPECT_EQ(errors.size(), tries - (delivered ? 1 : 0)) << row;
  if (!delivered) {
    EXPECT_EQ(tries, kTimesBetween_s.size() + 1) << row;
  }
  EXPECT_LE(posts.size(), tries) << "a try was posted twice: " << row;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < posts.size(); ++i) {
    taken += takes(posts[i]->reaction) ? 1 : 0;
    EXPECT_THAT(
        posts[i]->head,
        HasSubstr("x-hmac-signature: " + webhook_signature("whsec", posts[i]->body) + "\r\n"));
    if (i == 0) continue;
    const auto stamp = [&](std::size_t n) {
      return Json::parse(posts[n]->body)["timestamp"].get<std::int64_t>();
    };
    EXPECT_GE(stamp(i) - stamp(i - 1), pause_after(posts[i - 1]->reaction, i)) << row;
  }
  EXPECT_EQ(taken, delivered ? 1u : 0u) << row;
}

/// Everything that one URL saw of one session, against the session's log.
std::size_t expect_accounted(const std::vector<Json>& log, const std::vector<SeenPost>& seen,
                             const std::string& url) {
  std::size_t tries = 0, next = 0;
  const std::string target = url.substr(url.rfind('/'));
  std::vector<const SeenPost*> here;
  for (const SeenPost& post : seen)
    if (post.target == target) here.push_back(&post);
  for (const Json& row : log) {
    if (row["url"] != url) continue;
    std::vector<const SeenPost*> posts;
    for (; next < here.size() && key_of(Json::parse(here[next]->body)) == key_of(row["message"]);
         ++next)
      posts.push_back(here[next]);
    expect_told(row, posts);
    tries += row["retries"].get<std::size_t>() + 1;
  }
  EXPECT_EQ(next, here.size()) << "something came out of order, or is not in the log";
  return tries;
}

void play(std::uint64_t seed, bool all_read) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Fates fates(seed, all_read);
  ScriptedReceiver receiver([&fates] { return fates.draw(); });
  WebhookWorld world(receiver.url(), ServerClock::held(), 60s);
  std::vector<std::string> sessions;
  for (int i = 0; i < 6; ++i) sessions.push_back(world.start());
  world.advance("2h");
  std::map<std::string, std::vector<SeenPost>> seen;
  for (const SeenPost& post : receiver.seen())
    seen[Json::parse(post.body)["payload"]["session_id"].get<std::string>()].push_back(post);
  std::size_t tries = 0;
  for (const std::string& session : sessions) {
    const std::vector<Json> log = world.log(session);
    EXPECT_GE(log.size(), 8u) << "queued, start, steps and success to two URLs";
    for (const char* path : {"/0", "/1"})
      tries += expect_accounted(log, seen[session], receiver.url() + path);
  }
  const std::size_t whole = receiver.seen().size();
  EXPECT_LE(tries - whole, receiver.ended_unread());
  if (all_read) {
    EXPECT_EQ(tries, whole);
  }
}

TEST(WebhookDeathsProperty, EveryPostIsATryOfTheLog) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) play(seed, true);
}

TEST(WebhookDeathsProperty, WhatWasNotReadIsATryToo) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) play(seed, false);
}

TEST(WebhookDeaths, AReplaysPostsAreInTheLogAsWell) {
  std::size_t asked = 0;
  ScriptedReceiver receiver(
      [&asked] { return Reaction{asked++ % 3 == 2 ? Fate::close_after_work : Fate::answer}; });
  WebhookWorld world(receiver.url(), ServerClock::held(), 20s);
  const std::string session = world.start();
  world.advance("1h");
  const std::size_t rows = world.log(session).size();
  const Json reply = world.call("POST", "/webhooks/" + session + "/replay");
  EXPECT_EQ(reply["webhook_events"].size(), rows);
  std::size_t tries = 0, delivered = 0;
  const std::vector<Json> log = world.log(session);
  ASSERT_EQ(log.size(), 2 * rows);
  for (std::size_t i = 0; i < log.size(); ++i) {
    tries += log[i]["retries"].get<std::size_t>() + 1;
    if (i >= rows) delivered += log[i]["delivered"].get<bool>() ? 1 : 0;
  }
  EXPECT_EQ(reply["nr_success"], delivered);
  EXPECT_EQ(tries, receiver.seen().size());
}

}  // namespace
}  // namespace sluice::test

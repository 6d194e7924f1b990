// Random sequences of requests against a simple model of the API: which statuses may follow which,
// one terminal event per run, nothing lost, nothing stuck, and a vault that keeps what is put in.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iterator>
#include <map>
#include <set>

#include "base/random/random.hpp"
#include "tests/unit/base/effort.hpp"
#include "tests/unit/mock_api/api_world.hpp"

namespace sluice::test {
namespace {

using namespace literals;

Scenario rough_scenario() {
  Scenario scenario = served_scenario(3);
  for (WorkflowConfig& workflow : scenario.pipeline.workflows) {
    workflow.time = Distribution::exponential(10);
    workflow.failures = {{"service-unavailable", 0.2, true}, {"page-not-found", 0.1, false}};
    workflow.max_retries = 2;
    workflow.backoff.base = 5_s;
  }
  scenario.pipeline.workflows[0].interaction =
      InteractionConfig{0.3, Distribution::exponential(20), 30_s};
  CredentialConfig& portal = scenario.pipeline.credentials[0];
  portal.allow_multiple_sessions = true;
  portal.max_concurrency = 2;
  portal.prevent_concurrency_during_login = true;
  portal.login = LoginConfig{Distribution::exponential(3), 0.1};
  scenario.pipeline.api.rate_limits.clear();
  return scenario;
}

/// What may be seen of a run after what.
bool may_follow(const std::string& before, const std::string& after) {
  if (before == after) return true;
  const std::set<std::string> ends{"execution.success", "execution.failed", "execution.stopped"};
  if (ends.contains(before)) return false;
  if (after == "execution.queued") return before == "execution.paused";
  return true;
}

class Play {
 public:
  explicit Play(std::uint64_t seed) : world_(rough_scenario()), random_(seed) {
    const HttpReply reply = world_.get("/run/clients/c/events");
    world_.api->open_stream(world_.now, reply.stream_of, frames_);
  }

  void step() {
    switch (random_.bits() % 15) {
      case 0:
      case 1:
      case 2:
        return start();
      case 3:
        return interrupt();
      case 4:
        return answer();
      case 5:
        return pause_or_resume();
      case 6:
        return change_workers();
      case 7:
        return change_limit();
      case 8:
        return add_entry();
      case 9:
        return change_entry();
      case 10:
        return remove_entry();
      default:
        world_.pass(Duration::from_seconds(random_.exponential() * 4));
        return look();
    }
  }

  /// Nothing holds a run back any longer, and all of them end.
  void finish() {
    for (const char* thing : {"groups/main", "workflows/plain", "credentials/portal-1"})
      world_.post(fmt::format("/_sluice/{}/resume", thing));
    world_.call("PUT", "/_sluice/groups/main/workers", R"({"count":3})");
    world_.post("/_sluice/groups/main/restore", R"({"count":1000})");
    world_.pass(Duration::from_seconds(1e4));
    look();
    check_end();
    check_balance();
  }
  std::size_t ended_count() const { return ended_; }
  std::size_t answered_count() const { return answered_; }
  std::size_t entry_count() const { return entries_made_; }

 private:
  bool chance() { return random_.chance(0.5); }
  std::string any_run() {
    if (seen_.empty()) return "nobody";
    return std::next(seen_.begin(), static_cast<std::ptrdiff_t>(random_.bits() % seen_.size()))
        ->first;
  }

  void start() {
    const char* const levels[] = {"LOW", "MEDIUM", "HIGH"};
    const std::string more = fmt::format(R"("client_id":"c","priority_level":"{}"{})",
                                         levels[random_.bits() % 3], some_script());
    if (chance()) return note_start(world_.start("plain", "{}", more));
    const std::string entry = any_entry();
    const std::string inputs =
        chance() ? fmt::format(R"({{"USER":"{}"}})", entry)
                 : fmt::format(R"({{"USER":["portal-1","{}","portal-3"]}})", entry);
    if (inputs.find('[') != inputs.npos || entry == "portal-1" || entries_.contains(entry))
      return note_start(world_.start("claims", inputs, more));
    const HttpReply reply = world_.post(
        "/run", fmt::format(R"({{"workflow_id":"claims","run_input_variables":{}}})", inputs));
    EXPECT_EQ(reply.status, 400u) << "of a credential that there is not: " << entry;
  }
  /// Every third run is scripted.
  std::string some_script() {
    const char* const scripts[] = {"fail; step=1",
                                   "success; retries=1; takes=3s",
                                   "timeout; takes=9s",
                                   "login_fails",
                                   "takes=0s",
                                   "success; takes=8s; asks=user_interaction",
                                   "fail; retries=1; asks=user_interaction"};
    if (random_.bits() % 3 != 0) return "";
    return fmt::format(R"(,"additional_context":{{"sluice_script":"{}"}})",
                       scripts[random_.bits() % std::size(scripts)]);
  }
  void note_start(const std::string& run) {
    EXPECT_TRUE(seen_.emplace(run, "execution.queued").second) << "a session id was used twice";
  }

  // ---- the vault: what was put in is what comes out

  std::string any_entry() {
    return chance() ? "portal-1" : fmt::format("user-{}", random_.bits() % 4);
  }
  static std::string name_of(const std::string& user) {
    return fmt::format(R"("permissioned_user_id":"{}","domain":"https://portal.example.com")",
                       user);
  }
  std::string limits() {
    return fmt::format(R"("allow_multiple_sessions":{},"max_concurrency":{})", chance(),
                       1 + random_.bits() % 3);
  }
  std::string some_user() { return fmt::format("user-{}", random_.bits() % 4); }

  void add_entry() {
    const std::string user = some_user(), fields = limits();
    const HttpReply reply = world_.post("/vault", fmt::format("{{{},{}}}", name_of(user), fields));
    EXPECT_EQ(reply.status, entries_.contains(user) ? 409u : 201u) << reply.body;
    if (reply.status != 201) return;
    ++entries_made_;
    entries_[user] = Json::parse('{' + fields + '}');
  }
  void change_entry() {
    const std::string user = some_user(), fields = limits();
    const HttpReply reply =
        world_.call("PUT", "/vault", fmt::format("{{{},{}}}", name_of(user), fields));
    EXPECT_EQ(reply.status, entries_.contains(user) ? 200u : 404u) << reply.body;
    if (reply.status == 200) entries_[user] = Json::parse('{' + fields + '}');
  }
  void remove_entry() {
    const std::string user = some_user();
    const HttpReply reply = world_.call("DELETE", "/vault", fmt::format("{{{}}}", name_of(user)));
    EXPECT_EQ(reply.status, entries_.erase(user) > 0 ? 200u : 404u) << reply.body;
  }
  void look_into_vault() {
    std::map<std::string, Json> found;
    for (const Json& entry : ApiWorld::json(world_.get("/vault")))
      if (const std::string user = entry["permissioned_user_id"]; user.starts_with("user-"))
        found[user] = {{"allow_multiple_sessions", entry["allow_multiple_sessions"]},
                       {"max_concurrency", entry["max_concurrency"]}};
    EXPECT_EQ(found, entries_);
  }

  // ---- runs

  void interrupt() {
    const std::string run = any_run();
    const HttpReply reply = world_.post("/run/" + run + "/interrupt");
    EXPECT_EQ(reply.status, run == "nobody" ? 404u : 200u);
    if (run == "nobody") return;
    const bool was_over = !may_follow(seen_[run], "execution.start");
    if (was_over) {
      EXPECT_EQ(ApiWorld::json(reply)["success"], false);
    }
    interrupted_.insert(run);
  }

  /// Half of the time one that runs: only such a one may wait for an answer.
  std::string any_run_to_answer() {
    std::vector<std::string> running;
    for (const auto& [run, status] : seen_)
      if (status == "execution.start") running.push_back(run);
    if (running.empty() || chance()) return any_run();
    return running[random_.bits() % running.size()];
  }

  void answer() {
    const HttpReply reply =
        world_.post("/run/" + any_run_to_answer() + "/user_interaction", R"({"answer":"yes"})");
    EXPECT_TRUE(reply.status == 200 || reply.status == 404 || reply.status == 409) << reply.body;
    answered_ += reply.status == 200;
  }

  void pause_or_resume() {
    const char* const things[] = {"groups/main", "workflows/plain", "credentials/portal-1"};
    const HttpReply reply = world_.post(fmt::format("/_sluice/{}/{}", things[random_.bits() % 3],
                                                    random_.chance(0.4) ? "pause" : "resume"));
    EXPECT_EQ(reply.status, 200u);
  }

  void change_workers() {
    const std::uint64_t kind = random_.bits() % 3;
    const bool ends = kind == 0 && random_.chance(0.3);
    const std::string body =
        ends ? R"({"count":null})" : fmt::format(R"({{"count":{}}})", random_.bits() % 4);
    const HttpReply reply = kind == 0   ? world_.call("PUT", "/_sluice/groups/main/workers", body)
                            : kind == 1 ? world_.post("/_sluice/groups/main/lose", body)
                                        : world_.post("/_sluice/groups/main/restore", body);
    EXPECT_EQ(reply.status, 200u);
  }

  void change_limit() {
    const HttpReply reply = world_.call(
        "PUT", "/vault",
        fmt::format(R"({{"permissioned_user_id":"portal-1","domain":"https://portal.example.com",)"
                    R"("allow_multiple_sessions":{},"max_concurrency":{}}})",
                    chance(), 1 + random_.bits() % 3));
    EXPECT_EQ(reply.status, 200u) << reply.body;
  }

  void look() {
    look_into_vault();
    const Json list = ApiWorld::json(world_.get("/runs?limit=10000&start_time=2026-01-04"));
    ASSERT_EQ(list.size(), seen_.size());
    for (const Json& row : list) {
      const auto run = row["session_id"].get<std::string>();
      const auto status = row["status"].get<std::string>();
      EXPECT_TRUE(may_follow(seen_.at(run), status)) << seen_[run] << " then " << status;
      seen_[run] = status;
    }
    const std::string one = any_run();
    if (one != "nobody") {
      EXPECT_EQ(world_.status(one), seen_[one]);
    }
  }

  void check_end() {
    std::map<std::string, std::vector<std::string>> told;
    for (const Json& frame : frames_.frames)
      if (frame.contains("data"))
        told[frame["data"]["payload"]["session_id"].get<std::string>()].push_back(
            frame["data"]["event"].get<std::string>());
    for (const auto& [run, status] : seen_) {
      EXPECT_FALSE(may_follow(status, "execution.start")) << run << " is stuck in " << status;
      check_events(told[run], status);
      if (status == "execution.stopped" && !interrupted_.contains(run)) {
        EXPECT_EQ(world_.result(run)["end_reason"], "sibling_login_failed");
      }
      ++ended_;
    }
  }

  /// By the pipeline's own account.
  void check_balance() {
    const Json total = ApiWorld::json(world_.get("/_sluice/report"))["total"];
    const auto count = [&](const char* what) {
      return total[what]["count"]["value"].get<std::size_t>();
    };
    EXPECT_EQ(count("accepted"), seen_.size());
    EXPECT_EQ(count("succeeded") + count("failed") + count("stopped"), seen_.size());
    EXPECT_EQ(total["flow"]["imbalance"]["value"], 0);
    const Json state = ApiWorld::json(world_.get("/_sluice/state"));
    for (const Json& credential : state["credentials"]) EXPECT_EQ(credential["active"], 0);
  }

  static void check_events(const std::vector<std::string>& events, const std::string& status) {
    ASSERT_FALSE(events.empty());
    EXPECT_EQ(events.front(), "execution.queued");
    std::size_t starts = 0, requeues = 0, ends = 0;
    for (const std::string& event : events) {
      starts += event == "execution.start";
      requeues += event == "execution.requeued";
      ends += event == "execution.success" || event == "execution.failed" ||
              event == "execution.stopped";
      if (ends == 1) {
        EXPECT_TRUE(event == status || event == "video.uploaded") << event;
      }
    }
    EXPECT_EQ(ends, 1u);
    EXPECT_LE(starts, requeues + 1);
    if (status == "execution.success") {
      EXPECT_EQ(starts, requeues + 1);
    }
  }

  ApiWorld world_;
  KeptFrames frames_;
  Stream random_;
  std::map<std::string, std::string> seen_;  // status by run
  std::set<std::string> interrupted_;
  std::map<std::string, Json> entries_;  // that were added to the vault, by user
  std::size_t answered_ = 0, ended_ = 0, entries_made_ = 0;
};

TEST(ApiProperty, RunsAndVaultFollowTheModelAndAllRunsEnd) {
  std::size_t ended = 0, answered = 0, entries = 0;
  for (std::uint64_t seed = 1; seed <= cases(40u) && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Play play(stream_key(seed, "play"));
    for (int i = 0; i < 250; ++i) play.step();
    play.finish();
    ended += play.ended_count();
    answered += play.answered_count();
    entries += play.entry_count();
  }
  EXPECT_GT(ended, cases(1000u));
  // How many depends on the compiler: it draws arguments in an order of its own.
  EXPECT_GT(answered, cases(5u));

  EXPECT_GT(entries, cases(100u));
}

}  // namespace
}  // namespace sluice::test

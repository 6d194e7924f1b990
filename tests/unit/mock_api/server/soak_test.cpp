// Many clients at once against the whole server, in wall time: they start runs, listen, answer,
// interrupt, break off and come back, while faults strike. In the end no run is stuck, every client
// knows how each of its runs has ended, and what came in has gone out.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/random/random.hpp"
#include "base/text/json.hpp"
#include "mock_api/api.hpp"
#include "mock_api/server/api_server.hpp"
#include "scenarios/loader/loader.hpp"
#include "tests/unit/mock_api/server/raw_client.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr unsigned kClients = 12;
constexpr int kRunsPerClient = 20;
constexpr auto kPatience = 30s;  // of a client for the ends of its runs
constexpr const char* kScenario = R"(
scenario: soak
question: Does it hold?
duration: 10h
resource_groups: {main: {workers: {count: 6, start_up: 1s}}}
workspaces: {acme: {}, beta: {}}
credentials:
  portal: {count: 4, domain: https://portal.example.com, allow_multiple_sessions: true,
           max_concurrency: 2, login: {time: 1s, failure: 3%}, expiry_time_from_last_use: 30s}
workflows:
  claims: {needs: {USER: portal}, time: {exponential: {mean: 5s}}, steps: 3,
           failure: {rate: 10%, retry: true}, max_retries: 2, backoff: {base: 1s, cap: 4s}}
  approve: {time: 3s, steps: 2, interaction: {probability: 100%, answer_after: 8s, timeout: 20s}}
submitters:
  people: {workspace: acme, workflow: claims, credentials: {USER: {drawn: portal}},
           arrivals: {poisson: {rate: 6/min}}}
api: {rate_limits: {1s: 1000000}}
serve: {people: true}
)";

bool is_end(const std::string& event) {
  return event == "execution.success" || event == "execution.failed" ||
         event == "execution.stopped";
}

/// Where webhooks go: the first attempt to tell of some of the sessions fails.
class Receiver {
 public:
  Receiver() {
    server_.Post("/hook", [this](const httplib::Request& request, httplib::Response& reply) {
      reply.status = note((*parse_json(request.body))["payload"]) ? 200 : 500;
    });
    server_.new_task_queue = [] { return new httplib::ThreadPool(4); };
    server_.set_tcp_nodelay(true);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Receiver() {
    server_.stop();
    thread_.join();
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", port_); }
  bool knows(const std::string& run) {
    const std::lock_guard lock(mutex_);
    return told_.contains(run);
  }

 private:
  /// Of one run, or of all that a failed login has stopped. False: not taken.
  bool note(const Json& payload) {
    Json runs = Json::array();
    if (payload.contains("session_ids")) runs = payload["session_ids"];
    if (payload.contains("session_id")) runs.push_back(payload["session_id"]);
    const std::lock_guard lock(mutex_);
    const std::string first = runs.at(0);
    if (first.ends_with('7') && refused_.insert(first).second) return false;
    for (const Json& run : runs) told_.insert(run.get<std::string>());
    return true;
  }

  httplib::Server server_;
  int port_ = 0;
  std::mutex mutex_;
  std::set<std::string> refused_, told_;
  std::thread thread_;
};

/// The real thing: Api, server with three threads, sixty-fold time.
class World {
 public:
  World() : api_(scenario(), api_options(), webhooks_), server_(api_, webhooks_, options()) {}

  const std::string& url() const { return server_.url(); }
  Receiver& receiver() { return receiver_; }
  httplib::Client client() const {
    httplib::Client client(server_.url());
    client.set_tcp_nodelay(true);
    return client;
  }
  Json get(const std::string& path, const std::string& key = "sk_acme") const {
    const auto reply = client().Get(path, {{"cc-key", key}});
    EXPECT_TRUE(reply && reply->status == 200) << path;
    return reply ? Json::parse(reply->body, nullptr, false) : Json();
  }
  void add_fault(const std::string& fault) const {
    const auto reply = client().Post("/_sluice/faults", fault, "application/json");
    ASSERT_TRUE(reply && reply->status == 201) << fault;
  }
  void remove_faults() const { client().Delete("/_sluice/faults"); }
  void stop() { server_.stop(); }

 private:
  static Scenario scenario() {
    LoaderOptions options;
    options.file_access = false;
    LoadedScenario loaded = load_scenario_text(kScenario, "soak.yaml", options);
    EXPECT_TRUE(loaded.scenario) << loaded.errors.front().to_string();
    return *loaded.scenario;
  }
  static ApiOptions api_options() {
    ApiOptions options;
    options.unix_ns_at_zero = 1'767'571'200'000'000'000;
    return options;
  }
  static ServerOptions options() {
    ServerOptions options;
    options.threads = 3;
    options.clock = ServerClock::wall(60);
    options.streams.hold_back = 5ms;
    options.log_level = ServerLog::Level::off;
    return options;
  }

  Receiver receiver_;
  WebhookSender webhooks_{{}};
  Api api_;
  ApiServer server_;
};

/// One client with a stream of its own. A careful one ends its streams so that nothing on the way
/// is lost; a rough one resets them.
class Client {
 public:
  Client(World& world, unsigned number)
      : world_(world),
        id_(fmt::format("client-{}", number)),
        key_(number % 3 == 0 ? "sk_beta" : "sk_acme"),
        is_rough_(number % 4 == 3),
        uses_library_(number % 2 == 0),
        library_(world.client()),
        random_(stream_key(number, "soak")) {
    library_.set_keep_alive(number % 4 == 0);
  }

  void play() {
    open_stream();
    for (int i = 0; i < kRunsPerClient; ++i) {
      start_run();
      listen(std::chrono::milliseconds(random_.bits() % 20));
      if (random_.chance(0.3)) answer_somebody();
      if (random_.chance(0.1)) interrupt_somebody();
      if (random_.chance(0.2)) come_back();
      if (random_.chance(0.3)) misbehave();
    }
    wait_for_ends();
    stream_->end_sending();
    read_all();
  }

  /// Events that end a run, by session.
  const std::map<std::string, int>& ends() const { return ends_; }
  const std::set<std::string>& runs() const { return runs_; }
  bool is_rough() const { return is_rough_; }
  int restarts() const { return restarts_; }
  int answers() const { return answers_; }

 private:
  std::string headers() const { return "cc-key: " + key_ + "\r\n"; }

  // ---- requests

  /// The reply's body if its status is 2xx.
  std::optional<Json> post(const std::string& path, const std::string& body) {
    if (uses_library_) {
      const auto reply = library_.Post(path, {{"cc-key", key_}}, body, "application/json");
      if (!reply || reply->status >= 300) return std::nullopt;
      return Json::parse(reply->body, nullptr, false);
    }
    if (!raw_) raw_.emplace(world_.url());
    raw_->post(path, body, headers());
    const std::string reply = raw_->response();
    if (status_of(reply) == 0 || reply.ends_with("<short>")) {
      raw_.reset();  // it was reset by a fault, or the server had closed it
      return std::nullopt;
    }
    return status_of(reply) < 300 ? std::optional(Json::parse(body_of(reply), nullptr, false))
                                  : std::nullopt;
  }

  void start_run() {
    const char* const levels[] = {"LOW", "MEDIUM", "HIGH"};
    const bool asks = random_.chance(0.3);
    const std::string body = fmt::format(
        R"({{"workflow_id":"{}","run_input_variables":{},"priority_level":"{}","client_id":"{}",)"
        R"("webhook":{{"url":"{}","secret":"s","event_types_subscribed":["execution.success",)"
        R"("execution.failed","execution.stopped"]}}}})",
        asks ? "approve" : "claims",
        asks ? "{}" : R"({"USER":["portal-1","portal-2","portal-3","portal-4"]})",
        levels[random_.bits() % 3], id_, world_.receiver().url());
    // Without an answer the stream will tell whether there is a run.
    if (const auto reply = post("/run", body); reply && reply->is_object())
      runs_.insert((*reply)["session_id"]);
  }

  std::string some_run() {
    if (runs_.empty()) return "nobody";
    return *std::next(runs_.begin(), static_cast<std::ptrdiff_t>(random_.bits() % runs_.size()));
  }
  void answer_somebody() {
    const std::string run = waiting_.empty() ? some_run() : *waiting_.begin();
    waiting_.erase(run);
    answers_ += post("/run/" + run + "/user_interaction", R"({"answer":"yes"})").has_value();
  }
  void interrupt_somebody() { post("/run/" + some_run() + "/interrupt", ""); }

  /// Connections that end at the wrong moment, and must hurt nobody else.
  void misbehave() {
    RawClient other(world_.url());
    switch (random_.bits() % 5) {
      case 0:
        other.send("POST /run HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{\"workflow");
        return;
      case 1:
        other.get("/runs", headers());
        return other.reset();
      case 2:  // a second stream of nobody's, never read
        other.get("/run/clients/nobody/events", headers());
        return other.reset();
      case 3:
        other.get("/workflows", headers());
        other.get("/vault", headers());
        other.end_sending();
        EXPECT_EQ(status_of(other.response()), 200u);
        EXPECT_EQ(status_of(other.response()), 200u);
        return;
      default:
        other.send("GET /runs HTTP/1.1\r\n: no header\r\n\r\n");
        EXPECT_EQ(status_of(other.response()), 400u);
    }
  }

  // ---- the stream

  void open_stream() {
    stream_.emplace(world_.url());
    text_.clear();
    stream_->get("/run/clients/" + id_ + "/events", headers());
  }
  void come_back() {
    ++restarts_;
    if (is_rough_) {
      stream_->reset();
    } else {
      stream_->end_sending();
      read_all();
    }
    open_stream();
  }
  void listen(std::chrono::milliseconds time) { note(stream_->whatever_comes(time)); }
  void read_all() {
    const std::string rest = stream_->rest();
    EXPECT_FALSE(rest.ends_with("<open>")) << "a half-closed stream is not ended";
    note(rest);
  }

  void note(std::string_view bytes) {
    text_ += bytes;
    for (std::size_t end = text_.find('\n'); end != text_.npos; end = text_.find('\n')) {
      const std::string line = text_.substr(0, end);
      text_.erase(0, end + 1);
      if (line.starts_with("data: {\"event\"")) note_event(line.substr(6));
    }
  }
  void note_event(const std::string& text) {
    const auto json = parse_json(text);
    ASSERT_TRUE(json) << text;
    const std::string event = (*json)["data"]["event"];
    const std::string run = (*json)["data"]["payload"]["session_id"];
    runs_.insert(run);
    if (event == "interaction.waiting") waiting_.insert(run);
    if (!is_end(event)) return;
    waiting_.erase(run);
    ++ends_[run];
  }

  /// What a reset took with it a rough client has to ask for, as the official clients do.
  bool is_over(const std::string& run) const {
    if (ends_.contains(run)) return true;
    if (!is_rough_) return false;
    auto library = world_.client();
    const auto reply = library.Get("/run/" + run, {{"cc-key", key_}});
    if (!reply || reply->status != 200) return false;
    const Json body = Json::parse(reply->body, nullptr, false);
    return body.is_object() && is_end(body.value("status", ""));
  }
  void wait_for_ends() {
    const auto until = SteadyClock::now() + kPatience;
    while (SteadyClock::now() < until) {
      listen(20ms);
      bool all = true;
      for (const std::string& run : runs_) all = all && is_over(run);
      if (all) return;
    }
    for (const std::string& run : runs_)
      EXPECT_TRUE(is_over(run)) << id_ << " was never told of the end of " << run;
  }

  World& world_;
  const std::string id_, key_;
  const bool is_rough_, uses_library_;
  httplib::Client library_;
  std::optional<RawClient> raw_, stream_;
  Stream random_;
  std::string text_;
  std::set<std::string> runs_, waiting_;
  std::map<std::string, int> ends_;
  int restarts_ = 0, answers_ = 0;
};

bool soon(const std::function<bool()>& holds) {
  const auto until = SteadyClock::now() + kPatience;
  while (!holds()) {
    if (SteadyClock::now() > until) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

/// The runs that there are, once all of them are over.
std::set<std::string> all_ended(const World& world) {
  std::set<std::string> runs;
  EXPECT_TRUE(soon([&] {
    bool over = true;
    for (const char* key : {"sk_acme", "sk_beta"})
      for (const Json& row : world.get("/runs?limit=10000", key)) {
        runs.insert(row["session_id"].get<std::string>());
        over = over && is_end(row["status"]);
      }
    return over;
  })) << "a run is stuck";
  return runs;
}

double figure(const Json& report, const char* name) {
  return report["total"][name]["count"]["value"].get<double>();
}

/// Everything that came in has gone out, by the pipeline's own account.
void expect_balance(const Json& report, const Json& state, std::size_t runs) {
  EXPECT_EQ(figure(report, "accepted"), static_cast<double>(runs));
  EXPECT_EQ(figure(report, "succeeded") + figure(report, "failed") + figure(report, "stopped"),
            static_cast<double>(runs));
  EXPECT_EQ(report["total"]["flow"]["imbalance"]["value"], 0) << report["total"]["flow"];
  const Json& group = state["groups"][0];
  for (const auto& [level, queue] : group["queues"].items()) {
    EXPECT_EQ(queue["waiting"], 0) << level;
    EXPECT_EQ(queue["running"], 0) << level;
  }
  EXPECT_EQ(group["workers"]["idle"], 6);
  for (const Json& credential : state["credentials"]) EXPECT_EQ(credential["active"], 0);
}

TEST(Soak, NoRunIsLostBetweenManyClientsWithFaults) {
  World world;
  for (const char* fault :
       {R"({"match":{"method":"POST","path":"/run"},"probability":"5%","wire":"reset"})",
        R"({"match":{"method":"POST","path":"/run"},"probability":"5%","wire":"malformed_body"})",
        R"({"match":{"method":"POST","path":"/run"},"probability":"5%","status":503})",
        R"({"match":{"path":"/run/*/interrupt"},"probability":"30%","wire":"reset_mid_body"})",
        R"({"match":{"method":"POST","path":"/run"},"probability":"10%","latency":"2s"})"})
    world.add_fault(fault);

  std::vector<std::unique_ptr<Client>> clients;
  for (unsigned i = 0; i < kClients; ++i) clients.push_back(std::make_unique<Client>(world, i));
  std::vector<std::thread> threads;
  for (const auto& client : clients) threads.emplace_back([&client] { client->play(); });
  for (std::thread& thread : threads) thread.join();
  world.remove_faults();

  std::set<std::string> runs;
  int restarts = 0, answers = 0;
  for (const auto& client : clients) {
    runs.insert(client->runs().begin(), client->runs().end());
    restarts += client->restarts();
    answers += client->answers();
    for (const auto& [run, count] : client->ends())
      EXPECT_TRUE(count == 1 || client->is_rough()) << run << " has ended " << count << " times";
  }
  EXPECT_GT(runs.size(), kClients * kRunsPerClient * 3 / 4);
  EXPECT_GT(restarts, 10);
  EXPECT_GT(answers, 0);

  const std::set<std::string> all = all_ended(world);
  for (const std::string& run : runs) EXPECT_TRUE(all.contains(run)) << run;
  for (const std::string& run : all)
    EXPECT_TRUE(soon([&] { return world.receiver().knows(run); })) << "no webhook of " << run;
  expect_balance(world.get("/_sluice/report"), world.get("/_sluice/state"), all.size());
  world.stop();
}

}  // namespace
}  // namespace sluice::test

// libFuzzer target: no sequence of requests makes the API throw, crash, hang, lose a run or break a
// promise about one.
//
// The text is requests, parted by lines `%%`: the first line is `METHOD target`, or `ADVANCE 10s`
// for the clock; headers may follow; after an empty line comes the body. `@1`, `@2` … stand for the
// session ids of the runs so far.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/json.hpp"
#include "base/text/units.hpp"
#include "mock_api/api.hpp"
#include "mock_api/server/route_names.hpp"
#include "scenarios/loader/loader.hpp"

namespace {

using namespace sluice;

constexpr std::size_t kMostRequests = 64;
constexpr Duration kLongestAdvance{3'600'000'000'000};
constexpr const char* kScenario = R"(
scenario: fuzzed
question: Does it hold?
duration: 1h
resource_groups: {main: {workers: 2}}
workspaces: {acme: {}, beta: {}}
credentials:
  portal: {count: 2, domain: https://portal.example.com, login: {time: 2s, failure: 20%},
           expiry_time_from_last_use: 1m}
workflows:
  claims: {needs: {USER: portal}, time: {exponential: {mean: 5s}}, steps: 3,
           failure: {rate: 30%, retry: true}, max_retries: 2, backoff: {base: 1s}}
  approve: {time: 2s, steps: 2, interaction: {probability: 100%, answer_after: 40s, timeout: 30s}}
submitters:
  people: {workspace: acme, workflow: claims, credentials: {USER: {drawn: portal}},
           arrivals: {poisson: {rate: 6/min}}}
api: {rate_limits: {1s: 100000}}
)";

[[noreturn]] void fail(std::string_view what, std::string_view about) {
  std::fprintf(stderr, "%.*s: %.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(about.size()), about.data());
  std::abort();
}

const Scenario& scenario() {
  static const Scenario loaded = [] {
    LoaderOptions options;
    options.file_access = false;
    LoadedScenario result = load_scenario_text(kScenario, "fuzz.yaml", options);
    if (!result.scenario) fail("the scenario does not load", result.errors.front().to_string());
    return *result.scenario;
  }();
  return loaded;
}

bool is_end(const std::string& event) {
  return event == "execution.success" || event == "execution.failed" ||
         event == "execution.stopped";
}

/// One stream: every frame is whole, and no run ends twice.
class Ends final : public EventSink {
 public:
  void write(std::string_view frame, std::uint64_t) override {
    const std::size_t data = frame.find("\ndata: ");
    if (data == frame.npos || !frame.ends_with("\n\n")) fail("not a frame", frame);
    const auto json = parse_json(frame.substr(data + 7, frame.size() - data - 9));
    if (!json) fail("a frame without JSON", frame);
    if (frame.starts_with("event: ping")) return;
    const Json& event = (*json)["data"];
    const std::string run = event["payload"]["session_id"];
    if (is_end(event["event"]) && !over_.insert(run).second) fail("a run ends twice", run);
  }
  void end() override {}
  void forget() { over_.clear(); }

 private:
  std::set<std::string> over_;
};

/// Receivers of webhooks, of which every third is down; the answers come with the next request.
class Receivers final : public WebhookTransport {
 public:
  void post(WebhookPost post) override {
    if (!parse_json(post.body)) fail("a webhook without JSON", post.body);
    ids_.push_back(post.id);
  }
  void answer(Time now, Api& api) {
    for (const std::uint64_t id : std::exchange(ids_, {})) {
      WebhookResult result;
      result.status = id % 3 == 0 ? 0 : 200;
      if (result.status == 0) result.error = "refused";
      api.webhook_done(now, id, result);
    }
  }
  bool any() const { return !ids_.empty(); }

 private:
  std::vector<std::uint64_t> ids_;
};

/// The next line, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

class Play {
 public:
  Play() : api_(scenario(), {}, receivers_) {
    const HttpRequest request{"GET", "/run/clients/c/events", {}, {}, {{"cc-key", "sk_acme"}}};
    stream_ = api_.open_stream(now_, api_.handle(now_, request).stream_of, ends_);
  }

  void step(std::string_view text) {
    const std::string filled = with_sessions(text);
    std::string_view rest = filled;
    const std::string_view line = take_line(rest);
    const std::size_t space = line.find(' ');
    if (space == line.npos) return;
    const std::string_view method = line.substr(0, space), target = line.substr(space + 1);
    if (method == "ADVANCE") return advance(target);
    if (target.empty()) return;
    HttpRequest request{method, target, {}, "192.0.2.1", {}};
    for (std::string_view header = take_line(rest); !header.empty(); header = take_line(rest)) {
      const std::size_t colon = std::min(header.find(':'), header.size());
      request.headers.emplace_back(header.substr(0, colon),
                                   header.substr(std::min(colon + 2, header.size())));
    }
    request.headers.emplace_back("cc-key", "sk_acme");  // the first one counts
    request.body = rest;
    ask(request);
  }

  /// Everything that may hold a run back goes, and all of them end.
  void finish() {
    api_.close_stream(now_, stream_);
    for (const char* thing : {"groups/main", "workflows/claims", "workflows/approve",
                              "credentials/portal-1", "credentials/portal-2"})
      quietly("POST", std::string("/_sluice/") + thing + "/resume", "");
    quietly("DELETE", "/_sluice/faults", "");
    quietly("POST", "/_sluice/groups/main/restore", R"({"count": 1000000})");
    quietly("PUT", "/_sluice/groups/main/workers", R"({"count": 4})");
    stop_scripted();
    for (int i = 0; i < 24; ++i) advance("1h");
    for (const char* key : {"sk_acme", "sk_beta"}) {
      const HttpRequest request{
          "GET", "/runs?limit=10000&start_time=1970-01-01", {}, {}, {{"cc-key", key}}};
      const HttpReply reply = api_.handle(now_, request);
      const auto runs = parse_json(reply.body);
      if (!runs || !runs->is_array()) fail("no list of runs", reply.body);
      for (const Json& run : *runs)
        if (!is_end(run["status"])) fail("a run is stuck", run.dump());
    }
  }

 private:
  /// They take as long as they are told.
  void stop_scripted() {
    for (const std::string& session : sessions_) {
      const std::string story_of = "/_sluice/runs/" + session;
      const std::string stop = "/run/" + session + "/interrupt";
      const auto story = parse_json(api_.handle(now_, {"GET", story_of, {}, {}, {}}).body);
      if (!story || !story->contains("script") || (*story)["script"].is_null()) continue;
      for (const char* key : {"sk_acme", "sk_beta"})
        api_.handle(now_, {"POST", stop, {}, {}, {{"cc-key", key}}});
    }
  }

  std::string with_sessions(std::string_view text) const {
    std::string filled;
    for (std::size_t at = 0; at < text.size(); ++at) {
      std::size_t number = 0;
      const char* const end = text.data() + text.size();
      const auto [stop, error] = std::from_chars(text.data() + at + 1, end, number);
      if (text[at] != '@' || error != std::errc() || number == 0 || number > sessions_.size()) {
        filled += text[at];
        continue;
      }
      filled += sessions_[number - 1];
      at = static_cast<std::size_t>(stop - text.data()) - 1;
    }
    return filled;
  }

  void advance(std::string_view by) {
    const auto length = parse_duration(by);
    if (!length || length->ns < 0) return;
    now_ = now_ + std::min(*length, kLongestAdvance);
    api_.advance(now_);
    answer_all();
  }

  void answer_all() {
    for (int i = 0; i < 1000 && receivers_.any(); ++i) receivers_.answer(now_, api_);
    api_.take_deferred();
  }

  void ask(const HttpRequest& request) {
    if (route_of(request.method, request.target) >= route_count()) fail("no route", request.target);
    const HttpReply reply = api_.handle(now_, request);
    check(request, reply);
    if (reply.fault.mark != 0) api_.fault_settled(reply.fault.mark, FaultOutcome::struck);
    if (request.target == "/_sluice/faults" && reply.status == 201) faults_ = true;
    // The same session ids come again.
    if (request.target.starts_with("/_sluice/reset")) ends_.forget();
    if (const auto body = parse_json(reply.body);
        reply.status == 201 && request.target == "/run" && body && body->contains("session_id"))
      sessions_.push_back((*body)["session_id"]);
    answer_all();
  }

  void check(const HttpRequest& request, const HttpReply& reply) const {
    if (reply.fault.mark != 0) return;
    if (reply.status < 200 || reply.status > 599) fail("no such status", request.target);
    if (faults_ || reply.deferred != 0 || !reply.stream_of.empty()) return;
    if (reply.status >= 500 && reply.status != 503) fail("an error of the server", reply.body);
    if (reply.content_type != "application/json") return;
    const auto body = parse_json(reply.body);
    if (!body) fail("no JSON", reply.body);
    if (reply.status >= 400 &&
        (!body->is_object() || (*body)["statusCode"] != reply.status || !body->contains("message")))
      fail("no error body", reply.body);
  }

  void quietly(std::string_view method, const std::string& target, std::string_view body) {
    api_.handle(now_, {method, target, body, {}, {}});
  }

  Receivers receivers_;
  Ends ends_;
  Api api_;
  Time now_ = Time::zero();
  std::uint64_t stream_ = 0;
  std::vector<std::string> sessions_;
  bool faults_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Play play;
  for (std::size_t i = 0; i < kMostRequests && !text.empty(); ++i) {
    const std::size_t end = std::min(text.find("\n%%\n"), text.size());
    play.step(text.substr(0, end));
    text.remove_prefix(std::min(end + 4, text.size()));
  }
  play.finish();
  return 0;
}

#include "mock_api/admin/fault.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "base/text/units.hpp"

namespace sluice {
namespace {

/// What the word says: a fault on the wire, and whether the API does before what it was asked.
struct WireWord {
  std::string_view word;
  WireFault fault;
  bool carried_out;
};
constexpr std::array<WireWord, 9> kWireWords{{{"reset", WireFault::reset, false},
                                              {"reset_after", WireFault::reset, true},
                                              {"close", WireFault::close, false},
                                              {"close_after", WireFault::close, true},
                                              {"stall", WireFault::stall, false},
                                              {"stall_after", WireFault::stall, true},
                                              {"reset_mid_body", WireFault::reset_mid_body, true},
                                              {"close_mid_body", WireFault::close_mid_body, true},
                                              {"malformed_body", WireFault::malformed_body, true}}};

constexpr std::array<std::pair<std::string_view, StreamFault>, 7> kStreamWords{
    {{"end", StreamFault::end},
     {"close", StreamFault::close},
     {"reset", StreamFault::reset},
     {"half_event", StreamFault::half_event},
     {"silence", StreamFault::silence},
     {"drop", StreamFault::drop},
     {"repeat", StreamFault::repeat}}};

constexpr std::string_view kKeys =
    " match probability times after for seed latency status headers body wire stream after_events "
    "events drop_webhook ";
constexpr std::string_view kStreamPattern = "/run/clients/*/events";
/// Far from where simulated time ends.
constexpr Duration kLongest{std::int64_t{366} * 86'400 * 1'000'000'000};

[[noreturn]] void refuse(std::string problem) { throw std::move(problem); }

Duration duration_of(const Json& value, const std::string& name) {
  const auto parsed =
      value.is_string() ? parse_duration(value.get<std::string>()) : Parsed<Duration>{};
  if (!parsed || parsed->ns < 0 || *parsed > kLongest)
    refuse(name + " must be a time such as \"250ms\", a year at most");
  return *parsed;
}

double share_of(const Json& value) {
  double share = -1;
  if (value.is_number()) share = value.get<double>();
  if (value.is_string())
    if (const auto parsed = parse_share(value.get<std::string>())) share = *parsed;
  if (!(share >= 0 && share <= 1)) refuse("probability must be a share such as 0.3 or \"30%\"");
  return share;
}

std::uint64_t whole_of(const Json& value, const std::string& name, std::uint64_t least,
                       std::uint64_t most) {
  if (!value.is_number_unsigned() || value < least || value > most)
    refuse(name + " must be a whole number from " + std::to_string(least) + " to " +
           std::to_string(most));
  return value.get<std::uint64_t>();
}

std::string text_of(const Json& json, const char* name) {
  const Json value = json.value(name, Json(""));
  if (!value.is_string()) refuse(std::string(name) + " must be a string");
  return value.get<std::string>();
}

// ---- paths

/// Whether some path fits both patterns.
bool patterns_meet(std::string_view one, std::string_view other) {
  for (;;) {
    const std::string_view a = next_segment(one), b = next_segment(other);
    if (a == "**" || b == "**") return true;
    if (a.empty() || b.empty()) return a.empty() && b.empty();
    if (a != b && a != "*" && b != "*") return false;
  }
}

/// What the server answers itself, so that tests have a way out.
bool is_never_struck(std::string_view path) {
  constexpr std::array<std::string_view, 4> kOwn{"_sluice", "healthz", "readyz", "metrics"};
  return std::ranges::find(kOwn, next_segment(path)) != kOwn.end();
}

std::string text_or_none(const Json& match, const char* name) {
  const auto found = match.find(name);
  return found != match.end() && found->is_string() ? found->get<std::string>() : "";
}

void check_match(const Json& match, const Fault& fault) {
  if (match.contains("status")) refuse("match: a fault is chosen before there is a status");
  const std::string path = text_or_none(match, "path"), method = text_or_none(match, "method");
  if (is_never_struck(path)) refuse("match: no fault strikes what the server answers by itself");
  const bool some_streams =
      (path.empty() || patterns_meet(path, kStreamPattern)) && (method.empty() || method == "GET");
  if (fault.breaks_streams() && !some_streams)
    refuse("stream is for GET " + std::string(kStreamPattern) +
           ", which no request is that fits this match");
  const bool only_streams = is_stream_path(path) && path.find("**") == path.npos;
  if (fault.on_wire.wire == WireFault::malformed_body && (only_streams || method == "HEAD"))
    refuse("wire: malformed_body is for answers with a body; an event stream has `stream`");
}

// ---- what it does

WireWord wire_of(const Json& value) {
  std::string words;
  for (const WireWord& word : kWireWords) {
    if (value == std::string(word.word)) return word;
    words.append(words.empty() ? "" : ", ").append(word.word);
  }
  refuse("wire must be one of " + words);
}

StreamFault stream_of(const Json& value) {
  std::string words;
  for (const auto& [word, fault] : kStreamWords) {
    if (value == std::string(word)) return fault;
    words.append(words.empty() ? "" : ", ").append(word);
  }
  refuse("stream must be one of " + words);
}

void check_header(const std::string& name, const std::string& value) {
  const auto in_token = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (name.empty() || !std::ranges::all_of(name, in_token))
    refuse("headers: `" + name + "` is no name of a header");
  for (const char* own : {"Content-Length", "Transfer-Encoding", "Connection", "Date"})
    if (is_same_header(name, own)) refuse("headers: the server itself says " + std::string(own));
  if (std::ranges::any_of(value, [](unsigned char c) { return c < ' ' && c != '\t'; }))
    refuse("headers: the value of " + name + " must be one line");
}

void read_headers(const Json& json, FaultReply& reply) {
  if (!json.is_object()) refuse("headers must be an object of texts");
  FaultReply::Headers headers;
  for (auto it = json.begin(); it != json.end(); ++it) {
    if (!it->is_string() && !it->is_number_unsigned())
      refuse("headers: the value of " + it.key() + " must be a text or a whole number");
    const std::string value = it->is_string() ? it->get<std::string>() : it->dump();
    check_header(it.key(), value);
    reply.names_type = reply.names_type || is_same_header(it.key(), "Content-Type");
    headers.emplace_back(it.key(), value);
  }
  reply.headers = std::make_shared<const FaultReply::Headers>(std::move(headers));
}

void read_reply(const Json& json, Fault& fault) {
  if (!json.contains("status")) {
    for (const char* name : {"headers", "body"})
      if (json.contains(name)) refuse(std::string(name) + " needs a status to go with");
    return;
  }
  FaultReply& reply = fault.reply.emplace();
  fault.carried_out = false;
  reply.status = static_cast<unsigned>(whole_of(json["status"], "status", 200, 599));
  if (json.contains("headers")) read_headers(json["headers"], reply);
  if (!json.contains("body")) return;
  const Json& body = json["body"];
  reply.body = reply.names_type && body.is_string() ? body.get<std::string>() : dump(body);
}

void read_wire(const Json& json, Fault& fault) {
  if (!json.contains("wire")) return;
  const WireWord word = wire_of(json["wire"]);
  const bool has_answer = word.fault != WireFault::reset && word.fault != WireFault::close &&
                          word.fault != WireFault::stall;
  if (fault.reply && !has_answer)
    refuse("no status is ever seen with wire " + std::string(word.word));
  if (word.fault == WireFault::stall && fault.latency.ns > 0)
    refuse("what stalls is not late: leave out latency");
  fault.on_wire.wire = word.fault;
  fault.carried_out = word.carried_out && !fault.reply;
}

void read_stream(const Json& json, Fault& fault) {
  if (!json.contains("stream")) {
    for (const char* name : {"after_events", "events"})
      if (json.contains(name)) refuse(std::string(name) + " needs `stream` to go with");
    return;
  }
  for (const char* name : {"status", "wire"})
    if (json.contains(name)) refuse("stream and " + std::string(name) + " are two faults");
  ReplyFault& on_wire = fault.on_wire;
  on_wire.stream = stream_of(json["stream"]);
  if (json.contains("after_events"))
    on_wire.after_events =
        static_cast<std::uint32_t>(whole_of(json["after_events"], "after_events", 0, 1'000'000));
  if (!json.contains("events")) return;
  if (on_wire.stream != StreamFault::drop && on_wire.stream != StreamFault::repeat)
    refuse("events says how many are dropped or repeated");
  on_wire.events = static_cast<std::uint32_t>(whole_of(json["events"], "events", 1, 1'000'000));
}

void read_webhook(const Json& json, Fault& fault) {
  const Json& match = json["drop_webhook"];
  for (const char* name : {"match", "latency", "status", "wire", "stream"})
    if (json.contains(name)) refuse("drop_webhook and " + std::string(name) + " are two faults");
  if (!match.is_object() && match != true) refuse("drop_webhook must be true, or {url, event}");
  fault.drops_webhooks = true;
  if (match.is_boolean()) return;
  fault.webhook_url = text_of(match, "url");
  fault.webhook_event = text_of(match, "event");
}

void read_when(const Json& json, Fault& fault) {
  if (json.contains("probability")) fault.probability = share_of(json["probability"]);
  if (json.contains("times")) fault.times = whole_of(json["times"], "times", 1, UINT32_MAX);
  if (json.contains("seed")) fault.seed = whole_of(json["seed"], "seed", 0, INT64_MAX);
  if (json.contains("for")) {
    fault.lasts = duration_of(json["for"], "for");
    if (fault.lasts->ns == 0) refuse("for must be more than no time");
  }
  if (!json.contains("after")) return;
  const Json& after = json["after"];
  if (after.is_number()) {
    fault.after_requests = whole_of(after, "after", 0, UINT32_MAX);
  } else {
    fault.after =
        duration_of(after, "after must be a number of requests that are let through, or it");
  }
}

}  // namespace

bool is_stream_path(std::string_view path) { return path_fits(kStreamPattern, path); }

Fault read_fault(const Json& json) {
  if (!json.is_object()) refuse("the body must be an object");
  for (auto it = json.begin(); it != json.end(); ++it)
    if (kKeys.find(' ' + it.key() + ' ') == kKeys.npos)
      refuse("a fault has no key `" + it.key() + '`');
  Fault fault;
  fault.json = json;
  const Json match = json.value("match", Json::object());
  std::string problem;
  const auto matcher = RequestMatcher::from_json(match, problem);
  if (!matcher) refuse(problem);
  fault.matcher = *matcher;
  read_when(json, fault);
  if (json.contains("latency")) fault.latency = duration_of(json["latency"], "latency");
  fault.on_wire.is_late = fault.latency.ns > 0;
  if (json.contains("drop_webhook")) read_webhook(json, fault);
  read_reply(json, fault);
  read_wire(json, fault);
  read_stream(json, fault);
  const bool does_something = fault.on_wire.is_late || fault.reply || fault.drops_webhooks ||
                              fault.on_wire.wire != WireFault::none || fault.breaks_streams();
  if (!does_something) refuse("a fault needs one of latency, status, wire, stream, drop_webhook");
  check_match(match, fault);
  return fault;
}

}  // namespace sluice

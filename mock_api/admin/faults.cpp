#include "mock_api/admin/faults.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "mock_api/contract/error_body.hpp"
#include "reports/units.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMaxFaults = 100;

constexpr std::array<std::pair<std::string_view, WireFault>, 4> kWireFaults{
    {{"reset", WireFault::reset_before},
     {"reset_mid_body", WireFault::reset_mid_body},
     {"malformed_body", WireFault::malformed_body},
     {"stall", WireFault::stall}}};

// What is wrong with a request is thrown as text and caught in handle().

Duration duration_of(const Json& value) {
  const auto parsed =
      value.is_string() ? parse_duration(value.get<std::string>()) : Parsed<Duration>{};
  if (!parsed) throw std::string("latency must be a time such as \"250ms\"");
  return *parsed;
}

double share_of(const Json& value) {
  double share = -1;
  if (value.is_number()) share = value.get<double>();
  if (value.is_string())
    if (const auto parsed = parse_share(value.get<std::string>())) share = *parsed;
  if (!(share >= 0 && share <= 1))
    throw std::string("probability must be a share such as 0.3 or \"30%\"");
  return share;
}

WireFault wire_of(const Json& value) {
  for (const auto& [word, fault] : kWireFaults)
    if (value == std::string(word)) return fault;
  throw std::string("wire must be one of reset, reset_mid_body, malformed_body, stall");
}

std::uint64_t whole_of(const Json& value, const char* name, std::uint64_t least,
                       std::uint64_t most) {
  if (!value.is_number_unsigned() || value < least || value > most)
    throw std::string(name) + " must be a whole number from " + std::to_string(least) + " to " +
        std::to_string(most);
  return value.get<std::uint64_t>();
}

std::string text_of(const Json& json, const char* name) {
  const Json value = json.value(name, Json(""));
  if (!value.is_string()) throw std::string(name) + " must be a string";
  return value.get<std::string>();
}

}  // namespace

// ---- striking

bool Faults::draw(Fault& fault) {
  ++fault.seen;
  // One draw for each request that fits, whether or not strikes are left.
  const bool hit = fault.stream.uniform() < fault.probability;
  if (!hit || (fault.times && *fault.times == 0)) return false;
  if (fault.times) --*fault.times;
  ++fault.struck;
  return true;
}

FaultEffect Faults::strike(const HttpRequest& request, std::string_view workspace) {
  FaultEffect effect;
  if (request.target.starts_with("/_sluice")) return effect;
  for (Fault& fault : faults_) {
    if (fault.drops_webhooks || !fault.matcher.fits(request, workspace) || !draw(fault)) continue;
    effect.latency += fault.latency;
    if (effect.wire == WireFault::none) effect.wire = fault.wire;
    if (!fault.status || effect.reply) continue;
    effect.reply = fault.body.empty() ? error_reply(*fault.status, "A fault that was asked for")
                                      : json_reply(*fault.status, fault.body);
  }
  return effect;
}

void Faults::apply(Time now, const FaultEffect& effect, HttpReply& reply) {
  if (effect.latency.ns > 0) reply.send_at = std::max(reply.send_at, now) + effect.latency;
  if (effect.wire != WireFault::none) reply.fault = effect.wire;
}

bool Faults::drops_webhook(std::string_view url, std::string_view event) {
  bool dropped = false;
  for (Fault& fault : faults_) {
    const bool fits = fault.drops_webhooks &&
                      (fault.webhook_url.empty() || url.starts_with(fault.webhook_url)) &&
                      (fault.webhook_event.empty() || event == fault.webhook_event);
    if (fits && draw(fault)) dropped = true;
  }
  return dropped;
}

void Faults::reset() {
  faults_.clear();
  next_ = 1;
}

// ---- the admin API

void Faults::read_webhook(const Json& json, Fault& fault) {
  const Json& match = json["drop_webhook"];
  if (match.is_boolean()) {
    fault.drops_webhooks = match.get<bool>();
    return;
  }
  if (!match.is_object()) throw std::string("drop_webhook must be true, or {url, event}");
  fault.drops_webhooks = true;
  fault.webhook_url = text_of(match, "url");
  fault.webhook_event = text_of(match, "event");
}

void Faults::read(const Json& json, Fault& fault) {
  if (!json.is_object()) throw std::string("the body must be an object");
  constexpr std::string_view kKeys =
      " match probability times latency status body wire drop_webhook ";
  for (auto it = json.begin(); it != json.end(); ++it)
    if (kKeys.find(' ' + it.key() + ' ') == kKeys.npos)
      throw "a fault has no key `" + it.key() + '`';
  std::string problem;
  const auto matcher = RequestMatcher::from_json(json.value("match", Json::object()), problem);
  if (!matcher) throw problem;
  fault.matcher = *matcher;
  if (json.contains("probability")) fault.probability = share_of(json["probability"]);
  if (json.contains("times")) fault.times = whole_of(json["times"], "times", 1, UINT32_MAX);
  if (json.contains("latency")) fault.latency = duration_of(json["latency"]);
  if (json.contains("status"))
    fault.status = static_cast<unsigned>(whole_of(json["status"], "status", 200, 599));
  if (json.contains("body")) fault.body = dump(json["body"]);
  if (json.contains("wire")) fault.wire = wire_of(json["wire"]);
  if (json.contains("drop_webhook")) read_webhook(json, fault);
  const bool does_something =
      fault.latency.ns > 0 || fault.status || fault.wire != WireFault::none || fault.drops_webhooks;
  if (!does_something)
    throw std::string("a fault needs one of latency, status, wire, drop_webhook");
}

Json Faults::to_json(const Fault& fault) {
  Json json{{"id", std::to_string(fault.number)}, {"fits", fault.seen}, {"struck", fault.struck}};
  json["left"] = fault.times ? Json(*fault.times) : Json(nullptr);
  json["fault"] = fault.json;
  return json;
}

HttpReply Faults::add(const HttpRequest& request) {
  std::optional<Json> json = parse_json(request.body);
  if (!json) return bad_request_reply("the body is not valid JSON");
  if (faults_.size() == kMaxFaults) return bad_request_reply("there are too many faults");
  Fault fault{next_,
              *json,
              {},
              1,
              {},
              {},
              {},
              {},
              WireFault::none,
              false,
              {},
              {},
              Stream(stream_key(stream_key(seed_, "faults"), next_))};
  read(*json, fault);
  ++next_;
  faults_.push_back(std::move(fault));
  return json_reply(201, to_json(faults_.back()));
}

HttpReply Faults::remove(std::string_view id) {
  const auto removed = std::erase_if(
      faults_, [id](const Fault& fault) { return std::to_string(fault.number) == id; });
  return removed > 0 ? json_reply(200, Json{{"success", true}}) : not_found_reply("Fault", id);
}

std::optional<HttpReply> Faults::handle(const HttpRequest& request,
                                        const std::vector<std::string>& path) {
  if (path.empty() || path[0] != "faults" || path.size() > 2) return std::nullopt;
  try {
    if (path.size() == 2)
      return request.method == "DELETE" ? remove(path[1]) : error_reply(405, "Method not allowed");
    if (request.method == "POST") return add(request);
    if (request.method == "DELETE") {
      faults_.clear();
      return json_reply(200, Json{{"success", true}});
    }
    if (request.method != "GET") return error_reply(405, "Method not allowed");
    Json all = Json::array();
    for (const Fault& fault : faults_) all.push_back(to_json(fault));
    return json_reply(200, all);
  } catch (const std::string& problem) {
    return bad_request_reply(problem);
  }
}

}  // namespace sluice

#include "mock_api/admin/faults.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "http/query_string.hpp"
#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMaxFaults = 100;

/// One draw for each request that fits, whether or not the fault may strike it.
bool would_strike(Time now, Fault& fault) {
  ++fault.fits;
  const bool drawn = fault.draws.uniform() < fault.probability;
  const bool is_on = now >= fault.begins && now < fault.ends && fault.fits > fault.after_requests;
  const bool has_turns = !fault.times || fault.struck + fault.waiting < *fault.times;
  return drawn && is_on && has_turns;
}

bool fits(const Fault& fault, const HttpRequest& request, std::string_view workspace,
          bool is_stream) {
  if (fault.drops_webhooks || (fault.breaks_streams() && !is_stream)) return false;
  const bool has_body = !is_stream && request.method != "HEAD";
  if (fault.on_wire.wire == WireFault::malformed_body && !has_body) return false;
  return fault.matcher.fits(request, workspace);
}

/// No byte of an answer is ever sent.
bool is_silence(WireFault fault) {
  return fault == WireFault::reset || fault == WireFault::close || fault == WireFault::stall;
}

HttpReply reply_of(const Fault& fault) {
  HttpReply reply;
  if (!fault.reply) {
    reply.status = 0;
    reply.content_type = "";
    return reply;
  }
  const FaultReply& given = *fault.reply;
  reply = given.body ? json_reply(given.status, *given.body)
                     : error_reply(given.status, "A fault that was asked for");
  if (given.status == 204 || given.status == 304) reply.body.clear();
  if (given.names_type || reply.body.empty()) reply.content_type = "";
  if (!given.headers) return reply;
  for (const auto& [name, value] : *given.headers) reply.headers.emplace_back(name, value);
  reply.names = given.headers;
  return reply;
}

Json to_json(const Fault& fault) {
  Json json{{"id", std::to_string(fault.number)},
            {"fits", fault.fits},
            {"struck", fault.struck},
            {"waiting", fault.waiting}};
  json["left"] = fault.times ? Json(*fault.times - fault.struck - fault.waiting) : Json(nullptr);
  json["fault"] = fault.json;
  return json;
}

}  // namespace

// ---- striking

FaultEffect Faults::choose_for(Time now, const HttpRequest& request, std::string_view workspace,
                               std::uint64_t number) {
  SLUICE_REQUIRE(number + 1 >= next_request_, "requests come in the order of their numbers");
  next_request_ = number + 1;
  FaultEffect effect;
  const bool is_stream = request.method == "GET" && is_stream_path(path_of(request.target));
  Fault* chosen = nullptr;
  for (Fault& fault : faults_)
    if (fits(fault, request, workspace, is_stream) && would_strike(now, fault) && chosen == nullptr)
      chosen = &fault;
  if (chosen == nullptr) return effect;
  ++chosen->waiting;
  effect.number = chosen->number;
  effect.latency = chosen->latency;
  effect.on_wire = chosen->on_wire;
  effect.on_wire.mark = (number << kFaultBits) + chosen->number;
  // A stream that stalls is opened first.
  const bool is_silent = is_stream && chosen->on_wire.wire == WireFault::stall;
  if (!chosen->carried_out && !is_silent) effect.reply = reply_of(*chosen);
  return effect;
}

bool Faults::apply_to(HttpReply& reply, Time now, const FaultEffect& effect) {
  const ReplyFault& on_wire = effect.on_wire;
  const bool breaks_stream = on_wire.stream != StreamFault::none;
  const bool is_impossible =
      (breaks_stream && reply.stream_of.empty()) ||
      (on_wire.wire == WireFault::malformed_body && reply.body.empty() && reply.deferred == 0);
  if (is_impossible) {
    settled(on_wire.mark, FaultOutcome::missed);
    return false;
  }
  if (effect.latency.ns > 0) reply.send_at = std::max(reply.send_at, now) + effect.latency;
  reply.fault = on_wire;
  if (is_silence(on_wire.wire) && reply.stream_of.empty()) reply.status = 0;
  return true;
}

void Faults::settled(std::uint64_t mark, FaultOutcome outcome) {
  if (request_of(mark) < first_request_) return;
  const std::uint64_t number = mark - (request_of(mark) << kFaultBits);
  const auto fault = std::ranges::find(faults_, number, &Fault::number);
  if (fault == faults_.end()) return;
  if (outcome == FaultOutcome::undone) {
    --fault->struck;
    return;
  }
  --fault->waiting;
  if (outcome == FaultOutcome::struck) ++fault->struck;
}

bool Faults::drops_webhook(Time now, std::string_view url, std::string_view event) {
  Fault* chosen = nullptr;
  for (Fault& fault : faults_) {
    const bool fits = fault.drops_webhooks &&
                      (fault.webhook_url.empty() || url.starts_with(fault.webhook_url)) &&
                      (fault.webhook_event.empty() || event == fault.webhook_event);
    if (fits && would_strike(now, fault) && chosen == nullptr) chosen = &fault;
  }
  if (chosen != nullptr) ++chosen->struck;
  return chosen != nullptr;
}

void Faults::reset() {
  faults_.clear();
  next_ = 1;
  first_request_ = next_request_;
}

// ---- the admin API

HttpReply Faults::add(Time now, const HttpRequest& request) {
  const std::optional<Json> json = parse_json(request.body);
  if (!json) return bad_request_reply("the body is not valid JSON");
  if (faults_.size() == kMaxFaults) return bad_request_reply("there are too many faults");
  Fault fault = read_fault(*json);
  fault.number = next_++;
  fault.begins = now + fault.after;
  if (fault.lasts) fault.ends = fault.begins + *fault.lasts;
  fault.draws = Stream(fault.seed ? stream_key(*fault.seed, "fault")
                                  : stream_key(stream_key(seed_, "faults"), fault.number));
  faults_.push_back(std::move(fault));
  return json_reply(201, to_json(faults_.back()));
}

HttpReply Faults::remove(std::string_view id) {
  const auto removed = std::erase_if(
      faults_, [id](const Fault& fault) { return std::to_string(fault.number) == id; });
  return removed > 0 ? json_reply(200, Json{{"success", true}}) : not_found_reply("Fault", id);
}

std::optional<HttpReply> Faults::handle(Time now, const HttpRequest& request,
                                        const std::vector<std::string>& path) {
  if (path.empty() || path[0] != "faults" || path.size() > 2) return std::nullopt;
  try {
    if (path.size() == 2)
      return request.method == "DELETE" ? remove(path[1]) : error_reply(405, "Method not allowed");
    if (request.method == "POST") return add(now, request);
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

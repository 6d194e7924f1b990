#include "mock_api/admin/journal.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "mock_api/admin/not_understood.hpp"
#include "mock_api/admin_target.hpp"
#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

constexpr std::size_t kDefaultLimit = 100;
/// Other replies that are deferred have small numbers.
constexpr std::uint64_t kFirstDeferred = std::uint64_t{1} << 63;

std::uint32_t append(std::string& text, std::string_view part) {
  text += part;
  return static_cast<std::uint32_t>(part.size());
}

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

}  // namespace

Journal::Journal(Epoch epoch, std::size_t kept)
    : epoch_(epoch), kept_(kept), next_deferred_(kFirstDeferred) {}

void Journal::note(Time now, const HttpRequest& request, std::string_view workspace,
                   unsigned status, RequestMarks marks) {
  if (is_admin_target(request.target)) return;
  if (entries_.size() >= kept_) entries_.pop_front();
  Entry& entry = entries_.emplace_back();
  entry.number = next_++;
  entry.at = now;
  entry.workspace = workspace;
  entry.status = status;
  entry.marks = std::move(marks);
  entry.body_bytes = request.body.size();
  const std::string_view body = request.body.substr(0, kJournalBodyBytes);
  std::size_t bytes = request.method.size() + request.target.size() + request.peer.size();
  for (const auto& [name, value] : request.headers) bytes += name.size() + value.size();
  entry.text.reserve(bytes + body.size());
  entry.method = append(entry.text, request.method);
  entry.target = append(entry.text, request.target);
  entry.peer = append(entry.text, request.peer);
  entry.headers.reserve(request.headers.size());
  for (const auto& [name, value] : request.headers) {
    const std::uint32_t name_length = append(entry.text, name);
    entry.headers.emplace_back(name_length, append(entry.text, value));
  }
  entry.body = append(entry.text, body);
}

void Journal::clear() {
  entries_.clear();
  for (Waiting& each : waiting_) each.verification.restart();
}

void Journal::take_fault_back(std::uint64_t number) {
  const std::uint64_t first = entries_.empty() ? next_ : entries_.front().number;
  if (number >= first && number < next_) entries_[number - first].marks.fault = 0;
}

HttpRequest Journal::request_of(const Entry& entry) {
  std::string_view rest = entry.text;
  const auto take = [&rest](std::uint32_t length) {
    const std::string_view part = rest.substr(0, length);
    rest.remove_prefix(length);
    return part;
  };
  HttpRequest request;
  request.method = take(entry.method);
  request.target = take(entry.target);
  request.peer = take(entry.peer);
  for (const auto& [name, value] : entry.headers) {
    const std::string_view name_text = take(name);
    request.headers.emplace_back(name_text, take(value));
  }
  request.body = take(entry.body);
  return request;
}

bool Journal::fits(const RequestMatcher& matcher, const Entry& entry) const {
  return matcher.fits_status(entry.status) && matcher.fits(request_of(entry), entry.workspace);
}

std::size_t Journal::count(const RequestMatcher& matcher) const {
  return static_cast<std::size_t>(std::count_if(
      entries_.begin(), entries_.end(), [&](const Entry& entry) { return fits(matcher, entry); }));
}

Json Journal::to_json(const Entry& entry) const {
  const HttpRequest request = request_of(entry);
  Json headers = Json::array();
  for (const auto& [name, value] : request.headers) {
    headers.push_back({{"name", name}, {"value", is_secret_header(name) ? "…" : value}});
  }
  const std::optional<Json> body = parse_json(request.body);
  return {
      {"number", entry.number},
      {"at", epoch_.iso8601(entry.at)},
      {"seconds", entry.at.seconds()},
      {"method", request.method},
      {"target", request.target},
      {"workspace", entry.workspace.empty() ? Json(nullptr) : Json(entry.workspace)},
      {"status", entry.status == 0 ? Json(nullptr) : Json(entry.status)},
      {"fault", entry.marks.fault == 0 ? Json(nullptr) : Json(std::to_string(entry.marks.fault))},
      {"script", entry.marks.script.empty() ? Json(nullptr) : Json(entry.marks.script)},
      {"not_understood", not_understood(request, entry.marks.unknown_keys)},
      {"headers", std::move(headers)},
      {"body_bytes", entry.body_bytes},
      {"body", body ? *body : Json(request.body)}};
}

Json Journal::newest(const RequestMatcher& matcher, std::size_t limit) const {
  Json found = Json::array();
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && found.size() < limit; ++entry)
    if (fits(matcher, *entry)) found.push_back(to_json(*entry));
  return found;
}

// ---- whether what was asked is what was to be asked

namespace {

constexpr std::size_t kNearestMisses = 3;

/// Another method or path makes it another request altogether.
std::size_t weight_of(const std::vector<RequestDifference>& differences) {
  std::size_t weight = 0;
  for (const RequestDifference& difference : differences)
    weight += difference.field == "path" ? 3 : difference.field == "method" ? 2 : 1;
  return weight;
}

struct Miss {
  std::uint64_t number;
  std::size_t weight;
  std::vector<RequestDifference> differences;
};

Json differences_json(const std::vector<RequestDifference>& differences) {
  Json list = Json::array();
  for (const RequestDifference& each : differences)
    list.push_back({{"field", each.field}, {"wanted", each.wanted}, {"got", each.got}});
  return list;
}

}  // namespace

void Journal::show(Waiting& waiting) const {
  const std::uint64_t first = entries_.empty() ? next_ : entries_.front().number;
  for (std::uint64_t i = std::max(waiting.next, first); i < next_; ++i) {
    const Entry& entry = entries_[i - first];
    waiting.verification.take(request_of(entry), entry.workspace, entry.status, entry.number);
  }
  waiting.next = next_;
}

/// Of those that are kept. With an order: also what fits, but came too early.
Json Journal::nearest_misses(const Verification& verification) const {
  const RequestMatcher& wanted = *verification.missing();
  const auto after = verification.after();
  std::vector<Miss> misses;
  for (const Entry& entry : entries_) {
    auto differences = wanted.differences(request_of(entry), entry.workspace, entry.status);
    if (after && entry.number <= *after)
      differences.push_back({"order", "after request " + std::to_string(*after),
                             "request " + std::to_string(entry.number)});
    if (differences.empty()) continue;
    const std::size_t weight = weight_of(differences);
    if (misses.size() == kNearestMisses && weight > misses.back().weight) continue;
    const auto place = std::ranges::lower_bound(misses, weight, {}, &Miss::weight);
    misses.insert(place, {entry.number, weight, std::move(differences)});
    if (misses.size() > kNearestMisses) misses.pop_back();
  }
  Json list = Json::array();
  for (const Miss& miss : misses) {
    const Entry& entry = entries_[miss.number - entries_.front().number];
    const HttpRequest request = request_of(entry);
    list.push_back({{"number", entry.number},
                    {"method", request.method},
                    {"target", request.target},
                    {"status", entry.status},
                    {"differs", differences_json(miss.differences)}});
  }
  return list;
}

HttpReply Journal::verified(const Waiting& waiting) const {
  const Verification& asked = waiting.verification;
  Json json = asked.to_json();
  json["seen"] = next_;
  if (const RequestMatcher* missing = asked.missing()) {
    json["missing"] = missing->to_json();
    json["nearest"] = nearest_misses(asked);
  }
  if (const RequestMatcher* unwanted = asked.unwanted())
    json["unwanted"] = newest(*unwanted, kNearestMisses);
  return json_reply(200, json);
}

HttpReply Journal::verify(const Json& body) {
  Waiting waiting{0, Verification(body)};
  show(waiting);
  if (waiting.verification.within().ns == 0 || waiting.verification.is_settled())
    return verified(waiting);
  if (waiting_.size() == kJournalWaiting) throw std::string("too many verifications wait already");
  HttpReply reply;
  reply.deferred = waiting.deferred = next_deferred_++;
  reply.deferred_for = waiting.verification.within();
  waiting_.push_back(std::move(waiting));
  return reply;
}

void Journal::take_replies(std::vector<std::pair<std::uint64_t, HttpReply>>& replies) {
  std::erase_if(waiting_, [&](Waiting& waiting) {
    show(waiting);
    if (!waiting.is_given_up && !waiting.verification.is_settled()) return false;
    replies.emplace_back(waiting.deferred, verified(waiting));
    return true;
  });
}

void Journal::give_up(std::uint64_t deferred) {
  for (Waiting& waiting : waiting_)
    if (waiting.deferred == deferred) waiting.is_given_up = true;
}

void Journal::give_up_all() {
  for (Waiting& waiting : waiting_) waiting.is_given_up = true;
}

// ---- the admin API

HttpReply Journal::list(const HttpRequest& request) const {
  const QueryString query = split_target(request.target).query;
  Json matcher = Json::object();
  for (const char* name : {"method", "path", "workspace"})
    if (const auto value = query.get(name)) matcher[name] = *value;
  if (const auto status = query.get("status")) {
    const auto code = number(*status);
    if (!code) throw std::string("status must be a number");
    matcher["status"] = *code;
  }
  const auto limit = number(query.get("limit").value_or(std::to_string(kDefaultLimit)));
  if (!limit) throw std::string("limit must be a whole number");
  return json_reply(200, Json{{"kept", entries_.size()},
                              {"seen", next_},
                              {"requests", newest(matcher_in(std::move(matcher)), *limit)}});
}

HttpReply Journal::search(const Json& body) const {
  const RequestMatcher matcher = matcher_in(body);
  const std::size_t limit = whole_number_in(body, "limit").value_or(kDefaultLimit);
  return json_reply(200, Json{{"count", count(matcher)}, {"requests", newest(matcher, limit)}});
}

std::optional<HttpReply> Journal::handle(const HttpRequest& request,
                                         const std::vector<std::string>& path) {
  if (path.empty() || path[0] != "requests" || path.size() > 2) return std::nullopt;
  try {
    if (path.size() == 1 && request.method == "GET") return list(request);
    if (path.size() == 1 && request.method == "DELETE") {
      clear();
      return json_reply(200, Json{{"success", true}});
    }
    if (path.size() == 1) return error_reply(405, "Method not allowed");
    if (path[1] != "search" && path[1] != "verify") return std::nullopt;
    if (request.method != "POST") return error_reply(405, "Method not allowed");
    const std::optional<Json> body = parse_json(request.body);
    if (!body) return bad_request_reply("the body is not valid JSON");
    return path[1] == "search" ? search(*body) : verify(*body);
  } catch (const std::string& problem) {
    return bad_request_reply(problem);
  }
}

}  // namespace sluice

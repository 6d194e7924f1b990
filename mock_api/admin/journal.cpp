#include "mock_api/admin/journal.hpp"

#include <algorithm>
#include <charconv>

#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

constexpr std::size_t kDefaultLimit = 100;

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

/// Keys and tokens are not shown.
bool is_secret(std::string_view header) {
  HttpRequest request;
  request.headers.emplace_back(header, "secret");
  return !request.header("cc-key").empty() || !request.header("authorization").empty() ||
         !request.header("x-sluice-admin-token").empty();
}

/// A member that is a whole number; none if it is not given. Throws what is wrong as text.
std::optional<std::size_t> count_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return std::nullopt;
  if (!found->is_number_unsigned()) throw std::string(name) + " must be a whole number";
  return found->get<std::size_t>();
}

/// The matcher in `body` without the keys of what is asked about it. Throws what is wrong as text.
RequestMatcher matcher_of(Json body) {
  if (!body.is_object()) throw std::string("the body must be an object");
  for (const char* name : {"count", "at_least", "at_most", "limit"}) body.erase(name);
  std::string problem;
  const auto matcher = RequestMatcher::from_json(body, problem);
  if (!matcher) throw problem;
  return *matcher;
}

}  // namespace

void Journal::note(Time now, const HttpRequest& request, std::string_view workspace,
                   unsigned status) {
  if (request.target.starts_with("/_sluice")) return;
  if (entries_.size() >= kept_) entries_.pop_front();
  Entry& entry = entries_.emplace_back();
  entry.number = next_++;
  entry.at = now;
  entry.workspace = workspace;
  entry.status = status;
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
    headers.push_back({{"name", name}, {"value", is_secret(name) ? "…" : value}});
  }
  const std::optional<Json> body = parse_json(request.body);
  return {{"number", entry.number},
          {"at", epoch_.iso8601(entry.at)},
          {"seconds", entry.at.seconds()},
          {"method", request.method},
          {"target", request.target},
          {"workspace", entry.workspace.empty() ? Json(nullptr) : Json(entry.workspace)},
          {"status", entry.status},
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
                              {"requests", newest(matcher_of(std::move(matcher)), *limit)}});
}

HttpReply Journal::search(const Json& body) const {
  const RequestMatcher matcher = matcher_of(body);
  const std::size_t limit = count_of(body, "limit").value_or(kDefaultLimit);
  return json_reply(200, Json{{"count", count(matcher)}, {"requests", newest(matcher, limit)}});
}

HttpReply Journal::verify(const Json& body) const {
  const std::size_t found = count(matcher_of(body));
  const auto exactly = count_of(body, "count");
  const auto least = count_of(body, "at_least");
  const auto most = count_of(body, "at_most");
  const bool any = exactly || least || most;
  const bool holds = (!exactly || found == *exactly) && (!least || found >= *least) &&
                     (!most || found <= *most) && (any || found > 0);
  return json_reply(200, Json{{"verified", holds}, {"count", found}, {"seen", next_}});
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

#include "mock_api/server/access.hpp"

#include <algorithm>
#include <utility>

#include "http/message.hpp"
#include "http/parsing/request_parser.hpp"
#include "http/same_secret.hpp"
#include "mock_api/admin_target.hpp"
#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

constexpr std::string_view kEveryOrigin = "*";
constexpr const char* kMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
constexpr const char* kHeaders =
    "accept, authorization, cache-control, cc-key, content-type, last-event-id, "
    "x-sluice-admin-token, x-sluice-run, x-sluice-script";
constexpr std::string_view kExposed =
    "Allow, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset";

/// `x-a, x-b`, as in Access-Control-Request-Headers.
bool is_list_of_tokens(std::string_view text) {
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (!is_token(trimmed(text.substr(0, comma)))) return false;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return true;
}

std::string lines_for(const std::string& origin) {
  std::string lines = "Access-Control-Allow-Origin: " + origin + "\r\n";
  if (origin != kEveryOrigin) lines += "Vary: Origin\r\n";
  return lines.append("Access-Control-Expose-Headers: ").append(kExposed).append("\r\n");
}

}  // namespace

Access::Access(std::vector<std::string> origins, std::string admin_token)
    : admin_token_(std::move(admin_token)) {
  for (std::string& origin : origins) {
    std::string lines = lines_for(origin);
    origins_.push_back({std::move(origin), std::move(lines)});
  }
}

const Access::Origin* Access::origin_of(const HttpRequest& request) const {
  if (origins_.empty()) return nullptr;
  const std::string_view asking = request.header("origin");
  if (asking.empty()) return nullptr;
  const auto named = std::ranges::find(origins_, asking, &Origin::name);
  if (named != origins_.end()) return &*named;
  if (is_admin_target(request.target)) return nullptr;
  const auto every = std::ranges::find(origins_, kEveryOrigin, &Origin::name);
  return every != origins_.end() ? &*every : nullptr;
}

std::string_view Access::headers(const HttpRequest& request) const {
  const Origin* const origin = origin_of(request);
  return origin == nullptr ? std::string_view() : origin->lines;
}

HttpReply Access::preflight(const HttpRequest& request) const {
  HttpReply reply;
  reply.status = 204;
  reply.content_type = {};
  const std::string_view wanted = request.header("access-control-request-headers");
  const bool good = !wanted.empty() && is_list_of_tokens(wanted);
  reply.headers = {{"Access-Control-Allow-Methods", kMethods},
                   {"Access-Control-Allow-Headers", good ? std::string(wanted) : kHeaders},
                   {"Access-Control-Max-Age", "600"}};
  if (request.header("access-control-request-private-network") == "true")
    reply.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  return reply;
}

bool Access::has_token(const HttpRequest& request) const {
  constexpr std::string_view kBearer = "bearer ";
  if (same_secret(request.header("x-sluice-admin-token"), admin_token_)) return true;
  const std::string_view given = request.header("authorization");
  return given.size() > kBearer.size() && same_letters(given.substr(0, kBearer.size()), kBearer) &&
         same_secret(trimmed(given.substr(kBearer.size())), admin_token_);
}

std::optional<HttpReply> Access::answer(const HttpRequest& request) const {
  if (!origins_.empty() && request.method == "OPTIONS" &&
      !request.header("access-control-request-method").empty() && origin_of(request) != nullptr)
    return preflight(request);
  if (admin_token_.empty() || !is_admin_target(request.target) || has_token(request))
    return std::nullopt;
  HttpReply reply = error_reply(401, "The admin API needs its token");
  reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  return reply;
}

std::string Access::mistake_in(std::string_view origin) {
  if (origin == kEveryOrigin || origin == "null") return {};
  const std::size_t scheme = origin.find("://");
  const std::string_view host =
      scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
  const bool printable = std::ranges::all_of(origin, [](char c) { return c > ' ' && c < '\x7f'; });
  if (scheme == 0 || host.empty() || !printable ||
      host.find_first_of("/?#@*,") != std::string_view::npos)
    return "an origin is SCHEME://HOST[:PORT] without a path, or *";
  return {};
}

}  // namespace sluice

#include "mock_api/endpoints/rate_limits.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/text/json.hpp"
#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostPeers = 16'384;

std::int64_t whole_seconds(Duration duration) {
  return (duration.ns + 999'999'999) / 1'000'000'000;
}

}  // namespace

void add_rate_headers(HttpReply& reply, const RateRoom& room) {
  reply.headers.reserve(reply.headers.size() + 3);
  reply.headers.emplace_back("X-RateLimit-Limit", std::to_string(room.max));
  reply.headers.emplace_back("X-RateLimit-Remaining", std::to_string(room.remaining));
  reply.headers.emplace_back("X-RateLimit-Reset", std::to_string(whole_seconds(room.more_in)));
}

HttpReply too_many_requests_reply(std::uint32_t max, Duration retry_after) {
  const std::int64_t seconds = std::max<std::int64_t>(1, whole_seconds(retry_after));
  HttpReply reply = json_reply(429, Json{{"statusCode", 429},
                                         {"error", "Too Many Requests"},
                                         {"message", "Too Many Requests"},
                                         {"limit", max},
                                         {"remaining", 0},
                                         {"retryAfterSeconds", seconds}});
  reply.headers.emplace_back("Retry-After", std::to_string(seconds));
  add_rate_headers(reply, {0, max, 0, Duration{seconds * 1'000'000'000}});
  return reply;
}

std::optional<HttpReply> PeerLimits::refuse(Time now, std::string_view peer) {
  if (known_.size() >= kMostPeers) {
    known_.clear();
    admission_ = empty_;
  }
  const auto [entry, is_new] =
      known_.try_emplace(std::string(peer), WorkspaceId::at(known_.size()));
  if (is_new) admission_.grow(known_.size());
  const auto refusal = admission_.admit(now, entry->second);
  if (!refusal) return std::nullopt;
  return too_many_requests_reply(config_.rate_limits[refusal->window].max, refusal->wait);
}

}  // namespace sluice

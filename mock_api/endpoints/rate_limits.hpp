// Rate limits as HTTP sees them (contract 7): the 429, the headers, and the requests of nobody,
// which count by address.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "http/message.hpp"
#include "pipeline/admission.hpp"
#include "pipeline/observer.hpp"

namespace sluice {

/// `X-RateLimit-Limit`, `-Remaining` and `-Reset` (seconds until there is more room).
void add_rate_headers(HttpReply& reply, const RateRoom& room);

/// `max`: of the violated window.
HttpReply too_many_requests_reply(std::uint32_t max, Duration retry_after);

/// Requests without a valid key, by the sender's address: the same windows as a workspace has.
/// Memory: bounded; with too many addresses all are forgotten. Not thread-safe.
class PeerLimits {
 public:
  explicit PeerLimits(const ApiConfig& config)
      : config_(config), empty_(config, 0), admission_(empty_) {}

  /// The 429 if the address has sent too many; none if not, and the request counts.
  std::optional<HttpReply> refuse(Time now, std::string_view peer);

 private:
  ApiConfig config_;
  Admission empty_;
  Admission admission_;
  std::unordered_map<std::string, WorkspaceId> known_;
};

}  // namespace sluice

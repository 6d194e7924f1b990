// One fault that a test has asked for: which requests or webhooks it is for, and what it does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random/random.hpp"
#include "base/text/json.hpp"
#include "base/time.hpp"
#include "http/message.hpp"
#include "mock_api/admin/request_matcher.hpp"

namespace sluice {

/// The reply that a fault gives instead of the API's.
struct FaultReply {
  using Headers = std::vector<std::pair<std::string, std::string>>;

  unsigned status = 0;
  std::optional<std::string> body;         ///< none: the usual error body
  std::shared_ptr<const Headers> headers;  ///< null: none
  bool names_type = false;                 ///< one of the headers is Content-Type
};

struct Fault {
  // Which, and when.
  RequestMatcher matcher;
  double probability = 1;
  std::optional<std::uint64_t> times;  ///< strikes; none: any number
  std::uint64_t after_requests = 0;    ///< that fit and are let through first
  Duration after{};                    ///< from when it was added to when it begins
  std::optional<Duration> lasts;       ///< from then on
  std::optional<std::uint64_t> seed;   ///< of its draws; none: the scenario's

  // What.
  Duration latency{};
  std::optional<FaultReply> reply;
  bool carried_out = true;  ///< the API does what was asked, whatever the client hears of it
  ReplyFault on_wire;       ///< no mark
  bool drops_webhooks = false;
  std::string webhook_url, webhook_event;  ///< "": any

  bool breaks_streams() const { return on_wire.stream != StreamFault::none; }

  // What has been.
  std::uint64_t number = 0;
  Json json;  ///< as it was asked for
  Time begins, ends = Time::never();
  Stream draws{0};
  std::uint64_t fits = 0;
  std::uint64_t struck = 0;
  std::uint64_t waiting = 0;  ///< chosen requests of which it is not known yet
};

/// Reads what POST /_sluice/faults takes; throws what is wrong with it as std::string.
Fault read_fault(const Json& json);

/// Whether the target is that of an event stream (contract 6.1).
bool is_stream_path(std::string_view path);

}  // namespace sluice

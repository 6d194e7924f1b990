// One HTTP request and the reply to it as values: all that the API knows of HTTP.
//
// The server makes requests of bytes and bytes of replies; tests make requests by hand.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/time.hpp"

namespace sluice {

/// Views into the connection's buffer: valid while the request is handled, not longer.
struct HttpRequest {
  using Header = std::pair<std::string_view, std::string_view>;

  std::string_view method;  ///< "GET"
  std::string_view target;  ///< path and query as sent, percent-encoded
  std::string_view body;
  std::string_view peer;        ///< the sender's address without port; "" on a unix socket
  std::vector<Header> headers;  ///< in the order sent

  /// Value of the first header called `name` (in any case); "" if there is none. O(headers).
  std::string_view header(std::string_view name) const;
};

/// What is to go wrong on the wire with a reply.
enum class WireFault : std::uint8_t {
  none,
  reset_before,    ///< the connection is reset instead of a reply
  reset_mid_body,  ///< headers and half of the body, then a reset
  malformed_body,  ///< the body is cut so that it is no JSON; its length fits
  stall,           ///< an event stream that is opened and never says anything
};

struct HttpReply {
  unsigned status = 200;
  std::string_view content_type = "application/json";  ///< static storage; "" with no body
  std::vector<std::pair<std::string_view, std::string>> headers;  ///< names in static storage
  std::string body;
  /// When it may be sent, in simulated time; in the past: at once. A held clock sends at once.
  Time send_at = Time::zero();
  /// Not empty: no body, but the event stream of this client id (see Service::open_stream).
  std::string stream_of;
  WireFault fault = WireFault::none;
  /// The run that the request has started, if it has a client id: the frames of this run are held
  /// back until some time after this reply has left.
  std::uint64_t started_run = std::numeric_limits<std::uint64_t>::max();
  /// Not 0: this is not the reply yet; Service::take_deferred gives it under this number. Until
  /// then the connection waits.
  std::uint64_t deferred = 0;
  /// Of a reply that is deferred: after so much wall time Service::give_up_deferred is called.
  Duration deferred_for = Duration::max();
};

}  // namespace sluice

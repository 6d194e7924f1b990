// One HTTP request and the reply to it as values: all that the API knows of HTTP.
//
// The server makes requests of bytes and bytes of replies; tests make requests by hand.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace sluice {

/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

/// Whether both are the name of the same header: in any case.
bool is_same_header(std::string_view a, std::string_view b);

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
  reset,           ///< the connection is reset instead of a reply
  close,           ///< it ends without one
  stall,           ///< none ever comes, the connection stays; of an event stream: it says nothing
  reset_mid_body,  ///< headers and half of the body, then a reset
  close_mid_body,  ///< … then the end
  malformed_body,  ///< the body is cut so that it is no JSON; its length fits
};

/// What is to go wrong with an event stream that has been opened.
enum class StreamFault : std::uint8_t {
  none,
  end,         ///< it ends cleanly
  close,       ///< the connection ends without the stream's last chunk
  reset,       ///< the connection is reset
  half_event,  ///< half of the next event, then the connection ends
  silence,     ///< the connection stays, nothing more comes, no pings either
  drop,        ///< the next events never come
  repeat,      ///< the next events come twice
};

/// What a test has asked to go wrong with a reply; nothing by default.
struct ReplyFault {
  WireFault wire = WireFault::none;
  StreamFault stream = StreamFault::none;
  std::uint32_t after_events = 0;  ///< of runs that the stream sends as they should be, before
  std::uint32_t events = 1;        ///< that are dropped or repeated
  bool is_late = false;            ///< HttpReply::send_at is a part of it
  std::uint64_t mark = 0;  ///< not 0: what became of it is told to HttpHandler::fault_settled
};

/// What became of a fault that a reply was to suffer.
enum class FaultOutcome : std::uint8_t {
  struck,  ///< it is on the wire now, or its client has gone while it waited for a late answer
  missed,  ///< it never will be: the connection or the stream has ended before
  undone,  ///< it was said to have struck, but did not leave
};

struct HttpReply {
  unsigned status = 200;                               ///< 0: nothing is answered, see `fault`
  std::string_view content_type = "application/json";  ///< static storage; "" with no body
  /// Names in static storage, or in what `names` keeps.
  std::vector<std::pair<std::string_view, std::string>> headers;
  std::shared_ptr<const void> names;
  std::string body;
  /// When it may be sent, in simulated time; in the past: at once.
  Time send_at = Time::zero();
  /// Not empty: no body, but the event stream of this client id (see HttpHandler::open_stream).
  std::string stream_of;
  ReplyFault fault;
  /// The run that the request has started, if it has a client id: the frames of this run are held
  /// back until some time after this reply has left.
  std::uint64_t started_run = std::numeric_limits<std::uint64_t>::max();
  /// For whoever handles requests, never on a connection. Not 0: this is not the reply yet, which
  /// comes later under this number.
  std::uint64_t deferred = 0;
  /// Of a reply that is deferred: after so much wall time it is given up.
  Duration deferred_for = Duration::max();
};

}  // namespace sluice

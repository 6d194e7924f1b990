// The head of an HTTP/1.1 request, from bytes to views.
//
// Strict where leniency would let two parties see different requests (RFC 9112, section 11.2:
// request smuggling): lines end in CRLF, one Host, one length, no folded lines, no space before a
// colon. Threads: all functions are pure. Cost: O(bytes), no allocation once the header list has
// grown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/message.hpp"

namespace sluice {

/// Sizes in bytes beyond which a request is refused.
struct RequestLimits {
  std::size_t target = 8 << 10;  ///< 414
  std::size_t head = 16 << 10;   ///< request line and headers together; 431
  std::size_t headers = 100;     ///< how many; 431
  std::size_t body = 1 << 20;    ///< 413
};

/// Why a request is refused: the status of the answer and a sentence about it, in static storage.
struct RequestError {
  unsigned status = 0;  ///< 0: nothing is wrong
  std::string_view message;
};

/// A parsed head. The views point into the parsed bytes.
struct RequestHead {
  HttpRequest request;             ///< all but body and peer
  std::size_t size = 0;            ///< bytes up to and including the empty line
  std::size_t content_length = 0;  ///< 0 if there is none
  std::uint8_t minor_version = 1;  ///< of HTTP/1.x
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool is_head = false;  ///< a HEAD request; `request.method` says GET then
};

enum class HeadState : std::uint8_t { incomplete, complete, refused };

/// Parses the head at the start of `input`. `scanned` is how far an earlier call on the same bytes
/// looked for the end in vain; it is updated. `head` may be reused from request to request.
/// After `refused`, `error` tells why, and nothing after these bytes means anything; `head` has
/// what could be understood all the same.
HeadState parse_head(std::string_view input, const RequestLimits& limits, std::size_t& scanned,
                     RequestHead& head, RequestError& error);

/// True if both are the same but for the case of ASCII letters.
bool same_letters(std::string_view a, std::string_view b);
/// A token of RFC 9110, section 5.6.2.
bool is_token(std::string_view text);

}  // namespace sluice

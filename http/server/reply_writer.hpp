// Replies as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace sluice {

/// How a reply is framed by the connection that it leaves on.
struct ReplyFraming {
  bool keep_alive = true;
  bool head_only = false;          ///< the answer to HEAD: everything but the body
  std::uint8_t minor_version = 1;  ///< of the request; 1.0 is told what it would not assume
  std::string_view date;           ///< value of the Date header
  std::string_view lines;          ///< see HttpHandler::header_lines
};

/// Appends head and body. What a header value may not hold (line breaks) is left out of it.
void append_reply(std::string& out, const HttpReply& reply, const ReplyFraming& framing);
/// Appends the head of an event stream that ends with its last chunk (1.0: with the connection).
void append_stream_head(std::string& out, const HttpReply& reply, const ReplyFraming& framing);
/// Appends one chunk of the chunked encoding; nothing if `data` is empty.
void append_chunk(std::string& out, std::string_view data);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";
inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace sluice

// An HTTP/1.1 response, from bytes as they come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/parsing/chunked_decoder.hpp"
#include "http/retry_after.hpp"

namespace sluice {

/// Parses one response after the other, each begun by reset(). Interim responses (1xx) are read
/// over; a body of any framing (RFC 9112, section 6) is taken, and kept up to a bound. Bytes after
/// the response's end are malformed, as nothing was asked for. No allocation once it has seen
/// responses of the same size; a body of known length that comes in one piece with its head is not
/// copied. Not thread-safe.
class ResponseParser {
 public:
  enum class State : std::uint8_t { incomplete, complete, malformed };

  explicit ResponseParser(std::size_t kept_body_bytes = 1024) : kept_(kept_body_bytes) {}

  /// From now on the next response. `without_body`: to HEAD or CONNECT, which ends with its head.
  void reset(bool without_body = false);
  /// Nothing is to be given after it was not incomplete.
  State take(std::string_view bytes);
  /// The peer has closed: complete if that is how this response ends.
  State end() const;

  bool has_begun() const { return begun_; }
  /// What follows is known from here on.
  bool has_head() const { return has_head_; }
  unsigned status() const { return status_; }
  /// Its start, up to the bound, decoded; valid as long as the bytes of the last take(), until
  /// reset() or drop_body().
  std::string_view body() const { return body_.empty() ? whole_body_ : std::string_view(body_); }
  /// For bodies that are used as they come: what comes next is all that body() has then.
  void drop_body() { body_.clear(), whole_body_ = {}; }
  /// The connection can be used again.
  bool keep_alive() const { return keep_alive_; }
  /// Whole seconds from now on to what Retry-After says, be it a number or a date; none without it.
  std::optional<std::int64_t> retry_after_s() const;
  /// Location, its beginning; empty without it.
  std::string_view location() const { return location_; }
  /// Content-Type: text/event-stream.
  bool is_event_stream() const { return is_event_stream_; }

 private:
  enum class Body : std::uint8_t { until_close, length, chunked };

  State take_heads(std::string_view& input);
  bool parse_head(std::string_view lines);
  bool parse_status_line(std::string_view line);
  bool parse_header(std::string_view line);
  bool parse_length(std::string_view value);
  void parse_connection(std::string_view value);
  State take_body(std::string_view input);
  State take_length(std::string_view input);
  State take_chunks(std::string_view input);
  void keep(std::string_view bytes);

  const std::size_t kept_;
  bool without_body_ = false;
  bool begun_ = false;
  bool has_head_ = false;
  bool keep_alive_ = true;
  bool is_1_0_ = false;
  bool has_length_ = false;
  bool is_event_stream_ = false;
  Body framing_ = Body::until_close;
  unsigned status_ = 0;
  std::optional<RetryAfter> retry_after_;
  std::string location_;
  std::size_t left_ = 0;     // of a body with a length
  std::size_t scanned_ = 0;  // of head_, for the head's end, in vain
  std::string head_;         // begun; with what came with its end
  std::string line_;         // of the chunked encoding, begun
  ChunkedDecoder chunked_{SIZE_MAX};
  std::string body_;
  std::string_view whole_body_;  // where it came in one piece
};

}  // namespace sluice

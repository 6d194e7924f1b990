// An HTTP/1.1 response, from bytes as they come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mock_api/server/chunked_decoder.hpp"

namespace sluice {

/// Parses one response to a POST. Interim responses (1xx) are read over; of the body only the start
/// is kept. Not thread-safe.
class ResponseParser {
 public:
  enum class State : std::uint8_t { incomplete, complete, malformed };

  /// Nothing is to be given after it was not incomplete.
  State take(std::string_view bytes);
  /// The peer has closed: complete if that is how this response ends.
  State end() const;

  bool has_begun() const { return begun_; }
  unsigned status() const { return status_; }
  /// The first kilobyte.
  std::string body() const;
  /// The connection can be used again.
  bool keep_alive() const { return keep_alive_; }

 private:
  enum class Body : std::uint8_t { until_close, length, chunked };

  State parse_head();
  bool parse_status_line(std::string_view line);
  bool parse_header(std::string_view line);
  State take_body();

  std::string buffer_;
  bool begun_ = false;
  bool has_head_ = false;
  bool keep_alive_ = true;
  unsigned status_ = 0;
  Body framing_ = Body::until_close;
  std::size_t left_ = 0;
  std::optional<ChunkedDecoder> chunked_;
  std::string body_;
};

}  // namespace sluice

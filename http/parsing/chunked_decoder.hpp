// The chunked transfer encoding (RFC 9112, section 7.1), from bytes as they come to a body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Decodes one body. Extensions and trailers are read over. Not thread-safe.
class ChunkedDecoder {
 public:
  enum class State : std::uint8_t { incomplete, complete, malformed, too_long };

  explicit ChunkedDecoder(std::size_t max_body_bytes) : max_body_(max_body_bytes) {}

  /// Takes what it can of `input`, appends to body(), and says in `used` how many bytes that were;
  /// the rest is to be given again, with what comes after it. Once the state is not incomplete, it
  /// is not to be called again.
  State take(std::string_view input, std::size_t& used);

  const std::string& body() const { return body_; }
  /// For bodies that are used as they come: body() and its bound begin anew.
  void drop_body() { body_.clear(); }
  /// From now on the next body; memory is kept.
  void reset();

 private:
  enum class Step : std::uint8_t { size_line, data, data_end, trailer };

  /// The next line without its end, or false if it is not whole yet.
  bool take_line(std::string_view input, std::size_t& used, std::string_view& line);
  State take_size_line(std::string_view line);
  State take_data(std::string_view input, std::size_t& used);
  State fail(State state) { return failed_ = state; }

  std::size_t max_body_;
  std::string body_;
  Step step_ = Step::size_line;
  State failed_ = State::incomplete;
  std::size_t chunk_left_ = 0;
  std::size_t trailer_bytes_ = 0;
};

}  // namespace sluice

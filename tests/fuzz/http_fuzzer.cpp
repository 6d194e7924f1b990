// libFuzzer target: however bytes are cut into pieces on their way, the server's parsers make the
// same of them, stay in their bounds, and never crash.
//
// The first byte says what the rest is (`q` a request, `c` chunks, `r` the response of a webhook's
// receiver, `u` its URL), the second how many bytes come at once.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text/http_url.hpp"
#include "http/parsing/chunked_decoder.hpp"
#include "http/parsing/request_parser.hpp"
#include "http/parsing/response_parser.hpp"
#include "http/query_string.hpp"
#include "mock_api/contract/stringify.hpp"
#include "mock_api/server/route_names.hpp"

namespace {

using namespace sluice;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_head(const RequestHead& head, std::string_view bytes, const RequestLimits& limits) {
  require(head.size <= bytes.size(), "a head is longer than what came");
  require(head.content_length <= limits.body, "a body above the limit");
  require(head.request.headers.size() <= limits.headers, "too many headers");
  require(!(head.chunked && head.content_length > 0), "two lengths");
  // "/" stands for a target without a path.
  require(lies_in(head.request.target, bytes) || head.request.target == "/", "a foreign target");
  for (const auto& [name, value] : head.request.headers) {
    require(lies_in(name, bytes) && lies_in(value, bytes), "a header of other bytes");
    require(is_token(name) && value == trimmed(value), "a header that is none");
  }
  require(route_of(head.request.method, head.request.target) < route_count(), "no such route");
  split_target(head.request.target);
}

/// What the request is once it came whole, and as it comes.
void requests(std::string_view bytes, std::size_t step) {
  const RequestLimits limits{200, 800, 8, 1000};
  RequestHead whole;
  RequestError whole_error;
  std::size_t scanned = 0;
  const HeadState whole_state = parse_head(bytes, limits, scanned, whole, whole_error);
  require((whole_state == HeadState::refused) == (whole_error.status != 0),
          "no reason, or no need");
  if (whole_state == HeadState::complete) check_head(whole, bytes, limits);

  RequestHead head;
  RequestError error;
  HeadState state = HeadState::incomplete;
  scanned = 0;
  for (std::size_t size = 0; size < bytes.size() && state == HeadState::incomplete;) {
    size = std::min(size + step, bytes.size());
    state = parse_head(bytes.substr(0, size), limits, scanned, head, error);
  }
  if (bytes.empty()) return;
  // What is hopeless may be seen late, but never what is fine.
  if (whole_state != HeadState::refused) require(state == whole_state, "pieces make a difference");
  if (state == HeadState::complete) {
    require(whole_state == HeadState::complete, "what is refused whole is taken in pieces");
    require(head.size == whole.size && head.content_length == whole.content_length &&
                head.keep_alive == whole.keep_alive && head.request.target == whole.request.target,
            "pieces make another request");
  }
}

struct Chunks {
  ChunkedDecoder::State state = ChunkedDecoder::State::incomplete;
  std::string body;
  std::size_t used = 0;
};

Chunks chunks_of(std::string_view bytes, std::size_t step) {
  constexpr std::size_t kMost = 500;
  ChunkedDecoder decoder(kMost);
  Chunks result;
  for (std::size_t size = 0; size < bytes.size();) {
    size = std::min(size + step, bytes.size());
    std::size_t used = 0;
    result.state = decoder.take(bytes.substr(result.used, size - result.used), used);
    result.used += used;
    require(result.used <= size, "more was taken than given");
    if (result.state != ChunkedDecoder::State::incomplete) break;
  }
  result.body = decoder.body();
  require(result.body.size() <= kMost, "a body above the limit");
  return result;
}

void chunks(std::string_view bytes, std::size_t step) {
  const Chunks whole = chunks_of(bytes, bytes.size() + 1), pieces = chunks_of(bytes, step);
  require(whole.state == pieces.state, "pieces make a difference");
  require(whole.body == pieces.body, "pieces make another body");
  if (whole.state == ChunkedDecoder::State::complete)
    require(whole.used == pieces.used, "another end");
}

/// Gives `bytes` in steps until something is clear; how many that took.
std::size_t feed(ResponseParser& parser, std::string_view bytes, std::size_t step,
                 ResponseParser::State& state) {
  std::size_t at = 0;
  state = ResponseParser::State::incomplete;
  for (; at < bytes.size() && state == ResponseParser::State::incomplete; at += step)
    state = parser.take(bytes.substr(at, step));
  return std::min(at, bytes.size());
}

void responses(std::string_view bytes, std::size_t step) {
  ResponseParser::State whole_state, state;
  ResponseParser whole, pieces;
  const std::size_t taken = feed(pieces, bytes, step, state);
  feed(whole, bytes.substr(0, taken), taken + 1, whole_state);
  require(state == whole_state, "pieces make a difference");
  require(pieces.body().size() <= 1024, "too much of the body is kept");
  if (state == ResponseParser::State::malformed) return;
  require(pieces.body() == whole.body(), "pieces make another body");
  require(pieces.end() == whole.end(), "pieces make another end");
  if (state != ResponseParser::State::complete) return;
  require(whole.status() == pieces.status() && whole.status() >= 200, "no final status");
}

void urls(std::string_view text) {
  if (const auto url = parse_http_url(text)) {
    require(!url->host.empty() && url->target.starts_with('/'), "half a URL");
    require(url->target.find_first_of("\r\n ") == std::string::npos, "a request could be split");
    require(url->authority().find_first_of("\r\n ") == std::string::npos,
            "a header could be split");
  }
  require(percent_decode(percent_encode(text)) == text, "an escape is lost");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t step = 1 + data[1] % 64;
  switch (data[0]) {
    case 'q':
      requests(bytes, step);
      break;
    case 'c':
      chunks(bytes, step);
      break;
    case 'r':
      responses(bytes, step);
      break;
    case 'u':
      urls(bytes);
      break;
    default:
      break;
  }
  return 0;
}
